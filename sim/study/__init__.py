"""Many runs: studies, what they leave in folders, and how these are read again."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.study.store.loading import load as load

__all__ = ["load"]


def __getattr__(name: str) -> object:
    """Load the public name from its home when it is used, so that importing a part of this package stays cheap."""
    if name != "load":
        raise AttributeError(f"module 'sim.study' has no attribute {name!r}")
    from sim.study.store.loading import load

    return load
