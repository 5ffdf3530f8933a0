"""The feed as somebody of an age band, or one simulated account, has it before their eyes.

Everything in it was seen in the run; its words are made up (``sim.warroom.sentences``), by nobody and for nobody.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from sim.config.people import COHORTS, ROLES
from sim.engine.layout import (
    ACTS,
    FOLLOWS_CENTRAL,
    FOLLOWS_LOCAL,
    GRIEVANCE,
    ROLE,
    SEEN,
    SIGHTS,
    SUPPORT,
)
from sim.engine.record import FRAMES, NEWSROOM_AUTHOR, Kind
from sim.errors import ConfigError
from sim.model.campaign import CampaignModel
from sim.warroom.explore.shown import REAL_GRAPH
from sim.warroom.sentences import ask_of, sentence, spoken

LONGEST = 30
_LOOKED_BACK = 400_000
"""Sights that are searched for an age band; they reach far enough back for a screen of each."""
_ROLE_NAMES = {"activist": "a committed critic", "ally": "a committed supporter", "journalist": "a journalist"}


def feed_of_band(model: CampaignModel, cohort: str, count: int = LONGEST) -> list[dict[str, Any]]:
    """Return what people of an age band saw last, newest first.

    Parameters
    ----------
    model : CampaignModel
        With ``record="log"``, on a generated graph.
    cohort : str
        One of ``COHORTS``.

    Raises
    ------
    ConfigError
        The graph is a real one.
    """
    _refuse_real(model)
    arrays = model.engine.bench.arrays
    last = int(arrays["marks"][SIGHTS])
    first = max(0, last - _LOOKED_BACK)
    band = model.population.cohort[arrays["sight_row"][first:last]] == COHORTS.index(cohort)
    return _items(model, first + np.flatnonzero(band), count)


def feed_of_account(model: CampaignModel, row: int, count: int = LONGEST) -> list[dict[str, Any]]:
    """Return what one simulated account saw, newest first.

    Raises
    ------
    ConfigError
        The graph is a real one.
    """
    _refuse_real(model)
    arrays = model.engine.bench.arrays
    sights = np.flatnonzero(arrays["sight_row"][: int(arrays["marks"][SIGHTS])] == row)
    return _items(model, sights, count)


def account(model: CampaignModel, row: int) -> dict[str, Any]:
    """Return who a simulated account is and what it did so far.

    Raises
    ------
    ConfigError
        The graph is a real one, or there is no such row.
    """
    _refuse_real(model)
    world, arrays, people = model.engine.world, model.engine.bench.arrays, model.population
    if not 0 <= row < world.rows:
        raise ConfigError(f"account must lie in [0, {world.rows}), got {row}.")
    state, feelings = arrays["cold_half"][row], arrays["cold_real"][row]
    return {
        "row": row, "cohort": COHORTS[people.cohort[row]], "community": people.communities[people.community[row]],
        "role": ROLES[people.role[row]], "followers": int(model.graph.start[row + 1] - model.graph.start[row]),
        "follows": int(world.followees[row]), "sessions": round(float(people.sessions_a_day[row]), 2),
        "grievance": round(float(feelings[GRIEVANCE]), 3), "support": round(float(feelings[SUPPORT]), 3),
        "follows_sender": bool(state[ROLE] & (FOLLOWS_CENTRAL | FOLLOWS_LOCAL)), "acts": int(state[ACTS]),
        "seen": [int(state[SEEN]), int(state[SEEN + 1])], "added": row >= world.n,
    }  # fmt: skip


def _refuse_real(model: CampaignModel) -> None:
    if model.engine.world.whole.origin == "loaded":
        raise ConfigError(REAL_GRAPH)


def _items(model: CampaignModel, sights: npt.NDArray[np.int64], count: int) -> list[dict[str, Any]]:
    """Return the newest different messages among some sights, newest first; sights of one message are counted."""
    arrays = model.engine.bench.arrays
    config = model.configuration
    ask, tag, family = ask_of(config), config.case.tag or "", config.case.family or ""
    messages = arrays["sight_message"][sights]
    seen_by, items = np.bincount(messages, minlength=1) if messages.size else np.zeros(1, np.int64), []
    _, latest = np.unique(messages[::-1], return_index=True)
    for place in np.sort(latest)[:count]:  # counted from the end: newest first
        sight = int(sights[sights.size - 1 - place])
        message = int(arrays["sight_message"][sight])
        items.append({
            "minute": int(arrays["sight_minute"][sight]), "times": int(seen_by[message]),
            **_told(model, message, ask, tag, family),
        })  # fmt: skip
    return items


def _told(model: CampaignModel, message: int, ask: str, tag: str, family: str) -> dict[str, Any]:
    """Return a message as a feed shows it: who (in general), what it does, made-up words."""
    arrays, people = model.engine.bench.arrays, model.population
    author, kind = int(arrays["message_author"][message]), Kind(int(arrays["message_kind"][message]))
    key, frame = int(arrays["message_keys"][message]), FRAMES[int(arrays["message_frame"][message])]
    told = {"message": message, "frame": frame, "kind": kind.name.lower()}
    if author < 0:
        who = "a newsroom" if author <= NEWSROOM_AUTHOR else "the sender"
        text = spoken(kind.name.lower(), ask, key, tag=tag)
    else:
        role, cohort = ROLES[people.role[author]], COHORTS[people.cohort[author]]
        who = f"{_ROLE_NAMES.get(role, 'somebody')} aged {cohort}"
        text = sentence(frame, kind.name.lower(), ask, key, tag=tag, family=family, cohort=cohort)  # type: ignore[arg-type]
    root = int(arrays["message_root"][message])
    return {**told, "who": who, "text": text, "shares": int(arrays["message_shares"][root])}
