"""A standing table fitted anew, in seconds: another fit set, another share that is accepted; nothing is run."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import ReplayError, StudyError
from sim.study.calibration.fit import FitSettings, fit
from sim.study.calibration.shipped import Table, shipped_table
from sim.study.calibration.version import check_version
from sim.study.planned import Found, as_plain
from sim.study.store.provenance import content_hash

if TYPE_CHECKING:
    from sim.study.sweeping import OpenStudy

SHIPPED = "shipped"
"""Stands for the table that travels with Backfire."""
FACTS = ("model_version", "seed", "graphs", "universal", "campaigns")
"""What the summary of a study of kind ``calibrate`` tells of its table."""


def table_at(place: str) -> Table:
    """Return a standing table.

    Parameters
    ----------
    place : str
        The folder of a finished study of kind ``calibrate``, or ``shipped``.

    Raises
    ------
    StudyError
        There is none, or it was made by another version of the model.
    """
    if place == SHIPPED:
        return shipped_table()
    from sim.study.store.loading import load

    study = load(Path(place))
    if study.kind != "calibrate":
        raise StudyError(f"{place!r} holds a study of kind {study.kind!r}; fit one of backfire calibrate.")
    check_version("The reference table", study.summary.get("model_version"))
    return Table(study.frames["table"], {name: study.summary[name] for name in FACTS})


def settings_of(plain: Mapping[str, Any]) -> FitSettings:
    """Return a fit's settings from plain values."""
    sources = plain["sources"]
    return FitSettings(None if sources is None else tuple(sources), plain["accepted"], plain["held_out"])


def found(study: OpenStudy, question: Mapping[str, Any]) -> Found:
    """Fit a standing table.

    Parameters
    ----------
    question : mapping
        ``bases`` (one of the table's), ``from`` and ``table`` (where the table stands, and its hash), ``settings``,
        ``seed``.
    """
    table = table_at(question["from"])
    if content_hash(table.rows) != question["table"]:
        raise ReplayError(f"The table at {question['from']!r} is another one now; it cannot be fitted again.")
    study.progress.stage("fit")
    fitted = fit(table, settings_of(question["settings"]), question["seed"])
    summary = as_plain(fitted.summary) | {
        "finding": fitted.summary["fit_finding"], "intervals_over": "what is not known of the universal parameters",
    }  # fmt: skip
    return Found(fitted.tables, summary, fitted.units)
