"""The two ways to run a campaign: the engine, and the reference."""

from __future__ import annotations

from sim.config.root import Configuration
from sim.engine.record import RunRecord
from sim.engine.run import run_campaign
from sim.engine.world import build_world
from sim.network.graph import FollowerGraph
from sim.people.population import Population
from tests.reference.run import simulate_plainly


def simulate_by_engine(
    configuration: Configuration, population: Population, graph: FollowerGraph, *, replicate: int
) -> RunRecord:
    """Return the engine's record of one run, sights included."""
    world = build_world(configuration, graph=graph, population=population)
    return run_campaign(world, replicate=replicate, record="log")


DRIVERS = {"reference": simulate_plainly, "engine": simulate_by_engine}
