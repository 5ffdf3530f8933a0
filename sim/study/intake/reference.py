"""What ships with the package and is conditioned on: joint draws of the coefficients, and generic campaigns.

Column names are those of the reference table (``sim.study.calibration``): universal parameters by their dotted names,
inputs and outcomes of the generic campaign behind its name.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.errors import StudyError
from sim.outcome.verdict import VERDICTS
from sim.study.calibration.campaigns import ANSWERED, GENERIC
from sim.study.intake.draws import Numbers, Universal
from sim.study.intake.odds import Campaigns

if TYPE_CHECKING:
    import pandas as pd

_INPUTS = ("people.", "post.")


def campaigns_of(table: pd.DataFrame, universal: Sequence[str], followers: int) -> Campaigns:
    """Return the generic campaigns of a reference table; rows whose run failed are left out.

    Parameters
    ----------
    universal : sequence of str
        Names of the universal parameters.
    followers : int
        Rows of the generic campaign's audience.
    """
    places = {name: place for place, name in enumerate(VERDICTS)}
    ended = table[f"{GENERIC}.verdict"].map(places)
    answered = table[f"{ANSWERED}.verdict"].map(places)
    whole = ended.notna() & answered.notna()
    inputs = {
        name.removeprefix(f"{GENERIC}."): name
        for name in table
        if name.startswith(tuple(f"{GENERIC}.{part}" for part in _INPUTS))
    }
    columns = {
        name: table.loc[whole, column].to_numpy(np.float64)
        for name, column in {**inputs, **{name: name for name in universal}}.items()
    }
    return Campaigns(columns, ended[whole].to_numpy(np.int64), answered[whole].to_numpy(np.int64), followers)


def universal_of(names: Sequence[str], values: Numbers) -> Universal:
    """Return joint draws of the universal parameters, all of the same weight.

    Parameters
    ----------
    values : float64[draws, parameters]
    """
    return Universal(dict(zip(names, values.T, strict=True)), np.full(len(values), 1.0 / len(values)))


def shipped() -> tuple[Universal, Campaigns]:
    """Return the coefficients and the generic campaigns that travel with this version.

    Raises
    ------
    StudyError
        There are none, or another version of the model made them.
    """
    from sim.study.calibration import posterior

    campaigns = shipped_campaigns()
    if not posterior.is_shipped():
        raise StudyError(
            "intake draws coefficients from the posterior that calibration leaves, and none of this version of the "
            "model ships; make one with backfire calibrate, which takes hours."
        )
    joint = posterior.shipped()
    return universal_of(joint.names, joint.values), campaigns


def shipped_campaigns(path: Path | None = None) -> Campaigns:
    """Return the generic campaigns of the reference table that travels, or of another file of its kind.

    Raises
    ------
    StudyError
        There is none, or another version of the model made it.
    """
    from sim.study.calibration.prior import column_of
    from sim.study.calibration.shipped import shipped_table

    ends = [column_of(name, "verdict") for name in (GENERIC, ANSWERED)]
    told = shipped_table(ends, path)  # what was drawn is told beside them
    names = [each.name for each in told.universal]
    inputs = [column_of(GENERIC, each.name) for each in told.inputs(GENERIC)]
    table = shipped_table([*ends, *names, *inputs], path)
    return campaigns_of(table.rows, names, int(table.facts["campaigns"][GENERIC]["rows"]))
