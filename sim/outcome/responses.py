"""How often an impression of a post becomes a share, a friendly reply or a critical one, for many audiences at once.

:mod:`sim.outcome.theory` asks this of one population, row by row. Here some thousand audiences are asked, each known by
its parameters alone, so each is stood for by a few hundred people at the points of a low-discrepancy sequence. The rule
is that of ``sim.reaction``; the assumptions are the theory's: nobody has acted or seen anything else.

Left out: roles (fewer than one row in a hundred, and they differ from members in the climate alone), local accounts,
listening, and the feed's ranking. Points: Roberts 2018, the additive recurrence of the generalised golden ratio.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from sim.compiled import kernel
from sim.config.feed import FeedConfig
from sim.config.people import UNDER_30, PeopleConfig
from sim.mathx import exp, normal_cdf, normal_quantile
from sim.outcome.attention import seen_probability
from sim.people.beta import quantile_grid, quantile_tables
from sim.reaction.choice import weights

Numbers = npt.NDArray[np.float64]
PEOPLE = 400
"""Points that stand for an audience: the rates of 200,000 drawn people are met to about 2 %."""
_WIDEST, _PER_UNIT = 7.0, 8
_RANKS = 512
_ROUNDS = 8
_SESSIONS = 64


@dataclass(frozen=True)
class Audiences:
    """Some audiences by their parameters, an element (or a line) each.

    Attributes
    ----------
    cohort_shares : float64[audiences, 6]
        Share of rows of each age band.
    community_share : float64[audiences]
    grievance, support : float64[audiences, 6, 2]
        Mean of each age band outside and inside the affected community.
    copula_correlation, follow_share, follow_support, follow_grievance : float64[audiences]
    """

    cohort_shares: Numbers
    community_share: Numbers
    grievance: Numbers
    support: Numbers
    copula_correlation: Numbers
    follow_share: Numbers
    follow_support: Numbers
    follow_grievance: Numbers


def audiences_of(base: PeopleConfig, columns: dict[str, Numbers]) -> Audiences:
    """Return audiences that differ from ``base`` in some parameters.

    Parameters
    ----------
    base : PeopleConfig
        Gives every parameter that no column varies.
    columns : dict of str to float64[audiences]
        By the parameter's own name (``grievance_mean``); not empty.
    """
    size = len(next(iter(columns.values())))

    def column(name: str) -> Numbers:
        return np.asarray(columns[name], float) if name in columns else np.full(size, float(getattr(base, name)))

    young = np.array(UNDER_30)
    shares = np.tile(np.array(base.age_shares), (size, 1))
    if "under_30_share" in columns:
        below, above = np.array(base.cohort_shares) * young, np.array(base.cohort_shares) * (1.0 - young)
        wanted = column("under_30_share")[:, None]
        shares = wanted * below / below.sum() + (1.0 - wanted) * above / above.sum()
    by_age = np.array(base.grievance_cohort_shift) + column("under_30_grievance_shift")[:, None] * young
    grievance = _by_group(column("grievance_mean"), by_age, column("community_grievance_shift"))
    aged = np.tile(np.array(base.support_cohort_shift), (size, 1))
    support = _by_group(column("support_mean"), aged, column("community_support_shift"))
    return Audiences(
        shares, column("community_share"), grievance, support, column("copula_correlation"), column("follow_share"),
        column("follow_support"), column("follow_grievance"),
    )  # fmt: skip


def _by_group(mean: Numbers, by_age: Numbers, by_community: Numbers) -> Numbers:
    """Return each group's mean: float64[audiences, 6, 2]; shifts are in log-odds, 0 and 1 are drawn in a bit."""
    centre = np.clip(mean, 1e-4, 1.0 - 1e-4)
    logit = np.log(centre / (1.0 - centre))[:, None] + by_age
    both = np.stack([logit, logit + by_community[:, None]], axis=-1)
    return 1.0 / (1.0 + np.exp(-both))


@cache
def _points(size: int) -> Numbers:
    """Return uniform places of so many people, and the normal quantiles of the last two: float64[size, 6]."""
    ratio = 1.0
    for _ in range(60):
        ratio = (1.0 + ratio) ** 0.2  # the root of x^5 = x + 1, for four dimensions
    steps = np.arange(1, size + 1)[:, None] * ratio ** -np.arange(1.0, 5.0)
    places = np.clip((0.5 + steps) % 1.0, 1e-9, 1.0 - 1e-9)
    normal = np.array([[normal_quantile(place) for place in row] for row in places[:, 2:].tolist()])
    return np.hstack([places, normal])


@cache
def _feelings(concentration: float) -> Numbers:
    """Return quantiles by mean (log-odds, in steps of an eighth) and rank (513, from 0 to 1)."""
    logits = np.linspace(-_WIDEST, _WIDEST, round(2 * _WIDEST * _PER_UNIT) + 1)
    tables = quantile_tables(1.0 / (1.0 + np.exp(-logits)), concentration)
    ranks = np.linspace(0.0, 1.0, _RANKS + 1)
    return np.array([np.interp(ranks, quantile_grid(), table) for table in tables])


@cache
def _attention_by_age() -> Numbers:
    """Return how likely each age band is to see a fresh post, at the table's defaults: float64[6]."""
    people, feed = PeopleConfig(), FeedConfig()
    levels = [normal_quantile((k + 0.5) / _SESSIONS) for k in range(_SESSIONS)]
    return np.array([
        np.mean([
            seen_probability(1.0, float(feed.half_life_minutes), rate * spread, 1.0, 1.0)
            for spread in np.exp(people.sessions_sigma * np.array(levels)).tolist()
        ])
        for rate in (people.sessions_median * factor for factor in people.sessions_cohort_factor)
    ])  # fmt: skip


def response_shares(
    coefficients: Numbers, asks: Numbers, audiences: Audiences, base: PeopleConfig, people: int = PEOPLE
) -> Numbers:
    """Return what share of impressions of a post by the sender's followers becomes what.

    Parameters
    ----------
    coefficients : float64[audiences, 13]
        In the order of ``sim.reaction.actions.COEFFICIENTS``.
    asks : float64[audiences, posts, 6]
        In the order of ``sim.reaction.actions.ASK``.
    audiences : Audiences
    base : PeopleConfig
        Gives the concentrations of both feelings.
    people : int
        Points that stand for each audience.

    Returns
    -------
    float64[audiences, posts, 3]
        Passed on; replied to in the campaign's frame; replied to in the counter frame.
    """
    return _responses(coefficients, asks, *_laid_out(audiences, base, people))


def answers_of_all(
    coefficients: Numbers, ask: Numbers, audiences: Audiences, base: PeopleConfig, people: int = PEOPLE
) -> Numbers:
    """Return how everybody, followers or not, answers one message of somebody else on the tag.

    Parameters
    ----------
    ask : float64[audiences, 6]

    Returns
    -------
    float64[audiences, 4]
        Answers in the campaign's and in the counter frame to a campaign message, then to a counter message.
    """
    return _answers_of_all(coefficients, ask, *_laid_out(audiences, base, people))


def _laid_out(audiences: Audiences, base: PeopleConfig, people: int) -> tuple[Numbers, ...]:
    """Return what both kernels take of audiences."""
    return (
        audiences.cohort_shares, audiences.community_share, _logit(audiences.grievance), _logit(audiences.support),
        audiences.copula_correlation, audiences.follow_share, audiences.follow_support, audiences.follow_grievance,
        _points(people), _feelings(float(base.grievance_concentration)), _feelings(float(base.support_concentration)),
        _attention_by_age(),
    )  # fmt: skip


def _logit(mean: Numbers) -> Numbers:
    """Return log-odds."""
    return np.log(mean / (1.0 - mean))


@kernel(inline=True)
def _quantile(table, logit, rank):
    """Return a feeling at a rank, of a group whose mean has these log-odds; linear between tabled ones."""
    place = min(max((logit + _WIDEST) * _PER_UNIT, 0.0), table.shape[0] - 1.000001)
    row = int(place)
    up = place - row
    along = rank * _RANKS
    column = min(int(along), _RANKS - 1)
    on = along - column
    low = table[row, column] * (1.0 - on) + table[row, column + 1] * on
    high = table[row + 1, column] * (1.0 - on) + table[row + 1, column + 1] * on
    return low * (1.0 - up) + high * up


@kernel
def _stand_ins(
    k, cohort_shares, community_share, grievance, support, correlation, points, of_grievance, of_support, out
):
    """Write grievance, support and age band of audience k's people to ``out``: float64[people, 3]."""
    r = correlation[k]
    rest = np.sqrt(1.0 - r * r)
    for m in range(points.shape[0]):
        cohort = 0
        upto = cohort_shares[k, 0]
        while cohort < cohort_shares.shape[1] - 1 and points[m, 0] >= upto:
            cohort += 1
            upto += cohort_shares[k, cohort]
        community = 1 if points[m, 1] < community_share[k] else 0
        out[m, 0] = _quantile(of_grievance, grievance[k, cohort, community], points[m, 2])
        rank = normal_cdf(r * points[m, 4] + rest * points[m, 5])
        out[m, 1] = _quantile(of_support, support[k, cohort, community], rank)
        out[m, 2] = cohort


@kernel
def _weigh_followers(share, by_support, by_grievance, seen, people, out):
    """Write each person's chance to follow the sender, times their impressions, to ``out``."""
    size = people.shape[0]
    if share <= 0.0 or share >= 1.0:
        for m in range(size):
            out[m] = seen[int(people[m, 2])]
        return
    for m in range(size):
        out[m] = exp(-(by_support * (people[m, 1] - 0.5) + by_grievance * (people[m, 0] - 0.5)))
    against = (1.0 - share) / share
    odds = against
    for _ in range(_ROUNDS):
        mean = 0.0
        for m in range(size):
            mean += 1.0 / (1.0 + odds * out[m])
        mean /= size
        # log-odds of the mean move nearly as much as everybody's do
        odds *= against * mean / (1.0 - mean)
    for m in range(size):
        out[m] = seen[int(people[m, 2])] / (1.0 + odds * out[m])


@kernel
def _responses(
    coefficients, asks, cohort_shares, community_share, grievance, support, correlation, follow_share, follow_support,
    follow_grievance, points, of_grievance, of_support, seen,
):  # fmt: skip
    """Return :func:`response_shares`."""
    found = np.zeros((asks.shape[0], asks.shape[1], 3))
    people = np.empty((points.shape[0], 3))
    weight = np.empty(points.shape[0])
    for k in range(asks.shape[0]):
        _stand_ins(
            k, cohort_shares, community_share, grievance, support, correlation, points, of_grievance, of_support, people
        )
        _weigh_followers(follow_share[k], follow_support[k], follow_grievance[k], seen, people, weight)
        whole = weight.sum()
        for a in range(asks.shape[1]):
            for m in range(people.shape[0]):
                share_c, share_k, write_c, write_k, leave, join = weights(
                    coefficients[k], asks[k, a], people[m, 0], people[m, 1], 0.0, 1.0, False,
                    1, 0, 1, 0, 0, 1, True, False, True,
                )  # fmt: skip
                scale = weight[m] / (whole * (1.0 + share_c + share_k + write_c + write_k + leave + join))
                found[k, a, 0] += scale * share_c
                found[k, a, 1] += scale * write_c
                found[k, a, 2] += scale * write_k
    return found


@kernel
def _answers_of_all(
    coefficients, ask, cohort_shares, community_share, grievance, support, correlation, follow_share, follow_support,
    follow_grievance, points, of_grievance, of_support, seen,
):  # fmt: skip
    """Return :func:`answers_of_all`."""
    found = np.zeros((ask.shape[0], 4))
    people = np.empty((points.shape[0], 3))
    for k in range(ask.shape[0]):
        _stand_ins(
            k, cohort_shares, community_share, grievance, support, correlation, points, of_grievance, of_support, people
        )
        whole = 0.0
        for m in range(people.shape[0]):
            whole += seen[int(people[m, 2])]
        for m in range(people.shape[0]):
            for f in range(2):
                share_c, share_k, write_c, write_k, leave, join = weights(
                    coefficients[k], ask[k], people[m, 0], people[m, 1], 0.0, 1.0, False,
                    1 - f, f, 1 - f, f, 0, 0, f == 0, f == 1, False,
                )  # fmt: skip
                each = seen[int(people[m, 2])] / whole
                scale = each / (1.0 + share_c + share_k + write_c + write_k + leave + join)
                found[k, 2 * f] += scale * (share_c + write_c)
                found[k, 2 * f + 1] += scale * (share_k + write_k)
    return found
