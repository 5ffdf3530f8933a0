"""How newsrooms pick a trending story up, whom they reach and what that does."""

from __future__ import annotations

from sim.config.fields import Real, Section, Whole, own_parameters, param

LAGGED = "lagged"
"""The built-in rule: with probability ``pick_up``, after a lognormal lag."""


class NewsroomConfig(Section):
    """Newsrooms: each notices, decides and, after a lag, reports once."""

    rule: str = param(LAGGED, "name", "What decides when a newsroom reports a story that it has noticed")
    newsrooms: Whole = param(6, "newsrooms", "How many newsrooms watch", low=0, high=100)
    pick_up: Real = param(
        0.6,
        "probability",
        "Chance that a newsroom reports a trending story",
        low=0,
        high=1,
        role="uncertainty",
        span=(0.4, 0.8),
    )
    lag_median_minutes: Real = param(
        120.0,
        "minutes",
        "Median lag from noticing to reporting",
        above=0,
        high=10_000,
        source="qantas.media_lag (1.5 to 3 hours)",
    )
    lag_sigma: Real = param(0.7, "log units", "Spread of that lag", low=0, high=3)
    wire_minutes: Real = param(
        60.0, "minutes", "Noticed this long after trending begins, if no journalist saw it", low=0, high=10_000
    )
    reach: Real = param(
        0.04,
        "share of rows",
        "Share of the audience that a newsroom's story reaches",
        low=0,
        high=1,
        role="uncertainty",
        span=(0.02, 0.06),
    )
    salience_lift: Real = param(
        0.08,
        "share of the rest to 1",
        "How much one story lifts the topic's salience",
        low=0,
        high=1,
        role="uncertainty",
        span=(0.03, 0.13),
    )
    own: dict[str, Real] = own_parameters("newsroom")
