"""How the age bands fare: share reached, share acting, and mean grievance as the campaign would leave it now.

Grievance moves by what was seen (``sim.aftermath.drift``); of a large audience an even part is read, the same rows
every time, so that reading costs little beside living.
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.aftermath.drift import drifted
from sim.config.people import COHORTS
from sim.engine.layout import ACTS, GRIEVANCE, MESSAGES, REACHED, ROLE, SEEN, SUPPORT
from sim.engine.record import Follows, Kind, Messages, RunRecord
from sim.model.campaign import CampaignModel
from sim.people.population import Population

EVERY = 30
"""Minutes of the campaign between two readings."""
MOST_ROWS = 50_000
FIGURES = ("reached", "acting", "grievance")


class Crowds:
    """Readings of a run by age band, one every so many minutes.

    Parameters
    ----------
    model : CampaignModel

    Attributes
    ----------
    rows : int64[k]
        Who is read.
    minutes : list of int
        When.
    readings : list of list of list of float
        At each time, for each age band: share reached, share acting (both in [0, 1]) and mean grievance; three None
        for a band without rows.
    """

    def __init__(self, model: CampaignModel) -> None:
        self._model = model
        world = model.engine.world
        step = -(-world.n // MOST_ROWS) if world.n else 1
        self.rows = np.arange(0, world.n, step)
        self._cohort = world.population.cohort[self.rows].astype(np.int64)
        self._count = np.bincount(self._cohort, minlength=len(COHORTS))
        self._people = _part(world.population, self.rows)
        self.minutes: list[int] = []
        self.readings: list[list[list[float | None]]] = []
        if model.minute == 0:
            self.read()

    @property
    def next_reading(self) -> int:
        """The first minute after the present one in which a reading is due."""
        return (self._model.minute // EVERY + 1) * EVERY

    def read(self) -> None:
        """Take a reading, if one is due now."""
        minute = self._model.minute
        if minute % EVERY == 0 or minute == self._model.horizon:
            self.minutes.append(minute)
            self.readings.append(self.now())

    def until(self, model: CampaignModel) -> Crowds:
        """Return the readings of a branch: those up to its minute are the same."""
        twin = Crowds.__new__(Crowds)
        twin.__dict__.update(self.__dict__)
        twin._model = model
        kept = sum(minute <= model.minute for minute in self.minutes)
        twin.minutes, twin.readings = self.minutes[:kept], self.readings[:kept]
        return twin

    def now(self) -> list[list[float | None]]:
        """Return the figures of each age band as they are."""
        state = self._model.engine.bench.arrays["cold_half"][self.rows]
        columns = (state[:, ROLE] & REACHED != 0, state[:, ACTS] > 0, self._grievance(state[:, SEEN : SEEN + 2]))
        sums = [np.bincount(self._cohort, weights=column, minlength=len(COHORTS)) for column in columns]
        return [
            [round(float(total[band]) / int(count), 5) for total in sums] if count else [None] * len(FIGURES)
            for band, count in enumerate(self._count)
        ]

    def _grievance(self, seen: npt.NDArray[np.uint16]) -> npt.NDArray[np.float32]:
        """Return the grievance of those who are read, moved by what they saw and put out so far: float32[k]."""
        world, arrays = self._model.engine.world, self._model.engine.bench.arrays
        place = np.full(world.rows, -1, dtype=np.int32)
        place[self.rows] = np.arange(self.rows.size, dtype=np.int32)
        columns = [arrays[f"message_{part.name}"][: int(arrays["marks"][MESSAGES])] for part in fields(Messages)]
        theirs = (columns[1] >= 0) & (columns[3] <= Kind.SHARE)
        theirs &= place[np.maximum(columns[1], 0)] >= 0
        columns = [column[theirs] for column in columns]
        columns[1] = place[columns[1]]
        none = np.zeros(0, dtype=np.int32)
        record = RunRecord(
            n=self.rows.size, minutes=self._model.minute, messages=Messages(*columns),
            follows=Follows(none, none, none == 1), sights=None, timeline={}, keys=self._people.key, fired=none,
            replies=0, boosts=0, statements=0, seen=seen,
        )  # fmt: skip
        feelings = arrays["cold_real"][self.rows]
        people = replace(self._people, grievance=feelings[:, GRIEVANCE], support=feelings[:, SUPPORT])
        return drifted(people, record, world.config.after).grievance


def _part(population: Population, rows: npt.NDArray[np.int64]) -> Population:
    """Return some of the people."""
    columns = {part.name: getattr(population, part.name) for part in fields(population)}
    taken: dict[str, Any] = {name: column[rows] for name, column in columns.items() if isinstance(column, np.ndarray)}
    return replace(population, **taken)
