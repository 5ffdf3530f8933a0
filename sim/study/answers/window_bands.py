"""Until when something still helps: differences over minutes, with intervals that hold for all minutes at once.

One interval a minute would find an effect somewhere by chance alone. Simultaneous intervals are wider by the factor
that the largest of all studentised differences needs; it is found by a multiplier bootstrap over the pairs (by keyed
signs), which keeps the correlation between minutes (Chernozhukov, Chetverikov & Kato 2013, doi:10.1214/13-AOS1161).
Of a yes or no, an interval is never narrower than what so many pairs leave open that did not differ (Wilson's end
for none), and excludes no effect only where the exact sign test does too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.mathx import normal_cdf_all
from sim.outcome.aggregate import mean_interval
from sim.rng import SETUP, Stream, fill_uniform, stream_state
from sim.study.compare.paired import sign_test
from sim.study.run.draws import key_of

Floats = npt.NDArray[np.float64]

LEVEL = 0.95
_RESAMPLES = 4000


@dataclass(frozen=True)
class Bands:
    """Means of paired differences and their simultaneous 95 % intervals.

    Attributes
    ----------
    mean, lo, hi : float64[k]
    factor : float
        Standard errors to either side; 1.96 or more.
    pairs : int
    """

    mean: Floats
    lo: Floats
    hi: Floats
    factor: float
    pairs: int


@dataclass(frozen=True)
class Reach:
    """Until when something helps.

    Attributes
    ----------
    until : float or None
        The latest minute that was tried at which it helps; None if it does at none.
    not_at : float or None
        The next minute that was tried; None if there is none, or nothing helps.
    harms : tuple of float
        Minutes at which it makes things worse.
    """

    until: float | None
    not_at: float | None
    harms: tuple[float, ...]


def simultaneous(differences: npt.ArrayLike, *, seed: int, yes_or_no: bool) -> Bands:
    """Return means over pairs with intervals that hold together with a probability of 95 %.

    Parameters
    ----------
    differences : float[k, pairs]
        At least one pair; the same column is the same luck.
    seed : int
        Of the bootstrap.
    yes_or_no : bool
        Whether differences are of yes or no, so that they lie in [-1, 1] and are -1, 0 or 1 each.
    """
    table = np.asarray(differences, dtype=np.float64)
    pairs = table.shape[1]
    mean = table.mean(axis=1)
    if pairs < 2:
        most = 1.0 if yes_or_no else np.inf
        return Bands(mean, np.full(mean.shape, -most), np.full(mean.shape, most), np.inf, pairs)
    error = table.std(axis=1, ddof=1) / np.sqrt(pairs)
    factor = _factor(table - mean[:, None], error, seed)
    half = factor * error
    if yes_or_no:
        half = np.maximum(half, factor**2 / (pairs + factor**2))
        told = _told_by_signs(table, factor)
        low = np.where(told, mean - half, np.minimum(mean - half, 0.0))
        high = np.where(told, mean + half, np.maximum(mean + half, 0.0))
        return Bands(mean, np.maximum(low, -1.0), np.minimum(high, 1.0), factor, pairs)
    return Bands(mean, mean - half, mean + half, factor, pairs)


def _told_by_signs(table: Floats, factor: float) -> npt.NDArray[np.bool_]:
    """Tell of each row whether the exact sign test rejects no effect, at the level of one of the intervals: bool[k]."""
    level = 2.0 * (1.0 - float(normal_cdf_all(np.array([factor]))[0]))
    counts = zip((table < 0.0).sum(axis=1), (table > 0.0).sum(axis=1), strict=True)
    return np.array([sign_test(int(lost), int(gained)) < level for lost, gained in counts], dtype=np.bool_)


def _factor(centred: Floats, error: Floats, seed: int) -> float:
    """Return how many standard errors the largest of all differences keeps within in 95 of 100 worlds.

    At least Student's for one difference, so that few pairs do not feign precision.
    """
    pairs = centred.shape[1]
    varies = error > 0.0
    alone = mean_interval(np.arange(pairs, dtype=np.float64))
    spread = float(np.std(np.arange(pairs), ddof=1)) / np.sqrt(pairs)
    least = (float(alone["hi"] or 0.0) - float(alone["mean"] or 0.0)) / spread
    if not varies.any():
        return least
    scaled = (centred[varies] / error[varies, None] / pairs).T
    signs = np.where(keyed("bands", _RESAMPLES * pairs, seed).reshape(_RESAMPLES, pairs) < 0.5, -1.0, 1.0)
    return max(least, float(np.quantile(np.abs(signs @ scaled).max(axis=1), LEVEL)))


def keyed(name: str, how_many: int, seed: int) -> Floats:
    """Return uniforms in [0, 1) of a bootstrap, keyed by its name and their number: float64[how_many]."""
    state = np.uint64(stream_state(seed, SETUP, int(Stream.DESIGN)))
    return fill_uniform(state, np.arange(how_many, dtype=np.uint64), np.uint64(key_of(f"bootstrap {name}")))


def reach_of(minutes: Sequence[float], bands: Bands, *, sign: float) -> Reach:
    """Return until when something helps.

    Parameters
    ----------
    minutes : sequence of float
        Rising.
    bands : Bands
    sign : {1, -1}
        1 where less is better, -1 where more is.
    """
    helps = bands.hi < 0.0 if sign > 0 else bands.lo > 0.0
    harms = bands.lo > 0.0 if sign > 0 else bands.hi < 0.0
    worse = tuple(float(minute) for minute, bad in zip(minutes, harms, strict=True) if bad)
    if not helps.any():
        return Reach(None, None, worse)
    last = int(np.flatnonzero(helps)[-1])
    after = float(minutes[last + 1]) if last + 1 < len(minutes) else None
    return Reach(float(minutes[last]), after, worse)
