"""What a draw of the reference table is drawn from: universal parameters, and each campaign's own inputs.

Universal are the behaviour coefficients and whatever else is the same for all campaigns; each draw has one value of
each. Inputs are what a campaign was coded with; each draw has one value of each for each campaign. A value hangs on
the seed, its column's name and the draw's number alone: the first draws of a table are a sample of the prior, more
draws leave those before as they are, and so does another campaign.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.config.root import Configuration
from sim.mathx import exp_all, plain_log
from sim.rng import SETUP, Stream, fill_uniform, stream_state
from sim.study.run.draws import key_of
from sim.study.run.inputs import COEFFICIENTS, Input, fields, uncertain_inputs

UNIVERSAL = (COEFFICIENTS, "feed.", "newsroom.", "agency.effects.", "agency.detection_error")
"""Beginnings of the names of what is the same for all campaigns."""
WIDER = 2.5
"""How many times as wide as in the parameter table the coefficients' spans are here.

The table's spans were set by hand, around values with which the first eight cases came out as documented: a fit that
may not leave them could only repeat that hand, and at twice the width the measured mix of acts (0.63 of them shares)
lay at the edge of what draws gave for #myNYPD. The sizes of moves' effects, the feed and the newsrooms keep their
spans: hardly anything documented tells of them, so what is assumed there should stay what it is.
"""
FURTHER = {"reaction.b_share": 0.65, "reaction.b_write": 0.35, "reaction.b_value": 1.0}
"""How far beyond :data:`WIDER` the upper ends of coefficients lie whose posterior leaned on that end."""
_FIXES_GRAPH = "network."


@dataclass(frozen=True)
class Spread:
    """One thing that is drawn, uniformly or (``log``) uniformly in its logarithm.

    Attributes
    ----------
    name : str
        Dotted name of the parameter.
    low, high, central : float
        ``central`` is its value where nothing is drawn.
    title, unit, source : str
    log : bool
    """

    name: str
    low: float
    high: float
    central: float
    title: str
    unit: str
    source: str
    log: bool = False

    def plain(self) -> dict[str, Any]:
        """Return it as plain values; ``Spread(**plain)`` reads them."""
        return asdict(self)


def column_of(campaign: str, name: str) -> str:
    """Return the column of an input or outcome of a campaign; that of a universal parameter if there is no campaign."""
    return f"{campaign}.{name}" if campaign else name


def _is_universal(name: str) -> bool:
    return name.startswith(UNIVERSAL)


def universal_spreads(bases: Iterable[Configuration]) -> list[Spread]:
    """Return the spreads of the universal parameters that matter to any of some campaigns, in the table's order."""
    found: dict[str, Spread] = {}
    order = {field.name: place for place, field in enumerate(fields(Configuration()))}
    legal = {field.name: field.legal for field in fields(Configuration())}
    for base in bases:
        for item in uncertain_inputs(base):
            if _is_universal(item.name) and item.name not in found:
                found[item.name] = _widened(item, legal[item.name])
    return sorted(found.values(), key=lambda each: order[each.name])


def _widened(item: Input, legal: tuple[float, float]) -> Spread:
    """Return the spread of a universal parameter: a coefficient's reaches further than in the parameter table."""
    times = WIDER if item.name.startswith(COEFFICIENTS) else 1.0
    low = max(legal[0], item.central - times * (item.central - item.low))
    high = min(legal[1], item.central + times * (item.high - item.central) + FURTHER.get(item.name, 0.0))
    return Spread(item.name, low, high, item.central, item.title, item.unit, item.source)


def own_spreads(base: Configuration) -> list[Spread]:
    """Return the spreads of what is a campaign's own, in the table's order; its follower graph stays as it is."""
    return [
        Spread(item.name, item.low, item.high, item.central, item.title, item.unit, item.source)
        for item in uncertain_inputs(base)
        if not _is_universal(item.name) and not item.name.startswith(_FIXES_GRAPH)
    ]


def drawn(spread: Spread, column: str, numbers: Sequence[int], seed: int) -> npt.NDArray[np.float64]:
    """Return the values of one column at some draws: float64[len(numbers)].

    Parameters
    ----------
    column : str
        Its name in the table, which fixes the luck of its draws.
    numbers : sequence of int
        Numbers of the draws.
    seed : int
    """
    stream = np.uint64(stream_state(seed, SETUP, int(Stream.DESIGN)))
    places = fill_uniform(stream, np.asarray(numbers, dtype=np.uint64), np.uint64(key_of(f"calibrate:{column}")))
    if spread.log:
        low, high = plain_log(spread.low), plain_log(spread.high)
        return np.asarray(exp_all(low + (high - low) * places))
    return spread.low + (spread.high - spread.low) * places


def drawn_columns(
    spreads: Mapping[str, Sequence[Spread]], numbers: Sequence[int], seed: int
) -> dict[str, npt.NDArray[np.float64]]:
    """Return the values of all that is drawn, by column.

    Parameters
    ----------
    spreads : mapping of campaign to spreads
        Those of no campaign (``""``) are universal.
    """
    return {
        column: drawn(each, column, numbers, seed)
        for campaign, several in spreads.items()
        for each in several
        for column in (column_of(campaign, each.name),)
    }
