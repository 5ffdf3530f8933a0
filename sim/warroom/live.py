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
_SHOWN_OUT = "Too many messages that are none; this line is closed."
_LOST = (TimeoutError, WebSocketDisconnect, RuntimeError, OSError)
"""What sending raises when nobody takes it any more."""
_CLOSE_SECONDS = 1.0
_FAULT = "Something went wrong here, through no fault of yours; try again, or load the page anew."


class Conversation:
    """One browser's, from hello to its end."""

    def __init__(self, socket: WebSocket, house: House, desks: Mapping[str, Desk], pages: Pages) -> None:
        limits = house.limits
        self._socket, self._house, self._desks, self._pages = socket, house, desks, pages
        host = socket.headers.get("host")
        self._line = Line(socket.client.host if socket.client else "?", limits, f"http://{host}" if host else None)
        self._pace = Bucket(limits.messages_a_second, limits.messages_at_once)
        self._patience = Bucket(limits.mistakes_a_minute / 60.0, limits.mistakes_a_minute)
        self._writing: asyncio.Task[tuple[int, str]] | None = None
        self._desk: Desk | None = None  # the one that has taken this browser, until it forgets it
        self._busy = asyncio.Lock()

    async def hold(self) -> None:
        """Talk until one of both has gone."""
        self._writing = asyncio.create_task(self._line.write(self._socket.send_text))
        try:
            async with asyncio.timeout(self._house.limits.hello_seconds) as patience:
                hello, desk = await self._greet()
                patience.reschedule(None)
            await self._talk(hello, desk)
        except Gone:
            pass
        except TimeoutError:
            self._line.close(UNWANTED, "no hello")
        finally:
            await self.release()
            await self._end()

    async def release(self) -> None:
        """Let the desk forget this browser, once what it asked last is done."""
        self._line.close(GONE, "")
        async with self._busy:
            desk, self._desk = self._desk, None
            if desk is not None:
                try:
                    await desk.closed(self._line)
                except Exception as problem:  # noqa: BLE001 - one browser's fault must not end the server
                    note_fault("closed", problem)

    async def _greet(self) -> tuple[Hello, Desk]:
        """Return who is there and the desk that shall take it.

        Raises
        ------
        Gone
            It left, or was shown out.
        """
        while True:
            try:
                hello = read(await self._text(), _GREETING)
                assert isinstance(hello, Hello)
                if hello.role not in self._desks:
                    raise Malformed(f"hello.as must be one of {', '.join(sorted(self._desks))}.", hello.n)
            except Malformed as problem:
                self._sorry(problem)
            else:
                return hello, self._desks[hello.role]

    async def _talk(self, hello: Hello, desk: Desk) -> None:
        """Let a desk take a browser, and pass on what it says.

        Raises
        ------
        Gone
            It left, or was shown out.
        """
        secret = digest(hello.token or hello.code or "")
        page = self._pages.page(hello.page, hello.role, hello.session or "", secret)
        if page.conversation is not None:  # its line broke, and this server has not noticed yet
            await page.conversation.release()
        try:
            body = await desk.opened(self._line, hello)
            self._desk = desk
            answer = Sheet("done", {"n": hello.n, **(body or {})})
        except Exception as problem:  # noqa: BLE001
            sentence = _sentence(problem, "hello")
            self._line.tell("sorry", {"n": hello.n, "say": sentence, "final": True})
            self._line.close(UNWANTED, "refused")
            return
        page.conversation, page.line = self, self._line
        try:
            self._line.tell_sheet(answer)
            while True:
                try:
                    message = read(await self._text(), desk.words)
                except Malformed as problem:
                    self._sorry(problem)
                    continue
                async with self._busy:
                    if self._desk is None:
                        raise Gone
                    if page.first_time(message.n):
                        await self._carry_out(desk, message, page)
        finally:
            if page.line is self._line:
                page.conversation = page.line = None

    async def _carry_out(self, desk: Desk, message: Word, page: Page) -> None:
        """Let a desk do what is asked, and answer."""
        try:
            body = await desk.said(self._line, message)
            answer = Sheet("done", {"n": message.n, **(body or {})})
        except Exception as problem:  # noqa: BLE001
            answer = Sheet("sorry", {"n": message.n, "say": _sentence(problem, message.t)})
        page.answer(message.n, answer.text)

    async def _text(self) -> str | None:
        """Return the next thing that the browser sends, not faster than it may send; None if it is no text.

        Raises
        ------
        Gone
            Nothing comes any more.
        Malformed
            It is too long.
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
        if self._writing.done() or not receiving.done():
            raise Gone
        event = receiving.result()
        if event["type"] == "websocket.disconnect":
            raise Gone
        text, most = event.get("text"), self._house.limits.message_bytes
        if text is not None and (len(text) > most or len(text.encode()) > most):
            raise Malformed(f"A message must be at most {most} bytes long.")
        return text

    def _sorry(self, problem: Malformed) -> None:
        """Answer what is no message, and show out who sends little else."""
        self._line.tell("sorry", {"n": problem.n, "say": str(problem)})
        if not self._patience.take():
            self._line.tell("sorry", {"n": None, "say": _SHOWN_OUT, "final": True})
            self._line.close(UNWANTED, "malformed")

    async def _end(self) -> None:
        """Send what waits, and close; a browser that takes nothing is left to the network's own patience."""
        assert self._writing is not None
        try:
            code, why = await self._writing
        except _LOST:
            code, why = FULL, "too slow"
        if self._socket.application_state is WebSocketState.DISCONNECTED:
            return
        try:
            async with asyncio.timeout(_CLOSE_SECONDS):
                await self._socket.close(code, why)
        except _LOST:
            return


class Gone(Exception):
    """The browser has left, or is taken for gone."""


def _sentence(problem: Exception, where: str) -> str:
    """Return what a browser is told of a problem, and note it if it is a fault of ours."""
    if isinstance(problem, BackfireError):
        return str(problem)
    note_fault(where, problem)
    return _FAULT
