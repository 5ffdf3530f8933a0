"""What the upper half of Explore asks of the server: where to start, which settings there are, and the odds."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import cache
from typing import Any, Literal

from sim.catalogue.groups import choices, folder
from sim.catalogue.registry import list_cases
from sim.errors import unknown_name
from sim.warroom.explore import telling
from sim.warroom.explore.phase import AXES, axis_names
from sim.warroom.explore.plain import CHOICES, DOES, GROUPS, NO_POLICY
from sim.warroom.explore.setting import OWN, Chosen, held_back, setting_of
from sim.warroom.explore.sliders import settings_of, sliders
from sim.warroom.explore.stream import Explorer, View
from sim.warroom.explore.worlds import Audiences
from sim.warroom.house import House
from sim.warroom.lines import Line
from sim.warroom.words import Hello, Mark, Vocabulary, Word, vocabulary

FIRST = "my_nypd"
"""The case that the page opens with."""


class Begin(Word):
    """Asks for the settings of a start.

    Attributes
    ----------
    start : str
        Id of a case, or ``own.photo_call`` and the like.
    """

    t: Literal["begin"]
    start: Mark


class Choose(Word):
    """Chooses: from now on the odds are those of this. The states that follow bear the message's number."""

    t: Literal["choose"]
    chosen: Chosen
    axes: tuple[Mark, Mark] = AXES


class OddsDesk:
    """Streams the odds of what each browser has chosen.

    Parameters
    ----------
    house : House
    audiences : Audiences
    """

    words: Vocabulary = vocabulary(Begin, Choose)

    def __init__(self, house: House, audiences: Audiences) -> None:
        self._house, self._audiences = house, audiences
        self._explorers: dict[Line, Explorer] = {}

    async def opened(self, line: Line, hello: Hello) -> Mapping[str, Any]:
        """Say what there is to choose from."""
        body = await asyncio.to_thread(offer)
        self._explorers[line] = Explorer(line.put, self._house.pool, self._house.start)
        return body

    async def said(self, line: Line, message: Any) -> Mapping[str, Any]:
        """Begin with a case or a post of one's own, or show the odds of a choice."""
        if isinstance(message, Begin):
            return await asyncio.to_thread(begun, message.start)
        return await self._choose(self._explorers[line], message)

    async def _choose(self, explorer: Explorer, message: Choose) -> Mapping[str, Any]:
        """Show the odds of a choice from now on."""
        before = [] if explorer.view is None else explorer.view.phases

        def made() -> View:
            setting = setting_of(message.chosen, most_rows=self._house.limits.audience)
            possible = axis_names(setting.configuration)
            for name in message.axes:
                if name not in possible:
                    raise unknown_name("an axis", name, possible)
            return View(message.n, setting, self._audiences, message.axes, before=before)

        view = await asyncio.to_thread(made)
        explorer.show(view)
        configuration = view.setting.configuration
        offered = settings_of(configuration)
        return {
            "command": view.setting.command, "posted": view.setting.posted,
            "said": "" if view.setting.posted else telling.NOT_POSTED,
            "values": {name: field.value for name, field in offered.items()},
            "idle": [each["name"] for each in sliders(configuration) if not each["matters"]],
            "rows": configuration.people.n_followers, "hours": configuration.horizon_hours,
        }  # fmt: skip

    async def closed(self, line: Line) -> None:
        """Drop what was computed for a browser."""
        explorer = self._explorers.pop(line, None)
        if explorer is not None:
            explorer.close()


@cache
def offer() -> dict[str, Any]:
    """Return what there is to choose from: starts, policies, groups of settings."""
    cases = [
        {"start": line.id, "title": line.title, "date": line.date, "sender": line.sender, "line": line.line,
         "held_back": held_back(line.id)}
        for line in list_cases()
    ]  # fmt: skip
    own = [{"start": f"{OWN}.{ask}", "title": CHOICES.get(ask, ask)} for ask in choices("post")]
    names = [*DOES, *(name for name in choices("policy") if name not in DOES)]
    does = [
        {"does": name, "title": DOES.get(name, name.replace("_", " ")), "what": _what(name)}
        for name in names if name in NO_POLICY or name in choices("policy")
    ]  # fmt: skip
    return {"cases": cases, "own": own, "does": does, "groups": GROUPS, "first": FIRST, "limits": telling.LIMITS}


def begun(start: str) -> dict[str, Any]:
    """Return a start: what it was, its settings, and which of them may be axes.

    Raises
    ------
    ConfigError
        There is none of that name, or it is held back.
    """
    configuration = setting_of(Chosen(start=start)).configuration
    case = configuration.case
    return {
        "start": start, "title": case.title if case.id != "custom" else "A post of your own", "summary": case.summary,
        "outcome": None if case.outcome is None else case.outcome.verdict,
        "basis": "" if case.outcome is None else case.outcome.basis,
        "standing": case.standing, "sliders": sliders(configuration), "axes": axis_names(configuration),
    }  # fmt: skip


def _what(does: str) -> str:
    """Return what one thing to do is; of a policy, the sentence at the head of its file."""
    if does in NO_POLICY:
        return NO_POLICY[does]
    first = (folder("policy") / f"{does}.yaml").read_text(encoding="utf-8").partition("\n")[0]
    return first.lstrip("# ") if first.startswith("#") else ""
