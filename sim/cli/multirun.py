"""``backfire sweep --multirun``: the points of a sweep as jobs of Hydra, handed out by Hydra's own launchers.

A job is one point. It joins the sweep's ledger, as any second process does, carries out what is missing there
and leaves; so what a launcher runs here or elsewhere lands in one study, and nothing is run twice. Hydra's own
files go into the ledger's folder, and with it when the sweep is whole.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import BackfireError, StudyError

if TYPE_CHECKING:
    from sim.cli.keys import StudyKeys

_TASK = "task.json"
_ended: list[BackfireError] = []
"""What a job of this process ended in, for Hydra passes on no more than an exit code."""


def is_hydras(word: str) -> bool:
    """Tell whether a word is for Hydra itself, such as ``hydra/launcher=joblib``."""
    return word.lstrip("+~").startswith(("hydra.", "hydra/"))


def hand_out(question: Mapping[str, Any], keys: StudyKeys, words: Sequence[str]) -> None:
    """Let Hydra carry out the points of a sweep, unless it stands there whole.

    Parameters
    ----------
    question : mapping
        Of the sweep, as :func:`sim.cli.sweep_keys.sweep_keys` returns it.
    words : sequence of str
        For Hydra: its launcher and that one's settings.

    Raises
    ------
    StudyError
        The study cannot be written, or Hydra cannot do what its words say.
    """
    from sim.cli.main import say
    from sim.study.planned import identity_of
    from sim.study.store.contents import standing
    from sim.study.store.folder import LEDGER
    from sim.study.store.ledger import unfinished
    from sim.study.sweeping import open_study

    identity = identity_of(question, keys.settings["files"])
    if not keys.fresh and not unfinished(keys.place) and standing(keys.place, identity, fresh=False):
        return
    with open_study(keys.place, identity, workers=1, fresh=keys.fresh):
        home = keys.place.absolute() / LEDGER / "hydra"
        home.mkdir(exist_ok=True)
    task = {"place": str(keys.place.absolute()), "identity": identity, "question": dict(question),
            "workers": keys.workers, "by": os.getpid()}  # fmt: skip
    (home / _TASK).write_text(json.dumps(task))
    points = len(question["points"])
    say(f"{points} point{'s' if points != 1 else ''}, a job of Hydra each; its files are in {home} until all are done.")
    _multirun(home, points, words)


def _multirun(home: Path, points: int, words: Sequence[str]) -> None:
    """Call Hydra's own main function, which reads its words from the command line."""
    import hydra

    quoted = "'" + str(home).replace("'", "\\'") + "'"
    own = [
        f"+point=range({points})", f"+place={quoted}", f"hydra.sweep.dir={quoted}",
        "hydra.sweep.subdir=${hydra.job.num}", "hydra.output_subdir=null",
        "hydra/hydra_logging=none", "hydra/job_logging=none",
    ]  # fmt: skip
    before, sys.argv = sys.argv, ["backfire", "--multirun", *own, *words]
    _ended.clear()
    try:
        hydra.main(version_base="1.3", config_path="pkg://sim.conf", config_name="config")(job)()
    except SystemExit:
        if _ended:
            raise _ended[0] from None
        raise StudyError("Hydra ended, for what it says above; what its jobs have finished is saved.") from None
    finally:
        sys.argv = before


def job(config: Any) -> None:
    """Carry out one point of a sweep, in whatever process a launcher has started.

    Parameters
    ----------
    config : DictConfig
        ``point``, its number, and ``place``, the folder in which the task lies.
    """
    from sim.cli.main import say

    task = json.loads((Path(config.place) / _TASK).read_text())
    try:
        _carry_out(task, int(config.point))
    except BackfireError as problem:
        if os.getpid() == task["by"]:
            _ended.append(problem)
            raise SystemExit(problem.exit_code) from None
        say(f"point {config.point}: {problem}")  # what is not done is carried out in the end, or told


def _carry_out(task: Mapping[str, Any], number: int) -> None:
    """Carry out what is missing of a point."""
    from sim.study.store.provenance import identity
    from sim.study.sweep.study import sweep_from
    from sim.study.sweeping import complete, open_study

    own = identity({}, {})
    if any(own[part] != task["identity"][part] for part in ("backfire", "code")):
        raise StudyError("Backfire has another version where this job runs; install the same there.")
    point = sweep_from(task["question"]).points[number]
    with open_study(Path(task["place"]), task["identity"], workers=task["workers"]) as study:
        complete(study, [point.configuration], task["question"]["replicates"])
