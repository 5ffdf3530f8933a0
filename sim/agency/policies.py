"""What the agency does: triggers, moves and their state-dependent effects (``docs/model.md`` 6.3).

No documented case identifies the size of a move's effect; signs are sourced where possible in
``sim.config.agency.EffectsConfig``, sizes are priors.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.agency.signals import LEAST_OBSERVED, observed_share
from sim.compiled import kernel
from sim.config.agency import MOVES, AgencyConfig, PolicyConfig
from sim.errors import unknown_name
from sim.newsroom.pickup import lifted
from sim.reaction.actions import APPEAL, AROUSAL, OPENNESS, ROOM, SALIENCE

SILENT, CLARIFY, ACKNOWLEDGE, ENGAGE, AMPLIFY, CHANGE_ASK, POST_ELSE, WITHDRAW, DEFEND = range(len(MOVES))

EFFECTS = (
    "clarify",
    "acknowledge",
    "engage",
    "change_ask",
    "post_else",
    "else_appeal",
    "withdraw",
    "withdraw_backlash",
    "defend",
    "defend_backlash",
    "when_trending",
)
(
    E_CLARIFY,
    E_ACKNOWLEDGE,
    E_ENGAGE,
    E_CHANGE_ASK,
    E_POST_ELSE,
    E_ELSE_APPEAL,
    E_WITHDRAW,
    E_WITHDRAW_BACKLASH,
    E_DEFEND,
    E_DEFEND_BACKLASH,
    E_WHEN_TRENDING,
) = range(len(EFFECTS))

RULE_MOVE, RULE_MINUTE, RULE_SHARE, RULE_RATE, RULE_WHEN = range(5)
NOT_GIVEN = -1.0


def effect_vector(agency: AgencyConfig) -> np.ndarray:
    """Return the sizes of the moves' effects as float64[11], in the order of ``EFFECTS``."""
    return np.array([getattr(agency.effects, name) for name in EFFECTS], dtype=np.float64)


def rule_table(policy: PolicyConfig, own: Sequence[str] = ()) -> np.ndarray:
    """Return a policy as float64[rules, 5]: move, minute, share, rate, when; ``NOT_GIVEN`` for absent triggers.

    Parameters
    ----------
    own : sequence of str
        Names of the user's own policies; ``when`` is a rule's place among them.
    """
    table = np.full((len(policy.rules), 5), NOT_GIVEN)
    for row, rule in zip(table, policy.rules, strict=True):
        row[RULE_MOVE] = MOVES.index(rule.move)
        for column, value in (
            (RULE_MINUTE, rule.at_minute),
            (RULE_SHARE, rule.counter_share),
            (RULE_RATE, rule.messages_an_hour),
        ):
            if value is not None:
                row[column] = float(value)
        if rule.when is not None:
            if rule.when not in own:
                raise unknown_name("when", rule.when, own)
            row[RULE_WHEN] = float(own.index(rule.when))
    return table


@kernel
def rule_fires(rule, minute, observed_campaign, observed_counter):
    """Tell whether all triggers of a rule (float64[5]) hold in this minute, a policy of the user's own left out."""
    observed = observed_campaign + observed_counter
    if rule[RULE_MINUTE] >= 0.0 and float(minute) < rule[RULE_MINUTE]:
        return False
    if rule[RULE_SHARE] >= 0.0:
        if observed < LEAST_OBSERVED:
            return False
        if observed_share(observed_campaign, observed_counter) < rule[RULE_SHARE]:
            return False
    return rule[RULE_RATE] < 0.0 or float(observed) >= rule[RULE_RATE]


@kernel
def effect_now(size, skill, when_trending, trending):
    """Return the size of an effect in the present state, at most 1; ``skill`` is the mean of the accounts."""
    left = when_trending if trending else 1.0
    return min(1.0, size * (0.5 + skill) * left)


@kernel
def apply_move(move, ask, effects, skill, trending, observed):
    """Change the current ask by a move, in place.

    Parameters
    ----------
    move : int
        A number of this module (``CLARIFY`` ...).
    ask : float64[6]
        The current ask, in the order of ``sim.reaction.actions.ASK``; changed in place.
    effects : float64[11]
    skill : float in [0, 1]
    trending : bool
    observed : float
        Observed counter share.

    Returns
    -------
    float
        The effect's size in the present state (for acknowledgement and answers).
    """
    fading = effects[E_WHEN_TRENDING]
    if move == CLARIFY:
        size = effect_now(effects[E_CLARIFY], skill, fading, trending)
        ask[OPENNESS] *= 1.0 - size
        return size
    if move == ACKNOWLEDGE:
        return effect_now(effects[E_ACKNOWLEDGE], skill, fading, trending)
    if move == ENGAGE:
        return effect_now(effects[E_ENGAGE], skill, fading, trending)
    if move == CHANGE_ASK:
        size = effect_now(effects[E_CHANGE_ASK], skill, fading, trending)
        ask[ROOM] *= 1.0 - size
        ask[OPENNESS] *= 1.0 - size
        return size
    if move == POST_ELSE:
        size = effect_now(effects[E_POST_ELSE], skill, fading, trending)
        ask[APPEAL] += size * (effects[E_ELSE_APPEAL] - ask[APPEAL])
        ask[SALIENCE] *= 1.0 - size
        ask[AROUSAL] *= 1.0 - size
        ask[ROOM] *= 1.0 - size
        return size
    if move == WITHDRAW:
        size = effect_now(effects[E_WITHDRAW], skill, 1.0, False)
        if trending:
            ask[AROUSAL] = lifted(ask[AROUSAL], effects[E_WITHDRAW_BACKLASH])
        else:
            ask[ROOM] *= 1.0 - size
        return size
    if move == DEFEND:
        size = effect_now(effects[E_DEFEND], skill, fading, trending)
        ask[APPEAL] = lifted(ask[APPEAL], size)
        if observed > 0.5:
            ask[AROUSAL] = lifted(ask[AROUSAL], effects[E_DEFEND_BACKLASH])
        return size
    return 0.0
