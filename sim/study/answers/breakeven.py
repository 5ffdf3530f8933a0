"""The effect size at which the second-best overtakes: where the winner's lead, as a function of the size, is nought.

The lead is computed at a few sizes over the span, on the same draws and the same luck, and taken as straight in
between. How sure the crossing is, is found by a bootstrap over draws; a sample without a crossing counts as one
beyond the end of the span at which the winner's lead is smaller, or, where the second leads throughout, beyond the
end at which it is larger.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.study.answers.regret import Criterion, resampled

Floats = npt.NDArray[np.float64]
_ENDS = (2.5, 97.5)


@dataclass(frozen=True)
class BreakEven:
    """Where the lead of the winner over the second-best changes sign.

    Attributes
    ----------
    sizes : float64[k]
        Rising.
    lead, lo, hi : float64[k]
        By how much the winner is better, with its pointwise 95 % interval (bootstrap over draws).
    at : float or None
        The crossing nearest to the central size; None if there is none within the span.
    at_lo, at_hi : float
        95 % interval of the crossing; ``-inf`` or ``inf``: beyond that end of the span.
    crosses : float
        Share of bootstrap samples with a crossing within the span.
    rises : bool
        Whether a larger effect lengthens the lead.
    """

    sizes: Floats
    lead: Floats
    lo: Floats
    hi: Floats
    at: float | None
    at_lo: float
    at_hi: float
    crosses: float
    rises: bool

    @property
    def never(self) -> bool:
        """Whether the winner surely leads all over the span."""
        return self.at is None and bool((self.lo > 0.0).all())


def crossing(sizes: npt.ArrayLike, lead: npt.ArrayLike, near: float) -> float | None:
    """Return the size at which a lead that is straight between sizes changes sign; of several, the nearest to ``near``.

    Parameters
    ----------
    sizes, lead : float[k]
        Sizes rise. A lead of nought is neither: it changes sign only where it comes to be negative or positive.
    """
    at, value = np.asarray(sizes, dtype=np.float64), np.asarray(lead, dtype=np.float64)
    told = np.flatnonzero(value != 0.0)
    found: list[float] = []
    for left, right in zip(told[:-1], told[1:], strict=True):
        if value[left] * value[right] < 0.0:
            if right - left > 1:  # noughts in between: their middle
                found.append(float(at[left + 1 : right].mean()))
            else:
                share = value[left] / (value[left] - value[right])
                found.append(float(at[left] + share * (at[right] - at[left])))
    return min(found, key=lambda each: abs(each - near)) if found else None


def break_even(
    sizes: npt.ArrayLike, pairs: npt.ArrayLike, criterion: Criterion, *, near: float, seed: int
) -> BreakEven:
    """Return where the second choice overtakes the first.

    Parameters
    ----------
    sizes : float[k]
        Rising; at least two.
    pairs : float[k, 2, draws]
        Outcomes of the first and of the second choice at each size (less is better).
    criterion : callable
        One of :data:`sim.study.answers.regret.CRITERIA`.
    near : float
        The central size.
    seed : int
        Of the bootstrap.
    """
    at, table = np.asarray(sizes, dtype=np.float64), np.asarray(pairs, dtype=np.float64)
    again = resampled(table.shape[2], seed)
    lead = np.array([float(criterion(each)) for each in table])
    samples = np.stack([criterion(each[:, again]) for each in table], axis=1)  # [samples, k]
    rises = bool(lead[-1] >= lead[0])
    crossings = [crossing(at, each, near) for each in samples]
    beyond = np.where(samples.mean(axis=1) >= 0.0, -np.inf, np.inf) * (1.0 if rises else -1.0)
    places = [far if each is None else each for each, far in zip(crossings, beyond, strict=True)]
    lo, hi = np.percentile(samples, _ENDS, axis=0)
    return BreakEven(
        at, lead, lo, hi, crossing(at, lead, near),
        float(np.percentile(places, _ENDS[0], method="lower")), float(np.percentile(places, _ENDS[1], method="higher")),
        float(np.mean([each is not None for each in crossings])), rises,
    )  # fmt: skip
