"""A made-up reference table of campaigns whose law is known: who leads and how far it goes follow from two inputs."""

from __future__ import annotations

import numpy as np

from sim.study.nowcast.campaigns import Campaigns, Ends

MINUTES = np.array([15, 30, 45, 60, 90, 120, 180, 240, 360, 480, 600, 720, 960, 1290, 1440, 2040, 2880, 4320.0])
AUDIENCE = 100_000


def toy_campaigns(rows: int, seed: int = 5) -> Campaigns:
    """Return campaigns that lean by ``post.openness`` and ``reaction.b_outrage``, and grow by ``post.appeal``."""
    draw = np.random.default_rng(seed)
    inputs = {name: draw.random(rows) for name in ("post.openness", "post.appeal", "post.room")}
    inputs["post.hour"] = 24 * draw.random(rows)
    coefficients = {"reaction.b_outrage": draw.uniform(2.5, 3.5, rows)}
    lean = 6 * (inputs["post.openness"] - 0.5) + 2 * (coefficients["reaction.b_outrage"] - 3) + draw.normal(0, 1, rows)
    size = np.exp(3 + 5 * inputs["post.appeal"] + draw.normal(0, 0.8, rows))
    pace = np.exp(draw.normal(5.0, 0.8, rows))  # minutes in which 63 % are out
    out = 1 - np.exp(-MINUTES[None, :] / pace[:, None])
    steps = draw.poisson(size[:, None] * np.diff(out, axis=1, prepend=0.0))
    share = 1 / (1 + np.exp(-lean))
    drifting = np.clip(share[:, None] * np.linspace(0.6, 1.1, MINUTES.shape[0]), 0, 0.99)  # critics come late
    counter = np.cumsum(draw.binomial(steps, drifting), axis=1).astype(float)
    total = np.cumsum(steps, axis=1).astype(float)
    answer = np.exp(draw.uniform(np.log(15), np.log(1440), rows))
    helped = np.clip(1 - 0.6 * np.exp(-answer / 120), 0, 1)
    ends = [_ends(counter[:, -1] * times, total[:, -1], draw) for times in (np.ones(rows), helped)]
    return Campaigns(AUDIENCE, inputs, coefficients, MINUTES, total - counter, counter, ends[0], ends[1], answer)


def _ends(counter: np.ndarray, total: np.ndarray, draw: np.random.Generator) -> Ends:
    share = np.where(total > 0, counter / np.maximum(total, 1), np.nan)
    takeover = np.where(share > 0.55, draw.uniform(20, 600, total.shape[0]), np.nan)
    return Ends(share, total * 0.8, takeover)
