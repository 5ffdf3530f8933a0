"""By what answers are judged: outcomes of a run as numbers that every run has, and which way is better.

A run without a message has no hijack share; it counts as 0 here, since nobody turned anything.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.errors import ConfigError, unknown_name

if TYPE_CHECKING:
    import pandas as pd

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Judged:
    """An outcome by which answers are judged.

    Attributes
    ----------
    name : str
    title : str
        As it stands at an axis, its unit last.
    scale : float
        What values are multiplied by where they are told (100 for odds in points).
    unit : str
        Of what is told.
    sign : float
        1 where less is better, -1 where more is.
    yes_or_no : bool
    of : callable
        From runs (DataFrame, one row a run) to float64[runs]; nan where a run failed.
    """

    name: str
    title: str
    scale: float
    unit: str
    sign: float
    yes_or_no: bool
    of: Callable[[pd.DataFrame], Floats]

    @property
    def kept_in(self) -> str:
        """The unit of values as tables hold them, before they are scaled for telling."""
        return self.unit if self.scale == 1.0 else "1"


def _verdict(word: str) -> Callable[[pd.DataFrame], Floats]:
    """Return a function that says of each run whether it ended so."""

    def ended(runs: pd.DataFrame) -> Floats:
        return np.asarray(np.where(runs["failed"] == "", (runs["verdict"] == word).astype(np.float64), np.nan))

    return ended


def _balance(runs: pd.DataFrame) -> Floats:
    """Return 1 for a hijacked run, -1 for one that went viral positively, else 0."""
    return _verdict("hijacked")(runs) - _verdict("viral_positive")(runs)


def _hijack_share(runs: pd.DataFrame) -> Floats:
    """Return the hijack share, 0 where there was no message."""
    share = runs["hijack_share"].to_numpy(dtype=np.float64)
    return np.asarray(np.where(runs["messages"].to_numpy(dtype=np.float64) == 0.0, 0.0, share))


def _counter_messages(runs: pd.DataFrame) -> Floats:
    """Return the counter messages of each run."""
    return np.asarray(_hijack_share(runs) * runs["messages"].to_numpy(dtype=np.float64))


def _followers_lost(runs: pd.DataFrame) -> Floats:
    """Return the followers that each run cost."""
    return runs["followers_lost"].to_numpy(dtype=np.float64)


OUTCOMES: Mapping[str, Judged] = {
    each.name: each
    for each in (
        Judged("hijacked", "P(hijacked), of 100 runs", 100.0, "of 100 runs", 1.0, True, _verdict("hijacked")),
        Judged("viral_positive", "P(viral positive), of 100 runs", 100.0, "of 100 runs", -1.0, True,
               _verdict("viral_positive")),
        Judged("balance", "P(hijacked) less P(viral), of 100 runs", 100.0, "of 100 runs", 1.0, False, _balance),
        Judged("hijack_share", "hijack share, % of messages", 100.0, "% of messages", 1.0, False, _hijack_share),
        Judged("counter_messages", "counter messages", 1.0, "counter messages", 1.0, False, _counter_messages),
        Judged("followers_lost", "followers lost", 1.0, "followers", 1.0, False, _followers_lost),
    )
}  # fmt: skip


def judged_by(name: str) -> Judged:
    """Return the outcome of a name.

    Raises
    ------
    ConfigError
        There is none of that name.
    """
    if not isinstance(name, str) or name not in OUTCOMES:
        problem: ConfigError = unknown_name("by, an outcome", str(name), list(OUTCOMES))
        raise problem
    return OUTCOMES[name]
