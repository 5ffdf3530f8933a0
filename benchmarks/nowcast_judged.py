"""Campaigns of a table held out of it and nowcast by the rest: what was said of them, and what came.

Their counts are given as tools would give them: from an audience of another size, with shares as uncertain as the
likelihood has it, and some messages in the wrong frame.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.outcome.verdict import VERDICTS, odds_interval
from sim.study.nowcast.campaigns import Campaigns, Floats
from sim.study.nowcast.counts import Count
from sim.study.nowcast.forecast import is_verdict
from sim.study.nowcast.likelihood import ERRORS, TRUSTED, VAGUE
from sim.study.nowcast.reading import nowcast
from sim.study.nowcast.weighing import Expected

COUNTED = (15, 30, 60, 90, 120, 180)
SEED = 20
KNOWN = 0.3
"""Share of the table's range within which a described post's inputs are known."""
BINS = np.linspace(0.0, 1.0, 11)


@dataclass(frozen=True)
class Judged:
    """What nowcasts of held-out campaigns said, beside what came.

    Attributes
    ----------
    said, before : float[rows, verdicts]
        Odds with the counts and without.
    came : float[rows, verdicts]
        One for the verdict that came.
    inside : bool[rows, 2]
        Whether the final hijack share lay in its ranges of 80 and 95 %.
    grew : bool[rows, 2]
        Whether the growth from now on lay in its ranges.
    enough : bool[rows]
        Whether the table had seen such a campaign often enough.
    """

    said: Floats
    before: Floats
    came: Floats
    inside: Floats
    grew: Floats
    enough: Floats

    def brier(self, *, before: bool = False) -> tuple[float, float]:
        """Return the Brier score of P(hijacked) with its standard error."""
        apart = ((self.before if before else self.said)[:, 0] - self.came[:, 0]) ** 2
        return float(apart.mean()), float(apart.std(ddof=1) / np.sqrt(apart.shape[0]))

    def gained(self) -> tuple[float, float]:
        """Return by how much the counts lower the Brier score, with its standard error over campaigns."""
        apart = (self.before[:, 0] - self.came[:, 0]) ** 2 - (self.said[:, 0] - self.came[:, 0]) ** 2
        return float(apart.mean()), float(apart.std(ddof=1) / np.sqrt(apart.shape[0]))

    def reliability(self) -> list[tuple[float, float, float, float, int]]:
        """Return mean odds said, share that came with Wilson's ends, and number, by tenths of P(hijacked)."""
        found = []
        place = np.clip(np.digitize(self.said[:, 0], BINS) - 1, 0, BINS.shape[0] - 2)
        for each in range(BINS.shape[0] - 1):
            here = place == each
            many, hits = int(here.sum()), int(self.came[here, 0].sum())
            if many:
                low, high = odds_interval(hits, many)
                found.append((float(self.said[here, 0].mean()), hits / many, low, high, many))
        return found


def as_counted(campaigns: Campaigns, row: int, now: int, generator: np.random.Generator) -> list[Count]:
    """Return the counts of one campaign as a tool would give them, until now.

    The audience is of another size (two thirds within a factor of ten), in which the campaign goes at a pace and with
    shares that the row's own messages leave open, or :data:`TRUSTED` ones; some are put into the wrong frame.
    """
    minutes = [minute for minute in COUNTED if minute <= now]
    campaign, counter = (np.maximum(np.diff(each[row], prepend=0.0), 0.0) for each in campaigns.at(minutes))
    scale, error = float(np.exp(VAGUE * generator.normal())), float(generator.choice(ERRORS))
    rates = campaign + counter + 0.5
    pace = generator.dirichlet(rates * min(1.0, TRUSTED / rates.sum()))
    totals = generator.multinomial(generator.poisson(scale * generator.gamma(rates.sum())), pace)
    found: list[Count] = []
    for minute, total, less, more in zip(minutes, totals.tolist(), campaign, counter, strict=True):
        share = (more + 0.5) / (more + less + 1.0)
        share = share * (1.0 - error) + (1.0 - share) * error
        known = min(more + less + 1.0, TRUSTED)
        against = int(generator.binomial(total, generator.beta(known * share, known * (1.0 - share))))
        before = found[-1] if found else Count(1, 0, 0)
        found.append(Count(minute, (before.campaign or 0) + total - against, (before.counter or 0) + against))
    return found


def known_within(campaigns: Campaigns, row: int, generator: np.random.Generator) -> dict[str, tuple[float, float]]:
    """Return ranges of a post's inputs that hold the truth at a place that nobody knows."""
    found = {}
    for name, column in campaigns.inputs.items():
        low, high = float(column.min()), float(column.max())
        begin = float(column[row]) - KNOWN * (high - low) * generator.random()
        found[name] = (max(low, begin), min(high, begin + KNOWN * (high - low)))
    return found


def judged(campaigns: Campaigns, held_out: Sequence[int], now: int, *, described: bool) -> Judged:
    """Return what nowcasts say of held-out campaigns at some minute, and what came."""
    kept = np.ones(campaigns.rows, bool)
    kept[list(held_out)] = False
    rest = campaigns.taken(kept)
    expected = Expected(rest, now)
    ended = is_verdict(campaigns.silent, campaigns.audience)
    parts: dict[str, list[Any]] = {name: [] for name in ("said", "before", "came", "inside", "grew", "enough")}
    for row in held_out:
        generator = np.random.default_rng([SEED, row, now, described])
        counts = as_counted(campaigns, row, now, generator)
        if not counts[-1].total:
            continue
        ranges = known_within(campaigns, row, generator) if described else {}
        summary, _ = nowcast(rest, None, counts, ranges, None, SEED, expected)
        parts["said"].append([summary["verdict"][name] for name in VERDICTS])
        parts["before"].append([summary["verdict_before"][name] for name in VERDICTS])
        parts["came"].append([float(ended[name][row]) for name in VERDICTS])
        parts["inside"].append(_within(summary["hijack_share"], float(campaigns.silent.hijack_share[row])))
        so_far = float(sum(each[row, 0] for each in campaigns.at([now])))
        total = float(campaigns.campaign[row, -1] + campaigns.counter[row, -1])
        parts["grew"].append(_within(summary["growth"], total / so_far) if so_far else [True, True])
        parts["enough"].append(summary["sample"]["enough"])
    return Judged(**{name: np.array(part, dtype=np.float64) for name, part in parts.items()})


def _within(ends: dict[str, float], value: float) -> list[bool]:
    """Return whether a value lies in the ranges of 80 and 95 %."""
    return [ends["lo_80"] <= value <= ends["hi_80"], ends["lo"] <= value <= ends["hi"]]
