"""Whether two samples of whole numbers come from one distribution, ties and all."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def kolmogorov_smirnov(one: npt.ArrayLike, other: npt.ArrayLike, *, shuffles: int, seed: int) -> tuple[float, float]:
    """Return the largest distance between two empirical distributions, and its permutation p.

    Whole numbers repeat, and the usual tables are too kind to those; so the p is the share of ``shuffles`` random
    divisions of all values into two such samples whose distance is at least as large (1 added to both counts).
    """
    samples = [np.asarray(sample, dtype=np.int64) for sample in (one, other)]
    values, place = np.unique(np.concatenate(samples), return_inverse=True)
    sizes = [sample.size for sample in samples]
    counts = np.bincount(place, minlength=values.size)

    def distance(first: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
        below = np.cumsum(first, axis=-1) / sizes[0] - np.cumsum(counts - first, axis=-1) / sizes[1]
        return np.abs(below).max(axis=-1)

    seen = distance(np.bincount(place[: sizes[0]], minlength=values.size))
    luck = np.random.default_rng(seed)
    as_far = 0
    for done in range(0, shuffles, 1000):
        drawn = luck.multivariate_hypergeometric(counts, sizes[0], size=min(1000, shuffles - done), method="marginals")
        as_far += int(np.count_nonzero(distance(drawn) >= seen - 1e-12))
    return float(seen), (1 + as_far) / (1 + shuffles)
