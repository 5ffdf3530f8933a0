"""What the configuration alone says: the first response to the post, and whether messages breed messages.

**First response**: the counter share among direct responses to the post, expected over the sender's followers,
each weighed by the chance of seeing the post. It decides the first minutes.

**Next-generation matrix**: the expected number of messages of frame g by authors of class b that one message
of frame f by an author of class a causes. Classes are role x cohort x community x joint in/out-degree class.
Its dominant eigenvalue is the reproduction number of messages while few people have acted.

Assumptions, of both: nobody has acted or seen anything else (one source, one impression, no fatigue); an early
session shows one message; the ask is that of minute 0; no trending, news, boosts, replies or paid reach. A row
that follows the sender has seen one agency message today in the first response, none in the matrix. Chances of
being seen are those of ``sim.outcome.attention``. Classes keep the eigenvalue of the operator over all rows to
within some 8 % (a fifth where most links seek the own grievance rank); they do not see that returned follows and
likeness inside a class let messages come back.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.compiled import kernel
from sim.config.people import COHORTS, ROLES
from sim.config.root import Configuration
from sim.engine.record import FRAMES
from sim.errors import GraphError
from sim.feed.exposure import sinking_speeds
from sim.network.graph import FollowerGraph
from sim.outcome.attention import seen_by_row
from sim.people.population import Population
from sim.reaction.actions import CAMPAIGN, COUNTER, ask_vector, coefficient_vector
from sim.reaction.choice import weights

DEGREE_CLASSES = 3
TOLERANCE = 1e-12
MOST_STEPS = 20_000
_ACTIVIST, _ALLY = ROLES.index("activist"), ROLES.index("ally")


@dataclass(frozen=True)
class Reproduction:
    """The next-generation matrix of a configuration, and what it comes to.

    Attributes
    ----------
    eigenvalue : float
        Messages caused by one message, in the mix of authors and frames that early growth settles into.
    by_frame : float64[2, 2]
        ``by_frame[f, g]``: messages of frame g caused by one of frame f, in that mix of authors. Its own
        dominant eigenvalue is ``eigenvalue``; off the diagonal stands the hijack.
    matrix : float64[classes, classes, 2, 2]
        ``matrix[a, b, f, g]``.
    classes : int64[classes, 5]
        Role, cohort, community, in-degree class, out-degree class of each class that has rows.
    rows : int64[classes]
    mix : float64[classes, 2]
        Share of messages by class of author and frame in that mix; sums to 1, zeros without reproduction.
    """

    eigenvalue: float
    by_frame: npt.NDArray[np.float64]
    matrix: npt.NDArray[np.float64]
    classes: npt.NDArray[np.int64]
    rows: npt.NDArray[np.int64]
    mix: npt.NDArray[np.float64]

    def blocks(self) -> dict[str, dict[str, float]]:
        """Return ``by_frame`` by name: {cause: {effect: messages}}."""
        return {
            cause: {effect: float(self.by_frame[f, g]) for g, effect in enumerate(FRAMES)}
            for f, cause in enumerate(FRAMES)
        }


def first_response(
    config: Configuration,
    population: Population,
    graph: FollowerGraph | None = None,
    *,
    sink: npt.NDArray[np.float32] | None = None,
    seen: npt.NDArray[np.float64] | None = None,
) -> float | None:
    """Return the expected counter share among direct responses to the post by the sender's followers.

    A follower i responds with frame g with probability ``seen_i * P_i(g)``; the share is that of sums over
    followers. ``P_i`` is the logit with one source and one impression of the campaign, one agency message
    today, an open campaign share, no act before.

    Parameters
    ----------
    config : Configuration
    population : Population
    graph : FollowerGraph, optional
        Gives feeds their sinking speeds; without it, all feeds are of mean length.
    sink : float32[n], optional
        Sinking speeds, where they are not those of the graph: of feeds before somebody was added or dropped.
    seen : float64[n], optional
        Each row's chance of seeing the post, where it is known already (``sim.outcome.attention.seen_by_row``).

    Returns
    -------
    float in [0, 1] or None
        None if nobody follows the sender or nobody would respond.
    """
    if graph is not None:
        _same_rows(population, graph)
    if seen is None:
        if sink is None and graph is not None:
            sink = sinking_speeds(graph.out_degree, float(config.feed.crowding))
        elif sink is None:
            sink = np.ones(population.n, np.float32)
        seen = seen_by_row(config, population, sink, CAMPAIGN)
    campaign, counter = _first_responses(
        coefficient_vector(config.reaction), ask_vector(config.post), population.grievance, population.support,
        population.role, population.follows_sender, _local_trust(config), seen,
    )  # fmt: skip
    return counter / (campaign + counter) if campaign + counter > 0.0 else None


def reproduction_eigenvalue(config: Configuration, population: Population, graph: FollowerGraph) -> float:
    """Return the dominant eigenvalue of the next-generation matrix (see :func:`reproduction`)."""
    return reproduction(config, population, graph).eigenvalue


def reproduction(
    config: Configuration,
    population: Population,
    graph: FollowerGraph,
    *,
    sink: npt.NDArray[np.float32] | None = None,
) -> Reproduction:
    """Return the next-generation matrix of a configuration on its graph.

    ``matrix[a, b, f, g]`` is the mean, over authors v of class a, of the sum over v's followers u of class b
    of ``seen_u(f) * P_u(g | one message of f)``: one pass over all edges, so the followers' grievance,
    support, habits and degrees enter one by one. Authors of a class weigh by their chance to be the author of
    such a message: messages reach v in proportion to the rows it follows, and v answers with
    ``seen_v * P_v``; in a heavy tail this matters inside a class as well as between classes.

    Parameters
    ----------
    sink : float32[n], optional
        As in :func:`first_response`.

    Raises
    ------
    GraphError
        Population and graph differ in their number of rows.
    """
    _same_rows(population, graph)
    followees = graph.out_degree
    if sink is None:
        sink = sinking_speeds(followees, float(config.feed.crowding))
    answers = _answers(
        coefficient_vector(config.reaction), ask_vector(config.post), population.grievance, population.support,
        population.role, population.follows_sender, _local_trust(config),
        seen_by_row(config, population, sink, CAMPAIGN), seen_by_row(config, population, sink, COUNTER),
    )  # fmt: skip
    label, classes, rows = _classes(population, graph.in_degree, followees)
    summed, authors = _over_edges(graph.start, graph.follower, label, followees, answers, rows.shape[0])
    matrix = np.divide(
        summed, authors[:, None, :, None], out=np.zeros_like(summed), where=authors[:, None, :, None] > 0.0
    )
    eigenvalue, mix = _dominant(_square(matrix))
    mix = mix.reshape(-1, 2)
    return Reproduction(eigenvalue, _by_frame(matrix, mix, authors), matrix, classes, rows, mix)


def _same_rows(population: Population, graph: FollowerGraph) -> None:
    """Refuse a population and a graph of different size."""
    if population.n != graph.n:
        raise GraphError(f"graph must have one row for each of the {population.n} people; it has {graph.n}.")


def _local_trust(config: Configuration) -> float:
    """Return what a local account adds to the appeal felt by the sender's followers."""
    return float(config.agency.local_trust) if config.agency.voices != "central" else 0.0


@kernel
def _first_responses(coef, ask, grievance, support, role, follows, local_trust, seen):
    """Return the expected numbers of campaign and counter responses to the post."""
    campaign = 0.0
    counter = 0.0
    for row in range(grievance.shape[0]):
        if not follows[row]:
            continue
        committed = role[row] == _ACTIVIST or role[row] == _ALLY
        share_c, share_k, write_c, write_k, leave, join = weights(
            coef, ask, float(grievance[row]), float(support[row]), local_trust, 1.0, committed,
            1, 0, 1, 0, 0, 1, True, False, True,
        )  # fmt: skip
        scale = seen[row] / (1.0 + share_c + share_k + write_c + write_k + leave + join)
        campaign += scale * (share_c + write_c)
        counter += scale * (share_k + write_k)
    return campaign, counter


@kernel
def _answers(coef, ask, grievance, support, role, follows, local_trust, seen_campaign, seen_counter):
    """Return the chance to answer a message of frame f that lands with one of frame g: float32[n, 2 f + g]."""
    out = np.empty((grievance.shape[0], 4), np.float32)
    for row in range(grievance.shape[0]):
        committed = role[row] == _ACTIVIST or role[row] == _ALLY
        extra = local_trust if follows[row] else 0.0
        for f in range(2):
            of_campaign = 1 - f
            share_c, share_k, write_c, write_k, leave, join = weights(
                coef, ask, float(grievance[row]), float(support[row]), extra, 1.0, committed,
                of_campaign, f, of_campaign, f, 0, 0, f == CAMPAIGN, f == COUNTER, follows[row],
            )  # fmt: skip
            seen = seen_campaign[row] if f == CAMPAIGN else seen_counter[row]
            scale = seen / (1.0 + share_c + share_k + write_c + write_k + leave + join)
            out[row, 2 * f] = scale * (share_c + write_c)
            out[row, 2 * f + 1] = scale * (share_k + write_k)
    return out


def _classes(
    population: Population, in_degree: npt.NDArray[np.int64], out_degree: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return each row's class (int32[n]), what the classes are (int64[classes, 5]) and their sizes."""
    shape = (len(ROLES), len(COHORTS), len(population.communities), DEGREE_CLASSES, DEGREE_CLASSES)
    parts = (population.role, population.cohort, population.community,
             _degree_class(in_degree), _degree_class(out_degree))  # fmt: skip
    number = np.zeros(population.n, np.int64)
    for size, part in zip(shape, parts, strict=True):
        number = number * size + part
    counts = np.bincount(number, minlength=int(np.prod(shape)))
    present = np.flatnonzero(counts)
    compact = np.full(counts.shape[0], -1, np.int32)
    compact[present] = np.arange(present.shape[0], dtype=np.int32)
    return compact[number], np.stack(np.unravel_index(present, shape), axis=1).astype(np.int64), counts[present]


def _degree_class(degree: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return classes 0, 1, 2 of rising degree (int64[n]) that hold about a third of all edges each."""
    counts = np.bincount(degree, minlength=1)
    edges = np.cumsum(counts * np.arange(counts.shape[0]))
    # the class of a degree is where the middle of its own edges lies
    middle = edges - counts * np.arange(counts.shape[0]) / 2.0
    return np.minimum((DEGREE_CLASSES * middle / max(1, int(edges[-1]))).astype(np.int64), DEGREE_CLASSES - 1)[degree]


@kernel
def _over_edges(start, follower, label, followees, answers, classes):
    """Sum followers' answers over the edges of each pair of classes, authors weighing as they come to act.

    Returns
    -------
    summed : float64[classes, classes, 2, 2]
        By class of author and follower, frame of cause and effect.
    authors : float64[classes, 2]
        Weight of the authors, by class and frame.
    """
    summed = np.zeros((classes, classes, 4))
    authors = np.zeros((classes, 2))
    for v in range(start.shape[0] - 1):
        a = label[v]
        campaign = followees[v] * (float(answers[v, 0]) + float(answers[v, 2]))
        counter = followees[v] * (float(answers[v, 1]) + float(answers[v, 3]))
        authors[a, 0] += campaign
        authors[a, 1] += counter
        for e in range(start[v], start[v + 1]):
            u = follower[e]
            b = label[u]
            summed[a, b, 0] += campaign * answers[u, 0]
            summed[a, b, 1] += campaign * answers[u, 1]
            summed[a, b, 2] += counter * answers[u, 2]
            summed[a, b, 3] += counter * answers[u, 3]
    return summed.reshape((classes, classes, 2, 2)), authors


def _square(matrix: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the matrix as float64[2 classes, 2 classes]: rows are causes (class, frame), columns effects."""
    size = 2 * matrix.shape[0]
    return np.ascontiguousarray(matrix.transpose(0, 2, 1, 3)).reshape(size, size)


@kernel
def _returns(causes):
    """Tell whether any chain of causes ever comes back to where it was; if none does, the eigenvalue is 0."""
    size = causes.shape[0]
    open_ended = np.ones(size, np.bool_)
    left = size
    while left > 0:
        before = left
        for j in range(size):
            if open_ended[j]:
                reached = False
                for i in range(size):
                    reached = reached or (open_ended[i] and causes[i, j] > 0.0)
                if not reached:
                    open_ended[j] = False
                    left -= 1
        if left == before:
            return True
    return False


@kernel
def _dominant(causes):
    """Return the dominant eigenvalue of a non-negative matrix (rows are causes) and the mix that it keeps.

    Power iteration from a mix of all, with a shift that damps cycles; the same order of sums on every machine.
    """
    size = causes.shape[0]
    if not _returns(causes):
        return 0.0, np.zeros(size)
    mix = np.full(size, 1.0 / size)
    shift = 0.0
    for i in range(size):
        shift = max(shift, 0.05 * causes[i].sum())
    value = 0.0
    for _ in range(MOST_STEPS):
        after = shift * mix
        for i in range(size):
            if mix[i] > 0.0:
                after += mix[i] * causes[i]
        total = after.sum()
        change = np.abs(after / total - mix).sum()
        mix = after / total
        value = total - shift
        if change < TOLERANCE:
            break
    return value, mix


@kernel
def _by_frame(matrix, mix, authors):
    """Return messages of frame g caused by one of frame f; authors as in the mix, else as they come to act."""
    out = np.zeros((2, 2))
    for f in range(2):
        weight = mix[:, f] if mix[:, f].sum() > 0.0 else authors[:, f]
        whole = weight.sum()
        if whole > 0.0:
            for a in range(matrix.shape[0]):
                for b in range(matrix.shape[1]):
                    out[f, 0] += weight[a] * matrix[a, b, f, 0] / whole
                    out[f, 1] += weight[a] * matrix[a, b, f, 1] / whole
    return out
