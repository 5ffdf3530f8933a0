"""Other people's independent cascades, each driven the way that its own documentation or source makes fastest.

All get the same graph, start and chance, and the conversion of the graph is not counted. What a run needs anew is:
resetting state, and telling how many became active.
"""

from __future__ import annotations

import random
import warnings
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import networkx
import numpy as np

from benchmarks.cascade_graphs import Setting
from sim.network.graph import FollowerGraph

PACKAGES = {"CyNetDiff": "cynetdiff", "NDlib": "ndlib", "EoN": "EoN"}


def missing() -> list[str]:
    """Return the peers that are not installed (``requirements/bench.txt`` holds them)."""
    return [name for name, package in PACKAGES.items() if find_spec(package) is None]


def quietly_imported(name: str) -> Any:
    """Return a module; what its own imports warn of concerns its authors."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return import_module(name)


@cache
def networkx_graph(graph: FollowerGraph) -> networkx.DiGraph:
    """Return the graph with an edge from each row to each of its followers, as posts travel."""
    author = np.repeat(np.arange(graph.n), graph.in_degree)
    made: networkx.DiGraph = networkx.DiGraph()
    made.add_nodes_from(range(graph.n))
    made.add_edges_from(zip(author.tolist(), graph.follower.tolist(), strict=True))
    return made


class Peer:
    """A peer's cascade on one setting; subclasses run it and name the rows reached."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.in_degree = setting.graph.in_degree

    def reached(self) -> np.ndarray:
        """Return the rows that the last run made active."""
        raise NotImplementedError

    def size(self) -> int:
        """Return how many rows were reached, the start included."""
        return int(self.reached().size)

    def work(self) -> float:
        """Return the follow edges of the rows reached."""
        return float(self.in_degree[self.reached()].sum())


class CyNetDiff(Peer):
    """Compressed rows handed over as they are, one chance for all edges instead of an array, run to its end in C++.

    Its other way (``compute_marginal_gains``, trials counted in C++) calls the same inner function; it saves two calls
    from Python a run and grows a fresh hash set each time.
    """

    def __init__(self, setting: Setting) -> None:
        from cynetdiff.models import IndependentCascadeModel

        super().__init__(setting)
        graph = setting.graph
        self.arrays = graph.start[:-1].astype(np.uint32), graph.follower.astype(np.uint32)
        self.model = IndependentCascadeModel(*self.arrays, activation_prob=setting.chance, rng=1)
        self.model.set_seeds([setting.hub])
        self.count = 0

    def run(self, replicate: int) -> None:
        self.model.reset_model()
        self.model.advance_until_completion()
        self.count = self.model.get_num_activated_nodes()

    def reached(self) -> np.ndarray:
        return np.fromiter(self.model.get_activated_nodes(), dtype=np.int64, count=self.count)


class NDlib(Peer):
    """Iterations without per-node reports, until nobody is infected.

    Every edge gets its threshold: an incomplete configuration is dropped in silence for 1 / out-degree.
    """

    def __init__(self, setting: Setting) -> None:
        model = quietly_imported("ndlib.models.epidemics").IndependentCascadesModel
        configuration = quietly_imported("ndlib.models.ModelConfig").Configuration()
        super().__init__(setting)
        graph = networkx_graph(setting.graph)
        self.model = model(graph, seed=1)
        for edge in graph.edges:
            configuration.add_edge_configuration("threshold", edge, setting.chance)
        configuration.add_model_initial_configuration("Infected", [setting.hub])
        self.model.set_initial_status(configuration)
        if len(self.model.params["edges"]["threshold"]) != setting.graph.m:
            raise RuntimeError("NDlib did not take the thresholds of all edges")

    def run(self, replicate: int) -> None:
        self.model.reset([self.setting.hub])
        infected = 1
        while infected:
            infected = self.model.iteration(node_status=False)["node_count"][1]

    def reached(self) -> np.ndarray:
        return np.array([row for row, status in self.model.status.items() if status == 2], dtype=np.int64)


class EoN(Peer):
    """``basic_discrete_SIR``: infected for one step, a chance an edge; this is the independent cascade.

    Without ``return_full_data`` (slower) it tells counts alone, so the edges of a run are its size times the edges per
    row reached of the plain kernel on the same setting.
    """

    def __init__(self, setting: Setting, edges_a_row: float) -> None:
        super().__init__(setting)
        self.spread = quietly_imported("EoN").basic_discrete_SIR
        self.graph = networkx_graph(setting.graph)
        self.edges_a_row = edges_a_row
        self.luck = np.random.default_rng(1)
        self.count = 0

    def run(self, replicate: int) -> None:
        setting = self.setting
        *_, recovered = self.spread(self.graph, setting.chance, initial_infecteds=setting.hub, rng=self.luck)
        self.count = int(recovered[-1])

    def size(self) -> int:
        return self.count

    def work(self) -> float:
        return self.count * self.edges_a_row


class NetworkXLoop(Peer):
    """The loop that everyone writes: a set, a list as frontier, ``random.random`` and the graph's own neighbours."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self.neighbours = networkx_graph(setting.graph).adj
        self.draw = random.Random(1).random
        self.active: set[int] = set()

    def run(self, replicate: int) -> None:
        neighbours, draw, chance = self.neighbours, self.draw, self.setting.chance
        active = {self.setting.hub}
        frontier = [self.setting.hub]
        while frontier:
            fresh = []
            for row in frontier:
                for other in neighbours[row]:
                    if other not in active and draw() < chance:
                        active.add(other)
                        fresh.append(other)
            frontier = fresh
        self.active = active

    def reached(self) -> np.ndarray:
        return np.fromiter(self.active, dtype=np.int64, count=len(self.active))
