"""The whole content of a small study, which a processor could move besides logs. As a script, prints its hashes."""

from __future__ import annotations

from typing import Any

from sim.config.root import Configuration, changed
from sim.engine.world import build_world
from sim.study.execution.batch import Untold
from sim.study.execution.crew import Threads
from sim.study.run.campaign import study_campaign
from sim.study.run.plan import plan
from sim.study.store.contents import world_hashes
from sim.study.store.one_run import content_of
from tests.regression.campaigns import CAMPAIGNS, COMMON

OTHERWISE: dict[str, Any] = {"people.n_followers": 1500, "horizon_hours": 12.0}


def contents() -> dict[str, str]:
    """Return the content hashes of a study with draws, options, hinges, theory and findings."""
    configuration = changed(Configuration(), COMMON | CAMPAIGNS["hijacked"] | OTHERWISE)
    world = build_world(configuration)
    study = study_campaign(
        configuration, world, plan(world.n, generated=True, replicates=10), crew=Threads(2), progress=Untold()
    )
    return world_hashes(world) | content_of(study)


if __name__ == "__main__":
    for name, found in contents().items():
        print(name, found)
