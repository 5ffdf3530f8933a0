"""What a reference table holds before anything is fitted to it, in numbers and in a sentence: the prior predictive."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.outcome.verdict import VERDICTS
from sim.study.calibration.prior import column_of

if TYPE_CHECKING:
    import pandas as pd

QUANTITIES = (
    "messages", "participants", "hijack_share", "retweet_share", "takeover_minutes", "trending_minute",
    "half_life_hours", "acts_once", "share_delay_median", "tree_depth", "tree_virality", "tree_on_root",
    "shares_per_impression",
)  # fmt: skip
"""Outcomes whose quantiles are told of each campaign."""
LEVELS = {"lo": 0.05, "mid": 0.5, "hi": 0.95}


def predictive(table: pd.DataFrame, campaigns: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return what draws of the prior foretell of each campaign.

    Returns
    -------
    dict of campaign to dict
        ``verdict`` (shares of the draws), ``failed`` (draws without a result), and for each of
        :data:`QUANTITIES` the 5 %, 50 % and 95 % points (``lo``, ``mid``, ``hi``) over the draws in which it is
        defined, and the share ``defined``.
    """
    found: dict[str, dict[str, Any]] = {}
    for campaign in campaigns:
        verdicts = table[column_of(campaign, "verdict")]
        whole = verdicts.notna()
        told: dict[str, Any] = {
            "verdict": {name: float((verdicts[whole] == name).mean()) if whole.any() else None for name in VERDICTS},
            "failed": int((~whole).sum()),
        }
        for name in QUANTITIES:
            if column_of(campaign, name) in table:
                told[name] = _spread(table.loc[whole, column_of(campaign, name)].to_numpy(np.float64))
        found[campaign] = told
    return found


def _spread(values: np.ndarray) -> dict[str, float | None]:
    """Return three points of the distribution of a quantity, and how often it is defined at all."""
    known = values[np.isfinite(values)]
    points = {name: float(np.quantile(known, level)) if known.size else None for name, level in LEVELS.items()}
    return points | {"defined": known.size / values.size if values.size else None}


def finding(draws: int, universal: int, told: Mapping[str, Mapping[str, Any]]) -> str:
    """Say what the table holds, in a sentence."""
    odds = {name: each["verdict"]["hijacked"] for name, each in told.items() if each["verdict"]["hijacked"] is not None}
    begin = f"{draws:,} draws of {universal} universal parameters, {len(told)} campaigns under each"
    if not odds:
        return f"{begin}; every run failed."
    most, least = max(odds, key=lambda name: odds[name]), min(odds, key=lambda name: odds[name])
    return (
        f"{begin}; before anything is fitted, {most} is hijacked in {100 * odds[most]:.0f} % of the draws and "
        f"{least} in {100 * odds[least]:.0f} %."
    )
