"""The desk of Explore: one browser, several slices of one page, each with words of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sim.warroom.explore.odds import OddsDesk
from sim.warroom.explore.playing import LiveDesk
from sim.warroom.explore.worlds import Audiences
from sim.warroom.house import Desk, House
from sim.warroom.lines import Line
from sim.warroom.words import Hello, Vocabulary, Word


class ExploreDesk:
    """Lets in whoever holds the house link, and passes each message to the slice whose word it is."""

    def __init__(self, house: House) -> None:
        self._house = house
        self.audiences = Audiences(house.ending)
        self._slices: Sequence[Desk] = (OddsDesk(house, self.audiences), LiveDesk(house, self.audiences))
        self._owner = {kind: each for each in self._slices for kind in each.words}
        self.words: Vocabulary = {kind: word for each in self._slices for kind, word in each.words.items()}

    async def opened(self, line: Line, hello: Hello) -> Mapping[str, Any]:
        """Take a browser.

        Raises
        ------
        Refused
            It does not hold the house link.
        """
        self._house.admit_owner(hello.token)
        body: dict[str, Any] = {}
        for each in self._slices:
            body |= await each.opened(line, hello) or {}
        return body

    async def said(self, line: Line, message: Word) -> Mapping[str, Any] | None:
        """Pass on what a browser asks."""
        return await self._owner[message.t].said(line, message)

    async def closed(self, line: Line) -> None:
        """Forget a browser."""
        for each in self._slices:
            await each.closed(line)
