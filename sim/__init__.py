"""Backfire: an agent-based simulator of campaign outcomes.

The public names are loaded on first use, so that ``import sim`` stays cheap.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.catalogue.registry import load_case as load_case
    from sim.model import CampaignModel as CampaignModel
    from sim.network.graph import FollowerGraph as FollowerGraph
    from sim.study.compare.study import compare as compare
    from sim.study.run.simulate import simulate as simulate

__version__ = "0.1.0"

_HOMES = {
    "CampaignModel": "sim.model",
    "FollowerGraph": "sim.network.graph",
    "compare": "sim.study.compare.study",
    "load_case": "sim.catalogue.registry",
    "simulate": "sim.study.run.simulate",
}
__all__ = ["CampaignModel", "FollowerGraph", "compare", "load_case", "simulate"]


def __getattr__(name: str) -> object:
    """Load a public name from its home module."""
    if name not in _HOMES:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
