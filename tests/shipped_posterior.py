"""A posterior in a folder of a test's own, in the place of the one that ships."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from sim.study.calibration import posterior
from sim.study.calibration.version import MODEL_VERSION

NAMES = ("reaction.b_share", "reaction.b_write", "feed.attention")
DRAWS = 64


def values(method: str) -> np.ndarray:
    """Return the joint draws of a method: share and write move against each other."""
    rng = np.random.default_rng(len(method))
    one = rng.normal(0.0, 0.1, DRAWS)
    return np.stack([-7.7 + one, -7.6 - one, rng.uniform(0.3, 0.4, DRAWS)], axis=1)


def ship(
    place: Path,
    monkeypatch: pytest.MonkeyPatch,
    model: str = MODEL_VERSION,
    default: str = "regression",
    lift: float = 0.0,
) -> posterior.Joint | None:
    """Have a posterior ship from a folder; returns it, None if it is of another version.

    ``lift`` is added to the readiness to share and to write, so that a few people talk.
    """
    place.mkdir(exist_ok=True)
    draws = {method: values(method) + np.array([lift, lift, 0.0]) for method in ("rejection", "regression")}
    posterior.draws_frame(draws, NAMES).to_parquet(place / posterior.DRAWS, index=False)
    (place / posterior.TOLD).write_text(json.dumps({"model": model, "default": default}))
    monkeypatch.setattr(posterior, "home", lambda: place)
    return posterior.shipped() if model == MODEL_VERSION else None


def none_ships(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have no posterior ship."""
    monkeypatch.setattr(posterior, "home", lambda: place / "nowhere")
