"""A made-up reference table for intake: verdicts by a known rule of what inputs and coefficients alone say."""

from __future__ import annotations

import numpy as np

from sim.config.root import Configuration
from sim.outcome.verdict import VERDICTS
from sim.study.intake.draws import Universal, response_to_the_post
from sim.study.intake.odds import Campaigns
from sim.study.run.inputs import uncertain_inputs

WIDE = {
    "people.grievance_mean": (0.03, 0.55), "people.community_share": (0.0, 0.4),
    "people.community_grievance_shift": (0.0, 2.0), "people.support_mean": (0.1, 0.8),
    "people.copula_correlation": (-0.7, -0.3), "people.follow_share": (0.01, 0.6),
    "people.activist_share": (0.0005, 0.005), "post.appeal": (0.05, 0.95), "post.room": (0.0, 1.0),
    "post.openness": (0.0, 1.0), "post.salience": (0.0, 1.0), "post.arousal": (0.0, 1.0), "post.media": (0.0, 1.0),
    "post.hour": (0.0, 23.999),
}  # fmt: skip


def made_up_universal(size: int = 500, seed: int = 3) -> Universal:
    """Return draws of the coefficients within their spans."""
    generator = np.random.default_rng(seed)
    spans = {
        each.name: (each.low, each.high) for each in uncertain_inputs(Configuration()) if each.name[:9] == "reaction."
    }
    columns = {name: generator.uniform(low, high, size) for name, (low, high) in spans.items()}
    return Universal(columns, np.full(size, 1.0 / size))


def chances(columns: dict[str, np.ndarray], base: Configuration, size: int) -> np.ndarray:
    """Return the made-up odds of each verdict: float64[size, 4]."""
    first, answers = response_to_the_post(columns, base, size)
    tilt = -0.8 + np.log(first[:, 2] / first[:, :2].sum(1)) + 0.5 * np.log(answers[:, 3] / answers[:, 0])
    loud = np.log(answers.sum(1)) + 0.5 * np.log(columns["people.follow_share"])
    weights = np.exp(
        np.stack([1.2 * tilt, -1.2 * tilt, np.full(size, -0.5), -2.0 * (loud + 4.5)], axis=1).clip(-20, 20)
    )
    return weights / weights.sum(1, keepdims=True)


def made_up_campaigns(rows: int = 4000, seed: int = 5) -> Campaigns:
    """Return generic campaigns with verdicts drawn by the made-up odds."""
    generator = np.random.default_rng(seed)
    columns = {name: generator.uniform(low, high, rows) for name, (low, high) in WIDE.items()}
    universal = made_up_universal(rows, seed + 1)
    columns |= universal.columns
    odds = chances(columns, Configuration(), rows)
    luck = generator.random(rows)
    verdict = np.minimum((luck[:, None] > np.cumsum(odds, axis=1)).sum(1), len(VERDICTS) - 1)
    calmer = np.where((verdict == 0) & (generator.random(rows) < 0.4), 2, verdict)
    return Campaigns(columns, verdict, calmer, 100_000)
