"""A question about answers, read: which choices meet which draws of what is not known, with which luck.

Every choice meets the same draws and, within a draw, the same luck; each draw has luck of its own. What fixes the
follower graph is not drawn.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from sim.config.root import Configuration, changed
from sim.study.answers.library import Choice, inputs_over
from sim.study.answers.outcomes import Judged, judged_by
from sim.study.planned import bases_of
from sim.study.run.draws import latin_hypercube
from sim.study.run.inputs import Input
from sim.study.sweeping import OpenStudy, complete_each, frames_of

if TYPE_CHECKING:
    import pandas as pd

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Asked:
    """A question, read.

    Attributes
    ----------
    base : Configuration
    choices : list of Choice
        Those that are run; not posting is left out.
    inputs : list of Input
        What is drawn.
    values : float64[draws, inputs]
    replicates : int
        Runs of each choice under each draw.
    judged : Judged
    sizes : int
        Effect sizes of a break-even; 0 for none.
    """

    base: Configuration
    choices: list[Choice]
    inputs: list[Input]
    values: Floats
    replicates: int
    judged: Judged
    sizes: int

    def drawn(self, draw: int, replaced: Mapping[str, float] | None = None) -> Configuration:
        """Return the configuration under one draw; some inputs may be given other values."""
        row = {item.name: float(value) for item, value in zip(self.inputs, self.values[draw], strict=True)}
        return changed(self.base, row | dict(replaced or {}))


def asked(question: Mapping[str, Any]) -> Asked:
    """Return a question read: ``bases`` (one), ``choices, draws, replicates, by, over, sizes``."""
    base = next(iter(bases_of(question).values()))
    every = [Choice(**each) for each in question["choices"]]
    choices = [choice for choice in every if choice.changes is not None]
    inputs = inputs_over([choice.of(base) for choice in choices], effects_alone=question["over"] == "effects")
    values = latin_hypercube(inputs, question["draws"], 1, base.seed)
    return Asked(base, choices, inputs, values, question["replicates"], judged_by(question["by"]), question["sizes"])


def draws_of(
    study: OpenStudy, ask: Asked, points: Sequence[Sequence[Configuration]]
) -> Iterator[tuple[list[int], list[pd.DataFrame]]]:
    """Carry out the points of each draw, and yield draw by draw their numbers in the study and their runs.

    Every draw has luck of its own, the same for all its points.

    Parameters
    ----------
    points : sequence of sequence of Configuration
        Of each draw; the same content may stand there several times.
    """
    import pandas as pd

    luck = [range(draw * ask.replicates, (draw + 1) * ask.replicates) for draw in range(len(points))]
    wanted: dict[bytes, tuple[Configuration, range]] = {}
    keys = [[study.key_of(point) for point in of_draw] for of_draw in points]
    for of_draw, own, numbers in zip(points, keys, luck, strict=True):
        for key, point in zip(own, of_draw, strict=True):
            wanted.setdefault(key, (point, numbers))
    complete_each(study, [point for point, _ in wanted.values()], [numbers for _, numbers in wanted.values()])
    for own, numbers in zip(keys, luck, strict=True):
        runs = pd.concat(list(frames_of(study, own, numbers)), ignore_index=True)
        yield [study.asked[key] for key in own], [runs[runs["point"] == place] for place in range(len(own))]
