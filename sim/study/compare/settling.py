"""When a difference of odds is settled: how many runs that takes, and an interval that holds whenever one stops.

Looking again after every batch and stopping at the first interval that leaves nought out is wrong far more often than
5 times in 100. So runs that go on *until settled* are judged by a **confidence sequence**: intervals that cover the
true difference at all sample sizes together with the stated probability, by Ville's inequality. A gambler bets on the
differences of single pairs (-1, 0 or 1) being above m: with a share c of what they own, each pair multiplies it by
``1 - c + c (1 + x) / (1 + m)``, which is 1 on average if m is the mean. Owning more than 1 / alpha is as unlikely as
alpha, ever; so every m against which one of two gamblers (above, below; alpha is halved) owns that much is left out.
Fortunes are averaged over many shares c, and depend on the counts of pairs alone. No distribution is assumed, only
that pairs are alike and independent. Waudby-Smith & Ramdas 2024 (doi:10.1093/jrsssb/qkad009); the average over c is
Cover's universal portfolio, as in Orabona & Jun 2024 (doi:10.1109/TIT.2023.3330187).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt

State = Literal["lower", "higher", "alike", "open"]
FIRST_LOOK = 40
_GROWTH = 1.25
_SHARES = np.sin(np.pi * (2.0 * np.arange(32) + 1.0) / 128.0) ** 2
"""Shares that are staked: the arcsine law at 32 places, many close to 0 and to 1."""
_HALVINGS = 30
_CHANCE = 0.8
MOST_REPLICATES = 1_000_000
_MANY = 1000
_Z95 = 1.959963984540054
_FEWEST = 6
"""Five pairs that differ the same way are still as likely as 0.0625."""
_ALPHA = 0.05


def looks(most: int) -> Iterator[int]:
    """Yield the numbers of replicates after which one looks: 40, then about a quarter more each time, up to a cap."""
    at = min(FIRST_LOOK, most)
    while True:
        yield at
        if at == most:
            return
        at = min(most, 10 * math.ceil(at * _GROWTH / 10))


def _log_fortune(lost: int, gained: int, pairs: int, mean: float) -> float:
    """Return the log of what the gambler owns who bets that the difference is above ``mean``."""
    odds = 1.0 / (1.0 + mean)
    keep = 1.0 - _SHARES
    logs: npt.NDArray[np.float64] = (
        gained * np.log(keep + _SHARES * 2.0 * odds)
        + (pairs - lost - gained) * np.log(keep + _SHARES * odds)
        + lost * np.log(keep)
    )
    top = float(logs.max())
    return top + math.log(float(np.exp(logs - top).mean()))


def sequence_interval(lost: int, gained: int, pairs: int, alpha: float = _ALPHA) -> tuple[float, float]:
    """Return the interval of a difference of odds that holds at all sample sizes together.

    Parameters
    ----------
    lost, gained : int
        Pairs in which it happens only under the one, and only under the other.
    pairs : int
    alpha : float in (0, 1)
        The probability that the difference is ever left out.

    Returns
    -------
    lo, hi : float in [-1, 1]
    """
    low = _lowest(lost, gained, pairs, alpha)
    return low, -_lowest(gained, lost, pairs, alpha)


def above(lost: int, gained: int, pairs: int, mean: float, alpha: float = _ALPHA) -> bool:
    """Tell whether the true difference is above ``mean``, wrong at any time with probability alpha / 2 at most."""
    return _log_fortune(lost, gained, pairs, mean) >= math.log(2.0 / alpha)


def _lowest(lost: int, gained: int, pairs: int, alpha: float) -> float:
    """Return the lowest mean that the true difference may have; a fortune falls as the mean rises."""
    if not pairs:
        return -1.0
    out, within = -1.0, (gained - lost) / pairs
    if within <= -1.0:
        return -1.0
    for _ in range(_HALVINGS):
        middle = (out + within) / 2.0
        if above(lost, gained, pairs, middle, alpha):
            out = middle
        else:
            within = middle
    return out


def state_of(low: float | None, high: float | None, margin: float) -> State:
    """Return what an interval says of a difference: its sign, that it is smaller than a margin, or nothing yet."""
    if low is None or high is None:
        return "open"
    if high < 0.0:
        return "lower"
    if low > 0.0:
        return "higher"
    return "alike" if max(-low, high) < margin else "open"


def until_settled(
    ask: Callable[[Sequence[int]], Mapping[str, tuple[int, int, int]]], most: int, margin: float, alpha: float
) -> Iterator[tuple[int, dict[str, State]]]:
    """Ask for runs, batch by batch, until a look at which every difference against the first is settled.

    Parameters
    ----------
    ask : callable
        Given numbers of replicates: by name, the pairs in which it happens only under the first, those in which it
        happens only under that one, and how many pairs there are.
    most : int
        Replicates after which one asks no more.
    margin : float
        A difference that is smaller counts as none.
    alpha : float
        Probability that the intervals of one difference ever leave the truth out.

    Yields
    ------
    replicates : int
        At this look.
    states : dict of str to str
        ``lower``, ``higher``, ``alike`` or ``open``, as the runs so far tell.
    """
    seen: dict[str, tuple[int, int, int]] = {}
    done = 0
    for look in looks(most):
        states: dict[str, State] = {}
        for name, new in ask(range(done, look)).items():
            lost, gained, pairs = (old + more for old, more in zip(seen.get(name, (0, 0, 0)), new, strict=True))
            seen[name] = (lost, gained, pairs)
            states[name] = state_of(*sequence_interval(lost, gained, pairs, alpha), margin)
        done = look
        yield look, states
        if "open" not in states.values():
            return


def replicates_to_settle(lost: int, gained: int, pairs: int) -> int | None:
    """Return how many replicates of each would settle the sign of a difference of odds at 95 %.

    That is the smallest number with which the exact sign test would reject nought in four of five studies, if pairs
    go on to differ as often, and in the same direction as often, as they have; None where neither is seen more often,
    or where more than a million would be needed.

    Parameters
    ----------
    lost, gained, pairs : int
        As in :func:`sequence_interval`.
    """
    apart = abs(gained - lost) / pairs if pairs else 0.0
    if not apart or (lost + gained) / pairs * (_Z95 / apart) ** 2 > MOST_REPLICATES:
        return None
    differing, minority = (lost + gained) / pairs, min(lost, gained) / (lost + gained)
    enough = 1
    while not _settles(enough, differing, minority):
        enough *= 2
    least = enough // 2
    while enough - least > 1:
        middle = (least + enough) // 2
        least, enough = (least, middle) if _settles(middle, differing, minority) else (middle, enough)
    return enough


def _settles(pairs: int, differing: float, minority: float) -> bool:
    """Tell whether so many pairs settle the sign in four of five studies."""
    from scipy.special import bdtr, bdtrik

    middle, spread = pairs * differing, 6.0 * math.sqrt(pairs * differing * (1.0 - differing)) + 1.0
    differ = np.arange(max(0, math.floor(middle - spread)), min(pairs, math.ceil(middle + spread)) + 1)
    chance = np.diff(bdtr(differ, pairs, differing), prepend=bdtr(differ[0] - 1, pairs, differing) if differ[0] else 0)
    # the exact test rejects if at most so many of the pairs that differ go the other way; none do below six
    some = np.maximum(differ, _FEWEST)
    if some[0] < _MANY:
        most = np.floor(bdtrik(_ALPHA / 2.0, some, 0.5) + 1e-9)
    else:  # the same but for one pair or so, and quick
        most = np.floor((some - 1.0 - _Z95 * np.sqrt(some)) / 2.0)
    rejects = np.where(differ >= _FEWEST, bdtr(most, some, minority), 0.0)
    return float(chance @ rejects) >= _CHANCE
