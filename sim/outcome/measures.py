"""What one run came to: one tidy row of outcomes (``docs/model.md`` 7).

Volumes, shares and rates count participants' messages (originals and shares by rows); impressions and
cascades count everybody's. What is undefined (a share of nothing, a minute that never came) is None.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.compiled import kernel
from sim.engine.record import FRAMES, Kind, Messages, RunRecord
from sim.outcome.cascade import CascadeTrees, cascade_trees
from sim.outcome.verdict import fizzled_frame, takeover_minute, verdict

Outcome = dict[str, float | int | str | bool | None]

EARLY_MINUTES = 360
"""Causes counted for reproduction are put out before this minute, and before the tag trends."""

TOP_ORIGINALS = 20
FIRST_MESSAGES = (20, 50, 100)
VOLUME_HOURS = (("10h", 600), ("21_5h", 1290), ("34h", 2040))
"""Hours at which the volume of #myNYPD is documented, and the minute each ends at."""

PEAK_MINUTES = 60
_ORIGINAL, _SHARE = int(Kind.ORIGINAL), int(Kind.SHARE)


def measure(record: RunRecord) -> Outcome:
    """Return every outcome of one run as plain numbers, words and None.

    Returns
    -------
    dict
        ``messages``, ``participants``, ``reach`` (counts); ``hijack_share`` of messages, of impressions
        (``_impressions``) and of the 20 most shared originals (``_top20``); ``takeover``,
        ``takeover_minutes``; ``peak_messages_per_hour``; ``half_life_hours``; ``retweet_share``;
        ``structural_virality``, ``cascade_size``, ``cascade_depth``; ``followers_gained``,
        ``followers_lost``; ``reproduction_campaign``, ``reproduction_counter`` and, by frame of the
        effect, ``reproduction_campaign_to_counter`` and the like; ``trending_minute``, ``news_minute``;
        ``counter_share_first_20`` (50, 100); ``messages_by_10h`` (21_5h, 34h); ``agency_messages``,
        ``replies``, ``boosts``, ``stories``; ``verdict``, ``fizzled_frame``.
    """
    messages = record.messages
    trending = first_minute(record.timeline["trending"])
    per_minute, participants, shares, first, early, caused = _tally(
        messages.minute, messages.author, messages.frame, messages.kind, messages.parent,
        record.keys.shape[0], record.minutes, early_end(trending), FIRST_MESSAGES[-1],
    )  # fmt: skip
    by_frame = per_minute.sum(axis=1)
    total = int(by_frame.sum())
    hijack_share = share_of(int(by_frame[1]), total)
    seen = [int(record.timeline[f"impressions_{frame}"].sum(dtype=np.int64)) for frame in FRAMES]
    takeover = takeover_minute(per_minute[1], per_minute.sum(axis=0), record.n)
    gained = int(np.count_nonzero(record.follows.gained))
    outcome: Outcome = {
        "messages": total,
        "participants": int(participants),
        "reach": int(record.timeline["reached"].sum(dtype=np.int64)),
        "hijack_share": hijack_share,
        "hijack_share_impressions": share_of(seen[1], seen[0] + seen[1]),
        "hijack_share_top20": top_share(messages),
        "takeover": takeover is not None,
        "takeover_minutes": takeover,
        "retweet_share": share_of(int(shares), total),
        "followers_gained": gained,
        "followers_lost": int(record.follows.gained.shape[0]) - gained,
        "trending_minute": trending,
        "news_minute": first_minute(record.timeline["stories"]),
    }
    outcome |= volume_shape(per_minute.sum(axis=0))
    outcome |= cascade_outcomes(cascade_trees(messages))
    outcome |= reproduction(early, caused)
    for size in FIRST_MESSAGES:
        outcome[f"counter_share_first_{size}"] = int(first[:size].sum()) / size if total >= size else None
    outcome |= _by_kind(messages.kind)
    outcome["verdict"] = verdict(int(participants), record.n, hijack_share)
    outcome["fizzled_frame"] = fizzled_frame(int(participants), record.n, hijack_share)
    return outcome


def share_of(part: int, whole: int) -> float | None:
    """Return ``part / whole``; None if the whole is nothing."""
    return part / whole if whole else None


def first_minute(marks: npt.NDArray[np.int32]) -> int | None:
    """Return the first minute whose mark is above 0; None if there is none."""
    marked = np.flatnonzero(marks > 0)
    return int(marked[0]) if marked.shape[0] else None


def early_end(trending: int | None) -> int:
    """Return the minute before which causes count as early."""
    return EARLY_MINUTES if trending is None else min(EARLY_MINUTES, trending)


def volume_shape(per_minute: npt.NDArray[np.int64]) -> Outcome:
    """Return peak, half-life and volumes by given hours, of participants' messages per minute.

    Volumes at an hour beyond the run are None.
    """
    so_far = np.concatenate((np.zeros(1, np.int64), np.cumsum(per_minute)))
    total = int(so_far[-1])
    window = min(PEAK_MINUTES, per_minute.shape[0])
    shape: Outcome = {
        "peak_messages_per_hour": int((so_far[window:] - so_far[: so_far.shape[0] - window]).max()),
        "half_life_hours": int(np.searchsorted(2 * so_far[1:], total)) / 60 if total else None,
    }
    for name, minute in VOLUME_HOURS:
        shape[f"messages_by_{name}"] = int(so_far[minute]) if minute < so_far.shape[0] else None
    return shape


def cascade_outcomes(trees: CascadeTrees) -> Outcome:
    """Return the largest size, the largest depth and the mean structural virality of a run's cascades."""
    some = trees.size.shape[0] > 0
    return {
        "structural_virality": trees.mean_virality(),
        "cascade_size": int(trees.size.max()) if some else None,
        "cascade_depth": int(trees.depth.max()) if some else None,
    }


def reproduction(early: npt.NDArray[np.int64], caused: npt.NDArray[np.int64]) -> Outcome:
    """Return messages caused per early message, by frame of the cause, and by frames of cause and effect.

    Parameters
    ----------
    early : int64[2]
        Early messages by frame.
    caused : int64[2, 2]
        Messages whose parent is one of them, by frame of the cause and of the effect.
    """
    rates: Outcome = {}
    for f, cause in enumerate(FRAMES):
        rates[f"reproduction_{cause}"] = share_of(int(caused[f].sum()), int(early[f]))
    for f, cause in enumerate(FRAMES):
        for g, effect in enumerate(FRAMES):
            rates[f"reproduction_{cause}_to_{effect}"] = share_of(int(caused[f, g]), int(early[f]))
    return rates


def top_share(messages: Messages, top: int = TOP_ORIGINALS) -> float | None:
    """Return the counter share of the most shared row originals, each weighing 1 + its shares and boosts.

    Ties go to the earlier message. None without row originals.
    """
    chosen = _most_shared(messages.kind, messages.shares, top)
    if chosen.shape[0] == 0:
        return None
    weight = 1 + messages.shares[chosen].astype(np.int64)
    return int(weight[messages.frame[chosen] == 1].sum()) / int(weight.sum())


def _by_kind(kind: npt.NDArray[np.int8]) -> Outcome:
    """Return how much agency and newsrooms put out."""
    count = np.bincount(kind, minlength=len(Kind))
    return {
        "agency_messages": int(count[Kind.POST : Kind.STORY].sum()),
        "replies": int(count[Kind.REPLY]),
        "boosts": int(count[Kind.BOOST]),
        "stories": int(count[Kind.STORY]),
    }


@kernel
def _tally(minute, author, frame, kind, parent, n, minutes, early_end, first_size):
    """Count participants' messages in one pass.

    Returns
    -------
    per_minute : int64[2, minutes]
        By frame.
    participants, shares : int
    first : int8[first_size]
        Frames of the first messages.
    early : int64[2]
    caused : int64[2, 2]
        See :func:`reproduction`.
    """
    per_minute = np.zeros((2, minutes), np.int64)
    took_part = np.zeros(n, np.bool_)
    participants = 0
    shares = 0
    first = np.zeros(first_size, np.int8)
    so_far = 0
    early = np.zeros(2, np.int64)
    caused = np.zeros((2, 2), np.int64)
    for i in range(minute.shape[0]):
        if kind[i] > _SHARE:
            continue
        f = frame[i]
        per_minute[f, minute[i]] += 1
        if not took_part[author[i]]:
            took_part[author[i]] = True
            participants += 1
        if kind[i] == _SHARE:
            shares += 1
        if so_far < first_size:
            first[so_far] = f
            so_far += 1
        if minute[i] < early_end:
            early[f] += 1
        cause = parent[i]
        if cause >= 0 and kind[cause] <= _SHARE and minute[cause] < early_end:
            caused[frame[cause], f] += 1
    return per_minute, participants, shares, first, early, caused


@kernel
def _most_shared(kind, shares, top):
    """Return the row originals with the most shares (int64[at most top]), most shared first, ties by number."""
    chosen = np.empty(top, np.int64)
    held = 0
    for i in range(kind.shape[0]):
        if kind[i] != _ORIGINAL or (held == top and shares[i] <= shares[chosen[held - 1]]):
            continue
        if held < top:
            held += 1
        place = held - 1
        while place > 0 and shares[chosen[place - 1]] < shares[i]:
            chosen[place] = chosen[place - 1]
            place -= 1
        chosen[place] = i
    return chosen[:held]
