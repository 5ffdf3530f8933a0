"""Whether the tag's criticism is taken up elsewhere: a hazard while it trends and is in the news.

Only the number of places and the lag of the first are told; what happens there is not simulated: those audiences
are not known. ``docs/model.md`` 9.2.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.config.after import AfterConfig
from sim.engine.record import RunRecord
from sim.rng import Stream, fill_uniform, stream_state

HOUR = 60


@dataclass(frozen=True)
class Copycats:
    """Places that took the criticism up within the run.

    Attributes
    ----------
    places : int
    first_minute : int or None
        Since the post; None if no place did.
    """

    places: int
    first_minute: int | None


def hazard_by_minute(record: RunRecord, rate: float) -> npt.NDArray[np.float64]:
    """Return each minute's hazard of one place: float64[minutes].

    It is there while the tag trends and a story is out, and in proportion to the counter share of participants'
    messages of the last hour (this minute's included).
    """
    timeline = record.timeline
    both = [timeline[f"originals_{frame}"] + timeline[f"shares_{frame}"] for frame in ("campaign", "counter")]
    campaign, counter = (_last_hour(messages.astype(np.float64)) for messages in both)
    share = np.divide(counter, campaign + counter, out=np.zeros(record.minutes), where=campaign + counter > 0)
    told = np.maximum.accumulate(timeline["stories"]) > 0
    return rate / HOUR * share * told * (timeline["trending"] > 0)


def _last_hour(messages: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the sums over 60 minutes up to each one."""
    so_far = np.concatenate((np.zeros(1), np.cumsum(messages)))
    end = np.arange(1, so_far.size)
    return so_far[end] - so_far[np.maximum(end - HOUR, 0)]


def copycats(record: RunRecord, after: AfterConfig, seed: int) -> Copycats:
    """Return where else the criticism is taken up.

    A place does so in the first minute by which its hazard adds up to ``-log(1 - u(COPYCAT; place))``.
    """
    if after.copycat_places == 0 or record.minutes == 0:
        return Copycats(0, None)
    summed = np.cumsum(hazard_by_minute(record, after.copycat_rate))
    state = np.uint64(stream_state(seed, record.replicate, int(Stream.COPYCAT)))
    draws = fill_uniform(state, np.arange(after.copycat_places, dtype=np.uint64), 0)
    needed = -np.log1p(-draws)
    minutes = np.searchsorted(summed, needed)
    took = minutes < record.minutes
    return Copycats(int(took.sum()), int(minutes[took].min()) if took.any() else None)
