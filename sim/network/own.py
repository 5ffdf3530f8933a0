"""A follower graph by a rule of the user's own (``docs/extending.md``)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.errors import GraphError
from sim.extensions.files import Own, check_given
from sim.network.graph import FollowerGraph
from sim.rng import Stream, setup_uniform

GIVEN = ("n", "seed", "uniform", "keys", "cohort", "community", "grievance_rank")
"""What a network of one's own is given, by name."""


def own_graph(
    own: Own, parameters: Mapping[str, float], seed: int, columns: Mapping[str, npt.NDArray[Any]]
) -> FollowerGraph:
    """Return the graph that a user's function makes; repeats and self loops are left out.

    Parameters
    ----------
    parameters : mapping
        The values of its own parameters.
    seed : int in [0, 2**63)
    columns : mapping of name to array
        ``keys``, ``cohort``, ``community`` and ``grievance_rank`` of the rows.

    Raises
    ------
    GraphError
        It raised an error, or gave something else than two columns of rows.
    """
    check_given(own, GIVEN)
    keys = columns["keys"]
    n = keys.shape[0]

    def uniform(slot: int) -> npt.NDArray[np.float64]:
        """Return one draw in [0, 1) for each row: always the same for a key and a slot."""
        return setup_uniform(seed, Stream.OWN_GRAPH, keys, int(slot))

    given = {**columns, "n": n, "seed": seed, "uniform": uniform, **parameters}
    try:
        follower, followed = own.function(*(given[name] for name in own.arguments))
        return FollowerGraph.from_edges(follower, followed, n, origin="generated", keys=keys)
    except Exception as problem:
        line = own.line_of(problem)
        said = " ".join(f"{type(problem).__name__}: {problem}".split())[:200].rstrip(".")
        raise GraphError(
            str(own.wrong(f"{own.name} made no graph of {n} rows ({said}); give two arrays of rows, who follows "
                          "and who is followed.", line))
        ) from problem  # fmt: skip
