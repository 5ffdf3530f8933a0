"""The engines that the cascade benchmark compares run the same process: alike in how many rows they reach."""

from __future__ import annotations

from importlib.util import find_spec

import numpy as np
import pytest

from benchmarks.cascade_graphs import Setting, audience, chance_that_dies_out, hub_of
from benchmarks.cascade_kernel import PlainKernel
from benchmarks.cascade_peers import PACKAGES, CyNetDiff, EoN, NDlib, NetworkXLoop

RUNS = 300
ENGINES = {"CyNetDiff": CyNetDiff, "NDlib": NDlib, "EoN": lambda setting: EoN(setting, 1.0), "NetworkX": NetworkXLoop}


def sizes(engine, runs: int) -> np.ndarray:
    found = np.empty(runs)
    for replicate in range(runs):
        engine.run(replicate)
        found[replicate] = engine.size()
    return found


@pytest.fixture(scope="module")
def setting() -> Setting:
    graph = audience(1000).graph
    return Setting(graph, hub_of(graph), 2.0 * chance_that_dies_out(graph))


@pytest.fixture(scope="module")
def plain(setting) -> np.ndarray:
    return sizes(PlainKernel(setting), 10 * RUNS)


@pytest.mark.statistical
@pytest.mark.parametrize("name", ENGINES)
def test_a_peer_reaches_as_many_rows_as_the_plain_kernel(name, setting, plain):
    package = PACKAGES.get(name)
    if package is not None and find_spec(package) is None:
        pytest.skip(f"{name} is not installed: requirements/bench.txt holds it")
    peer = sizes(ENGINES[name](setting), RUNS)
    error = np.sqrt(peer.var() / peer.size + plain.var() / plain.size)
    assert 1.0 < plain.mean() < setting.graph.n
    assert abs(peer.mean() - plain.mean()) < 3.9 * error  # alpha 1e-4


@pytest.mark.statistical
def test_half_the_critical_chance_dies_out_and_more_than_it_does_not(setting):
    dying = Setting(setting.graph, setting.hub, 0.5 * setting.chance)
    lasting = Setting(setting.graph, setting.hub, 4.0 * setting.chance)
    assert sizes(PlainKernel(dying), RUNS).mean() < 0.1 * setting.graph.n
    assert sizes(PlainKernel(lasting), RUNS).mean() > 0.2 * setting.graph.n
