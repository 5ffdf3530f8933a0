"""Two teams that have played the toy deck, and their futures: few, of a small audience."""

from __future__ import annotations

from functools import cache
from typing import Any

from sim.warroom.debrief.courses import Made, Side, wanted
from sim.warroom.debrief.endings import Ending
from sim.warroom.debrief.futures import Campaigns, Futures
from sim.warroom.debrief.told import debrief
from tests.warroom.toy_deck import toy_deck

COUNT = 24
PLAYED = 244
"""Minutes after which the play was ended: the deck has six hours."""
NASTY = '<script>alert("x")</script>'
FORMULA = "=HYPERLINK(1)"
SIDES = (
    Side(1, "Team 1", (
        Made("first", 45, "acknowledge", 60, picked="acknowledge", sentence=NASTY, argument=FORMULA),
        Made("second", 180, "withdraw", 20, picked="withdraw", sentence="-1+1"),
    )),
    Side(2, "Team 2", (Made("first", 45), Made("second", 180, "silent", 90, late=True, picked="defend"))),
)  # fmt: skip


@cache
def known() -> Futures:
    """Return all futures of both teams."""
    futures = Futures(Campaigns.of(toy_deck()), count=COUNT)
    for piece in futures.pieces(wanted(SIDES, best=True)):
        futures.live(piece)
    return futures


@cache
def told() -> dict[str, Any]:
    """Return their debrief."""
    return debrief(toy_deck(), SIDES, known(), PLAYED)


def ending(**changes: Any) -> Ending:
    """Return an ending of no run."""
    values: dict[str, Any] = {
        "verdict": "hijacked", "hijack_share": 0.8, "messages": 100, "participants": 80, "followers_lost": 0,
        "replies": 0, "boosts": 0, "critics": 80, "takeover": None, "trust": 0.0, "grievance": 0.0, "trended": False,
        "fired": (),
    }  # fmt: skip
    return Ending(**values | changes)
