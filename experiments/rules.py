"""Two rules of reaction that leave out what the logit is made of, for ``backfire ablation``.

Written as a user's own rules are (``docs/extending.md``); named in the configuration as
``extensions=[backfire:rules.py] reaction=exposure``.
"""

from __future__ import annotations

from sim.extend import (
    IGNORE,
    SHARE_CAMPAIGN,
    SHARE_COUNTER,
    WRITE_CAMPAIGN,
    WRITE_COUNTER,
    another,
    parameter,
    reaction_rule,
)

_CHANCE = "assumed: high enough for exposure to spread at the cases' audiences"


@reaction_rule(
    joining=parameter(0.05, "probability", "Chance to join in at a look at the tag", low=0, high=1, source=_CHANCE),
    writing=parameter(0.4, "share", "Of those who join in, the share who write", low=0, high=1, source="assumed"),
)
def exposure(grievance, support, acts, can_share_campaign, can_share_counter, draw, joining, writing):
    """Join in with one chance, whatever is felt, asked or seen; feelings decide the side alone."""
    if acts > 0 or draw >= joining:
        return IGNORE
    counter = grievance > support
    if another(draw, 1) < writing:
        return WRITE_COUNTER if counter else WRITE_CAMPAIGN
    if counter and can_share_counter:
        return SHARE_COUNTER
    if not counter and can_share_campaign:
        return SHARE_CAMPAIGN
    return IGNORE


@reaction_rule(
    needed=parameter(2, "sources", "Sources of a side that must have been seen", low=1, high=100, source="assumed"),
    joining=parameter(0.5, "probability", "Chance to join in at a look from then on", low=0, high=1, source="assumed"),
    writing=parameter(0.4, "share", "Of those who join in, the share who write", low=0, high=1, source="assumed"),
)
def threshold(
    grievance, support, committed, sources_campaign, sources_counter, acts, can_share_campaign, can_share_counter,
    draw, needed, joining, writing,
):  # fmt: skip
    """Join a side once enough sources of it have been seen; the committed need none. Feelings decide the side alone."""
    if acts > 0 or draw >= joining:
        return IGNORE
    counter = grievance > support
    sources = sources_counter if counter else sources_campaign
    if not committed and sources < needed:
        return IGNORE
    if another(draw, 1) < writing:
        return WRITE_COUNTER if counter else WRITE_CAMPAIGN
    if counter and can_share_counter:
        return SHARE_COUNTER
    if not counter and can_share_campaign:
        return SHARE_CAMPAIGN
    return IGNORE
