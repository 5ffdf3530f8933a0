"""When things happened over replicates: takeover, trending, the first story, the agency's moves.

A mark is its share of replicates, and the median and the 10 % and 90 % quantiles of its minute over those.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.config.agency import PolicyConfig

if TYPE_CHECKING:
    import pandas as pd

_OUTCOMES = (("takeover", "takeover_minutes"), ("tag trends", "trending_minute"), ("first news story", "news_minute"))
_MOVES = {
    "silent": "stays silent", "clarify": "clarifies", "acknowledge": "acknowledges", "engage": "answers critics",
    "amplify": "amplifies supporters", "change_ask": "changes the ask", "post_else": "posts something else",
    "withdraw": "withdraws", "defend": "defends",
}  # fmt: skip


def mark(title: str, minutes: pd.Series) -> dict[str, Any]:
    """Return one mark: ``title, share, minute, lo, hi``; minutes are None if it never happened."""
    column = minutes.to_numpy(dtype=np.float64)
    happened = column[~np.isnan(column)]
    found: dict[str, Any] = {"title": title, "share": happened.size / max(1, column.size)}
    for name, level in (("minute", 0.5), ("lo", 0.1), ("hi", 0.9)):
        found[name] = float(np.quantile(happened, level)) if happened.size else None
    return found


def marks(runs: pd.DataFrame, policy: PolicyConfig) -> list[dict[str, Any]]:
    """Return the marks of a study: takeover, trending, news, then one a rule of the policy."""
    found = [mark(title, runs[column]) for title, column in _OUTCOMES]
    found += [mark(_MOVES[rule.move], runs[f"fired_{number}"]) for number, rule in enumerate(policy.rules)]
    return found
