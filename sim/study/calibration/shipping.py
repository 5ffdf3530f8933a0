"""What of a finished fit travels with Backfire: its joint draws, and what is told of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sim.errors import StudyError
from sim.study.calibration.posterior import DRAWS, TOLD
from sim.study.calibration.version import check_version
from sim.study.store.folder import write_json

if TYPE_CHECKING:
    from sim.study.store.loading import Loaded


def write_posterior(study: Loaded, place: Path) -> list[Path]:
    """Write the posterior of a study of kind ``calibrate`` or ``fit`` to a folder, and return the files.

    Raises
    ------
    StudyError
        The study has none, what was observed lies outside of the prior predictive, or it is of another model.
    """
    told = study.summary.get("fit")
    if told is None:
        raise StudyError(f"{str(study.folder)!r} holds no fit; {study.summary.get('not_fitted', 'give another one')}")
    check_version("The posterior", told["model"])
    outside = study.summary["outside"]
    if outside:
        raise StudyError(
            f"{', '.join(outside)} {'lie' if len(outside) > 1 else 'lies'} outside of the prior predictive, so that "
            "this posterior does not travel; widen the prior, or mend the target."
        )
    study.frames["posterior"].to_parquet(place / DRAWS, index=False, compression="zstd")
    write_json(place / TOLD, told)
    return [place / DRAWS, place / TOLD]
