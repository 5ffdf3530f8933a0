"""The shipped reference table as a nowcast reads it: its generic campaigns, the posterior, and the hashes of both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import StudyError
from sim.study.calibration import posterior as calibrated_posterior
from sim.study.calibration import shipped as calibrated
from sim.study.calibration.campaigns import ANSWERED, AT_MINUTE, GENERIC
from sim.study.nowcast.campaigns import Campaigns, Ends, Floats
from sim.study.store.provenance import file_hash

if TYPE_CHECKING:
    from sim.study.calibration.shipped import Table

POSTERIOR, PRIOR = "posterior", "prior"
"""Coefficients as the fitted cases leave them, or as before any fit."""
_COUNTED = "campaign_by_"
_NEVER = "messages"
"""A run that failed has no such number."""


@dataclass(frozen=True)
class Shipped:
    """A reference table with its posterior.

    Attributes
    ----------
    campaigns : Campaigns
    posterior : dict of coefficient to float[draws], or None
        Joint draws; None where they are asked for as before any fit.
    identity : dict of str to str
        What fixes both: sha256 of the files.
    """

    campaigns: Campaigns
    posterior: dict[str, Floats] | None
    identity: dict[str, str]


def shipped(uncertainty: str, expected: Mapping[str, str] | None = None) -> Shipped:
    """Return the shipped table.

    Parameters
    ----------
    uncertainty : {"posterior", "prior"}
    expected : mapping, optional
        The identity that it must have.

    Raises
    ------
    StudyError
        There is none, it is of another version of the model, or not the one expected.
    """
    place = calibrated.place_of()
    identity = {"table": file_hash(place) if place.is_file() else ""}
    campaigns, posterior = _campaigns(place, identity["table"]), None
    if uncertainty == POSTERIOR:
        joint = calibrated_posterior.shipped()
        identity["posterior"] = joint.sha256
        posterior = dict(zip(joint.names, joint.values.T, strict=True))
    if expected is not None and dict(expected) != identity:
        raise StudyError(
            "The reference table or its posterior is another one than this nowcast was made with; take the version of "
            "Backfire that it came with, or make the nowcast anew."
        )
    return Shipped(campaigns, posterior, identity)


@lru_cache(maxsize=1)
def _campaigns(path: Path, sha256: str) -> Campaigns:
    """Return the generic campaigns of the table in a file of this content."""
    return campaigns_of(calibrated.shipped_table(path=path, campaigns=(GENERIC, ANSWERED)))


def campaigns_of(table: Table) -> Campaigns:
    """Return the generic campaigns of a reference table; rows in which one of them failed are left out."""
    begin = f"{GENERIC}.{_COUNTED}"
    minutes = sorted(int(name.removeprefix(begin)) for name in table.rows if str(name).startswith(begin))
    columns: dict[str, Any] = {
        frame: np.column_stack([table.column(GENERIC, f"{frame}_by_{minute}") for minute in minutes])
        for frame in ("campaign", "counter")
    }
    found = Campaigns(
        audience=int(table.facts["campaigns"][GENERIC]["rows"]),
        inputs={each.name: table.column(GENERIC, each.name) for each in table.inputs(GENERIC)},
        coefficients={each.name: column for each, column in zip(table.universal, table.parameters().T, strict=True)},
        minutes=np.array(minutes, np.float64),
        silent=_ends(table, GENERIC),
        answered=_ends(table, ANSWERED),
        answer_minute=table.column(ANSWERED, AT_MINUTE),
        **columns,
    )
    whole = ~np.isnan(table.column(GENERIC, _NEVER)) & ~np.isnan(table.column(ANSWERED, _NEVER))
    return found if whole.all() else found.taken(whole)


def _ends(table: Table, campaign: str) -> Ends:
    """Return how a campaign ended in each row."""
    return Ends(*(table.column(campaign, name) for name in ("hijack_share", "participants", "takeover_minutes")))
