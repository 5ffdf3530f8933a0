"""``python -m benchmarks.decks [DECK ...]``: try what teams can answer in each ready deck, and keep what it came to.

Each row plays one move at one decision and is silent at the others; silence, the best policy known and listening first
stand beside. All rows meet the same people and the same luck. Written to ``docs/decks/tried.json``, which the plans in
``docs/decks`` show (``python -m sim.warroom.train.plan docs``). Sizes of the moves' effects are the model's priors.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from sim.aftermath.state import left_behind, lived, standing_of
from sim.config.root import Configuration, changed
from sim.engine.world import World, build_world
from sim.outcome.aggregate import mean_interval
from sim.outcome.measures import measure
from sim.study.compare.cost import hours_of_moves
from sim.warroom.train.deck import Deck, configuration_of, deck_names, read_deck

TRIED = Path(__file__).resolve().parents[1] / "docs" / "decks" / "tried.json"
REPLICATES = 30
WEEKS = 1.0


def answers(deck: Deck) -> dict[str, Configuration]:
    """Return the campaigns to try, by what is played in each; silence first."""
    silent = configuration_of(deck)
    found = {"silent": silent}
    for decision in deck.decisions:
        for move in decision.moves:
            if move != "silent":
                rule = {"move": move, "at_minute": decision.minute}
                found[f"{decision.id}:{move}"] = changed(silent, {"policy": {"name": move, "rules": [rule]}})
    if deck.best_known is not None:
        found["best_known"] = configuration_of(deck, deck.best_known.words)
    found["listen_first"] = configuration_of(deck, [f"agency.listening_months={deck.listening_months:g}"])
    return found


def one_run(world: World, replicate: int) -> dict[str, Any]:
    """Return what one run came to, and what it left of support and grievance among the sender's followers."""
    record = lived(world, replicate=replicate, seen=True)
    before = standing_of(world, replicate).world.population
    after = left_behind(standing_of(world, replicate), record).later(WEEKS)
    followers = before.follows_sender
    found = measure(record)
    rules = zip(record.fired, world.config.policy.rules, strict=True)
    fired = [(minute, rule.move) for minute, rule in rules if minute >= 0]
    put_out = float(found["replies"] or 0), float(found["boosts"] or 0)
    return {
        **{name: found[name] for name in
           ("verdict", "messages", "hijack_share", "takeover_minutes", "trending_minute", "followers_lost", "replies")},
        "trust": float(np.mean(after.support[followers]) - np.mean(before.support[followers])),
        "grievance": float(np.mean(after.grievance[followers]) - np.mean(before.grievance[followers])),
        "hours": hours_of_moves(world.config.agency, fired, *put_out),
    }  # fmt: skip


def summed(runs: Sequence[Mapping[str, Any]], silent: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return a row: odds, medians with the middle eight of ten runs, and means; differences are paired by luck."""
    row: dict[str, Any] = {"odds": {word: count / len(runs) for word, count in
                                    sorted(Counter(run["verdict"] for run in runs).items())}}  # fmt: skip
    for name in ("messages", "hijack_share", "trending_minute", "takeover_minutes"):
        known = [run[name] for run in runs if run[name] is not None]
        row[name] = [round(float(at), 4) for at in np.quantile(known, [0.1, 0.5, 0.9])] if known else None
    row["trends"] = sum(run["trending_minute"] is not None for run in runs) / len(runs)
    for name in ("trust", "grievance", "followers_lost", "replies", "hours"):
        row[name] = round(float(np.mean([run[name] for run in runs])), 6)
    for name in ("trust", "grievance"):
        apart = mean_interval(run[name] - still[name] for run, still in zip(runs, silent, strict=True))
        row[f"{name}_against_silence"] = [round(float(apart[end] or 0.0), 6) for end in ("lo", "mean", "hi")]
    return row


def typical(runs: Sequence[Mapping[str, Any]]) -> int:
    """Return the replicate that lies most in the middle: it ends and trends as most do, with a middle volume."""
    usual = Counter((run["verdict"], run["trending_minute"] is not None) for run in runs).most_common(1)[0][0]
    alike = [at for at, run in enumerate(runs) if (run["verdict"], run["trending_minute"] is not None) == usual]
    distance = dict.fromkeys(alike, 0.0)
    for name in ("messages", "hijack_share", "trending_minute"):
        values = [float(runs[at][name] or 0.0) for at in alike]
        for at, value in zip(alike, values, strict=True):
            distance[at] += abs(sum(v < value for v in values) - sum(v > value for v in values))
    return min(alike, key=lambda at: (distance[at], at))


def tried(deck: Deck, replicates: int = REPLICATES) -> dict[str, Any]:
    """Return what every answer of a deck came to."""
    rows: dict[str, Any] = {}
    silent: list[dict[str, Any]] = []
    base = build_world(configuration_of(deck))
    for name, configuration in answers(deck).items():
        world = build_world(configuration) if name == "listen_first" else base.with_config(configuration)
        with ThreadPoolExecutor(2) as pool:  # kernels run beside each other; the order stays that of the replicates
            runs = list(pool.map(partial(one_run, world), range(replicates)))
        silent = silent or runs
        rows[name] = summed(runs, silent)
        print(f"{deck.id} {name}: {rows[name]['odds']} {rows[name]['messages']}", flush=True)
    return {"replicates": replicates, "typical": typical(silent), "lived": silent[deck.replicate], "answers": rows}


def lived_again(deck: Deck) -> dict[str, Any]:
    """Return the run of the deck's own luck under silence."""
    return one_run(build_world(configuration_of(deck)), deck.replicate)


def main(words: Sequence[str]) -> int:
    """Try the decks named, all if none is; with ``--lived`` only their own luck, if that alone has changed."""
    decks = [read_deck(name) for name in [word for word in words if word != "--lived"] or deck_names()]
    found = json.loads(TRIED.read_text(encoding="utf-8")) if TRIED.is_file() else {}
    TRIED.parent.mkdir(parents=True, exist_ok=True)
    for deck in decks:
        found[deck.id] = found[deck.id] | {"lived": lived_again(deck)} if "--lived" in words else tried(deck)
        TRIED.write_text(json.dumps(dict(sorted(found.items())), indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
