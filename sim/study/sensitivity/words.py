"""What a sensitivity study found, in one sentence with its numbers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.study.sensitivity.indices import Indices
from sim.study.sensitivity.inputs import Varied
from sim.study.sensitivity.runs import scale_of, title_of
from sim.study.sensitivity.screening import Effects

_NAMED = 3


def split_finding(outcome: str, split: Indices | None, items: Sequence[Varied]) -> str:
    """Return the sentence on shares of the variance."""
    if split is None:
        return f"{title_of(outcome)} could not be split: it is undefined in some runs, or too few blocks are whole."
    luck = f"luck alone is {_share(split.luck)} of a single run's variance ({_ends(split.luck_lo, split.luck_hi)})"
    if np.isnan(split.luck):
        luck = "no run differs from another, so that there is no variance to split"
    if not split.moves:
        return (
            f"Over these spans {title_of(outcome)} moves too little to be split with this many runs: it is "
            f"{split.mean:.2f} on average, and {luck}."
        )
    order = [int(place) for place in np.argsort(-split.total) if split.stands_out[place]]
    if not order:
        return f"No input alone moves {title_of(outcome)} by more than luck could feign; {luck}."
    named = ", ".join(
        f"{items[place].called} ({'total ' if number == 0 else ''}{_share(split.total[place])}, "
        f"{_ends(split.total_lo[place], split.total_hi[place])})"
        for number, place in enumerate(order[:_NAMED])
    )
    return f"What moves {title_of(outcome)} most: {named}; {luck}."


def screened_finding(outcome: str, screened: Effects | None, items: Sequence[Varied]) -> str:
    """Return the sentence on elementary effects."""
    if screened is None:
        return f"{title_of(outcome)} could not be screened: it is undefined in some runs, or too few blocks are whole."
    odds = scale_of(outcome) == "probability"
    scale, unit = (100.0, " points") if odds else (1.0, f" {scale_of(outcome)}")
    order = [int(place) for place in np.argsort(-screened.mu_star) if screened.stands_out[place]]
    if not order:
        return f"No input alone moves {title_of(outcome)} by more than luck could feign."

    def told(place: int) -> str:
        size, low, high = (
            scale * float(each[place]) for each in (screened.mu_star, screened.mu_star_lo, screened.mu_star_hi)
        )
        form = ".0f" if odds else ".2g"
        return f"{items[place].called} ({size:{form}}{unit}, {low:{form}} to {high:{form}})"

    named = ", ".join(told(place) for place in order[:_NAMED])
    return f"What moves {title_of(outcome)} most, one at a time over two thirds of its span: {named}."


def _share(value: float) -> str:
    """Return a share of the variance, estimates beyond its ends at the ends."""
    return f"{min(max(float(value), 0.0), 1.0):.2f}"


def _ends(low: float, high: float) -> str:
    """Return an interval."""
    return f"{_share(low)} to {_share(high)}"
