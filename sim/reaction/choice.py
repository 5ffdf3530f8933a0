"""How a follower chooses: a multinomial logit with utility 0 for ignoring (``docs/model.md`` 6.4).

One rule in one place: the engine, the plain reference, the theory and the Mesa view all call these.
``b_social`` carries complex contagion, ``b_climate`` the spiral of silence, ``b_outrage`` the pull of anger.
"""

from __future__ import annotations

import math

import numpy as np

from sim.compiled import kernel
from sim.mathx import exp, log1p_count, plain_log
from sim.reaction.actions import (
    APPEAL,
    AROUSAL,
    B_BORE,
    B_CLIMATE,
    B_FOLLOW,
    B_LEAVE,
    B_OUTRAGE,
    B_ROOM,
    B_SHARE,
    B_SOCIAL,
    B_VALUE,
    B_WARM,
    B_WRITE,
    CROSS,
    FATIGUE,
    FOLLOW,
    IGNORE,
    MEDIA,
    OPENNESS,
    ROOM,
    SALIENCE,
    SHARE_CAMPAIGN,
    SHARE_COUNTER,
    UNFOLLOW,
    WRITE_CAMPAIGN,
    WRITE_COUNTER,
)

CLOSED = -1e300
"""Utility of an option that is not open."""
SIX_AND_MORE = 6.000001
"""Six options, and room for rounding."""
_LEVELS = 256
_FAINT = np.array(
    [plain_log((_LEVELS / (j + 1) - 1.0) / SIX_AND_MORE) for j in range(_LEVELS - 1)] + [-math.inf], dtype=np.float64
)
"""Draws from j / 256 up to the next level ignore if no utility reaches this: six such options would not tip them."""


@kernel(inline=True)
def held(value):
    """Return ``value`` held within [0, 1]."""
    return min(1.0, max(0.0, value))


@kernel(inline=True)
def pull_campaign(coef, appeal, grievance, support):
    """Return the pull of the campaign frame (log-odds); ``appeal``, ``grievance``, ``support`` in [0, 1]."""
    return coef[B_VALUE] * (appeal * support - coef[CROSS] * grievance)


@kernel(inline=True)
def pull_counter(coef, ask, grievance, support, hold):
    """Return the pull of the counter frame (log-odds); ``hold`` in [0, 1] is what soothing leaves of it."""
    nearness = ask[SALIENCE] + ask[OPENNESS] * (1.0 - ask[SALIENCE])
    drive = (coef[B_VALUE] + coef[B_OUTRAGE] * ask[AROUSAL]) * nearness * grievance * hold
    return drive - coef[B_VALUE] * coef[CROSS] * support


@kernel(inline=True)
def climate_of(seen_campaign, seen_counter):
    """Return the opinion climate in (-1, 1) from impressions of either frame since the start."""
    return (float(seen_campaign) - float(seen_counter)) / (float(seen_campaign) + float(seen_counter) + 2.0)


@kernel(inline=True)
def utilities(
    coef, ask, grievance, support, extra_appeal, hold, committed,
    sources_campaign, sources_counter, seen_campaign, seen_counter, acts, today,
    can_share_campaign, can_share_counter, follows,
):  # fmt: skip
    """Return the six utilities (log-odds) of the logit besides ignoring, whose utility is 0.

    Parameters
    ----------
    coef : float64[13], log-odds
        In the order of ``COEFFICIENTS``.
    ask : float64[6]
        The current ask, in the order of ``ASK``.
    grievance, support : float in [0, 1]
    extra_appeal : float
        What a local account adds to the appeal.
    hold : float in [0, 1]
        What acknowledgement and answer leave of the counter pull.
    committed : bool
        Activists and allies do not heed the climate.
    sources_campaign, sources_counter, seen_campaign, seen_counter, acts, today : int
        Distinct sources, impressions, messages of one's own since the start; agency impressions today.
    can_share_campaign, can_share_counter : bool
        Whether there is a message of that frame to pass on.
    follows : bool
        Whether the row follows the sender.

    Returns
    -------
    six floats
        Share campaign, share counter, write campaign, write counter, unfollow, follow; ``CLOSED`` for
        options that are not open.
    """
    campaign = pull_campaign(coef, held(ask[APPEAL] + extra_appeal), grievance, support)
    counter = pull_counter(coef, ask, grievance, support, hold)
    climate = 0.0 if committed else coef[B_CLIMATE] * climate_of(seen_campaign, seen_counter)
    tired = coef[FATIGUE] * float(acts)
    room = coef[B_ROOM] * ask[ROOM]
    share_campaign = CLOSED
    share_counter = CLOSED
    write_counter = CLOSED
    unfollow = CLOSED
    follow = CLOSED
    if can_share_campaign:
        social = coef[B_SOCIAL] * log1p_count(sources_campaign)
        share_campaign = coef[B_SHARE] + campaign + social + climate - tired
    if can_share_counter:
        social = coef[B_SOCIAL] * log1p_count(sources_counter)
        share_counter = coef[B_SHARE] + counter + social - climate - tired
    write_campaign = coef[B_WRITE] + campaign + room + climate - tired
    if grievance > 0.0:
        write_counter = coef[B_WRITE] + counter + room - climate - tired
    warm = coef[B_WARM] * ask[MEDIA]
    if follows:
        bored = coef[B_BORE] * log1p_count(today)
        unfollow = coef[B_LEAVE] + bored + coef[B_VALUE] * grievance - warm
    elif can_share_campaign:
        follow = coef[B_FOLLOW] + campaign + warm
    return share_campaign, share_counter, write_campaign, write_counter, unfollow, follow


@kernel(inline=True)
def weight_of(utility):
    """Return the weight of an option: exp of its utility, held at exp(300), 0 if it is closed."""
    return exp(min(utility, 300.0))


@kernel
def weights(
    coef, ask, grievance, support, extra_appeal, hold, committed,
    sources_campaign, sources_counter, seen_campaign, seen_counter, acts, today,
    can_share_campaign, can_share_counter, follows,
):  # fmt: skip
    """Return the six weights of the logit besides ignoring, whose weight is 1; 0 for closed options.

    Parameters and order are those of :func:`utilities`.
    """
    share_c, share_k, write_c, write_k, unfollow, follow = utilities(
        coef, ask, grievance, support, extra_appeal, hold, committed,
        sources_campaign, sources_counter, seen_campaign, seen_counter, acts, today,
        can_share_campaign, can_share_counter, follows,
    )  # fmt: skip
    return (
        weight_of(share_c),
        weight_of(share_k),
        weight_of(write_c),
        weight_of(write_k),
        weight_of(unfollow),
        weight_of(follow),
    )


@kernel(inline=True)
def choose(
    coef, ask, grievance, support, extra_appeal, hold, committed,
    sources_campaign, sources_counter, seen_campaign, seen_counter, acts, today,
    can_share_campaign, can_share_counter, follows, draw,
):  # fmt: skip
    """Return the action (a number of ``sim.reaction.actions``) that ``draw`` in [0, 1) decides.

    Parameters are those of :func:`utilities`; ``draw`` is ``u(REACTION; key, minute)``.
    """
    share_c, share_k, write_c, write_k, unfollow, follow = utilities(
        coef, ask, grievance, support, extra_appeal, hold, committed,
        sources_campaign, sources_counter, seen_campaign, seen_counter, acts, today,
        can_share_campaign, can_share_counter, follows,
    )  # fmt: skip
    highest = max(max(max(share_c, share_k), max(write_c, write_k)), max(unfollow, follow))
    if highest < _FAINT[np.int64(draw * _LEVELS)]:
        return IGNORE  # nearly always
    share_c, share_k, write_c = weight_of(share_c), weight_of(share_k), weight_of(write_c)
    write_k, unfollow, follow = weight_of(write_k), weight_of(unfollow), weight_of(follow)
    level = draw * (1.0 + share_c + share_k + write_c + write_k + unfollow + follow)
    if level < 1.0:
        return IGNORE
    level -= 1.0
    if level < share_c:
        return SHARE_CAMPAIGN
    level -= share_c
    if level < share_k:
        return SHARE_COUNTER
    level -= share_k
    if level < write_c:
        return WRITE_CAMPAIGN
    level -= write_c
    if level < write_k:
        return WRITE_COUNTER
    level -= write_k
    if level < unfollow:
        return UNFOLLOW
    if follow > 0.0:
        return FOLLOW
    # rounding alone can lead a draw next to 1 past the last open option: it takes that one
    if unfollow > 0.0:
        return UNFOLLOW
    return WRITE_COUNTER if write_k > 0.0 else WRITE_CAMPAIGN
