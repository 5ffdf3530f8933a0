"""The desk of whoever opens the page: whether this browser may explore and open sessions, or only join one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim import __version__
from sim.warroom.doors import same
from sim.warroom.house import House
from sim.warroom.lines import Line
from sim.warroom.words import Hello, Vocabulary, Word, vocabulary


class HomeDesk:
    """Tells a visitor what it may do here; a visitor asks for nothing else."""

    words: Vocabulary = vocabulary()

    def __init__(self, house: House) -> None:
        self._house = house

    async def opened(self, line: Line, hello: Hello) -> Mapping[str, Any]:
        """Say whether the visitor holds the house link."""
        return {"version": __version__, "owner": same(hello.token, self._house.token_digest)}

    async def said(self, line: Line, message: Word) -> None:
        """Hear nothing: a visitor has no words."""

    async def closed(self, line: Line) -> None:
        """Forget nothing: nothing was kept."""
