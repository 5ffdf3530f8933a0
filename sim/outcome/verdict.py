"""How a campaign ended: takeover, verdict, and the odds of each verdict over replicates.

The cut-offs are conventions (``docs/model.md`` 7), so odds are always given at three of them. Intervals of
odds are Wilson's: they need no distribution function, never shrink to a point at 0 or 1 and keep close to
their nominal coverage from about ten replicates on, where the plain normal interval fails
(Brown, Cai & DasGupta 2001, doi:10.1214/ss/1009213286).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.errors import ConfigError

VERDICTS = ("hijacked", "viral_positive", "contested", "fizzled")
CUTOFF = 0.65
CUTOFFS = (0.55, 0.65, 0.75)
FIZZLE_ROWS = 2000
"""Fewer than one participant in this many rows of the audience is a fizzle."""

TAKEOVER_WINDOW = 30
TAKEOVER_HOLD = 60
TAKEOVER_LEAST = 10
TAKEOVER_ROWS = 100_000
"""A window of a takeover holds at least 10 messages, and one for each 100,000 rows."""

Z_95 = 1.959963984540054
"""The 97.5 % point of the standard normal distribution."""


def verdict(participants: int, n: int, hijack_share: float | None, cutoff: float = CUTOFF) -> str:
    """Return the verdict on one run, one of ``VERDICTS``.

    Parameters
    ----------
    participants : int
        Distinct rows that wrote or shared.
    n : int
        Rows of the audience.
    hijack_share : float in [0, 1] or None
        None without messages, which is a fizzle.
    cutoff : float in [0.5, 1]
        ``hijacked`` from here on, ``viral_positive`` up to one minus this.

    Raises
    ------
    ConfigError
        ``cutoff`` lies outside [0.5, 1]: below, a run could be both.
    """
    if not 0.5 <= cutoff <= 1.0:
        raise ConfigError(f"cutoff must lie in [0.5, 1]; got {cutoff!r}.")
    if hijack_share is None or participants * FIZZLE_ROWS < n:
        return "fizzled"
    if hijack_share >= cutoff:
        return "hijacked"
    # 1 - 0.65 is 0.35 in floating point, but 1 - 0.55 is a little less than 0.45: the mirror is rounded
    if hijack_share <= round(1.0 - cutoff, 12):
        return "viral_positive"
    return "contested"


def fizzled_frame(participants: int, n: int, hijack_share: float | None) -> str | None:
    """Return what a fizzle mostly was: ``campaign``, ``counter`` or ``even``; None if no fizzle or no message."""
    if hijack_share is None or verdict(participants, n, hijack_share) != "fizzled":
        return None
    if hijack_share == 0.5:
        return "even"
    return "counter" if hijack_share > 0.5 else "campaign"


def takeover_minute(counter_per_minute: npt.ArrayLike, all_per_minute: npt.ArrayLike, n: int) -> int | None:
    """Return the first minute from which counter messages stay the majority for an hour; None if never.

    Minute t is one if, for each t' in [t, t + 59], messages of minutes [t' - 29, t'] (cut at minute 0) are at
    least ``max(10, n / 100,000)`` and more than half of them counter; t + 59 lies within the run.

    Parameters
    ----------
    counter_per_minute, all_per_minute : int[minutes]
        Participants' messages of each minute.
    n : int
        Rows of the audience.
    """
    total = _windows(np.asarray(all_per_minute, dtype=np.int64))
    counter = _windows(np.asarray(counter_per_minute, dtype=np.int64))
    led = (2 * counter > total) & (total >= TAKEOVER_LEAST) & (total * TAKEOVER_ROWS >= n)
    if led.shape[0] < TAKEOVER_HOLD:
        return None
    so_far = np.concatenate(([0], np.cumsum(led)))
    held = np.flatnonzero(so_far[TAKEOVER_HOLD:] - so_far[:-TAKEOVER_HOLD] == TAKEOVER_HOLD)
    return int(held[0]) if held.shape[0] else None


def _windows(per_minute: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return the sum of each minute and the 29 before it, int64[minutes]."""
    sums = np.cumsum(per_minute)
    sums[TAKEOVER_WINDOW:] -= sums[:-TAKEOVER_WINDOW].copy()
    return sums


def odds_interval(hits: int, trials: int) -> list[float]:
    """Return Wilson's 95 % interval [lo, hi] of a probability seen ``hits`` times in ``trials``.

    Raises
    ------
    ConfigError
        There are no trials, or more hits than trials.
    """
    if trials < 1 or not 0 <= hits <= trials:
        raise ConfigError(f"odds need at least one replicate and no more hits than that; got {hits} of {trials}.")
    share = hits / trials
    spread = Z_95 * Z_95 / trials
    middle = (share + spread / 2) / (1 + spread)
    half = math.sqrt(share * (1 - share) * spread + spread * spread / 4) / (1 + spread)
    return [0.0 if hits == 0 else middle - half, 1.0 if hits == trials else middle + half]


def verdict_odds(
    participants: Sequence[int], n: int | Sequence[int], hijack_share: Sequence[float | None]
) -> dict[str, Any]:
    """Return the odds of each verdict over replicates.

    Parameters
    ----------
    participants : int[r]
    n : int or int[r]
        Rows of the audience.
    hijack_share : float[r]
        None where a run had no message.

    Returns
    -------
    dict
        ``verdict`` (share of replicates by verdict, at 0.65), ``verdict_interval`` (the same keys, Wilson's
        [lo, hi], 95 %), ``verdict_at`` (by ``"0.55"``, ``"0.65"``, ``"0.75"``), ``fizzled_frame`` (shares of
        all replicates that fizzled mostly ``campaign``, ``counter``, ``even`` or with ``none`` at all).

    Raises
    ------
    ConfigError
        There is no replicate.
    """
    runs = len(participants)
    if runs == 0 or len(hijack_share) != runs:
        raise ConfigError(
            f"replicates must be at least 1, with one hijack share each; got {runs} and {len(hijack_share)}."
        )
    rows = [int(n)] * runs if isinstance(n, (int, np.integer)) else [int(each) for each in n]
    triples = [(int(p), m, s) for p, m, s in zip(participants, rows, hijack_share, strict=True)]
    counts = {cutoff: _count([verdict(*each, cutoff) for each in triples], VERDICTS) for cutoff in CUTOFFS}
    fizzles = [fizzled_frame(*each) or "none" for each in triples if verdict(*each) == "fizzled"]
    frames = _count(fizzles, ("campaign", "counter", "even", "none"))
    return {
        "verdict": {name: hits / runs for name, hits in counts[CUTOFF].items()},
        "verdict_interval": {name: odds_interval(hits, runs) for name, hits in counts[CUTOFF].items()},
        "verdict_at": {
            f"{cutoff:.2f}": {name: hits / runs for name, hits in counted.items()} for cutoff, counted in counts.items()
        },
        "fizzled_frame": {name: hits / runs for name, hits in frames.items()},
    }


def _count(seen: Sequence[str], names: Sequence[str]) -> dict[str, int]:
    """Return how often each name was seen."""
    return {name: sum(1 for each in seen if each == name) for name in names}
