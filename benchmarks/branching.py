"""How far messages breed messages as the next-generation matrix says: theory beside what runs do, on several graphs.

``python -m benchmarks.branching`` prints, for each graph, messages of either frame caused by one message: expected
(``sim.outcome.theory``), measured with 95 % intervals over replicates, and their ratio. Social reinforcement, climate
and fatigue are 0, trending and newsrooms off. On a ring of levels (each row follows rows of the level before its own:
no follow is returned, no triangle exists, and messages come round after all levels) theory is exact but for
saturation; on other graphs the rest is what theory leaves out (``docs/model.md`` 7.3). Real graphs are read from the
folder that BACKFIRE_BRAND_FOLLOWERS names, else from ../shared/data/brand_followers, and left out where there are none.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.catalogue.registry import load_case
from sim.config.root import Configuration, changed
from sim.engine.record import FRAMES, Messages
from sim.engine.run import run_campaign
from sim.engine.world import World, build_world
from sim.network.graph import FollowerGraph
from sim.outcome.theory import reproduction
from sim.rng import Stream, setup_uniform

BRANDS = Path(
    os.environ.get("BACKFIRE_BRAND_FOLLOWERS")
    or Path(__file__).resolve().parents[1].parent / "shared" / "data" / "brand_followers"
)
PLAIN: dict[str, Any] = {
    "reaction.b_climate": 0.0,
    "reaction.b_social": 0.0,
    "reaction.fatigue": 0.0,
    "feed.trending.on": False,
    "newsroom.newsrooms": 0,
    "agency.voices": "central",
    "people.circadian": [1.0] * 24,
    "post.repeats": 1,
    "post.paid_reach": 0.0,
}
"""What the theory leaves out, left out of the runs."""
GROWING = {"horizon_hours": 40.0, "reaction__b_share": -3.4, "reaction__b_write": -3.2}
"""On the ring of levels: each message causes more than one."""
EARLY = 6 * 60
"""Minutes whose messages count as early ones (``docs/model.md`` 7.1)."""


def ring_of_levels(n: int, levels: int, mean_degree: float, seed: int) -> FollowerGraph:
    """Return a graph in which rows of a level follow rows of the level before, round and round.

    Rows follow between 1 and about twice ``mean_degree`` others; a level's first rows have most followers. With four
    levels or more no follow is returned and no three rows are joined.
    """
    rows = np.arange(n, dtype=np.uint64)
    many = 1 + (setup_uniform(seed, Stream.OUT_DEGREE, rows) * (2.0 * mean_degree - 1.0)).astype(np.int64)
    slots = np.stack([setup_uniform(seed, Stream.LINK, rows, about=slot) for slot in range(int(many.max()))])
    size = n // levels
    level = np.arange(n) % levels
    place = (slots**1.5 * size).astype(np.int64)  # in its level
    followed = place * levels + (level - 1) % levels
    kept = np.arange(slots.shape[0])[:, None] < many
    follower = np.broadcast_to(np.arange(n), kept.shape)
    return FollowerGraph.from_edges(follower[kept], followed[kept], n)


def generations(messages: Messages) -> npt.NDArray[np.int64]:
    """Return how many messages by people lead to each message from one of the sender's, itself included: int64[k]."""
    generation = np.zeros(messages.minute.size, np.int64)
    rows = np.flatnonzero(messages.by_people)
    while True:
        longer = np.where(messages.parent[rows] >= 0, generation[messages.parent[rows]] + 1, 0)
        if np.array_equal(longer, generation[rows]):
            return generation
        generation[rows] = longer


@dataclass(frozen=True)
class Bred:
    """Causes by frame (float64[runs, 2]) and what they caused by frames of both (float64[runs, 2, 2])."""

    causes: npt.NDArray[np.float64]
    caused: npt.NDArray[np.float64]

    @property
    def by_frame(self) -> npt.NDArray[np.float64]:
        """Messages of frame g caused by one of frame f: float64[2, 2]."""
        return self.caused.sum(axis=0) / np.maximum(self.causes.sum(axis=0), 1.0)[:, None]

    @property
    def error(self) -> npt.NDArray[np.float64]:
        """Standard errors of ``by_frame``, from the spread between runs (a ratio of sums)."""
        left = self.caused - self.causes[:, :, None] * self.by_frame
        runs = self.causes.shape[0]
        whole = np.maximum(self.causes.sum(axis=0), 1.0)[:, None]
        return np.asarray(np.sqrt((left**2).sum(axis=0) * runs / (runs - 1)) / whole)


def bred(world: World, runs: int, *, first: int = 2, last: int = 10**6, before: int = 10**9) -> Bred:
    """Return what messages of generations ``first`` to ``last`` cause, put out before minute ``before``.

    Those whom the post itself reached (generation 1) are another mix than theory's, which is that of later ones.
    """
    causes, caused = np.zeros((runs, 2)), np.zeros((runs, 2, 2))
    for replicate in range(runs):
        messages = run_campaign(world, replicate=replicate).messages
        generation = generations(messages)
        counts = messages.by_people & (generation >= first) & (generation <= last) & (messages.minute < before)
        causes[replicate] = np.bincount(messages.frame[counts], minlength=2)
        effect = messages.by_people & (messages.parent >= 0)
        effect[effect] = counts[messages.parent[effect]]
        pairs = 2 * messages.frame[messages.parent[effect]] + messages.frame[effect]
        caused[replicate] = np.bincount(pairs, minlength=4).reshape(2, 2)
    return Bred(causes, caused)


def show(name: str, world: World, runs: int, **how: int) -> None:
    """Print theory beside measurement for one world."""
    expected = reproduction(world.config, world.population, world.graph)
    found = bred(world, runs, **how)
    value = max(np.linalg.eigvals(found.by_frame).real)
    print(f"\n{name}: {world.n:,} rows, {world.graph.m:,} edges, {int(found.causes.sum()):,} causes in {runs} runs")
    print(f"{'':24s}{'theory':>9s}{'measured':>10s}  {'95 %':>18s}{'ratio':>8s}")
    print(f"{'eigenvalue':24s}{expected.eigenvalue:9.4f}{value:10.4f}  {'':>18s}{value / expected.eigenvalue:8.3f}")
    for f, cause in enumerate(FRAMES):
        for g, effect in enumerate(FRAMES):
            theory, mean, error = expected.by_frame[f, g], found.by_frame[f, g], 1.96 * found.error[f, g]
            span = f"[{max(0.0, mean - error):.4f}, {mean + error:.4f}]"
            print(f"{cause + ' -> ' + effect:24s}{theory:9.4f}{mean:10.4f}  {span:>18s}{mean / theory:8.3f}")


def lively_ring(n: int = 40_000, sender_followers: int = 300, **changes: Any) -> World:
    """Return a world on a ring of levels whose sender has few followers, so that few messages begin."""
    values = {
        **PLAIN, "seed": 3, "horizon_hours": 240.0, "people.n_followers": n, "people.sessions_median": 6.0,
        "people.grievance_mean": 0.35, "people.copula_correlation": -0.3, "feed.half_life_minutes": 400.0,
        "feed.attention": 0.8, "post.appeal": 0.5, "post.salience": 0.5, "post.openness": 0.5,
        "reaction.b_value": 2.0, "reaction.b_outrage": 1.0, "reaction.b_share": -4.2, "reaction.b_write": -4.0,
    }  # fmt: skip
    config = changed(Configuration(), {**values, **{name.replace("__", "."): v for name, v in changes.items()}})
    world = build_world(config, graph=ring_of_levels(n, 5, 12.0, seed=5))
    chosen = np.zeros(n, np.bool_)
    chosen[:: n // sender_followers] = True
    return build_world(config, graph=world.graph, population=replace(world.population, follows_sender=chosen))


def ready_for(eigenvalue: float, world: World, sender_followers: int) -> World:
    """Return a world whose people are as ready to act as theory needs for that eigenvalue; few follow the sender."""
    few = np.zeros(world.n, np.bool_)
    few[:: max(1, world.n // sender_followers)] = True
    population = replace(world.population, follows_sender=few)
    low, high = -10.0, 10.0
    for _ in range(20):
        shift = (low + high) / 2.0
        was = world.config.reaction
        config = changed(world.config, {
            "reaction.b_share": was.b_share + shift, "reaction.b_write": was.b_write + shift, "horizon_hours": 240.0,
        })  # fmt: skip
        found = reproduction(config, population, world.graph).eigenvalue
        low, high = (low, shift) if found > eigenvalue else (shift, high)
    return build_world(config, graph=world.graph, population=population)


def worlds() -> Iterator[tuple[str, World, int, dict[str, int]]]:
    """Give a name, a world, how many runs, and which causes are counted, for each table."""
    yield "ring of levels", lively_ring(), 400, {}
    yield "ring of levels, growing", lively_ring(100_000, 40, **GROWING), 600, {"last": 4, "before": 12 * 60}
    yield "ring of levels, the sender followed by a half", lively_ring(sender_followers=20_000), 20, {}
    case = changed(load_case("my_nypd"), {**PLAIN, "people.n_followers": 100_000})
    loose = {"network.reciprocity": 0.0, "network.closure": 0.0}
    generated = {"my_nypd at 100,000": case, "the same, no follow returned, none closed": changed(case, loose)}
    audiences = {name: build_world(config) for name, config in generated.items()}
    for file in sorted(BRANDS.glob("*.tsv.gz")):
        audiences[f"my_nypd on {file.name}"] = build_world(case, graph=FollowerGraph.read(file))
    if not any(BRANDS.glob("*.tsv.gz")):
        print(f"no real graphs in {BRANDS}: left out")
    for name, world in audiences.items():
        yield f"{name}, early messages of all", world, 400, {"first": 1, "before": EARLY}
        yield f"{name}, people readier", ready_for(0.6, world, world.n // 20), 400, {}


def main() -> None:
    """Print all tables."""
    print(f"load {os.getloadavg()[0]:.1f}")
    for name, world, runs, counted in worlds():
        show(name, world, runs, **counted)


if __name__ == "__main__":
    main()
