"""Who follows the sender: not the public, but those who like it, and those who watch it.

Following depends on support and grievance; one constant makes the share of followers what the configuration says. It
depends on the whole audience, so an appended row can move it (``docs/model.md`` 1.5). Listening beforehand lowers the
grievance of followers (1.8).
"""

from __future__ import annotations

import numpy as np

from sim.compiled import kernel
from sim.config.agency import AgencyConfig
from sim.config.people import PeopleConfig
from sim.mathx import exp
from sim.people.grievance import rounded
from sim.rng import Stream, setup_uniform

_WIDEST = 64.0
_HALVINGS = 47  # from a width of 128 to 2**-40
_FIXED = 2.0**36  # sums are kept in whole multiples of 2**-36: exact, so the order of rows has no say in them


@kernel
def _pulls(support, grievance, follow_support, follow_grievance):
    """Return the log-odds of following, but for the constant: float64[n]."""
    out = np.empty(support.shape[0])
    for i in range(support.shape[0]):
        out[i] = follow_support * (float(support[i]) - 0.5) + follow_grievance * (float(grievance[i]) - 0.5)
    return out


@kernel
def _constant(pulls, share):
    """Return the constant with which the mean chance of following is ``share``, in (0, 1), by bisection."""
    n = pulls.shape[0]
    against = np.empty(n)
    for i in range(n):
        against[i] = exp(-pulls[i])
    wanted = share * n * _FIXED
    low, high = -_WIDEST, _WIDEST
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        odds = exp(-middle)
        total = np.int64(0)
        for i in range(n):
            total += np.int64(_FIXED / (1.0 + odds * against[i]))
        if float(total) < wanted:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)


@kernel
def _follows(pulls, draws, constant):
    """Return whether each row follows the sender: bool[n]."""
    out = np.empty(draws.shape[0], np.bool_)
    for i in range(draws.shape[0]):
        out[i] = draws[i] < 1.0 / (1.0 + exp(-(constant + pulls[i])))
    return out


def follow_pulls(people: PeopleConfig, grievance: np.ndarray, support: np.ndarray) -> np.ndarray:
    """Return each row's log-odds of following the sender, but for the constant: float64[n]."""
    return _pulls(support, grievance, people.follow_support, people.follow_grievance)


def follow_constant(people: PeopleConfig, grievance: np.ndarray, support: np.ndarray) -> float:
    """Return the constant (log-odds) with which ``people.follow_share`` of these rows follow on average.

    Parameters
    ----------
    people : PeopleConfig
        With a share strictly between 0 and 1.
    grievance, support : float32[n], n above 0
    """
    return float(_constant(follow_pulls(people, grievance, support), people.follow_share))


def draw_follows(
    people: PeopleConfig, seed: int, keys: np.ndarray, grievance: np.ndarray, support: np.ndarray
) -> np.ndarray:
    """Return whether each row follows the sender: bool[n].

    Parameters
    ----------
    people : PeopleConfig
    seed : int
    keys : uint64[n]
    grievance, support : float32[n]
        Before any listening.
    """
    n = keys.shape[0]
    if n == 0 or people.follow_share <= 0.0 or people.follow_share >= 1.0:
        return np.full(n, people.follow_share >= 1.0)
    pulls = follow_pulls(people, grievance, support)
    return _follows(pulls, setup_uniform(seed, Stream.FOLLOWS_SENDER, keys), _constant(pulls, people.follow_share))


def listening_factor(agency: AgencyConfig) -> float:
    """Return what listening before the post leaves of its followers' grievance: a factor in [0, 1]."""
    months = agency.listening_months
    if months <= 0.0:
        return 1.0
    effect = agency.effects.listening * (0.5 + agency.skill) * months / (months + agency.effects.listening_months)
    return min(1.0, max(0.0, 1.0 - effect))


@kernel
def listened(grievance, follows, factor):
    """Return grievance after listening: float32[n], multiples of 2**-16; that of other rows is unchanged."""
    out = grievance.copy()
    for i in range(grievance.shape[0]):
        if follows[i]:
            out[i] = rounded(float(grievance[i]) * factor)
    return out
