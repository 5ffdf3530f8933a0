"""Whether intake recovers audiences from past posts: histories of known truth, and how often intervals hold it.

``python -m benchmarks.intake_coverage [prior|posterior]`` makes the long form: 300 histories by the likelihood's own
scatter, and 60 by the engine itself. The engine's posts differ from each other more than the likelihood has it: each
has its own appeal, salience, arousal and picture within the ordinary ranges, and people who have seen one answer each
other too. It runs 100,000 rows a post for a day, and counts what followers pass on of the post and reply to it.

``python -m benchmarks.intake_coverage odds [TABLE]`` tells how often first odds come true in held-out rows of the
reference table.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from sim.config.root import Configuration, changed
from sim.outcome.verdict import VERDICTS, odds_interval
from sim.reaction.actions import ASK
from sim.study.intake.answers import read_answers
from sim.study.intake.draws import PLACES, Columns, Universal, drawn, past_asks, rates_of, unasked
from sim.study.intake.history import History
from sim.study.intake.learned import learned
from sim.study.intake.likelihood import Kind, log_likelihood, simulated, weights_of
from sim.study.intake.odds import Campaigns, estimate
from sim.study.intake.reading import configuration_of
from sim.study.intake.reference import shipped, shipped_campaigns
from sim.study.run.inputs import uncertain_inputs

ASKS = ("statement", "statement", "statement", "photo_call", "open_question")
ENDS = (0.05, 0.95)
_ROWS, _HOURS = 100_000, 24


def unknown_audience(universal: Universal, draws: int, seed: int) -> tuple[Configuration, Columns]:
    """Return draws of an audience of which nothing is answered."""
    answers = read_answers({})
    base = configuration_of(answers)
    return base, drawn({**answers.ranges, **unasked(base, answers.ranges)}, universal, draws, seed)


def blank_history(posts: int) -> History:
    """Return as many posts that nobody has seen yet."""
    kinds: list[Kind] = [(ask, "", "") for ask in (ASKS * posts)[:posts]]
    none = np.zeros(posts, np.int64)
    asks, closeness, openness = zip(*kinds, strict=True)
    return History(asks, closeness, openness, np.full(posts, 12.0), none, none, none, none)


def by_the_likelihood(blank: History, rates: np.ndarray, generator: np.random.Generator) -> History:
    """Return a history with the scatter that is assumed; rates are those of the truth, by kind."""
    own = {kind: rates[place] for place, kind in enumerate(blank.kinds)}
    impressions = np.round(np.exp(generator.normal(8.5, 0.8, blank.posts))).astype(np.int64)
    return simulated([(ask, "", "") for ask in blank.ask], impressions, own, generator)


def by_the_engine(blank: History, columns: Columns, base: Configuration, truth: int) -> History:
    """Return a history as followers make it who read, pass on and answer post by post."""
    from sim.engine.record import Kind as Put
    from sim.engine.run import run_campaign
    from sim.engine.world import build_world

    generator = np.random.default_rng([truth, 23])
    own = {name: float(each[truth]) for name, each in columns.items() if not name.startswith(("history.", "post."))}
    audience = {"people.n_followers": _ROWS, "people.represents": 1.0, "horizon_hours": _HOURS, "seed": 1000 + truth}
    first = changed(base, {**own, **audience, "feed.trending.on": False, "newsroom.newsrooms": 0})
    world = build_world(first)
    counts = []
    for number, ask in enumerate(blank.ask):
        places = {name: generator.random(1) for name in PLACES}
        post = past_asks(((ask, "", ""),), places)[0, 0]
        config = changed(first, {f"post.{name}": float(value) for name, value in zip(ASK, post, strict=True)})
        record = run_campaign(world.with_config(config), replicate=number, record="log")
        messages, sights = record.messages, record.sights
        assert sights is not None
        (call,) = np.flatnonzero(messages.kind == Put.POST)
        to_the_post = (messages.parent == call) & (messages.author >= 0)
        replies = to_the_post & (messages.kind == Put.ORIGINAL)
        seen = int(np.unique(sights.follower[(sights.message == call) & (sights.frame == 0)]).size)
        shares, answered, critical = (
            int(which.sum())
            for which in (to_the_post & (messages.kind == Put.SHARE), replies, replies & (messages.frame == 1))
        )
        counts.append((max(seen, shares + answered, 1), shares, answered, critical))
    table = np.array(counts, np.int64)
    return History(blank.ask, blank.closeness, blank.openness, blank.hour, *table.T)


def coverage(
    universal: Universal, *, histories: int, posts: int, draws: int, seed: int, engine: bool = False
) -> dict[str, Any]:
    """Return how often the 90 % intervals of people's inputs hold the truth, over histories of known truth.

    Truths are draws of the prior that are then taken out of it.

    Returns
    -------
    dict
        ``inside`` and mean ``rank`` and ``contraction`` by input; mean ``effective_draws``; ``histories``.
    """
    base, columns = unknown_audience(universal, draws + histories, seed)
    generator = np.random.default_rng([seed, 17])
    blank = blank_history(posts)
    rates = rates_of(blank, columns, base)
    names = [name for name in columns if name.startswith("people.")]
    rest = {name: columns[name][histories:] for name in names}
    parts = ("inside", "rank", "contraction")
    told: dict[str, dict[str, list[float]]] = {part: {name: [] for name in names} for part in parts}
    sizes = []
    for truth in range(histories):
        if engine:
            history = by_the_engine(blank, columns, base, truth)
        else:
            history = by_the_likelihood(blank, rates[truth], generator)
        weights, _ = weights_of(log_likelihood(history, rates[histories:]))
        sizes.append(1.0 / float(weights @ weights))
        for each in learned(rest, weights, names):
            rank = float(weights @ (rest[each.name] < columns[each.name][truth]))
            told["inside"][each.name].append(float(ENDS[0] <= rank <= ENDS[1]))
            told["rank"][each.name].append(rank)
            told["contraction"][each.name].append(each.contraction)
    means = {part: {name: float(np.mean(values)) for name, values in by.items()} for part, by in told.items()}
    return {**means, "effective_draws": float(np.mean(sizes)), "histories": histories}


def prior_universal(draws: int = 2000) -> Universal:
    """Return coefficients drawn over their spans in the parameter table."""
    generator = np.random.default_rng(5)
    spans = [each for each in uncertain_inputs(Configuration()) if each.name.startswith("reaction.")]
    return Universal({each.name: generator.uniform(each.low, each.high, draws) for each in spans},
                     np.full(draws, 1.0 / draws))  # fmt: skip


def held_out(campaigns: Campaigns, folds: int = 5) -> None:
    """Print how often what first odds say comes true in rows of the reference table that they have not seen."""
    part = np.arange(len(campaigns.verdict)) % folds
    said = np.empty((len(part), len(VERDICTS)))
    for fold in range(folds):
        kept, out = part != fold, part == fold
        rest = replace(
            campaigns, columns={name: each[kept] for name, each in campaigns.columns.items()},
            verdict=campaigns.verdict[kept], answered=campaigns.answered[kept],
        )  # fmt: skip
        columns = {name: each[out] for name, each in campaigns.columns.items()}
        said[out] = estimate(rest, columns, np.full(out.sum(), 1.0 / out.sum()), Configuration()).by_draw
    print(f"{len(part):,} rows, {folds} folds; odds said and seen in five classes, and how many rows")
    for place, verdict in enumerate(VERDICTS):
        odds, seen = said[:, place], campaigns.verdict == place
        brier, base = float(((odds - seen) ** 2).mean()), float(seen.mean() * (1.0 - seen.mean()))
        classes = []
        for low in np.arange(0.0, 1.0, 0.2):
            here = (odds >= low) & (odds < low + 0.2 + (low > 0.7))
            if here.any():
                classes.append(f"{odds[here].mean():.2f}/{seen[here].mean():.2f} ({here.sum()})")
        print(f"{verdict:<16}Brier {brier:.3f}, base rate {base:.3f}   {'  '.join(classes)}")


def main() -> None:
    """Print what the command asks for."""
    if sys.argv[1:2] == ["odds"]:
        held_out(shipped_campaigns(Path(sys.argv[2]) if sys.argv[2:] else None))
        return
    if sys.argv[1:] == ["posterior"]:
        universal = shipped()[0]
    else:
        universal = prior_universal()
    for engine, histories in ((False, 300), (True, 60)):
        found = coverage(universal, histories=histories, posts=24, draws=8192, seed=1, engine=engine)
        who = "the engine" if engine else "the likelihood"
        print(
            f"{histories} histories of 24 posts by {who}; {found['effective_draws']:.0f} of 8,192 draws left on average"
        )
        print(f"{'input':<36}{'inside 90 %':>12}{'95 % interval':>16}{'mean rank':>11}{'contraction':>13}")
        for name, inside in found["inside"].items():
            low, high = odds_interval(round(inside * histories), histories)
            print(f"{name:<36}{inside:>12.3f}{f'{low:.3f} to {high:.3f}':>16}"
                  f"{found['rank'][name]:>11.2f}{found['contraction'][name]:>13.2f}", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
