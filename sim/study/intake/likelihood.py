"""How well a history of posts fits an audience: three counts a post, each with more scatter than chance alone.

Of a post with I impressions, shares and replies are beta-binomial with mean I times the rate that the audience and the
coefficients give, and critical replies among the replies are beta-binomial with the critical share of the rates.

- **Rates** hold for the model's impressions. What a platform counts as one, and how ready its users are to pass on or
  to reply, is not the model's: one unknown factor for shares and one for replies, the same for all posts, between a
  fifth and five. So the level of either says little, and what is told comes of the critical share of replies, and of
  how posts of different kinds differ.
- **Scatter.** Posts of one kind differ by what they say. Volumes scatter like a gamma distribution with a shape from 1
  to 8 (coefficient of variation 1 to 0.35); the critical share has a concentration from 5 to 100 (a share of 0.2
  scatters by 0.16 to 0.04 from post to post). The history itself tells which.

All of these ends are assumed; all four unknowns are uniform in their logarithms, and integrated out on a grid.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from sim.study.intake.history import Counts, History

Numbers = npt.NDArray[np.float64]
Kind = tuple[str, str, str]
FACTOR = (0.2, 5.0)
SHAPE = (1.0, 8.0)
BALANCE = (5.0, 100.0)
_FACTORS, _SHAPES, _BALANCES = 31, 5, 8
_STEP = 0.04
_HALVINGS = 40
ENOUGH = 200
"""Draws of equal weight that a history leaves at least."""
_CHUNK = 2048
_MOST = 0.45
"""More than this share of impressions is no rate of shares or replies."""


def log_likelihood(history: History, rates: Numbers) -> Numbers:
    """Return the logarithm of the likelihood of a history under each draw: float64[draws], but for a constant.

    Parameters
    ----------
    rates : float64[draws, kinds, 3]
        Shares, friendly and critical replies for an impression, by the history's kinds of posts.
    """
    kind = np.array([history.kinds.index(each) for each in kind_of_each(history)])
    level = np.log(np.maximum(rates, 1e-300))
    replies = np.logaddexp(level[:, :, 1], level[:, :, 2])
    balance = level[:, :, 2] - level[:, :, 1]
    reach = np.log(FACTOR)
    of_shares, of_replies = (_steps(each + reach[0], each + reach[1]) for each in (level[:, :, 0], replies))
    of_balance = _steps(balance, balance)
    shares_seen = _volume_tables(history.shares, history.impressions, kind, of_shares)
    replies_seen = _volume_tables(history.replies, history.impressions, kind, of_replies)
    balance_seen = _balance_tables(history.critical, history.replies, kind, of_balance)
    found = np.empty(len(rates))
    for begin in range(0, len(rates), _CHUNK):
        part = slice(begin, begin + _CHUNK)
        volumes = _over_factors(shares_seen, level[part, :, 0], of_shares[0])
        volumes += _over_factors(replies_seen, replies[part], of_replies[0])
        found[part] = _mean_of_logs(volumes) + _mean_of_logs(_at(balance_seen, balance[part], of_balance[0]))
    return found


def kind_of_each(history: History) -> list[Kind]:
    """Return each post's kind."""
    return list(zip(history.ask, history.closeness, history.openness, strict=True))


def _grid(ends: tuple[float, float], size: int) -> Numbers:
    """Return the middles of equal parts of a range's logarithm."""
    return ends[0] * (ends[1] / ends[0]) ** ((np.arange(size) + 0.5) / size)


def _steps(low: Numbers, high: Numbers) -> Numbers:
    """Return steps from the lowest to the highest of some places, one beyond them."""
    return np.arange(low.min(), high.max() + 2.0 * _STEP, _STEP)


def _volume_tables(counts: Counts, impressions: Counts, kind: npt.NDArray[np.int64], levels: Numbers) -> Numbers:
    """Return what the posts of each kind say of a mean rate: float64[kinds, shapes, levels], log-likelihoods."""
    mean = np.minimum(np.exp(levels), _MOST)[:, None]
    return np.stack([
        [
            beta_binomial(counts[kind == each], impressions[kind == each], shape, shape * (1.0 - mean) / mean).sum(1)
            for shape in _grid(SHAPE, _SHAPES)
        ]
        for each in range(kind.max() + 1)
    ])  # fmt: skip


def _balance_tables(critical: Counts, replies: Counts, kind: npt.NDArray[np.int64], logits: Numbers) -> Numbers:
    """Return what the posts of each kind say of the critical share: float64[kinds, concentrations, log-odds]."""
    share = 1.0 / (1.0 + np.exp(-np.clip(logits, -12.0, 12.0)))[:, None]
    return np.stack([
        [
            beta_binomial(critical[kind == each], replies[kind == each], whole * share, whole * (1.0 - share)).sum(1)
            for whole in _grid(BALANCE, _BALANCES)
        ]
        for each in range(kind.max() + 1)
    ])  # fmt: skip


def _at(tables: Numbers, places: Numbers, first: float) -> Numbers:
    """Return what tables say at places, summed over kinds: float64[..., second axis of tables]; ends are held.

    Parameters
    ----------
    tables : float64[kinds, settings, steps]
    places : float64[..., kinds]
    first : float
        Place of the first step.
    """
    along = np.clip((places - first) / _STEP, 0.0, tables.shape[2] - 1.000001)
    step = along.astype(np.int64)
    on = (along - step)[..., None]
    total = np.zeros((*places.shape[:-1], tables.shape[1]))
    for kind, table in enumerate(tables):
        low, high = table.T[step[..., kind]], table.T[step[..., kind] + 1]
        total += low + (high - low) * on[..., kind, :]
    return total


def _over_factors(tables: Numbers, level: Numbers, first: float) -> Numbers:
    """Return log-likelihoods with the platform's factor integrated out: float64[draws, shapes]."""
    factors = np.log(_grid(FACTOR, _FACTORS))
    at_factor = _at(tables, level[:, None, :] + factors[None, :, None], first)
    return _mean_of_logs(at_factor.swapaxes(1, 2))


def _mean_of_logs(values: Numbers) -> Numbers:
    """Return the logarithm of the mean over the last axis of what the values are logarithms of."""
    most = values.max(axis=-1)
    return most + np.log(np.exp(values - most[..., None]).mean(axis=-1))


def beta_binomial(successes: Counts, trials: Counts, a: Numbers | float, b: Numbers) -> Numbers:
    """Return the logarithm of the beta-binomial probability, without the binomial coefficient."""
    from scipy.special import betaln

    return betaln(successes + a, trials - successes + b) - betaln(a, b)


def weights_of(log_likelihoods: Numbers) -> tuple[Numbers, float]:
    """Return importance weights that sum to one, and how much of the likelihood they hold.

    Where the whole likelihood would leave fewer draws than :data:`ENOUGH`, it is raised to the power that leaves as
    many: a few draws that happen to be nearest would pass for knowledge otherwise.

    Returns
    -------
    weights : float64[draws]
    power : float in (0, 1]
    """
    below = log_likelihoods - log_likelihoods.max()

    def at(power: float) -> Numbers:
        weights = np.exp(power * below)
        return weights / weights.sum()

    enough = min(ENOUGH, len(below) / 2)
    weights, low, high = at(1.0), 0.0, 1.0
    if 1.0 / (weights @ weights) >= enough:
        return weights, 1.0
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        weights = at(middle)
        low, high = (middle, high) if 1.0 / (weights @ weights) >= enough else (low, middle)
    return at(low), low


def simulated(
    kinds: Sequence[Kind], impressions: Counts, rates: Mapping[Kind, Numbers], generator: np.random.Generator
) -> History:
    """Return a history as one audience would make it, with the scatter that is assumed.

    Parameters
    ----------
    kinds : sequence of (ask, closeness, openness)
        Of each post.
    impressions : int64[posts]
    rates : mapping of kind to float64[3]
    generator : numpy.random.Generator
        Draws the platform's factors and the scatter too.
    """

    def unknown(ends: tuple[float, float]) -> float:
        return float(ends[0] * (ends[1] / ends[0]) ** generator.random())

    shape, balance = unknown(SHAPE), unknown(BALANCE)

    def volumes(rate: Numbers) -> Counts:
        mean = np.clip(unknown(FACTOR) * rate, 1e-12, _MOST)
        return generator.binomial(impressions, generator.beta(shape, shape * (1.0 - mean) / mean))

    each = np.stack([rates[kind] for kind in kinds])
    shares = volumes(each[:, 0])
    replies = np.minimum(volumes(each[:, 1] + each[:, 2]), impressions - shares)
    part = each[:, 2] / (each[:, 1] + each[:, 2])
    critical = generator.binomial(replies, generator.beta(balance * part, balance * (1.0 - part)))
    asks, closeness, openness = zip(*kinds, strict=True)
    return History(asks, closeness, openness, np.full(len(kinds), 12.0), impressions, shares, replies, critical)
