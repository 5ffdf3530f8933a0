"""What an agency sees of its own campaign: counts that are late and misread, rounded, and a few messages.

Counts come from the engine's own observation (``observed_campaign``, ``observed_counter`` of the timeline: each
message's frame is misread with ``agency.detection_error``), and are at least ``agency.monitoring_delay_minutes`` old;
where a row stands for several people (``people.represents``), they are scaled as all volumes are. Which messages are
shown hangs on their keys alone; their words are made up (``sim.warroom.sentences``). Nothing here tells the true state,
odds or a verdict. Read off the engine's arrays, without tables, since it is asked for many times a second.
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from sim.agency.signals import WINDOW_MINUTES, last_observable
from sim.config.agency import MOVES
from sim.config.people import COHORTS
from sim.config.root import Configuration
from sim.engine.layout import BOOSTS, REPLIES
from sim.engine.record import FRAMES, TIMELINE, Kind
from sim.model.campaign import CampaignModel
from sim.study.compare.cost import hours_of_moves, price_of
from sim.warroom.sentences import ask_of, sentence
from sim.warroom.train.campaigns import History

MOST_BINS = 72
SHARED, DRAWN = 2, 4
"""How many messages are shown: the most shared ones, and others by the draw of their keys."""
FEED_EVERY = 5
"""Simulated minutes after which the shown messages are looked through again."""
_SCATTER = np.uint64(0x9E37_79B9_7F4A_7C15)
_WIDTHS = (5, 10, 15, 30, 60, 120, 240, 480, 720, 1440)


def rounded(count: int) -> int:
    """Return a count as an agency would tell it: two figures."""
    if count < 100:
        return count if count < 10 else 5 * round(count / 5)
    step = 10 ** (len(str(count)) - 2)
    return step * round(count / step)


def bin_minutes(minutes: int) -> int:
    """Return how wide the chart's bins are, for a play of so many minutes."""
    return next((width for width in _WIDTHS if minutes <= width * MOST_BINS), _WIDTHS[-1])


def counts(model: CampaignModel, width: int) -> dict[str, Any]:
    """Return what the agency has counted.

    Parameters
    ----------
    width : int, minutes
        Of the chart's bins.

    Returns
    -------
    dict
        ``known``: minutes of which it has counts; ``width``; ``campaign`` and ``counter``: messages by bin, whole bins
        only; ``hour``: both in the last hour that it knows; ``share``: critical share of that hour in per cent, to
        five, None below five messages; ``total``: all so far; ``trending``, ``stories`` and ``followers`` (net change).
    """
    delay = int(model.configuration.agency.monitoring_delay_minutes)
    known = max(0, int(last_observable(model.minute, delay)) + 1)
    lines = model.engine.bench.arrays["minutes"][:, :known]
    seen = [lines[TIMELINE.index(f"observed_{frame}")] for frame in FRAMES]
    scale = float(model.configuration.people.represents)
    whole = known // width
    bins = [[rounded(int(c * scale)) for c in each[: whole * width].reshape(whole, width).sum(axis=1)] for each in seen]
    hour = [int(each[max(0, known - WINDOW_MINUTES) :].sum()) for each in seen]
    net = lines[TIMELINE.index("followed")].sum() - lines[TIMELINE.index("unfollowed")].sum()
    return {
        "known": known,
        "width": width,
        "campaign": bins[0],
        "counter": bins[1],
        "hour": rounded(int(sum(hour) * scale)),
        "share": 5 * round(20 * hour[1] / sum(hour)) if sum(hour) >= 5 else None,
        "total": rounded(int((seen[0].sum() + seen[1].sum()) * scale)),
        "trending": bool(known and lines[TIMELINE.index("trending"), -1]),
        "stories": int(lines[TIMELINE.index("stories")].sum()),
        "followers": int(net * scale),
    }


def feed_minute(model: CampaignModel) -> int:
    """Return up to which minute messages are shown: the feed stays as it is until that changes."""
    delay = int(model.configuration.agency.monitoring_delay_minutes)
    return max(0, int(last_observable(model.minute, delay)) + 1) // FEED_EVERY * FEED_EVERY


def feed(model: CampaignModel, tag: str = "") -> list[dict[str, Any]]:
    """Return a few messages of the last hour that the agency knows, the newest first, in made-up words.

    Returns
    -------
    list of dict
        ``minute``, ``text`` and ``shares`` (passed on so far, rounded).
    """
    known = feed_minute(model)
    arrays = model.engine.bench.arrays
    start = arrays["minute_start"]
    first, last = int(start[max(0, known - WINDOW_MINUTES)]), int(start[known])
    kind, root = arrays["message_kind"][first:last], arrays["message_root"][first:last]
    written = np.flatnonzero(kind == Kind.ORIGINAL)
    passed = root[kind == Kind.SHARE] - first
    shares = np.bincount(passed[passed >= 0], minlength=last - first)
    keys = arrays["message_keys"][first:last]
    drawn = keys[written] * _SCATTER  # keys are hashes already: any scattering of them is a draw
    most_shared = written[np.lexsort((drawn, -shares[written]))[:SHARED]]
    order = [*(int(m) for m in most_shared if shares[m]), *map(int, written[np.argsort(drawn)[: 4 * (SHARED + DRAWN)]])]
    chosen: dict[str, int] = {}  # nobody learns from reading the same words twice
    for message in order:
        if len(chosen) < SHARED + DRAWN:
            chosen.setdefault(_told(model, first + message, tag), message)
    return [
        {"minute": int(arrays["message_minute"][first + m]), "shares": rounded(int(shares[m])), "text": text}
        for text, m in sorted(chosen.items(), key=lambda each: -each[1])
    ]


def _told(model: CampaignModel, message: int, tag: str) -> str:
    """Return the made-up words of a message."""
    arrays = model.engine.bench.arrays
    author = int(arrays["message_author"][message])
    loaded = model.graph.origin == "loaded"
    cohort = "" if loaded or author < 0 else COHORTS[int(model.population.cohort[author])]
    frame: Literal["campaign", "counter"] = "counter" if arrays["message_frame"][message] else "campaign"
    key = int(arrays["message_keys"][message])
    family = model.configuration.case.family
    return sentence(frame, "original", ask_of(model.configuration), key, tag=tag, family=family, cohort=cohort)


def hours_spent(model: CampaignModel, history: History) -> float:
    """Return the working hours that a team's moves have taken so far (``agency.costs``)."""
    marks = model.engine.bench.arrays["marks"]
    return hours_of_moves(model.configuration.agency, history, float(marks[REPLIES]), float(marks[BOOSTS]))


def prices(configuration: Configuration, minute: float = 1.0) -> dict[str, dict[str, Any]]:
    """Return what each move costs in a minute: ``hours`` at once, ``each`` with ``of`` for what goes on costing."""
    costs = configuration.agency.costs
    told: dict[str, dict[str, Any]] = {
        move: {"hours": price_of(configuration.agency, move, minute), "each": 0.0, "of": ""} for move in MOVES
    }
    told["engage"] |= {"each": costs.reply, "of": "answer"}
    told["amplify"] |= {"each": costs.share, "of": "message passed on"}
    return told
