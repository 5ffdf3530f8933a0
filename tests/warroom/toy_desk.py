"""A desk for tests of what lies between a browser and any desk."""

from __future__ import annotations

import asyncio
from typing import Any, Literal

from pydantic import Field

from sim.errors import ConfigError
from sim.warroom.lines import Line, Sheet
from sim.warroom.words import Hello, Sentence, Word, vocabulary


class Count(Word):
    """Count one more."""

    t: Literal["count"]
    by: int = Field(1, ge=1, le=5)


class Echo(Word):
    """Say this to me."""

    t: Literal["echo"]
    text: Sentence


class Break(Word):
    """Meet a fault."""

    t: Literal["break"]


class Forbid(Word):
    """Break a rule."""

    t: Literal["forbid"]


class Pour(Word):
    """Send everybody large states for a while."""

    t: Literal["pour"]
    times: int = Field(ge=1, le=1000)


class ToyDesk:
    """Counts, echoes, breaks, and sends."""

    words = vocabulary(Count, Echo, Break, Forbid, Pour)

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.counted = 0
        self.closed_lines: list[Line] = []

    async def opened(self, line: Line, hello: Hello) -> dict[str, Any]:
        """Take everybody but those whose token says otherwise."""
        if hello.token == "refuse":
            raise ConfigError("Not you.")
        if hello.token == "break":
            raise KeyError("a fault while opening")
        self.lines.append(line)
        return {"welcome": True}

    async def said(self, line: Line, message: Word) -> dict[str, Any] | None:
        """Do as the message says."""
        match message:
            case Count(by=by):
                self.counted += by
                return {"counted": self.counted}
            case Echo(text=text):
                line.put("echo", {"text": text})
            case Break():
                raise RuntimeError("with a secret in it: s3cr3t")
            case Forbid():
                raise ConfigError("toy.rule must hold.")
            case Pour(times=times):
                for number in range(times):
                    told = Sheet("poured", {"number": number, "text": "x" * 200_000})
                    for one in self.lines:
                        one.put_sheet(told)
                    await asyncio.sleep(0.01)
        return None

    async def closed(self, line: Line) -> None:
        """Forget a line."""
        self.lines.remove(line)
        self.closed_lines.append(line)
