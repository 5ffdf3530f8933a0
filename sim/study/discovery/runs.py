"""A finished sweep's runs, written down as another study's: what stands is not run again."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from sim.outcome.units import UNITS
from sim.study.planned import as_plain
from sim.study.store.ledger import Row
from sim.study.store.loading import load
from sim.study.store.provenance import code_fingerprint
from sim.study.store.rows import VOCABULARY
from sim.study.sweeping import OpenStudy


def take_over(study: OpenStudy, folder: Path, question: Mapping[str, Any]) -> str:
    """Commit a sweep's runs to a study's ledger, and say what was done.

    Runs of another version of the code are left; they will be carried out again.

    Parameters
    ----------
    question : mapping
        Of :func:`sim.study.discovery.study.found`; its points are the sweep's.
    """
    from sim.study.discovery.study import points_of

    loaded = load(folder)
    if loaded.manifest["identity"]["code"] != code_fingerprint():
        return f"{str(folder)!r} was made by another version; its runs are carried out again."
    runs = loaded.runs
    names = [name for name in runs.columns if name in UNITS]
    fired = [name for name in runs.columns if name.startswith("fired_")]
    values = np.column_stack([_numbers(runs[name], name) for name in [*names, *fired]]).astype("<f8")
    keys = [study.key_of(point.configuration) for point in points_of(question)[0]]
    study.ledger.commit(
        [
            Row(keys[int(place)], int(replicate), as_plain(float(seconds)), None, row.tobytes())
            for place, replicate, seconds, failed, row in zip(
                runs["point"], runs["replicate"], runs["seconds"], runs["failed"], values, strict=True
            )
            if not failed
        ],
        names,
    )
    return f"{int((runs['failed'] == '').sum())} runs are those of {folder.name}."


def _numbers(column: Any, name: str) -> Any:
    """Return an outcome as the ledger keeps it."""
    if name not in VOCABULARY:
        return column.to_numpy(np.float64)
    places = {word: float(place) for place, word in enumerate(VOCABULARY[name])}
    return column.map(places).to_numpy(np.float64)
