"""Runs in blocks: the points of a block share their luck, and no two blocks do.

What comes back is an array a quantity, one number a run. Odds are yes or no, counts are logarithms, the hijack
share is made so that a run without messages has one, too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.errors import ConfigError, unknown_name
from sim.outcome.units import UNITS
from sim.outcome.verdict import VERDICTS
from sim.study.design.points import Configurations, Point
from sim.study.execution.reduced import COUNTS, FLAGS, WORDS
from sim.study.sensitivity.luck import Floats
from sim.study.sweeping import OpenStudy, complete_each, frames_of

if TYPE_CHECKING:
    import pandas as pd

SHARE = "hijack_share"
USUAL = ("hijacked", "viral_positive", "messages", SHARE, "reach", "takeover")
"""What a sensitivity study looks at unless it is told otherwise; the first is what it ranks by."""


def checked_outcomes(names: Sequence[str]) -> list[str]:
    """Return names of quantities, checked.

    Raises
    ------
    ConfigError
        None, an unknown one, or one twice.
    """
    known = [*VERDICTS, *(name for name in UNITS if name not in WORDS)]
    for name in names:
        if name not in known:
            raise unknown_name("outcomes", name, known)
    if not names or len(set(names)) != len(names):
        raise ConfigError(f"outcomes must name at least one outcome, each once; got {','.join(names) or 'none'}.")
    return list(names)


def scale_of(name: str) -> str:
    """Return what a quantity is measured in."""
    if name in (*VERDICTS, *FLAGS):
        return "probability"
    return f"log10(1 + {UNITS[name]})" if name in COUNTS else UNITS[name]


def title_of(name: str) -> str:
    """Return a quantity in words."""
    if name in VERDICTS:
        return f"P({name.replace('_', ' ')})"
    words = name.replace("_", " ")
    return f"P({words})" if name in FLAGS else f"log {words}" if name in COUNTS else words


def quantity(runs: pd.DataFrame, name: str) -> Floats:
    """Return one quantity of runs: float64[runs], nan where a run failed or it is undefined.

    The hijack share is (counter messages + 1/2) / (messages + 1), which is one half without messages.
    """
    if name in VERDICTS:
        values = (runs["verdict"] == name).to_numpy(np.float64)
    elif name == SHARE:
        messages = runs["messages"].to_numpy(np.float64)
        counter = np.rint(runs[SHARE].fillna(0.0).to_numpy(np.float64) * messages)
        values = (counter + 0.5) / (messages + 1.0)
    else:
        values = runs[name].to_numpy(np.float64)
        values = np.log10(1.0 + values) if name in COUNTS else values
    return np.asarray(np.where(runs["failed"] == "", values, np.nan))


def with_luck(
    study: OpenStudy, blocks: Sequence[Sequence[Point]], replicates: int, first: int = 0
) -> Iterator[tuple[list[bytes], pd.DataFrame]]:
    """Carry out blocks of points, and yield each block's keys and runs, points in order, then replicates.

    Parameters
    ----------
    blocks : sequence of sequence of Point
        Block b has the luck of replicates ``first + b * replicates`` on; the same point may stand in several.
    """
    import pandas as pd

    lucks = [range(first + place * replicates, first + (place + 1) * replicates) for place in range(len(blocks))]
    keys = [[study.key_of(point.configuration) for point in block] for block in blocks]
    wanted: dict[bytes, tuple[Point, dict[int, None]]] = {}
    for block, own, luck in zip(blocks, keys, lucks, strict=True):
        for point, key in zip(block, own, strict=True):
            wanted.setdefault(key, (point, {}))[1].update(dict.fromkeys(luck))
    complete_each(
        study, Configurations([point for point, _ in wanted.values()]), [list(luck) for _, luck in wanted.values()]
    )
    for own, luck in zip(keys, lucks, strict=True):
        yield own, pd.concat(list(frames_of(study, own, luck)), ignore_index=True)
