"""A small client of the live page for tests and load: one WebSocket, hello first, numbered messages, their answers."""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from collections.abc import Callable
from typing import Any, Self

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

Message = dict[str, Any]


class Sorry(Exception):
    """The server's sentence."""


class Client:
    """One browser.

    Parameters
    ----------
    address : str
        As the server prints it: ``http://127.0.0.1:8765``.
    page : str
        The page's own name; the same one again after a break continues its answers.
    keep : bool
        Keep the newest message of each type in ``state``.

    Attributes
    ----------
    state : dict of str to dict
    beats : list of float
        Seconds of ``time.perf_counter`` at which the clock's state came.
    hello_answer : dict
    """

    def __init__(self, address: str, page: str | None = None, *, keep: bool = True) -> None:
        self.address, self.page, self.keep = address, page or secrets.token_hex(8), keep
        self.state: dict[str, Message] = {}
        self.beats: list[float] = []
        self.hello_answer: Message = {}
        self._socket: ClientConnection | None = None
        self._numbers = 0
        self._waiting: dict[int, asyncio.Future[Message]] = {}
        self._news = asyncio.Condition()
        self._reader: asyncio.Task[None] | None = None

    async def hello(self, role: str, **who: Any) -> Self:
        """Connect and say who is there.

        Raises
        ------
        Sorry
            Not let in.
        """
        self._socket = await connect(
            self.address.replace("http", "ws", 1) + "/live", origin=self.address, max_size=2**22, compression=None,
        )  # type: ignore[arg-type]  # fmt: skip
        self._reader = asyncio.create_task(self._read())
        self.hello_answer = await self.ask("hello", **{"as": role, "page": self.page, **who})
        return self

    async def ask(self, kind: str, *, n: int | None = None, **body: Any) -> Message:
        """Send a message and return the body of its answer.

        Raises
        ------
        Sorry
            What the server says against it.
        """
        assert self._socket is not None
        self._numbers = max(self._numbers + 1, n or 0)
        number = n or self._numbers
        answer = self._waiting[number] = asyncio.get_running_loop().create_future()
        await self._socket.send(json.dumps({"t": kind, "n": number, **body}))
        message = await answer
        if message["t"] == "sorry":
            raise Sorry(message["say"])
        return message

    async def until(self, right: Callable[[dict[str, Message]], Any], seconds: float = 60.0) -> None:
        """Wait until what the page knows is right."""
        async with asyncio.timeout(seconds), self._news:
            while not right(self.state):
                await self._news.wait()

    async def close(self) -> None:
        """Leave."""
        if self._socket is not None:
            await self._socket.close()
        if self._reader is not None:
            await self._reader

    def vanish(self) -> None:
        """Go without a word, as a browser in a tunnel does."""
        assert self._socket is not None and self._reader is not None
        self._reader.cancel()
        self._socket.transport.abort()

    def read_nothing(self) -> None:
        """Stay connected and read nothing any more."""
        assert self._socket is not None and self._reader is not None
        self._reader.cancel()
        self._socket.transport.pause_reading()

    async def _read(self) -> None:
        assert self._socket is not None
        try:
            async for text in self._socket:
                message = json.loads(text)
                if message["t"] == "clock":
                    self.beats.append(time.perf_counter())
                if message["t"] in ("done", "sorry"):
                    waiting = self._waiting.pop(message.get("n"), None)
                    if waiting is not None and not waiting.done():
                        waiting.set_result(message)
                elif self.keep:
                    self.state[message["t"]] = message
                    async with self._news:
                        self._news.notify_all()
        except ConnectionClosed:
            pass
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(Sorry("The line was closed."))
