"""What every planned study's command does once its words are a question: carry out, or go on, or show what stands."""

from __future__ import annotations

import shlex
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sim.cli.keys import StudyKeys, check_place, chosen_executor
from sim.errors import ConfigError
from sim.study.execution.runner import checked_workers
from sim.study.planned import MORE, bases_of, files_by_base, grows
from sim.study.store.folder import checked_name, checked_results, default_name

if TYPE_CHECKING:
    from pathlib import Path

    from sim.study.planned import Concluded
    from sim.study.sweeping import OpenStudy

Told = Callable[[dict[str, Any]], list[str]]
_STANDS = "This {} study stands there already, from the same question and version; fresh=true repeats it."


def keys_for(
    kind: str, words: Sequence[str], composed: Mapping[str, Any], question: Mapping[str, Any], called: str
) -> StudyKeys:
    """Return the study keys of a planned study's command, checked; nothing is written.

    Parameters
    ----------
    words : sequence of str
        The command's own words, to repeat it.
    composed : mapping
        The study keys that :func:`sim.catalogue.compose.compose` returned for its words.
    question : mapping
        Plain; everything that fixes the result (replicates too).
    called : str
        What the study is called unless ``study=NAME`` says so; a hash of the question is added.

    Raises
    ------
    BackfireError
        A key that cannot be.
    """
    if not isinstance(composed["fresh"], bool):
        raise ConfigError(f"fresh must be true or false; got {composed['fresh']!r}.")
    if composed["graphs"] != 1 or composed["record"] != "summary":
        raise ConfigError(f"{kind} keeps summaries of runs on one graph a seed; leave graphs and record out.")
    if composed["uncertainty"] != "none" and "posterior" not in question:
        raise ConfigError(
            f"{kind} is about luck alone at each point; leave uncertainty out, got {composed['uncertainty']!r}."
        )
    settings = {"files": files_by_base(bases_of(question))}
    name = composed["study"]
    if name is None:
        fixed = {part: value for part, value in question.items() if part != MORE}
        name = default_name(called, {}, {"kind": kind, "question": fixed, "settings": settings})
    place = checked_results(composed["results"]) / checked_name(name)
    check_place(place)
    return StudyKeys(
        place=place, workers=checked_workers(composed["workers"]), executor=chosen_executor(composed),
        fresh=composed["fresh"], settings=settings, shapes_only=False,
        command=" ".join([f"backfire {kind}", *(shlex.quote(word) for word in words)]),
    )  # fmt: skip


def finding_alone(summary: Mapping[str, Any]) -> list[str]:
    """Return what is told of a study that has no table of its own."""
    return [str(summary["finding"])]


def of_each(replicates: int) -> str:
    """Return how many replicates each point or option has."""
    return f"{replicates} replicate{'s' if replicates != 1 else ''} of each"


def foretell(kind: str, question: Mapping[str, Any], keys: StudyKeys, lines: Callable[[], Sequence[str]]) -> int:
    """Print what a planned study would take, or that it stands there already; nothing is written.

    Parameters
    ----------
    lines : callable
        Gives the plan; it may try a few runs, so it is not asked of what stands.

    Raises
    ------
    StudyError
        Another study stands in its place.
    """
    from sim.cli.streams import tell
    from sim.study.planned import identity_of
    from sim.study.store.contents import standing

    own = identity_of(question, keys.settings["files"])
    if not keys.fresh and _whole(keys, question) and standing(keys.place, own, fresh=False):
        tell(f"{_STANDS.format(kind)} Nothing would be carried out.\n{keys.place}")
    else:
        tell("\n".join(lines()))
    return 0


def carry_out_planned(kind: str, question: Mapping[str, Any], keys: StudyKeys, told: Told = finding_alone) -> int:
    """Carry out a planned study, or what of it is missing, or take the one that stands; print what it found.

    Parameters
    ----------
    kind : str
        One of :data:`sim.study.planned.KINDS`.
    question : mapping
        Plain JSON; ``bases`` are dumped configurations by name.
    keys : StudyKeys
        From :func:`keys_for`.
    told : callable
        Gives the lines that are printed of its summary.

    Returns
    -------
    int
        Exit code: 1 if runs failed, or the page could not be drawn.
    """
    from sim.cli.main import say
    from sim.cli.streams import tell
    from sim.study.planned import identity_of
    from sim.study.store.contents import standing
    from sim.study.store.folder import SUMMARY, read_json, whole
    from sim.study.store.ledger import FinishedMeanwhile

    own = identity_of(question, keys.settings["files"])
    ours = False
    if not keys.fresh and _whole(keys, question) and standing(keys.place, own, fresh=False):
        say(_STANDS.format(kind))
    else:
        try:
            ours = _carried_out(kind, question, keys, own)
        except FinishedMeanwhile as problem:
            say(str(problem))
    with whole(keys.place):
        summary = read_json(keys.place / SUMMARY)
        tell("\n".join(told(summary)))  # before the page, whose figures take longer than some answers
        if summary["shapes_only"]:
            say("Note: this small audience shows shapes, not odds: fewer people are fewer sparks.")
        for sentence in failure_lines(keys.place, summary):
            say(sentence)
    shown = (not ours and (keys.place / "report.html").is_file()) or _shown(keys.place)
    tell(str(keys.place))
    return 1 if summary["failed"] or not shown else 0


def _whole(keys: StudyKeys, question: Mapping[str, Any]) -> bool:
    """Tell whether what stands at a study's place, if anything does, is finished and as much as is asked for."""
    from sim.study.planned import as_much
    from sim.study.store.folder import MANIFEST, read_json, whole
    from sim.study.store.ledger import unfinished

    if not unfinished(keys.place):
        return True
    if not grows(question) or not (keys.place / MANIFEST).is_file():
        return False
    manifest = read_json(keys.place / MANIFEST)
    with whole(keys.place):
        return not manifest["failed"] and as_much(manifest["question"], question)


def _carried_out(kind: str, question: Mapping[str, Any], keys: StudyKeys, own: dict[str, Any]) -> bool:
    """Carry out what is missing and write the folder's files; False if another process wrote them meanwhile."""
    from sim.cli.main import say
    from sim.cli.progress import Told as Progress
    from sim.study.planned import concluded
    from sim.study.store.folder import cannot_write
    from sim.study.sweeping import open_study

    begun, started = time.perf_counter(), datetime.now(UTC).isoformat(timespec="seconds")
    with (
        Progress() as progress,
        open_study(
            keys.place, own, executor=keys.executor, workers=keys.workers, fresh=keys.fresh, progress=progress
        ) as study,
    ):
        try:
            found = concluded(study, kind, question)
            try:
                with study.ledger.finishing() as ours:
                    if ours:
                        _written(kind, question, keys, own, study, found, (started, time.perf_counter() - begun))
            finally:
                found.runs.drop()
        except OSError as problem:
            raise cannot_write(keys.place, problem) from problem
    say(f"{study.carried_out} runs were carried out here.")
    return ours


def _written(
    kind: str,
    question: Mapping[str, Any],
    keys: StudyKeys,
    own: dict[str, Any],
    study: OpenStudy,
    found: Concluded,
    times: tuple[str, float],
) -> None:
    """Write tables, summary and manifest, and take the ledger away unless runs failed."""
    from sim.study.store.folder import MANIFEST, SUMMARY, write_json
    from sim.study.store.one_run import file_hashes
    from sim.study.store.provenance import MANIFEST_SCHEMA, commit, machine, versions

    started, seconds = times
    folder = keys.place.absolute()
    found.runs.into(folder / "runs.parquet")
    for name, table in found.tables.items():
        table.to_parquet(folder / f"{name}.parquet", index=False)
    write_json(folder / SUMMARY, found.summary | {"seconds": seconds})
    beside = folder / f".{MANIFEST}.part"
    write_json(beside, {
        "schema": MANIFEST_SCHEMA, "kind": kind, "study": folder.name, "command": keys.command,
        "identity": own, "seed": found.summary["seed"], "question": question, "keys": keys.settings,
        "units": found.units, "versions": versions(), **commit(), "machine": machine(keys.workers, keys.executor),
        "started": started, "seconds": seconds, "failed": found.summary["failed"], "carried_out": study.carried_out,
        "content": found.content, "files": file_hashes(folder),
    })  # fmt: skip
    beside.replace(folder / MANIFEST)
    if not found.summary["failed"] and not grows(question):
        study.ledger.remove()


def _shown(place: Path) -> bool:
    """Write the page of a study that stands; a fault of ours there takes nothing from what was found."""
    from sim.cli.main import say
    from sim.errors import BackfireError
    from sim.report.planned_page import render_planned
    from sim.study.store.folder import cannot_write

    try:
        render_planned(place)
    except OSError as problem:
        raise cannot_write(place, problem) from problem
    except BackfireError:
        raise
    except Exception as problem:  # noqa: BLE001 - the study stands, and its numbers are told all the same
        say(
            f"The study stands, but its page could not be drawn ({type(problem).__name__}: {problem}). Please report "
            f"it; backfire report {shlex.quote(str(place))} draws it again."
        )
        return False
    return True


_TOLD_FAILURES = 3


def failure_lines(place: Path, summary: Mapping[str, Any]) -> list[str]:
    """Return what is told of runs that failed: how many, and the first of them."""
    from sim.study.store.parted import stored_parts

    if not summary["failed"]:
        return []
    lines: list[str] = []
    for part in stored_parts(place / "runs.parquet"):
        for row in part[part["failed"] != ""].head(_TOLD_FAILURES - len(lines)).to_dict("records"):
            lines.append(_failure(row))
        if len(lines) == _TOLD_FAILURES:
            break
    total = summary["failed"] + summary["runs"]
    return [
        f"{summary['failed']} of {total} runs failed; the others are whole. The first of them:", *lines,
        "All are in runs.parquet, column failed; the same command tries them again.",
    ]  # fmt: skip


def _failure(row: Mapping[Any, Any]) -> str:
    """Return one failed run in words; the columns between point and replicate say what the point is."""
    from sim.study.design.points import shown
    from sim.study.planned import as_plain

    names = list(row)
    values = {name: row[name] for name in names[names.index("point") + 1 : names.index("replicate")]}
    which = ", ".join(f"{name}={shown(as_plain(value))}" for name, value in values.items())
    return f"point {row['point']}{f' ({which})' if which else ''}, replicate {row['replicate']}: {row['failed']}"
