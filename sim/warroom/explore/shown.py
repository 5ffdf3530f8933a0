"""Which rows of an audience the page shows, and where: a sample with hubs in it, laid out once.

A page can draw some thousand of a million people. The sample holds those with the most followers and the committed
accounts, so that what spreads can be watched, and otherwise people drawn by the seed in proportion to the size of
their cohort and community. Each cohort of each community is one disc with its hubs inside, laid like the seeds of a
sunflower (Vogel 1979, doi:10.1016/0025-5564(79)90080-4). Colours on the page are of the sample, numbers of the whole
audience.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.config.people import COHORTS, ROLES
from sim.engine.world import World
from sim.errors import ConfigError
from sim.network.graph import FollowerGraph
from sim.people.population import Population
from sim.rng import Stream, setup_uniform

FEWEST, MOST = 2_000, 5_000
_HUBS, _COMMITTED = 0.10, 0.15
_ABOUT = 1_000_003
"""What the draw of the sample is about: no other draw of its stream is about this number."""
_EDGES_SHOWN = 1_500
_GOLDEN_ANGLE = np.pi * (3.0 - np.sqrt(5.0))
_UNIT = 1_000
Ints = npt.NDArray[np.int64]

REAL_GRAPH = (
    "This campaign runs on a real follower graph. Real accounts leave Backfire only as totals, so there is no view of "
    "the network, no feed by account, and nobody can be dropped or added; the timeline and the cohorts are shown."
)


@dataclass(frozen=True, eq=False)
class Shown:
    """The rows that a page shows.

    Attributes
    ----------
    n : int
        People of the audience, added ones left out.
    rows : int64[k]
        In the order of the page: by disc, from its middle outwards.
    disc : int64[k]
        Which disc each is in; added accounts are in the last one.
    x, y : int64[k]
        Place in the disc, in thousandths of its radius from its middle.
    size : int64[k]
        0 to 3: how many followers (fewer than 30, 300, 3,000, or more).
    discs : list of dict
        ``cohort``, ``community``, ``shown`` (how many here) and ``of`` (how many in the audience).
    edges : list of int
        Some follow edges to draw: author, follower, author, follower ... as places in ``rows``.
    said : str
        How the sample was chosen, for the page.
    """

    n: int
    rows: Ints
    disc: Ints
    x: Ints
    y: Ints
    size: Ints
    discs: list[dict[str, Any]]
    edges: list[int]
    said: str

    def places(self, rows: int) -> npt.NDArray[np.int32]:
        """Return where each row of an audience stands in the sample, int32[rows]; -1 for those left out."""
        out = np.full(rows, -1, dtype=np.int32)
        inside = self.rows < rows
        out[self.rows[inside]] = np.flatnonzero(inside)
        return out

    def with_added(self, rows: int) -> Shown:
        """Return the same sample with the accounts that were added to an audience of so many rows in all.

        They have the last disc for themselves.
        """
        last = len(self.discs) - 1
        here = self.disc == last
        first = int(self.rows[here][0]) if here.any() else self.n
        added = np.arange(first, rows, dtype=np.int64)
        x, y = _sunflower(np.arange(added.size), np.full(added.size, added.size))
        old = {name: getattr(self, name)[~here] for name in ("rows", "disc", "x", "y", "size")}
        new = {"rows": added, "disc": np.full(added.size, last), "x": x, "y": y, "size": np.ones_like(added)}
        discs = [*self.discs[:-1], {**self.discs[-1], "shown": added.size, "of": added.size}]
        columns: dict[str, Any] = {name: np.concatenate([old[name], new[name]]) for name in old}
        return replace(self, discs=discs, **columns)

    def told(self) -> dict[str, Any]:
        """Return what a page needs to draw the sample: plain lists of whole numbers."""
        columns = {name: getattr(self, name).tolist() for name in ("rows", "disc", "x", "y", "size")}
        return {**columns, "discs": self.discs, "edges": self.edges, "said": self.said}


def choose(world: World, count: int) -> Shown:
    """Return the sample of a world's audience.

    Parameters
    ----------
    count : int in [2000, 5000]
        How many to show; fewer if the audience is smaller. Accounts added by hand come besides.

    Raises
    ------
    ConfigError
        The graph is a real one, or the number lies outside.
    """
    if world.whole.origin == "loaded":
        raise ConfigError(REAL_GRAPH)
    if not FEWEST <= count <= MOST:
        raise ConfigError(f"nodes must lie in [{FEWEST}, {MOST}], got {count}.")
    people, graph, n = world.population, world.graph, world.n
    degree = graph.in_degree
    communities = len(people.communities)
    cell = people.cohort[:n].astype(np.int64) * communities + people.community[:n]
    draws = setup_uniform(world.config.seed, Stream.DESIGN, people.key[:n], _ABOUT)
    rows, hubs, committed = _sampled(people.role[:n], degree[:n], cell, draws, min(count, n))
    added = np.arange(n, world.rows, dtype=np.int64)
    cells = len(COHORTS) * communities
    where = np.concatenate([cell[rows], np.full(added.size, cells)])
    rows = np.concatenate([rows, added])
    order = np.lexsort((people.key[rows], -degree[rows], where))
    rows, where = rows[order], where[order]
    inside = np.arange(rows.size) - np.searchsorted(where, where)
    x, y = _sunflower(inside, np.bincount(where, minlength=cells + 1)[where])
    return Shown(
        n=n, rows=rows, disc=where, x=x, y=y, size=np.searchsorted([30, 300, 3000], degree[rows], side="right"),
        discs=_discs(people, cell, where, added.size), edges=_edges(graph, rows),
        said=_said(rows.size - added.size, n, hubs, committed),
    )  # fmt: skip


def _sampled(role: Ints, degree: Ints, cell: Ints, draws: npt.NDArray[np.float64], count: int) -> tuple[Ints, int, int]:
    """Return the rows to show, and how many of them are there as hubs and as committed accounts."""
    n = role.shape[0]
    if count == n:
        return np.arange(n, dtype=np.int64), 0, 0
    hubs = np.argpartition(draws - degree, int(count * _HUBS))[: int(count * _HUBS)]  # draws lie in [0, 1): ties alone
    taken = np.zeros(n, dtype=np.bool_)
    taken[hubs] = True
    committed = np.flatnonzero((role != ROLES.index("member")) & ~taken)
    committed = committed[np.argsort(draws[committed], kind="stable")][: int(count * _COMMITTED)]
    taken[committed] = True
    left = count - hubs.size - committed.size
    rest = np.flatnonzero(~taken)
    # the same part of each cell: an even walk through the cells, one after the other, by draw
    rest = rest[np.argsort(cell[rest] + draws[rest], kind="stable")]
    even = rest[(np.arange(left) * rest.size + rest.size // 2) // left] if left else rest[:0]
    return np.concatenate([hubs, committed, even]).astype(np.int64), hubs.size, committed.size


def _sunflower(inside: Ints, of: Ints) -> tuple[Ints, Ints]:
    """Return places in a unit disc, in thousandths: each takes as much room as any other, the first in the middle."""
    radius = np.sqrt((inside + 0.5) / of)
    angle = inside * _GOLDEN_ANGLE
    x, y = (np.rint(_UNIT * radius * turned).astype(np.int64) for turned in (np.cos(angle), np.sin(angle)))
    return x, y


def _discs(people: Population, cell: Ints, where: Ints, added: int) -> list[dict[str, Any]]:
    """Return the discs, those of added accounts last."""
    communities = people.communities
    cells = len(COHORTS) * len(communities)
    of, shown = np.bincount(cell, minlength=cells), np.bincount(where, minlength=cells + 1)
    discs = [
        {"cohort": cohort, "community": community, "shown": int(shown[place]), "of": int(of[place])}
        for place, (cohort, community) in enumerate((a, b) for a in COHORTS for b in communities)
    ]
    return [*discs, {"cohort": "", "community": "added", "shown": added, "of": added}]


def _edges(graph: FollowerGraph, rows: Ints) -> list[int]:
    """Return follow edges inside the sample, of the largest hubs first."""
    places = np.full(graph.n, -1, dtype=np.int64)
    places[rows] = np.arange(rows.size)
    by_degree = rows[np.argsort(-graph.in_degree[rows], kind="stable")]
    edges: list[int] = []
    for author in by_degree[:200]:
        followers = places[graph.followers(int(author))]
        # few of each: the page wants a texture of who follows whom, not a black disc
        for place in followers[followers >= 0][:40].tolist():
            edges += [int(places[author]), place]
        if len(edges) >= 2 * _EDGES_SHOWN:
            break
    return edges[: 2 * _EDGES_SHOWN]


def _said(shown: int, n: int, hubs: int, committed: int) -> str:
    """Return how the sample was chosen, in a sentence or two."""
    if shown == n:
        return f"All {n:,} simulated people are shown; each disc is one age band of one community, hubs inside."
    return (
        f"{shown:,} of {n:,} simulated people are shown: the {hubs:,} with the most followers, {committed:,} committed "
        f"critics, committed supporters and journalists, and {shown - hubs - committed:,} drawn at random, the same "
        f"part of each age band and community. Hubs and committed accounts are shown more often than they occur; "
        f"numbers beside the picture are of the whole audience."
    )
