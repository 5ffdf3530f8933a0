"""One connected browser: what waits to be sent to it, and the answers that its page was given.

A **slot** holds the newest state of its kind: one that was not sent yet gives way to a newer one, so that a slow
browser gets fewer states and never old ones. What is **told** is never dropped. A state never overtakes what was
told before it. A browser that takes nothing for too long, or for which too much waits, is gone; nobody waits for it.

All of this lives in the server's event loop; a thread uses ``line.loop.call_soon_threadsafe``.
"""

from __future__ import annotations

import asyncio
import json
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

from sim.warroom.doors import Limits

GONE, UNWANTED, FULL, ENDING = 1001, 1008, 1013, 1012
"""Codes with which a WebSocket is closed: the other side left, it broke the rules, too slow or no room, restart."""
_ANSWERS_KEPT, _LETTERS_KEPT = 64, 200_000
"""Answers of a page that are kept, and how long they are together; the last one is kept whatever its length."""
_PAGES_KEPT = 512
_UNDER_WAY = ""


class Sheet:
    """A message to browsers, written out once however many lines it goes to.

    Parameters
    ----------
    kind : str
        Its type, and its slot if it is a state.
    body : mapping, optional
        What else it holds; plain values that JSON knows.

    Raises
    ------
    ValueError, TypeError
        The body holds nan, or something that JSON does not know.
    """

    __slots__ = ("kind", "text")

    def __init__(self, kind: str, body: Mapping[str, Any] | None = None) -> None:
        self.kind = kind
        self.text = json.dumps({"t": kind, **(body or {})}, allow_nan=False, separators=(",", ":"))


class Held(Protocol):
    """What holds a line for a page."""

    async def release(self) -> None:
        """Let go of it."""


class Page:
    """What a page was answered, so that a message that it sends again is not carried out again."""

    def __init__(self) -> None:
        self.line: Line | None = None
        self.conversation: Held | None = None
        self._answers: OrderedDict[int, str] = OrderedDict()
        self._last = 0

    def first_time(self, n: int) -> bool:
        """Tell whether a message is new; if it is not, its answer is given again (or is on its way)."""
        known = self._answers.get(n)
        if known is None and n > self._last:
            self._last = n
            self._answers[n] = _UNDER_WAY
            return True
        if known is None:
            self._send(
                Sheet("sorry", {"n": n, "say": "This message came before, too long ago to say how it ended."}).text
            )
        elif known != _UNDER_WAY:
            self._send(known)
        return False

    def answer(self, n: int, text: str) -> None:
        """Keep an answer and send it over the page's newest line."""
        self._answers[n] = text
        while len(self._answers) > 1 and (
            len(self._answers) > _ANSWERS_KEPT or sum(map(len, self._answers.values())) > _LETTERS_KEPT
        ):
            self._answers.popitem(last=False)
        self._send(text)

    def _send(self, text: str) -> None:
        if self.line is not None:
            self.line.tell_text(text)


class Pages:
    """The pages that were here lately, by the name that each gave itself and the right by which it came."""

    def __init__(self) -> None:
        self._pages: OrderedDict[tuple[str, ...], Page] = OrderedDict()

    def page(self, *key: str) -> Page:
        """Return a page, known or new."""
        found = self._pages.setdefault(key, Page())
        self._pages.move_to_end(key)
        while len(self._pages) > _PAGES_KEPT:
            self._pages.popitem(last=False)
        return found


class Line:
    """One connected browser.

    Attributes
    ----------
    address : str
        Where it is, for counting; never shown.
    reached : str or None
        Under which address it reaches this machine (``http://host:port``).
    loop : asyncio.AbstractEventLoop
    is_open : bool
        Whether anything can still be sent.
    """

    def __init__(self, address: str, limits: Limits, reached: str | None = None) -> None:
        self.address, self.reached = address, reached
        self.loop = asyncio.get_running_loop()
        self.is_open = True
        self._limits = limits
        self._waiting: OrderedDict[str | int, tuple[int, str]] = OrderedDict()
        self._bytes = self._count = self._last_told = 0
        self._news = asyncio.Event()
        self._ending: tuple[int, str] | None = None

    def put(self, kind: str, body: Mapping[str, Any] | None = None) -> None:
        """Send a state; a newer one of the same kind takes the place of one that was not sent yet."""
        self.put_sheet(Sheet(kind, body))

    def put_sheet(self, sheet: Sheet) -> None:
        """Send a state that was written out before, for many lines."""
        before = self._waiting.get(sheet.kind)
        place = before[0] if before else 0
        if before:
            self._bytes -= len(before[1])
            if place < self._last_told:
                del self._waiting[sheet.kind]
                before = None
        if before is None:
            self._count += 1
            place = self._count
        self._wait(sheet.kind, place, sheet.text)

    def holds(self, kind: str) -> bool:
        """Tell whether a state of a kind waits to be sent: a slice that tells what is new waits until it is gone."""
        return kind in self._waiting

    def tell(self, kind: str, body: Mapping[str, Any] | None = None) -> None:
        """Send what must not be lost."""
        self.tell_text(Sheet(kind, body).text)

    def tell_sheet(self, sheet: Sheet) -> None:
        """Send what must not be lost and was written out before, for many lines."""
        self.tell_text(sheet.text)

    def tell_text(self, text: str) -> None:
        """Send a text that must not be lost."""
        self._count += 1
        self._last_told = self._count
        self._wait(self._count, self._count, text)

    def close(self, code: int = GONE, why: str = "") -> None:
        """End the line after what waits was sent (or at once, if too much waits)."""
        if self._ending is None:
            self._ending = (code, why)
        self._news.set()

    def _wait(self, key: str | int, place: int, text: str) -> None:
        if not self.is_open or self._ending is not None:
            return
        self._waiting[key] = (place, text)
        self._bytes += len(text)
        if len(self._waiting) > self._limits.waiting_messages or self._bytes > self._limits.waiting_bytes:
            self._waiting.clear()
            self.close(FULL, "This browser takes too little of what it is sent; load the page again.")
        self._news.set()

    async def write(self, send: Callable[[str], Awaitable[None]]) -> tuple[int, str]:
        """Send what waits, until the line ends; return the code and the reason to close it with.

        Raises
        ------
        TimeoutError
            The browser took nothing for too long.
        """
        try:
            while True:
                await self._news.wait()
                self._news.clear()
                while self._waiting:
                    _, (_, text) = self._waiting.popitem(last=False)
                    self._bytes -= len(text)
                    async with asyncio.timeout(self._limits.send_seconds):
                        await send(text)
                if self._ending is not None:
                    return self._ending
        finally:
            self.is_open = False
            self._waiting.clear()
