"""What is not known of a configuration, and which values it takes together in each draw.

By the prior each uncertain input is drawn alone between the ends of its span. By the posterior the universal
parameters are drawn together, as calibration left them, and the inputs of the case as before. A universal parameter
that a configuration sets away from the table's value is a question of the user's: it keeps its span around that value.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.config.root import Configuration
from sim.study.run.draws import latin_hypercube
from sim.study.run.inputs import Input, fields, uncertain_inputs

if TYPE_CHECKING:
    from sim.study.calibration.posterior import Joint

_ENDS = (0.025, 0.975)


@dataclass(frozen=True)
class Unknown:
    """What is not known.

    Attributes
    ----------
    inputs : sequence of Input
        What is drawn together has the ends of the posterior's central 95 %.
    joint : Joint or None
        Where the parameters come from that are drawn together.
    """

    inputs: Sequence[Input]
    joint: Joint | None = None

    def values(self, draws: int, graphs: int, seed: int) -> npt.NDArray[np.float64]:
        """Return the values of the inputs in each draw: float64[draws, inputs].

        Parameters
        ----------
        graphs : int
            Graphs that the draws share; see :func:`sim.study.run.draws.latin_hypercube`.
        """
        found = latin_hypercube(self.inputs, draws, graphs, seed)
        if self.joint is not None:
            together = self.joint.chosen(draws, seed)
            for column, item in enumerate(self.inputs):
                if item.name in self.joint.names and not item.of_graph:
                    found[:, column] = together[:, self.joint.names.index(item.name)]
        return found


def unknown_of(configuration: Configuration, posterior: str | None = None, *, own_graph: bool = False) -> Unknown:
    """Return what is not known of a configuration.

    Parameters
    ----------
    posterior : str, optional
        The sha256 of the posterior that universal parameters come from; left out, they have their spans.
    own_graph : bool
        A graph was handed over, so that nothing about making one matters.

    Raises
    ------
    StudyError
        Another posterior ships, or none.
    """
    inputs = uncertain_inputs(configuration, own_graph=own_graph)
    if posterior is None:
        return Unknown(inputs)
    from sim.study.calibration.posterior import shipped

    joint = left_to_data(shipped(posterior), configuration)
    low, high = np.quantile(joint.values, _ENDS, axis=0)
    ends = {name: (float(low[k]), float(high[k])) for k, name in enumerate(joint.names)}
    drawn = [
        replace(item, low=min(ends[item.name][0], item.central), high=max(ends[item.name][1], item.central))
        if item.name in ends and not item.of_graph else item
        for item in inputs
    ]  # fmt: skip
    return Unknown(drawn, joint)


def left_to_data(joint: Joint, *configurations: Configuration, chosen: Collection[str] = ()) -> Joint:
    """Return the joint draws of those parameters that some configurations all leave at the table's values.

    Parameters
    ----------
    chosen : collection of str
        Parameters that are varied on purpose, and are not drawn either.
    """
    own = set(chosen)
    for each in configurations:
        own |= {field.name for field in fields(each) if field.value != field.default}
    kept = [place for place, name in enumerate(joint.names) if name not in own]
    return replace(joint, names=tuple(joint.names[place] for place in kept), values=joint.values[:, kept])
