"""``backfire replay``: check a study's files, compute it again from its manifest, and name what differs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from sim.study.execution.executors import Executor

HELP = """
usage: backfire replay results/STUDY [workers=N executor=threads|processes|dask]

Checks the files of a finished study against the hashes of its manifest, computes the study again from the
manifest alone, and compares the content with both. Nothing is written.
Exit code 0 if all is the same; 1 if anything differs: it names the first difference, the file or table,
the row and the column, with the value then and now. 2 if it cannot be replayed.
"""


@dataclass(frozen=True)
class Again:
    """A study computed again.

    Attributes
    ----------
    content : dict of str to str
        Content hashes.
    tables : dict of str to DataFrame
    plain : dict of str to dict
        What stands in JSON.
    log : str or None
        Where the event logs differ first.
    """

    content: dict[str, str]
    tables: dict[str, pd.DataFrame]
    plain: dict[str, dict[str, Any]]
    log: str | None = None


def carry_out(words: Sequence[str]) -> int:
    """Check and compute a study again, and return 0 if its content is the same, 1 if not."""
    from sim.cli.folders import one_folder
    from sim.cli.main import say
    from sim.cli.streams import tell
    from sim.study.store.contents import damages
    from sim.study.store.folder import whole
    from sim.study.store.one_run import manifest_of

    own = [word for word in words if word.startswith(("workers=", "executor=", "executor."))]
    folder = one_folder("replay", [word for word in words if word not in own])
    manifest = manifest_of(folder)
    workers = _workers(own)
    for sentence in _versions(manifest):
        say(sentence)
    with whole(folder):
        damaged = damages(folder, manifest)
    for sentence in damaged.values():
        say(f"{sentence}.")
    again = _again(folder, manifest, workers)
    different = [
        name for name in _in_order(manifest, again) if manifest["content"].get(name) != again.content.get(name)
    ]
    first = _first(folder, manifest, again, damaged, different)
    if first is None:
        tell(f"{folder}: the same content, {', '.join(_in_order(manifest, again))}.")
        return 0
    computed = (
        f"computed again, it differs in {', '.join(different)}" if different else "computed again, it is the same"
    )
    tell(f"{folder}: {'; '.join([*damaged.values(), computed])}.\nFirst difference: {first}.")
    return 1


def _in_order(manifest: Mapping[str, Any], again: Again) -> list[str]:
    """Return the names of all contents, causes before effects."""
    from sim.study.store.contents import in_order

    return in_order({*manifest["content"], *again.content})


def _first(
    folder: Path, manifest: Mapping[str, Any], again: Again, damaged: Mapping[str, str], different: Sequence[str]
) -> str | None:
    """Return the first difference in words; None if there is none."""
    for name in _in_order(manifest, again):
        if name in different or name in damaged:
            return f"{name}: {_place(folder, manifest, again, name)}"
    return None


def _place(folder: Path, manifest: Mapping[str, Any], again: Again, name: str) -> str:
    """Return where one content differs from the same computed again."""
    from sim.errors import StudyError
    from sim.study.store.contents import PLAIN, file_of
    from sim.study.store.difference import in_plain, in_tables
    from sim.study.store.folder import read_json
    from sim.study.store.one_run import frame_of

    if name not in again.content:
        return "only then"
    if name not in manifest["content"]:
        return "only now"
    if name in ("people", "graph"):
        return f"another hash, {manifest['content'][name][:12]} then, {again.content[name][:12]} now"
    path = folder / file_of(name)
    if not path.is_file():
        return "the file is missing"
    if name == "log":
        found = again.log
    else:
        try:
            if name in PLAIN:
                found = in_plain(read_json(path), again.plain[name])
            else:
                found = in_tables(frame_of(path), again.tables[name])
        except StudyError:
            return "the file cannot be read"
    if found is not None:
        return found
    return f"{path.name} is as it is computed again, but has another hash in the manifest, which was edited"


def _workers(words: Sequence[str]) -> tuple[int, Executor]:
    """Return how many runs are carried out side by side, and by what."""
    from sim.catalogue.compose import compose
    from sim.cli.keys import chosen_executor
    from sim.study.execution.runner import checked_workers

    _, said = compose(words)
    return checked_workers(said["workers"]), chosen_executor(said)


def _again(folder: Path, manifest: Mapping[str, Any], workers: tuple[int, Executor]) -> Again:
    """Return a study computed again."""
    from sim.config.root import validated
    from sim.errors import ReplayError, StudyError
    from sim.study.planned import KINDS
    from sim.study.store.folder import whole
    from sim.study.store.named_files import files_of

    kinds = {"run": _run_again} | dict.fromkeys(KINDS, _planned_again)
    if manifest["kind"] not in kinds:
        raise StudyError(
            f"{str(folder)!r} holds a study of kind {manifest['kind']!r}, which this version cannot replay."
        )
    with whole(folder):
        if manifest["kind"] == "run":
            configurations = {"": validated(manifest["configuration"])}
            files = {"": manifest["keys"]["files"]}
        else:
            configurations = {name: validated(raw) for name, raw in manifest["question"]["bases"].items()}
            files = manifest["keys"]["files"]
    for name, configuration in configurations.items():
        then, now = files[name], files_of(configuration)
        changed = sorted(each for each in {*then, *now} if then.get(each) != now.get(each))
        if changed:
            raise ReplayError(f"{changed[0]} names a file whose content has changed since; it cannot be replayed.")
    return kinds[manifest["kind"]](folder, manifest, configurations, workers)


def _planned_again(
    folder: Path,
    manifest: Mapping[str, Any],
    configurations: Mapping[str, Any],
    workers: tuple[int, Executor],
) -> Again:
    """Return a planned study computed again; nothing of it is written."""
    from sim.cli.progress import Told
    from sim.study.planned import concluded
    from sim.study.sweeping import open_study

    side_by_side, executor = workers
    with (
        Told() as progress,
        open_study(None, manifest["identity"], executor=executor, workers=side_by_side, progress=progress) as study,
    ):
        found = concluded(study, manifest["kind"], manifest["question"])
    return Again(found.content, found.tables | {"runs": found.runs.frame()}, {"summary": found.summary})


def _run_again(
    folder: Path,
    manifest: Mapping[str, Any],
    configurations: Mapping[str, Any],
    workers: tuple[int, Executor],
) -> Again:
    """Return the study of one configuration computed again."""
    from sim.cli.progress import Told
    from sim.engine.world import build_world
    from sim.study.execution.crew import hired
    from sim.study.run.campaign import study_campaign
    from sim.study.run.plan import Plan
    from sim.study.store.contents import world_hashes
    from sim.study.store.folder import whole
    from sim.study.store.logs import LOG, LogCheck
    from sim.study.store.one_run import content_of, tables_of

    with whole(folder):
        intended = Plan(**manifest["plan"])
    log = LogCheck(folder / LOG) if intended.record == "log" else None
    with Told() as progress, hired(*workers) as crew:
        progress.stage("people and graph")
        world = build_world(configurations[""])
        study = study_campaign(
            configurations[""], world, intended, crew=crew, progress=progress, log=None if log is None else log.take
        )
    content = world_hashes(world) | content_of(study) | ({} if log is None else {"log": log.close()})
    plain = {"summary": study.summary, "findings": study.findings}
    return Again(content, tables_of(study), plain, None if log is None else log.difference)


def _versions(manifest: Mapping[str, Any]) -> list[str]:
    """Return a sentence for every version that is another one now."""
    from sim.study.store.provenance import code_fingerprint, versions

    then, now = manifest["versions"], versions()
    told = [
        f"Note: {name} was {then.get(name, 'not there')}, and is {now.get(name, 'not there')} now."
        for name in [*then, *(name for name in now if name not in then)]
        if now.get(name) != then.get(name)
    ]
    if manifest["identity"].get("code") != code_fingerprint():
        told.append("Note: the code of Backfire has changed since.")
    return told
