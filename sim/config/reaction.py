"""How people react: one universal set of coefficients for every case, and two rules of theory beside it."""

from __future__ import annotations

from typing import Literal

from sim.config.fields import Real, Section, Whole, own_parameters, param

LOGIT = "logit"
IN_ROUNDS = ("independent_cascade", "linear_threshold")
RULES = (LOGIT, *IN_ROUNDS)
"""Reaction rules by name (``docs/model.md`` 6.4 and 6.7); others stand in users' own files (``docs/extending.md``)."""


class ReactionConfig(Section):
    """Coefficients of the multinomial logit (DESIGN section 2.5); utility 0 is to ignore.

    Cases never set these: they differ in what can be known beforehand, not in behaviour. From ``transmission`` on they
    belong to other rules (``docs/model.md`` 6.7, ``docs/extending.md``) and have no part in the logit.
    """

    rule: str = param(LOGIT, "name", "The reaction rule")
    b_share: Real = param(
        -7.7, "log-odds", "Readiness to pass a message on", low=-30, high=10, role="uncertainty", span=(-8.0, -7.4)
    )
    b_write: Real = param(
        -7.6, "log-odds", "Readiness to write", low=-30, high=10, role="uncertainty", span=(-7.9, -7.3)
    )
    b_value: Real = param(
        5.0, "log-odds", "Pull of agreement with a frame", low=0, high=20, role="uncertainty", span=(4.6, 5.4)
    )
    b_outrage: Real = param(
        3.0,
        "log-odds",
        "Extra pull of anger at full arousal",
        low=0,
        high=20,
        role="uncertainty",
        span=(2.5, 3.5),
        source="sign: brady.moral_emotional, fan.anger_joy; size assumed",
    )
    b_social: Real = param(
        0.4,
        "log-odds per log(1 + sources)",
        "Social reinforcement",
        low=-5,
        high=10,
        role="uncertainty",
        span=(0.2, 0.6),
        source="sign: romero.persistence; size assumed",
    )
    b_climate: Real = param(
        0.2,
        "log-odds",
        "Weight of the opinion climate (spiral of silence)",
        low=-5,
        high=10,
        role="uncertainty",
        span=(0.0, 0.4),
        source="Matthes, Knoll & von Sikorski 2018: r = .10",
    )
    b_room: Real = param(
        1.5, "log-odds", "Pull of being asked for one's own words", low=-5, high=10, role="uncertainty", span=(1.2, 1.8)
    )
    cross: Real = param(
        0.5, "1", "How much the opposite feeling holds back (c)", low=0, high=5, role="uncertainty", span=(0.3, 0.7)
    )
    fatigue: Real = param(
        1.2,
        "log-odds per act",
        "How much each act of one's own lowers the next",
        low=0,
        high=20,
        role="uncertainty",
        span=(0.9, 1.5),
        source="patterns: 61.7 % of actors act once (Higgs 2012)",
    )
    b_leave: Real = param(-9.5, "log-odds", "Readiness to unfollow", low=-30, high=10)
    b_bore: Real = param(0.5, "log-odds per log(1 + posts today)", "Boredom by many posts a day", low=-5, high=10)
    b_follow: Real = param(-9.0, "log-odds", "Readiness of others to start following", low=-30, high=10)
    b_warm: Real = param(0.8, "log-odds", "Warmth of a picture keeps and wins followers", low=-5, high=10)
    transmission: Real = param(
        0.05,
        "probability",
        "Independent cascade: chance that a message that lands is seen and passed on",
        low=0,
        high=1,
        source="assumed: one in the mean number of followers of a generated graph",
    )
    threshold: Real = param(
        0.18,
        "share",
        "Linear threshold: share of the followed rows that must have put something out",
        low=0,
        high=1,
        source="Watts 2002, doi:10.1073/pnas.082090499",
    )
    threshold_spread: Literal["fixed", "uniform"] = param(
        "fixed", "name", "Linear threshold: the same for all, or uniform from 0 to twice the threshold"
    )
    initial_adopters: Whole = param(
        1, "rows", "Both: rows that put something out in minute 0 (all, if there are fewer)", low=1, high=2**31 - 1
    )
    initial: Literal["widest", "random"] = param(
        "widest", "name", "Both: whether these are the rows with most followers, or rows drawn for each replicate"
    )
    own: dict[str, Real] = own_parameters("reaction rule")

    @property
    def in_rounds(self) -> bool:
        """Whether the rule runs in rounds, without sessions, feeds, trending, newsrooms and agency."""
        return self.rule in IN_ROUNDS
