"""The conversation with one browser: hello first, then message by message to the desk that it chose.

Whatever a browser sends is answered: ``done`` or ``sorry`` with a sentence. One that goes on sending what is no message
is shown out; one that sends too fast is read more slowly; a fault at a desk ends nothing but that message.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from sim.errors import BackfireError
from sim.warroom.doors import Bucket, digest
from sim.warroom.faults import note_fault
from sim.warroom.house import Desk, House
from sim.warroom.lines import FULL, GONE, UNWANTED, Line, Page, Pages, Sheet
from sim.warroom.words import Hello, Malformed, Word, read, vocabulary

_GREETING = vocabulary(Hello)
_FAULT = "Something went wrong here, through no fault of yours; try again, or load the page anew."


class Conversation:
    """One browser's, from hello to its end."""

    def __init__(self, socket: WebSocket, house: House, desks: Mapping[str, Desk], pages: Pages) -> None:
        limits = house.limits
        self._socket, self._house, self._desks, self._pages = socket, house, desks, pages
        self._line = Line(socket.client.host if socket.client else "?", limits)
        self._pace = Bucket(limits.messages_a_second, limits.messages_at_once)
        self._patience = Bucket(limits.mistakes_a_minute / 60.0, limits.mistakes_a_minute)
        self._writing: asyncio.Task[tuple[int, str]] | None = None

    async def hold(self) -> None:
        """Talk until one of both has gone."""
        self._writing = asyncio.create_task(self._line.write(self._socket.send_text))
        try:
            async with asyncio.timeout(self._house.limits.hello_seconds) as patience:
                greeted = await self._greet()
                patience.reschedule(None)
            if greeted is not None:
                await self._talk(*greeted)
        except TimeoutError:
            self._line.close(UNWANTED, "Nobody said hello.")
        finally:
            await self._end()

    async def _greet(self) -> tuple[Hello, Desk] | None:
        """Return who is there and the desk that takes it; None if nobody does."""
        while self._line.is_open:
            try:
                text = await self._text()
                hello = read(text, _GREETING)
            except Gone:
                return None
            except Malformed as problem:
                self._sorry(problem)
                continue
            assert isinstance(hello, Hello)
            desk = self._desks.get(hello.role)
            if desk is None:
                self._line.tell(
                    "sorry", {"n": hello.n, "say": f"hello.as must be one of {', '.join(sorted(self._desks))}."}
                )
                self._mistake()
                continue
            return hello, desk
        return None

    async def _talk(self, hello: Hello, desk: Desk) -> None:
        """Let a desk take a browser, and pass on what it says."""
        line = self._line
        try:
            body = await desk.opened(line, hello)
        except Exception as problem:  # noqa: BLE001 - one browser's fault must not end the server
            line.tell("sorry", {"n": hello.n, "say": _sentence(problem, "hello"), "final": True})
            line.close(UNWANTED, "refused")
            return
        page = self._pages.page(hello.page, hello.role, hello.session or "", digest(hello.token or hello.code or ""))
        page.line = line
        try:
            line.tell("done", {"n": hello.n, **(body or {})})
            while line.is_open:
                try:
                    message = read(await self._text(), desk.words)
                except Gone:
                    return
                except Malformed as problem:
                    self._sorry(problem)
                    continue
                if page.first_time(message.n):
                    await self._carry_out(desk, message, page)
        finally:
            if page.line is line:
                page.line = None
            try:
                await desk.closed(line)
            except Exception as problem:  # noqa: BLE001
                note_fault("closing", problem)

    async def _carry_out(self, desk: Desk, message: Word, page: Page) -> None:
        """Let a desk do what is asked, and answer."""
        try:
            body = await desk.said(self._line, message)
            answer = Sheet("done", {"n": message.n, **(body or {})})
        except Exception as problem:  # noqa: BLE001
            answer = Sheet("sorry", {"n": message.n, "say": _sentence(problem, message.t)})
        page.answer(message.n, answer.text)

    async def _text(self) -> str | bytes | None:
        """Return the next thing that the browser sends, not faster than it may send.

        Raises
        ------
        Gone
            Nothing comes any more.
        """
        assert self._writing is not None
        wait = self._pace.owe()
        if wait > 0.0:
            await asyncio.sleep(wait)
        receiving = asyncio.ensure_future(self._socket.receive())
        try:
            await asyncio.wait({receiving, self._writing}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            if not receiving.done():
                receiving.cancel()
        if not receiving.done() or receiving.cancelled():
            raise Gone
        event = receiving.result()
        if event["type"] == "websocket.disconnect":
            raise Gone
        text = event.get("text")
        if text is None:
            return None
        if len(text) > self._house.limits.message_bytes or len(text.encode()) > self._house.limits.message_bytes:
            raise Malformed(f"A message must be at most {self._house.limits.message_bytes} bytes long.")
        return str(text)

    def _sorry(self, problem: Malformed) -> None:
        """Answer what is no message."""
        self._line.tell("sorry", {"n": problem.n, "say": str(problem)})
        self._mistake()

    def _mistake(self) -> None:
        """Count what is no message, and show out who sends nothing else."""
        if not self._patience.take():
            self._line.tell(
                "sorry", {"n": None, "say": "Too many messages that are none; this line is closed.", "final": True}
            )
            self._line.close(UNWANTED, "malformed")

    async def _end(self) -> None:
        """Send what waits, and close."""
        assert self._writing is not None
        self._line.close(GONE, "")
        try:
            code, why = await self._writing
        except (TimeoutError, WebSocketDisconnect, RuntimeError, OSError):
            code, why = FULL, "too slow"
        if self._socket.application_state is not WebSocketState.DISCONNECTED:
            try:
                await self._socket.close(code, why)
            except (WebSocketDisconnect, RuntimeError, OSError):
                return


class Gone(Exception):
    """The browser has left, or is taken for gone."""


def _sentence(problem: Exception, where: str) -> str:
    """Return what a browser is told of a problem, and note it if it is a fault of ours."""
    if isinstance(problem, BackfireError):
        return str(problem)
    note_fault(where, problem)
    return _FAULT
