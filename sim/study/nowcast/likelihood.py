"""How well each campaign of the reference table explains the first counts of a real one.

Nearly free of scale, since nobody knows how many people a real tag can reach: what is compared is the counter share of
the messages of each stretch, and how the messages divide over the stretches. The level itself tells much only where the
size of the audience is given; else it tells a campaign that is hardly seen from one that is everywhere.

- Share of each stretch between two counts: beta-binomial. A share ``e`` of messages is put into the wrong frame, and of
  totals counted without a split a share ``o`` belongs to neither frame; both are averaged over.
- Growth: how the messages counted so far divide over the stretches, Dirichlet-multinomial.
- Level: normal in logs, with ``LEVEL_SPREAD`` where the size of the audience is given and ``VAGUE`` where it is not.

A campaign of the table is one course of luck with finitely many messages, and tools that count a tag disagree; so
what its shares and growth tell is known to no more than ``TRUSTED`` messages would tell, and to no more than its own
messages do. Both numbers are assumed; the documented counts of one campaign by three tools differ by a third
(mynypd.tweets_2day_sysomos against mynypd.count_1130_day2).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.study.nowcast.campaigns import Campaigns, Floats
from sim.study.nowcast.counts import Count

TRUSTED = 40.0
"""A share is trusted as that of so many messages at most: a standard deviation of 0.08 at one half. Assumed."""
LEVEL_SPREAD = 0.7
"""Standard deviation of the log of messages a head of the audience: a factor of two. Assumed."""
VAGUE = 2.3
"""The same where the size of the audience is not given: a factor of ten. Assumed."""
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
        People whom the real tag could reach; without it, as many as in the table within a factor of ten.
    """
    campaign, counter = campaigns.at([each.minute for each in counts])
    several = {"total": campaign + counter, "counter": counter, "campaign": campaign}
    known = {name: [place for place, each in enumerate(counts) if getattr(each, name) is not None] for name in several}
    name = max(known, key=lambda each: len(known[each]))  # the total, where as much is known of it
    seen = np.array([float(getattr(counts[place], name)) for place in known[name]])
    rows = several[name][:, known[name]]
    scale, spread = (1.0, VAGUE) if audience is None else (audience / campaigns.audience, LEVEL_SPREAD)
    return _shares(counts, campaign, counter) + _growth(seen, rows) + _level(seen[-1] / scale, rows[:, -1], spread)


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


def _growth(seen: Floats, rows: Floats) -> Floats:
    """Return the part of how the messages so far divide over the stretches: float[rows].

    Parameters
    ----------
    seen : float[counts]
        Totals.
    rows : float[rows, counts]
        The same in each campaign.
    """
    from scipy.special import gammaln

    new = np.diff(seen, prepend=0.0)
    rates = np.maximum(np.diff(rows, axis=1, prepend=0.0), 0.0) + 0.5
    rates *= np.minimum(1.0, TRUSTED / rates.sum(axis=1))[:, None]
    whole = rates.sum(axis=1)
    found: Floats = gammaln(whole) - gammaln(seen[-1] + whole) + (gammaln(new + rates) - gammaln(rates)).sum(axis=1)
    return found


def _level(seen: float, rows: Floats, spread: float) -> Floats:
    """Return the part of how many there are by now, were the audience the table's: float[rows]."""
    variance = spread**2 + 1.0 / (rows + 0.5) + 1.0 / (seen + 0.5)
    apart = np.log(seen + 0.5) - np.log(rows + 0.5)
    return -0.5 * (apart * apart / variance + np.log(variance))
