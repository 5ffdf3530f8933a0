"""Which columns of a study's tables tell no unit."""

from __future__ import annotations

from sim.study.store.loading import Loaded


def unitless(study: Loaded) -> list[str]:
    """Return ``table.column`` of each column without a unit."""
    return [
        f"{name}.{column}"
        for name, frame in study.frames.items()
        for column in frame.columns
        if column not in frame.attrs["units"]
    ]
