"""``backfire run``: one configuration, the odds of each verdict, and a report."""

from __future__ import annotations

import shlex
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.cli.keys import StudyKeys
    from sim.cli.progress import Told
    from sim.config.root import Configuration
    from sim.engine.world import World
    from sim.report.painter import Painter

HELP = """
usage: backfire run case=ID [name=value ...]

Simulates one configuration many times and writes results/STUDY with the verdict's odds and a report.

what is simulated:
  case=ID                   a documented campaign (backfire cases); without it, a post of your own
  policy=NAME               what the sender does afterwards: silent, acknowledge, withdraw, ...
  post.openness=0.2         any parameter by its dotted name, in Hydra's grammar
  people.n_followers=N      rows of the audience; people=small for a quick look at shapes,
                            people=new_york for a whole city (docs/scale.md)
  network=edge_list network.path=FILE    a follower graph of your own (gzip too)
  seed=1  horizon_hours=72

how:
  replicates=N              runs with other luck (200 up to 200,000 followers, 40 at a million, 20 for a city)
  graphs=K                  spread them over K draws of people and graph (1)
  uncertainty=posterior|prior|none    also vary what is not known: universal parameters together, as calibration left
                            them (the default, where a posterior ships), or each over its span; or vary nothing
  record=summary|log        log keeps every event, in log.parquet
  workers=N                 runs side by side (all processors); results do not depend on it
  executor=threads|processes|dask    what carries them out (threads); results do not depend on it

where:
  results=DIR  study=NAME   the folder is DIR/NAME (results, named after the case)
  fresh=true                start over; the old folder is kept aside as NAME.old-1

The last line on standard output names the folder.
"""


def carry_out(words: Sequence[str]) -> int:
    """Carry out one study, or return the one that stands there, and print its verdict."""
    from sim.report.painter import painter

    with painter() as beside:
        return _carried_out(words, beside)


def _carried_out(words: Sequence[str], beside: Painter | None) -> int:
    """Carry it out, with another process that draws beside this one if there is one."""
    from sim.catalogue.words import read_words
    from sim.cli.keys import study_keys
    from sim.cli.main import say
    from sim.study.store.contents import standing
    from sim.study.store.folder import SUMMARY, read_json, whole
    from sim.study.store.provenance import identity

    configuration, keys = study_keys("run", words)
    own = identity(configuration.model_dump(mode="json"), keys.settings)
    if standing(keys.place, own, fresh=keys.fresh):
        say("This study stands there already, from the same configuration and version; fresh=true repeats it.")
        if not (keys.place / "report.html").is_file():
            say(f"Note: it has no report.html any more; backfire report {shlex.quote(str(keys.place))} writes it anew.")
    else:
        _study(configuration, keys, own, beside)
    with whole(keys.place):
        summary = read_json(keys.place / SUMMARY)
        if configuration.network.from_file and read_words(words).sets("people.n_followers"):
            say(f"Note: people.n_followers is passed over: the graph's file has {summary['followers']:,} rows.")
        conclude(summary, keys.place, shapes_only=keys.shapes_only)
    return 0


def conclude(summary: dict[str, Any], place: Path, *, shapes_only: bool) -> None:
    """Print the verdict's odds, the warnings (standard error) and, last, the folder."""
    from sim.cli.main import say
    from sim.cli.streams import tell
    from sim.cli.told import verdict_table, warnings

    tell("\n".join(verdict_table(summary)))
    for sentence in warnings(summary, shapes_only=shapes_only):
        say(sentence)
    tell(str(place))


def _study(configuration: Configuration, keys: StudyKeys, own: dict[str, Any], beside: Painter | None) -> None:
    """Carry out the study and write its folder."""
    from sim.cli.progress import Told

    with Told() as progress:
        progress.stage("people and graph")
        begun = time.perf_counter()
        started = datetime.now(UTC).isoformat(timespec="seconds")
        # a graph that cannot be read is told before any folder is made
        from sim.engine.world import build_world

        world = build_world(configuration)
        _written(configuration, keys, own, world, progress, begun, started, beside)


def _written(
    configuration: Configuration,
    keys: StudyKeys,
    own: dict[str, Any],
    world: World,
    progress: Told,
    begun: float,
    started: str,
    beside: Painter | None,
) -> None:
    """Study a world and write the folder, with its report."""
    from sim.cli.told import as_pictured, as_told
    from sim.report.html import render_run
    from sim.study.execution.crew import hired
    from sim.study.run.campaign import study_campaign
    from sim.study.run.plan import plan
    from sim.study.store.contents import world_hashes
    from sim.study.store.folder import written
    from sim.study.store.logs import LOG, LogFile
    from sim.study.store.one_run import keep, read
    from sim.study.store.provenance import machine

    settings = keys.settings
    intended = plan(
        world.n, generated=world.graph.origin == "generated", replicates=settings["replicates"],
        graphs=settings["graphs"], uncertainty=settings["uncertainty"], record=settings["record"],
    )  # fmt: skip
    with written(keys.place, fresh=keys.fresh) as folder:
        log = LogFile(folder / LOG) if intended.record == "log" else None
        with hired(keys.workers, keys.executor) as crew:
            study = study_campaign(
                configuration, world, intended, crew=crew, progress=progress, begun=begun,
                log=None if log is None else log.take,
                watch=None if beside is None else lambda shown: beside.ask(as_pictured(configuration, shown)),
            )  # fmt: skip
        keep(
            folder, study, name=keys.place.name, command=keys.command, identity=own, keys=settings,
            machine=machine(keys.workers, keys.executor), started=started, sources=world_hashes(world),
            shapes_only=keys.shapes_only, log=None if log is None else log.close(),
        )  # fmt: skip
        progress.stage("report")
        render_run(folder, as_told(read(folder)), beside)
