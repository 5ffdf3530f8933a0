"""What a study plans for itself: a question of plain values, and a function that asks for runs and answers it.

To add a kind of study:

1. ``sim/study/<kind>/study.py``: ``found(study, question) -> Found``. It asks for runs with
   :func:`sim.study.sweeping.runs_of` (or ``complete`` and ``frames_of``), as often as it likes; what is there is
   looked up, so that a study that was cut short goes on when it is asked again. It is a pure function of
   ``question``: no clock, no ambient randomness, nothing that depends on the number of workers. Runs that failed
   have a sentence in their column ``failed`` and nan for numbers: leave them out and count them.
2. ``KINDS["<kind>"] = "sim.study.<kind>.study:found"`` below, and a line in ``sim.cli.main.COMMANDS``.
3. ``sim/cli/<kind>.py``: ``HELP``, ``FLAGS`` and ``carry_out(words)``, which takes words apart into a question and
   keys (:func:`sim.cli.planned.keys_for`) and ends in ``return carry_out_planned("<kind>", question, keys)``.
4. ``sim/report/<kind>_page.py``: ``drawings(tables, summary)``, ``sections(tables, summary)`` and, if there is more
   to say than the common page does, ``limits(tables, summary)``; see ``sim.report.parts``.

Tables, summary and the runs themselves are written, hashed, replayed, loaded and shown by what all kinds share.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any

from sim.aftermath.measured import UNITS as UNITS_OF_AFTER
from sim.config.root import Configuration, validated
from sim.study.design.points import graph_key
from sim.study.run.inputs import own_table
from sim.study.store.named_files import files_of
from sim.study.store.provenance import content_hash, identity, plain_content_hash

if TYPE_CHECKING:
    import pandas as pd

    from sim.study.store.parted import Parted
    from sim.study.sweeping import OpenStudy

KINDS: dict[str, str] = {
    "ablation": "sim.study.ablation.study:found",
    "boundary": "sim.study.boundary.study:found",
    "calibrate": "sim.study.calibration.study:found",
    "compare": "sim.study.compare.study:found",
    "discover": "sim.study.discovery.study:found",
    "fit": "sim.study.calibration.refit:found",
    "policies": "sim.study.answers.policies:found",
    "freeze": "sim.study.validation.freezing:found",
    "sweep": "sim.study.sweep.study:found",
    "validate": "sim.study.validation.study:found",
    "window": "sim.study.answers.window:found",
    "nowcast": "sim.study.nowcast.study:found",
    "sensitivity": "sim.study.sensitivity.study:found",
    "sequence": "sim.study.sequence.study:found",
}
"""Where each kind's function is, ``module:function``; loaded when it is needed."""
MORE = "more"
"""Part of a question that says how much is wanted (``{"draws": 20000}``): a study of less grows into one of more."""
SHAPES_BELOW = 100_000
"""A generated audience with fewer rows has too few sparks for odds: its studies say "shapes, not odds"."""


@dataclass(frozen=True)
class Found:
    """What a planned study has found.

    Attributes
    ----------
    tables : dict of str to DataFrame
        Each becomes ``<name>.parquet``. ``runs`` is written without being asked: a row a run, ``point`` in the
        order in which points were first asked for (:attr:`sim.study.sweeping.OpenStudy.asked`).
    summary : dict
        Plain JSON, without nan; ``finding`` is one sentence with its numbers. Case, seed, size, runs and failed
        runs are added.
    units : dict of str to str, optional
        Unit of columns that are neither parameters nor outcomes, ``1`` for pure numbers.
    runs : Parted, optional
        The runs, if they were kept with columns of the kind's own.
    """

    tables: dict[str, pd.DataFrame]
    summary: dict[str, Any]
    units: dict[str, str] = field(default_factory=dict)
    runs: Parted | None = None


@dataclass(frozen=True)
class Concluded:
    """A planned study with everything that goes into its folder.

    Attributes
    ----------
    tables : dict of str to DataFrame
    runs : Parted
    summary : dict
    units : dict of str to str
    content : dict of str to str
        Content hashes of the tables, the runs and the summary.
    """

    tables: dict[str, pd.DataFrame]
    runs: Parted
    summary: dict[str, Any]
    units: dict[str, str]
    content: dict[str, str]


def function_of(kind: str) -> Callable[[OpenStudy, Mapping[str, Any]], Found]:
    """Return the function that answers a kind's questions."""
    module, _, name = KINDS[kind].partition(":")
    return getattr(import_module(module), name)


def as_plain(value: Any) -> Any:
    """Return a value of plain JSON: NumPy's numbers as Python's, nan and infinities as None."""
    if isinstance(value, Mapping):
        return {str(name): as_plain(part) for name, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [as_plain(part) for part in value]
    if hasattr(value, "tolist"):  # NumPy's scalars and arrays
        return as_plain(value.tolist())
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return None
    return value


def plain_rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a frame as plain JSON."""
    return [as_plain(row) for row in frame.to_dict("records")]


def bases_of(question: Mapping[str, Any]) -> dict[str, Configuration]:
    """Return the configurations that a question's points are set upon, checked."""
    return {name: validated(raw) for name, raw in question["bases"].items()}


def files_by_base(bases: Mapping[str, Configuration]) -> dict[str, dict[str, str]]:
    """Return the hashes of the files that each base names."""
    return {name: files_of(base) for name, base in bases.items()}


def identity_of(question: Mapping[str, Any], files: Mapping[str, Any]) -> dict[str, Any]:
    """Return what makes two planned studies the same one.

    Parameters
    ----------
    question : mapping
        Plain; its ``bases`` are dumped configurations. What stands in ``more`` (numbers by name) is no part of it,
        and the code of such a study is that which runs are made by alone: its runs serve a later reading, too.
    files : mapping
        From :func:`files_by_base`.
    """
    rest = {name: part for name, part in question.items() if name not in ("bases", MORE)}
    found = identity(question["bases"], {"question": rest, "files": dict(files)})
    if not grows(question):
        return found
    from sim.compiled import source_fingerprint

    return found | {"code": source_fingerprint()}


def grows(question: Mapping[str, Any]) -> bool:
    """Tell whether a study goes on when more of it is asked for: its ledger stays when it is finished."""
    return MORE in question


def as_much(standing: Mapping[str, Any], question: Mapping[str, Any]) -> bool:
    """Tell whether the study of one question holds at least as much as another, the same but for ``more``, asks."""
    return all(standing.get(MORE, {}).get(name, 0) >= much for name, much in question.get(MORE, {}).items())


def concluded(study: OpenStudy, kind: str, question: Mapping[str, Any]) -> Concluded:
    """Answer a question, asking the study for the runs that it takes.

    Raises
    ------
    BackfireError
        As :func:`sim.study.sweeping.complete` does.
    """
    from sim.study.store.parted import Parted

    asked = json.loads(json.dumps(question))  # as a replay will read it
    found = function_of(kind)(study, asked)
    runs = found.runs
    if runs is None:
        runs = Parted(study.place)
        for _ in runs.through(asked_runs(study)):
            pass
    try:
        summary = _common(study, asked, runs) | found.summary
        content = {name: content_hash(table) for name, table in found.tables.items()}
        content |= {"runs": runs.content} if runs.rows else {}
        content["summary"] = plain_content_hash(summary)
    except BaseException:
        runs.drop()
        raise
    return Concluded(found.tables, runs, summary, _own_units(bases_of(asked)) | found.units, content)


def _own_units(bases: Mapping[str, Configuration]) -> dict[str, str]:
    """Return the units of parameters and outcomes of the user's own."""
    found: dict[str, str] = {}
    for base in bases.values():
        found |= UNITS_OF_AFTER if base.after.measured else {}
        found |= base.outcomes | {name: row.unit for name, row in own_table(base.extensions).items()}
    return found


def _common(study: OpenStudy, question: Mapping[str, Any], runs: Parted) -> dict[str, Any]:
    """Return what stands in the summary of every kind."""
    first, failed = next(iter(bases_of(question).values())), study.ledger.failures()
    people, loaded = first.people, first.network.from_file
    return {
        "case": first.case.id, "seed": first.seed,
        "followers": study.worlds.of(graph_key(first), first).n if loaded else people.n_followers,
        "represents": people.represents, "shapes_only": shapes_only(first), "runs": runs.rows - failed,
        "failed": failed,
    }  # fmt: skip


def shapes_only(configuration: Configuration) -> bool:
    """Tell whether an audience is too small a sample for odds."""
    return generated(configuration) and configuration.people.n_followers < SHAPES_BELOW


def generated(configuration: Configuration) -> bool:
    """Tell whether an audience is made up, and not that of a graph that somebody loads."""
    return configuration.network.kind == "generated"


def asked_runs(study: OpenStudy) -> Iterator[pd.DataFrame]:
    """Yield all runs of a study part by part, points in the order in which they were first asked for."""
    from sim.study.sweeping import frames_of

    if study.asked:
        yield from frames_of(study, list(study.asked), study.ledger.replicates())
