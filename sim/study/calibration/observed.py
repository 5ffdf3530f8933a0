"""What a source would have reported of a run: the observation model.

Tools count what the model does not. Of all messages on a tag some are the agency's own, which the model counts apart,
and some are neither campaign nor counter (news, neutral and unrelated talk), which it does not have: their share is
drawn for each row between the ends of a prior. A target that divides by all messages is blurred so; one that divides
by participants' messages is not. A documented number is known within a band, from its own tolerance or from the spread
between sources: the run's value is blurred by as much, evenly. A bound ("at least") is reported as the bound wherever
the run keeps it. So summaries of runs and of history went the same way, and a row may stand for history
(:mod:`sim.study.calibration.coverage`).

Draws are keyed by the target's name and the row's number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from sim.errors import StudyError
from sim.rng import SETUP, Stream, fill_uniform, stream_state
from sim.study.calibration.weighted import Floats
from sim.study.run.draws import key_of

Side = Literal["within", "at_least", "at_most"]
_LEAST = 1e-6
"""Smaller values on a log scale count as this."""


@dataclass(frozen=True)
class Other:
    """Talk on the tag that the model does not have.

    Attributes
    ----------
    low, high : float
        Ends of its share of all messages.
    shares : (float, float)
        Ends of the part of it that are shares.
    """

    low: float = 0.0
    high: float = 0.0
    shares: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True)
class Target:
    """One documented number, and what of a run it is compared with.

    Attributes
    ----------
    name : str
        Unique.
    source : str
        What is left out together: a case's id or a pattern's.
    family : str
        Family of the case; ``patterns`` for patterns.
    campaigns : tuple of str
        Whose columns it is read from; several: their mean, where it is defined.
    quantity : str
        A column of these campaigns.
    over : str
        What it is divided by: a column too, or empty.
    of_all : bool
        Whether it is a share of all messages on the tag, the agency's own and other talk among them.
    side : {"within", "at_least", "at_most"}
    low, high : float
        The band; the bound twice for bounds.
    log : bool
        Whether differences are ratios.
    never : float or None
        Stands for a value that never came (minutes).
    at_least_rows : float
        Where the campaign has fewer messages, the value is undefined.
    told : str
        What it is, with its denominator, in words.
    reference : str
        Where the number comes from.
    missed : str
        Why it is shown and not fitted; empty for what is fitted.
    """

    name: str
    source: str
    family: str
    campaigns: tuple[str, ...]
    quantity: str
    over: str = ""
    of_all: bool = False
    side: Side = "within"
    low: float = 0.0
    high: float = 0.0
    log: bool = False
    never: float | None = None
    at_least_rows: float = 0.0
    told: str = ""
    reference: str = ""
    missed: str = ""

    def transformed(self, values: Floats) -> Floats:
        """Return values on the scale on which differences count."""
        return np.log(np.maximum(values, _LEAST)) if self.log else values

    def natural(self, values: Floats) -> Floats:
        """Return values as they are told."""
        return np.exp(values) if self.log else values

    @property
    def observed(self) -> float:
        """What was observed, on the scale on which differences count."""
        low, high = self.transformed(np.array([self.low, self.high])).tolist()
        return float(low + high) / 2

    @property
    def half_width(self) -> float:
        """Half of its band, on the same scale."""
        low, high = self.transformed(np.array([self.low, self.high])).tolist()
        return float(high - low) / 2


def uniforms(name: str, rows: npt.NDArray[np.uint64], seed: int) -> Floats:
    """Return one draw in [0, 1) a row: float64[rows], by what it is about and the row's number alone."""
    state = np.uint64(stream_state(seed, SETUP, int(Stream.DESIGN)))
    return fill_uniform(state, rows, np.uint64(key_of(name)))


def parts_of(quantity: str) -> tuple[str, ...]:
    """Return the columns that a quantity is the sum of: messages so far are those of both frames."""
    whole, by, minute = quantity.partition("messages_by_")
    return (f"campaign_by_{minute}", f"counter_by_{minute}") if by and not whole and minute.isdigit() else (quantity,)


def columns_of(targets: Sequence[Target]) -> list[str]:
    """Return the columns that targets are read from."""
    wanted: list[str] = []
    for target in targets:
        names = [*parts_of(target.quantity), *(parts_of(target.over) if target.over else ())]
        names += ["messages", "agency_messages"] if target.of_all else []
        names += ["messages"] if target.at_least_rows else []
        wanted += [f"{campaign}.{name}" for campaign in target.campaigns for name in names]
    return list(dict.fromkeys(wanted))


def reported(
    target: Target,
    columns: Mapping[str, Floats],
    rows: npt.NDArray[np.uint64],
    other: Mapping[str, Other],
    seed: int,
) -> Floats:
    """Return what a source would have reported of each row: float64[rows], on the target's scale, nan if undefined.

    Parameters
    ----------
    columns : mapping of "<campaign>.<outcome>" to float64[rows]
    rows : uint64[rows]
        Numbers of the rows, for their draws.
    other : mapping of campaign to Other

    Raises
    ------
    StudyError
        The table has no such column.
    """
    parts = np.stack(
        [_of_campaign(target, each, columns, rows, other.get(each, Other()), seed) for each in target.campaigns]
    )
    known = ~np.isnan(parts)
    count = known.sum(0)
    values = np.where(count > 0, np.where(known, parts, 0.0).sum(0) / np.maximum(count, 1), np.nan)
    if target.never is not None:
        values = np.where(np.isnan(values), target.never, values)
    values = target.transformed(values)
    if target.side == "within":
        return values + target.half_width * (2.0 * uniforms(f"{target.name} band", rows, seed) - 1.0)
    return np.minimum(values, target.observed) if target.side == "at_least" else np.maximum(values, target.observed)


def _of_campaign(
    target: Target,
    campaign: str,
    columns: Mapping[str, Floats],
    rows: npt.NDArray[np.uint64],
    other: Other,
    seed: int,
) -> Floats:
    """Return what would have been reported of one campaign, without its band."""

    def column(name: str) -> Floats:
        parts = []
        for part in parts_of(name):
            if f"{campaign}.{part}" not in columns:
                raise StudyError(
                    f"The table has no column {campaign}.{part}, which the target {target.name} is read from."
                )
            parts.append(np.asarray(columns[f"{campaign}.{part}"], np.float64))
        return np.sum(parts, axis=0)

    values = column(target.quantity)
    if target.over:
        under = column(target.over)
        values = np.divide(values, under, out=np.full(len(values), np.nan), where=under > 0)
    if target.of_all:
        messages, own = column("messages"), np.nan_to_num(column("agency_messages"))
        counted = np.divide(messages, messages + own, out=np.full(len(values), np.nan), where=messages + own > 0)
        share = other.low + (other.high - other.low) * uniforms(f"{campaign} other", rows, seed)
        passed_on = np.zeros(len(values))
        if target.quantity == "retweet_share":
            low, high = other.shares
            passed_on = low + (high - low) * uniforms(f"{campaign} shares among other", rows, seed)
        values = (1.0 - share) * values * counted + share * passed_on
    if target.at_least_rows:
        values = np.where(column("messages") >= target.at_least_rows, values, np.nan)
    return values


def summaries(
    targets: Sequence[Target],
    columns: Mapping[str, Floats],
    rows: npt.NDArray[np.uint64],
    other: Mapping[str, Other],
    seed: int,
) -> tuple[Floats, Floats]:
    """Return what would have been reported of each row, and what was: float64[rows, targets], float64[targets]."""
    found = np.stack([reported(target, columns, rows, other, seed) for target in targets], axis=1)
    return found, np.array([target.observed for target in targets])
