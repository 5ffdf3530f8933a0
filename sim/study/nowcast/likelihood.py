"""How well each campaign of the reference table explains the first counts of a real one.

Free of scale, since nobody knows how many people a real tag can reach: what is compared is the counter share of the
messages of each stretch, and by what factor the totals grew from one count to the next. The level itself tells
something only where the size of the audience is given.

- Share: beta-binomial. A campaign of the table is one course of luck with finitely many messages, and tools that count
  the same tag disagree; so a share is known to no more than ``TRUSTED`` messages would tell. A share ``e`` of messages
  is put into the wrong frame, and of totals counted without a split a share ``o`` belongs to neither frame; both are
  averaged over.
- Growth: normal in logs, with counting noise on both sides and ``GROWTH_SPREAD``.
- Level: normal in logs, with ``LEVEL_SPREAD``.

The three spreads are assumed; the documented counts of one campaign by three tools differ by a third
(mynypd.tweets_2day_sysomos against mynypd.count_1130_day2).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.study.nowcast.campaigns import Campaigns, Floats
from sim.study.nowcast.counts import Count

TRUSTED = 40.0
"""A share is trusted as that of so many messages at most: a standard deviation of 0.08 at one half. Assumed."""
GROWTH_SPREAD = 0.3
"""Standard deviation of the log of a growth factor that is no luck. Assumed."""
LEVEL_SPREAD = 0.7
"""Standard deviation of the log of messages a head of the audience: a factor of two. Assumed."""
ERRORS = (0.0, 0.05, 0.1)
"""Shares of messages that are put into the wrong frame, each as likely."""
OTHERS = (0.0, 0.1, 0.2, 0.3, 0.4)
"""Shares of a total that belong to neither frame, each as likely."""


def log_likelihood(counts: Sequence[Count], campaigns: Campaigns, audience: float | None = None) -> Floats:
    """Return the log-likelihood of the counts under each campaign, up to a constant: float[rows].

    Parameters
    ----------
    counts : sequence of Count
        In the order of their minutes.
    campaigns : Campaigns
    audience : float, optional
        People whom the real tag could reach; without it the level tells nothing.
    """
    campaign, counter = campaigns.at([each.minute for each in counts])
    found = _shares(counts, campaign, counter) + _growth(counts, campaign, counter)
    return found if audience is None else found + _level(counts, campaign, counter, audience / campaigns.audience)


def _shares(counts: Sequence[Count], campaign: Floats, counter: Floats) -> Floats:
    """Return the part of the counter shares, averaged over errors and messages of neither frame."""
    from scipy.special import betaln, logsumexp

    split = [place for place, each in enumerate(counts) if each.split]
    if not split:
        return np.zeros(campaign.shape[0])
    mixed = any(counts[place].mixed for place in split)
    tried = [(error, other) for error in ERRORS for other in (OTHERS if mixed else (0.0,))]
    found = np.zeros((len(tried), campaign.shape[0]))
    for before, place in zip([None, *split], split, strict=False):
        count = counts[place]
        old = None if before is None else counts[before]
        total, against = _new(count, old)
        more, less = counter[:, place], campaign[:, place]
        if before is not None:
            more, less = more - counter[:, before], less - campaign[:, before]
        share = (more + 0.5) / (more + less + 1.0)
        known = np.minimum(more + less + 1.0, TRUSTED)
        for row, (error, other) in enumerate(tried):
            seen = share * (1.0 - error) + (1.0 - share) * error
            seen = seen * (1.0 - other) if count.mixed else seen
            a, b = known * seen, known * (1.0 - seen)
            found[row] += betaln(against + a, total - against + b) - betaln(a, b)
    return logsumexp(found, axis=0) - np.log(len(tried))


def _new(count: Count, old: Count | None) -> tuple[float, float]:
    """Return all messages and counter messages since an older count."""
    total, against = float(count.total or 0), float(count.counter or 0)
    if old is not None:
        total, against = total - float(old.total or 0), against - float(old.counter or 0)
    return max(total, against), against


def _growth(counts: Sequence[Count], campaign: Floats, counter: Floats) -> Floats:
    """Return the part of the factors by which totals grew, from each count to the next one of the same kind."""
    found = np.zeros(campaign.shape[0])
    for place in range(1, len(counts)):
        for name, rows in (("total", campaign + counter), ("counter", counter), ("campaign", campaign)):
            older = [back for back in range(place) if getattr(counts[back], name) is not None]
            value = getattr(counts[place], name)
            if value is None or not older:
                continue
            before = getattr(counts[older[-1]], name)
            growth = np.log((rows[:, place] + 0.5) / (rows[:, older[-1]] + 0.5))
            spread = GROWTH_SPREAD**2 + _noise(before, value) + _noise(rows[:, older[-1]], rows[:, place])
            found += _normal(np.log((value + 0.5) / (before + 0.5)) - growth, spread)
            break
    return found


def _noise(before: Floats | float, after: Floats | float) -> Floats | float:
    """Return the variance of the log of a growth factor that is counting noise."""
    return 1.0 / (before + 0.5) - 1.0 / (after + 1.0)


def _level(counts: Sequence[Count], campaign: Floats, counter: Floats, scale: float) -> Floats:
    """Return the part of the first known count's level, given how much larger the real audience is."""
    for name, rows in (("total", campaign + counter), ("counter", counter), ("campaign", campaign)):
        for place, each in enumerate(counts):
            value = getattr(each, name)
            if value is not None:
                apart = np.log((value + 0.5) / scale) - np.log(rows[:, place] + 0.5)
                return _normal(apart, LEVEL_SPREAD**2 + 1.0 / (value + 0.5) + 1.0 / (rows[:, place] + 0.5))
    return np.zeros(campaign.shape[0])


def _normal(apart: Floats, variance: Floats | float) -> Floats:
    """Return the log-density of a normal distribution, up to a constant."""
    return -0.5 * (apart * apart / variance + np.log(variance))
