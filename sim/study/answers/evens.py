"""Break-evens of a ranking of answers: at which size of a move's effect the runner-up overtakes the winner.

The runner-up is the best choice that makes other moves than the winner. Both run again on the same draws and luck, at
a few sizes over the effect's span.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from sim.config.root import Configuration
from sim.study.answers.asked import Asked, draws_of
from sim.study.answers.breakeven import BreakEven, break_even
from sim.study.answers.library import moves_of, own_effects
from sim.study.answers.regret import CRITERIA, Ranking
from sim.study.run.inputs import Input, matters
from sim.study.sweeping import OpenStudy

if TYPE_CHECKING:
    import pandas as pd

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Even:
    """One break-even.

    Attributes
    ----------
    criterion : str
        ``expected``, ``worst`` or ``regret``.
    winner, second : str
    effect : Input
        Whose size varies.
    found : BreakEven
    """

    criterion: str
    winner: str
    second: str
    effect: Input
    found: BreakEven


def orders_of(ranking: Ranking) -> dict[str, npt.NDArray[np.int64]]:
    """Return the order of choices by each criterion; ties by expected outcome."""
    last = np.argsort(ranking.order)
    return {
        "expected": ranking.order,
        "worst": np.lexsort((last, np.round(ranking.worst, 9))),
        "regret": np.lexsort((last, np.round(ranking.regret_most, 9))),
    }


def runner_up(order: Sequence[int], configurations: Sequence[Configuration]) -> int | None:
    """Return the best choice that makes other moves than the first; None if there is none."""
    first = moves_of(configurations[order[0]])
    return next((int(place) for place in order[1:] if moves_of(configurations[place]) != first), None)


def break_evens(study: OpenStudy, ask: Asked, ranking: Ranking, kept: npt.NDArray[np.bool_]) -> list[Even]:
    """Return the break-evens of each ranking, in every effect of the winner's moves and of the runner-up's."""
    configurations = [choice.of(ask.base) for choice in ask.choices]
    evens: list[Even] = []
    for criterion, order in orders_of(ranking).items():
        second = runner_up([int(place) for place in order], configurations)
        if second is None:
            continue
        pair = (int(order[0]), second)
        effects = {item.name: item for place in pair for item in own_effects(configurations[place])}
        for item in effects.values():
            sizes = np.linspace(item.low, item.high, ask.sizes)
            curves = _curve(study, ask, pair, item, sizes)[:, :, kept]
            names = ask.choices[pair[0]].name, ask.choices[pair[1]].name
            even = break_even(sizes, curves, CRITERIA[criterion], near=item.central, seed=ask.base.seed)
            evens.append(Even(criterion, *names, item, even))
    return evens


def _curve(study: OpenStudy, ask: Asked, pair: tuple[int, int], item: Input, sizes: Floats) -> Floats:
    """Return the outcome of two choices under each draw at each size: float64[sizes, 2, draws], less is better.

    A choice that the effect does not touch keeps the draw's own value, so that its runs are those of the ranking.
    """
    points = []
    for draw in range(len(ask.values)):
        of_draw = []
        for size in sizes:
            for place in pair:
                touched = matters(item.name, ask.choices[place].of(ask.base))
                of_draw.append(ask.choices[place].of(ask.drawn(draw, {item.name: float(size)} if touched else None)))
        points.append(of_draw)
    values = [[float(np.mean(ask.judged.of(runs))) for runs in frames] for _, frames in draws_of(study, ask, points)]
    return ask.judged.sign * np.array(values).T.reshape(len(sizes), 2, len(ask.values))


def curves_table(evens: Sequence[Even]) -> pd.DataFrame:
    """Return the lead of each winner over its runner-up at each size, one row a size."""
    import pandas as pd

    columns = ("criterion", "winner", "second", "effect", "size", "lead", "lead_lo", "lead_hi")
    rows = [
        (even.criterion, even.winner, even.second, even.effect.name, *numbers)
        for even in evens
        for numbers in zip(even.found.sizes, even.found.lead, even.found.lo, even.found.hi, strict=True)
    ]
    return pd.DataFrame(rows, columns=list(columns)).astype(dict.fromkeys(columns[:4], "str"))


def plain_of(even: Even) -> dict[str, Any]:
    """Return a break-even as plain values; an end beyond the span is null."""
    ends = {name: value if np.isfinite(value) else None
            for name, value in (("at_lo", even.found.at_lo), ("at_hi", even.found.at_hi))}  # fmt: skip
    least = int(np.lexsort((even.found.lo, even.found.lead))[0])  # of equal leads the least sure
    return {
        "criterion": even.criterion, "winner": even.winner, "second": even.second, "effect": even.effect.name,
        "title": even.effect.title, "central": even.effect.central, "low": even.effect.low, "high": even.effect.high,
        "at": even.found.at, **ends, "crosses": even.found.crosses, "rises": even.found.rises,
        "never": even.found.never, "least_lead": float(even.found.lead[least]),
        "least_lead_lo": float(even.found.lo[least]), "least_lead_hi": float(even.found.hi[least]),
    }  # fmt: skip
