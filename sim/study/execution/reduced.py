"""What a study keeps of a run: its outcomes and a coarse timeline; the record itself is dropped at once.

Bins of time grow with it, since the first minutes decide: 2 minutes wide in the first hour, 5 until the
fourth, 15 to the end of the first day, 30 to the end of the third, 120 after that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from sim.engine.record import TIMELINE, RunRecord
from sim.outcome.measures import Outcome, measure

if TYPE_CHECKING:
    import pandas as pd

_WIDTHS = ((60, 2), (240, 5), (1440, 15), (4320, 30), (10**9, 120))
TIMELINE_RUNS = 1000
"""Timelines are kept of the first so many runs, so that memory grows by less than a kilobyte a run after them."""

COUNTS = (
    "messages", "participants", "reach", "peak_messages_per_hour", "followers_gained", "followers_lost",
    "agency_messages", "replies", "boosts", "stories",
)  # fmt: skip
"""Outcomes that every run has as a whole number."""

WORDS = ("verdict", "fizzled_frame")
FLAGS = ("takeover",)


@dataclass(frozen=True)
class Reduced:
    """One run, as a study keeps it.

    Attributes
    ----------
    outcome : dict
        The columns of :func:`sim.outcome.measures.measure`.
    timeline : int32[len(TIMELINE), bins]
        Sums over each bin; for ``trending`` the minutes in which it trended.
    fired : int32[rules]
        Minute in which each rule of the policy fired; -1 if never.
    seconds : float
    extra : any
        What else was asked of the record, or None.
    log : DataFrame or None
        The event log, until it is written.
    failed : str or None
        What the run failed of, where that does not end the study; it has no outcome then.
    """

    outcome: Outcome
    timeline: npt.NDArray[np.int32]
    fired: npt.NDArray[np.int32]
    seconds: float
    extra: Any = None
    log: pd.DataFrame | None = None
    failed: str | None = None


def failed(sentence: str) -> Reduced:
    """Return what is kept of a run that failed."""
    return Reduced({}, np.empty((len(TIMELINE), 0), np.int32), np.empty(0, np.int32), float("nan"), failed=sentence)


def without_timeline(run: Reduced) -> Reduced:
    """Return the run without its timeline, and without its log."""
    return replace(run, timeline=np.empty((len(TIMELINE), 0), dtype=np.int32), log=None)


@cache
def bin_edges(minutes: int) -> npt.NDArray[np.int64]:
    """Return the first minute of each bin and, last, the end of the run: int64[bins + 1], read-only."""
    edges = [0]
    for until, width in _WIDTHS:
        while edges[-1] < min(until, minutes):
            edges.append(min(edges[-1] + width, minutes))
    bins = np.array(edges, dtype=np.int64)
    bins.flags.writeable = False
    return bins


def reduce(record: RunRecord, seconds: float, extra: Any = None) -> Reduced:
    """Return what a study keeps of a run; its event log too, if it was recorded."""
    from sim.outcome.log import event_log

    starts = bin_edges(record.minutes)[:-1]
    timeline = np.stack([np.add.reduceat(record.timeline[name].astype(np.int64), starts) for name in TIMELINE])
    capped = np.minimum(timeline, np.iinfo(np.int32).max).astype(np.int32)
    log = None if record.sights is None else event_log(record)
    return Reduced(measure(record), capped, np.array(record.fired, dtype=np.int32), seconds, extra, log)


def runs_frame(runs: Sequence[Reduced], keys: Mapping[str, Sequence[Any]]) -> pd.DataFrame:
    """Return a tidy frame, one row a run.

    Parameters
    ----------
    runs : sequence of Reduced
        At least one, in design x replicate order.
    keys : dict of column name to values
        What tells the runs apart (``graph``, ``replicate``, ...); these columns come first.
    """
    import pandas as pd

    columns: dict[str, Any] = {name: np.asarray(values) for name, values in keys.items()}
    for name in runs[0].outcome:
        values = [run.outcome[name] for run in runs]
        if name in WORDS:
            columns[name] = pd.array(values, dtype="str")
        elif name in FLAGS:
            columns[name] = np.array(values, dtype=bool)
        elif name in COUNTS:
            columns[name] = np.array(values, dtype=np.int64)
        else:
            columns[name] = np.array([np.nan if value is None else value for value in values], dtype=np.float64)
    for rule in range(max(len(run.fired) for run in runs)):  # an option's policy may have more rules, or none
        minutes = [int(run.fired[rule]) if rule < len(run.fired) else -1 for run in runs]
        columns[f"fired_{rule}"] = np.array([np.nan if at < 0 else at for at in minutes], dtype=np.float64)
    columns["seconds"] = np.array([run.seconds for run in runs])
    return pd.DataFrame(columns)


def timeline_frame(runs: Sequence[Reduced], keys: Mapping[str, Sequence[Any]], minutes: int) -> pd.DataFrame:
    """Return a tidy frame, one row a run and bin: the keys, ``minute``, ``minutes`` and the columns of ``TIMELINE``.

    ``minute`` is the start of the bin, ``minutes`` its width; only the first ``TIMELINE_RUNS`` runs are told.
    """
    import pandas as pd

    kept = list(runs[:TIMELINE_RUNS])
    edges = bin_edges(minutes)
    bins = len(edges) - 1
    columns: dict[str, Any] = {name: np.repeat(np.asarray(values)[: len(kept)], bins) for name, values in keys.items()}
    columns["minute"] = np.tile(edges[:-1].astype(np.int32), len(kept))
    columns["minutes"] = np.tile(np.diff(edges).astype(np.int32), len(kept))
    for place, name in enumerate(TIMELINE):
        columns[name] = np.concatenate([run.timeline[place] for run in kept])
    return pd.DataFrame(columns)


def rate_bands(runs: Sequence[Reduced], minutes: int) -> dict[str, npt.NDArray[Any]]:
    """Return 10 %, 50 % and 90 % over runs of participants' messages an hour, a value a bin.

    Returns
    -------
    dict
        ``minute``, ``minutes``, and by frame ``campaign_lo, campaign_mid, campaign_hi, counter_lo, ...``.
    """
    edges = bin_edges(minutes)
    width = np.diff(edges)
    columns: dict[str, npt.NDArray[Any]] = {"minute": edges[:-1], "minutes": width}
    for frame in ("campaign", "counter"):
        parts = [TIMELINE.index(f"originals_{frame}"), TIMELINE.index(f"shares_{frame}")]
        rates = np.stack([run.timeline[parts].sum(axis=0) for run in runs[:TIMELINE_RUNS]]) * (60.0 / width)
        for name, level in (("lo", 0.1), ("mid", 0.5), ("hi", 0.9)):
            columns[f"{frame}_{name}"] = np.quantile(rates, level, axis=0)
    return columns


def timeline_bands(runs: Sequence[Reduced], minutes: int) -> pd.DataFrame:
    """Return :func:`rate_bands` as a frame, one row a bin."""
    import pandas as pd

    return pd.DataFrame(rate_bands(runs, minutes))
