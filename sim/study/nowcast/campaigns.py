"""The generic campaigns of the reference table as arrays: what went in, what was counted when, how it ended.

A row is one draw of the universal coefficients and of a campaign's inputs, run twice on the same luck: silent, and
acknowledging at a drawn minute. Counts between the table's minutes are interpolated; before its first one they grow
from nought.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Ends:
    """How campaigns ended.

    Attributes
    ----------
    hijack_share : float[rows]
        nan without messages.
    participants : float[rows]
    takeover_minutes : float[rows]
        nan where there was none.
    """

    hijack_share: Floats
    participants: Floats
    takeover_minutes: Floats


@dataclass(frozen=True)
class Campaigns:
    """The generic campaigns of a reference table.

    Attributes
    ----------
    audience : int
        Rows that each was simulated with.
    inputs, coefficients : dict of str to float[rows]
        By dotted name: a campaign's own inputs, and what is universal.
    minutes : float[times]
        At which messages were counted, increasing; the last one is the end.
    campaign, counter : float[rows, times]
        Running totals of the silent run.
    silent, answered : Ends
    answer_minute : float[rows]
        When the other run acknowledges.
    """

    audience: int
    inputs: dict[str, Floats]
    coefficients: dict[str, Floats]
    minutes: Floats
    campaign: Floats
    counter: Floats
    silent: Ends
    answered: Ends
    answer_minute: Floats

    @property
    def rows(self) -> int:
        """How many there are."""
        return int(self.campaign.shape[0])

    @property
    def last(self) -> int:
        """The last minute at which messages were counted."""
        return int(self.minutes[-1])

    def at(self, minutes: Sequence[float]) -> tuple[Floats, Floats]:
        """Return the running totals at some minutes: campaign and counter, float[rows, minutes]."""
        return _between(self.minutes, self.campaign, minutes), _between(self.minutes, self.counter, minutes)

    def taken(self, rows: npt.NDArray[np.intp] | npt.NDArray[np.bool_]) -> Campaigns:
        """Return some of the rows."""
        ends = [
            Ends(each.hijack_share[rows], each.participants[rows], each.takeover_minutes[rows])
            for each in (self.silent, self.answered)
        ]
        return replace(
            self,
            inputs={name: column[rows] for name, column in self.inputs.items()},
            coefficients={name: column[rows] for name, column in self.coefficients.items()},
            campaign=self.campaign[rows], counter=self.counter[rows], silent=ends[0], answered=ends[1],
            answer_minute=self.answer_minute[rows],
        )  # fmt: skip


def _between(known: Floats, counted: Floats, minutes: Sequence[float]) -> Floats:
    """Return totals at some minutes, straight lines between those that are known."""
    at = np.asarray(minutes, dtype=np.float64)
    times = np.concatenate(([0.0], known))
    place = np.clip(np.searchsorted(times, at, side="right") - 1, 0, known.shape[0] - 1)
    share = np.clip((at - times[place]) / (times[place + 1] - times[place]), 0.0, 1.0)
    before = np.where(place > 0, counted[:, np.maximum(place - 1, 0)], 0.0)
    return before + share * (counted[:, place] - before)
