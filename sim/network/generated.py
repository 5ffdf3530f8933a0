"""People and graph of a configuration: built, or taken from the shelf where big ones are kept.

People follow from some sections of the configuration and the seed; the graph from the seed, its own section and the
columns that it looks at, taken by content. So other feelings or another sender find the same graph again.
"""

from __future__ import annotations

import hashlib
from dataclasses import fields
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.config.paths import path_of
from sim.config.root import Configuration
from sim.extensions.files import owns
from sim.network.generators import generate
from sim.network.graph import FollowerGraph
from sim.network.kept import Kept
from sim.network.own import own_graph
from sim.network.shelf import Shelf
from sim.people.population import Population, create_population

PEOPLE_SECTIONS = ("people", "agency", "feed", "newsroom")
"""All that people follow from, besides the seed and their number; a test holds ``create_population`` to it."""


def people_of(config: Configuration, n: int, shelf: Shelf) -> Population:
    """Return the generated audience of a configuration.

    Parameters
    ----------
    n : int
        Rows.
    shelf : Shelf
        Where big audiences are kept.
    """
    if not shelf.keeps(n):
        return create_population(config, n=n)
    fixed_by: dict[str, Any] = {name: getattr(config, name).model_dump(mode="json") for name in PEOPLE_SECTIONS}
    if config.people.table is not None:
        try:
            fixed_by["table"] = hashlib.sha256(path_of(config.people.table).read_bytes()).hexdigest()
        except OSError:  # its reader says what is wrong
            return create_population(config, n=n)
    fixed_by |= {"seed": config.seed, "n": n}
    kept = shelf.take("people", fixed_by, lambda: _of_population(create_population(config, n=n)))
    parts: dict[str, Any] = dict(kept.arrays)
    for name, value in kept.facts.items():
        parts[name] = tuple(value) if isinstance(value, list) else value
    return Population(**parts)


def _of_population(population: Population) -> Kept:
    """Return a population's columns, and the rest of it as facts."""
    parts = {part.name: getattr(population, part.name) for part in fields(population)}
    arrays = {name: part for name, part in parts.items() if isinstance(part, np.ndarray)}
    return Kept(arrays, {name: part for name, part in parts.items() if name not in arrays})


def graph_of(
    configuration: Configuration, population: Population, shelf: Shelf
) -> tuple[FollowerGraph, npt.NDArray[np.int32]]:
    """Return the generated follower graph of an audience, and how many rows each row follows (int32[n]).

    Parameters
    ----------
    shelf : Shelf
        Where big graphs are kept.
    """
    config, seed = configuration.network, configuration.seed
    own = owns(configuration.extensions, "network").get(config.kind)
    columns: dict[str, npt.NDArray[Any]] = {
        "keys": population.key,
        "cohort": population.cohort,
        "community": population.community,
        "grievance_rank": population.grievance_rank,
    }

    def make() -> Kept:
        graph = generate(config, seed=seed, **columns) if own is None else own_graph(own, config.own, seed, columns)
        followees = graph.out_degree.astype(np.int32)
        return Kept({"start": graph.start, "follower": graph.follower, "followees": followees})

    if not shelf.keeps(population.n):
        kept = make()
    else:
        kept = shelf.take(
            "graph",
            {
                "network": config.model_dump(mode="json"), "seed": seed, "own": None if own is None else own.sha256,
                **{name: hashlib.sha256(np.ascontiguousarray(part).data).hexdigest() for name, part in columns.items()},
            },
            make,
        )  # fmt: skip
    graph = FollowerGraph(kept.arrays["start"], kept.arrays["follower"], "generated", population.key)
    return graph, kept.arrays["followees"]
