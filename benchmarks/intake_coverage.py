"""Whether intake recovers audiences from past posts: histories of known truth, and how often intervals hold it.

``python -m benchmarks.intake_coverage`` makes the long form: 1,000 histories by the likelihood's own scatter, and 60 by
the engine itself, whose posts are read by followers one by one, answered, and answered again.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.config.root import Configuration
from sim.study.intake.answers import read_answers
from sim.study.intake.draws import Columns, Universal, drawn, rates_of, unasked
from sim.study.intake.history import History
from sim.study.intake.learned import learned
from sim.study.intake.likelihood import Kind, log_likelihood, simulated, weights_of
from sim.study.intake.reading import configuration_of

ASKS = ("statement", "statement", "statement", "photo_call", "open_question")
ENDS = (0.05, 0.95)


def unknown_audience(universal: Universal, draws: int, seed: int) -> tuple[Configuration, Columns]:
    """Return draws of an audience of which nothing is answered."""
    answers = read_answers({})
    base = configuration_of(answers)
    return base, drawn({**answers.ranges, **unasked(base, answers.ranges)}, universal, draws, seed)


def coverage(universal: Universal, *, histories: int, posts: int, draws: int, seed: int) -> dict[str, Any]:
    """Return how often the 90 % intervals of people's inputs hold the truth, over histories of known truth.

    Truths are draws of the prior that are then taken out of it.

    Returns
    -------
    dict
        ``inside`` and mean ``rank`` and ``contraction`` by input; mean ``effective_draws``; ``histories``.
    """
    base, columns = unknown_audience(universal, draws + histories, seed)
    generator = np.random.default_rng([seed, 17])
    kinds: list[Kind] = [(ask, "", "") for ask in (ASKS * posts)[:posts]]
    impressions = np.round(np.exp(generator.normal(8.5, 0.8, (histories, posts)))).astype(np.int64)
    none = np.zeros(posts, np.int64)
    blank = History(*zip(*kinds, strict=True), np.full(posts, 12.0), none, none, none, none)  # type: ignore[arg-type]
    rates = rates_of(blank, columns, base)
    names = [name for name in columns if name.startswith("people.")]
    rest = {name: columns[name][histories:] for name in names}
    told: dict[str, dict[str, list[float]]] = {
        part: {name: [] for name in names} for part in ("inside", "rank", "contraction")
    }
    sizes = []
    for truth in range(histories):
        own = {kind: rates[truth, place] for place, kind in enumerate(blank.kinds)}
        history = simulated(kinds, impressions[truth], own, generator)
        weights = weights_of(log_likelihood(history, rates[histories:]))
        sizes.append(1.0 / float(weights @ weights))
        for each in learned(rest, weights, names):
            value = columns[each.name][truth]
            rank = float(weights @ (rest[each.name] < value))
            told["inside"][each.name].append(float(ENDS[0] <= rank <= ENDS[1]))
            told["rank"][each.name].append(rank)
            told["contraction"][each.name].append(each.contraction)
    means = {part: {name: float(np.mean(values)) for name, values in by.items()} for part, by in told.items()}
    return {**means, "effective_draws": float(np.mean(sizes)), "histories": histories}
