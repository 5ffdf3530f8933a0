"""A nowcast as a planned study that asks for no runs: the reference table, weighed by the post and by its counts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sim.study.nowcast import forecast
from sim.study.nowcast.counts import Count
from sim.study.nowcast.reading import nowcast
from sim.study.nowcast.words import finding
from sim.study.planned import Found, as_plain

if TYPE_CHECKING:
    from sim.study.sweeping import OpenStudy


_DIGITS = 9
"""Digits of a number that do not hang on a processor's last bits."""
_ANSWERS = ("delay", "minute", "sample", "hijacked", "hijacked_lo", "hijacked_hi",
            "hijack_share", "hijack_share_lo", "hijack_share_hi")  # fmt: skip
_UNITS = {
    "delay": "minutes", "sample": "rows", "campaign": "messages", "counter": "messages", "messages": "messages",
    "total": "messages", **{f"{title}_{name}": "1" for title in ("share", "relative") for name in forecast.NAMES},
}  # fmt: skip


def found(study: OpenStudy, question: Mapping[str, Any]) -> Found:
    """Answer what the first counts of a campaign tell of its end.

    Parameters
    ----------
    study : OpenStudy
        No run is asked of it.
    question : mapping
        ``counts`` (rows of :class:`sim.study.nowcast.counts.Count`), ``ranges`` (input to [low, high]), ``audience``
        (or None), ``table`` (the reference table's hashes), ``bases``.

    Raises
    ------
    StudyError
        The table is not the one that the question was asked of.
    """
    import pandas as pd

    from sim.study.nowcast.shipped import shipped

    table = shipped(question["uncertainty"], question["table"])
    counts = [Count(**row) for row in question["counts"]]
    ranges = {name: (ends[0], ends[1]) for name, ends in question["ranges"].items()}
    seed = question["bases"][""]["seed"]
    summary, rows = nowcast(table.campaigns, table.posterior, counts, ranges, question["audience"], seed)
    summary |= {"uncertainty": question["uncertainty"], "ranges": question["ranges"]}
    frames = {
        "fan": pd.DataFrame(forecast.fan(table.campaigns, rows, counts[-1].minute)),
        "answers": pd.DataFrame(summary["answers"], columns=list(_ANSWERS), dtype="float64"),
        "counts": pd.DataFrame([each.plain() | {"total": each.total} for each in counts], dtype="float64"),
    }
    told = _in_digits(as_plain(summary))
    return Found(
        {name: frame.map(_in_digits) for name, frame in frames.items()}, told | {"finding": finding(told)}, units=_UNITS
    )


def _in_digits(value: Any) -> Any:
    """Return a plain value with its numbers in as many digits as are kept."""
    if isinstance(value, dict):
        return {name: _in_digits(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_in_digits(part) for part in value]
    return float(f"{value:.{_DIGITS}g}") if isinstance(value, float) else value
