"""Who is in the audience: numbers, cohorts, communities, grievance and support, habits, roles."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from sim.config.fields import Real, Section, Whole, param

COHORTS = ("13-17", "18-24", "25-34", "35-49", "50-64", "65+")
UNDER_30 = (1.0, 1.0, 0.5, 0.0, 0.0, 0.0)
"""How much of each age band is younger than 30 (25-34 is taken as evenly spread)."""
ROLES = ("member", "activist", "ally", "journalist")
MOST_DROPPED = 1000
Six = Annotated[tuple[Real, ...], Field(min_length=6, max_length=6)]
Hours = Annotated[tuple[Real, ...], Field(min_length=24, max_length=24)]


class PeopleConfig(Section):
    """The audience, before any graph: all rows, some of whom follow the sender."""

    n_followers: Whole = param(
        100_000,
        "followers",
        "Rows of the audience",
        low=0,
        high=50_000_000,
        role="lever",
        source="assumed: large enough for ignition to show (docs/model.md, size)",
    )
    represents: Real = param(
        1.0,
        "people per row",
        "How many people one row stands for when volumes are printed",
        above=0,
        high=1e6,
        source="assumed: one to one",
    )
    table: str | None = param(None, "path", "Audience table (CSV) that describes one's own public")
    cohort_shares: Six = param(
        (0.09, 0.24, 0.25, 0.25, 0.13, 0.04),
        "share of rows",
        "Share of each age band",
        source="derived: pew.twitter_18_29_2013, pew.twitter_30_49_2013, pew.twitter_65_2013, pew.teens_2012"
        " times the age pyramid; bands split by assumption",
    )
    under_30_share: Real | None = param(
        None,
        "share of rows",
        "Share under 30, half of 25-34 counted; within each side the age bands keep their proportions",
        above=0,
        high=0.99,
        role="lever",
        span=(0.2, 0.8),
    )
    community: str = param("affected", "name", "What the second community is called", source="assumed")
    community_share: Real = param(
        0.2,
        "share of rows",
        "Share of the community that the topic touches most",
        low=0,
        high=1,
        role="uncertainty",
        source="assumed",
        span=(0.1, 0.3),
    )
    grievance_mean: Real = param(
        0.25,
        "0 to 1",
        "Mean grievance of those outside the affected community",
        low=0,
        high=1,
        role="uncertainty",
        source="assumed",
        span=(0.15, 0.35),
    )
    grievance_concentration: Real = param(
        1.6,
        "1",
        "Concentration (a + b) of the Beta distribution of grievance",
        above=0,
        high=1000,
        source="assumed: most people hold little, some hold much",
    )
    grievance_cohort_shift: Six = param(
        (0.2, 0.35, 0.15, 0.0, -0.2, -0.35),
        "log-odds",
        "Shift of mean grievance by age band",
        source="derived: siena.unfav_age (0.18, 0.22, 0.10), gallup.age_spread_2012_14; split by assumption",
    )
    under_30_grievance_shift: Real = param(
        0.0,
        "log-odds",
        "Further shift of mean grievance under 30 (half of it for 25-34)",
        low=-10,
        high=10,
        role="lever",
        span=(-1.0, 1.5),
    )
    community_grievance_shift: Real = param(
        1.2,
        "log-odds",
        "Shift of mean grievance in the affected community",
        low=-10,
        high=10,
        role="uncertainty",
        source="derived: siena.unfav_race_region (0.12 against 0.38: 1.5 log-odds)",
        span=(0.6, 1.6),
    )
    support_mean: Real = param(
        0.45,
        "0 to 1",
        "Mean support of those outside the affected community",
        low=0,
        high=1,
        role="uncertainty",
        source="derived: gallup.confidence_series (0.53 to 0.57)",
        span=(0.3, 0.6),
    )
    support_concentration: Real = param(
        2.0,
        "1",
        "Concentration (a + b) of the Beta distribution of support",
        above=0,
        high=1000,
        source="assumed",
    )
    support_cohort_shift: Six = param(
        (-0.1, -0.15, -0.05, 0.0, 0.15, 0.25),
        "log-odds",
        "Shift of mean support by age band",
        source="derived: gallup.age_spread_2012_14 (5 points); split by assumption",
    )
    community_support_shift: Real = param(
        -0.8,
        "log-odds",
        "Shift of mean support in the affected community",
        low=-10,
        high=10,
        source="derived: gallup.black (0.35 against 0.53 to 0.57: -0.8 log-odds)",
    )
    copula_correlation: Real = param(
        -0.5,
        "1",
        "Correlation of grievance and support (Gaussian copula)",
        low=-0.99,
        high=0.99,
        role="uncertainty",
        source="assumed: negative, and one person can hold both",
        span=(-0.7, -0.3),
    )
    sessions_median: Real = param(
        2.0,
        "sessions a day",
        "Median number of sessions a day",
        above=0,
        high=200,
        source="derived: pew.daily_2013 (46 % daily, 29 % several times a day); spread assumed",
    )
    sessions_sigma: Real = param(
        1.1,
        "log units",
        "Spread (sigma) of the lognormal sessions a day",
        low=0,
        high=3,
        source="assumed: delays of facts/patterns.md come out with it",
    )
    sessions_cohort_factor: Six = param(
        (1.3, 1.3, 1.1, 1.0, 0.8, 0.6),
        "1",
        "Factor on sessions a day by age band",
        source="assumed",
    )
    circadian: Hours = param(
        (
            0.55,
            0.32,
            0.2,
            0.13,
            0.12,
            0.18,
            0.4,
            0.75,
            1.0,
            1.15,
            1.2,
            1.25,
            1.3,
            1.3,
            1.3,
            1.3,
            1.3,
            1.35,
            1.4,
            1.5,
            1.6,
            1.65,
            1.45,
            1.0,
        ),
        "relative rate an hour",
        "Activity by hour of the day, midnight first",
        source="assumed: flatter and later than politicians' tweets (facts/patterns.md, hour of day)",
    )
    follow_share: Real = param(
        0.3,
        "share of rows",
        "Share of the audience that follows the sender",
        low=0,
        high=1,
        role="uncertainty",
        source="assumed",
        span=(0.15, 0.45),
    )
    follow_support: Real = param(
        1.5,
        "log-odds per unit of support",
        "How much more supporters follow the sender",
        low=-20,
        high=20,
        source="assumed",
    )
    follow_grievance: Real = param(
        0.5,
        "log-odds per unit of grievance",
        "How much more the aggrieved follow the sender (watchers)",
        low=-20,
        high=20,
        source="assumed",
    )
    activist_share: Real = param(
        0.002,
        "share of rows",
        "Committed critics, from the joint tail",
        low=0,
        high=0.2,
        role="uncertainty",
        source="assumed",
        span=(0.0005, 0.005),
    )
    ally_share: Real = param(
        0.002,
        "share of rows",
        "Committed supporters, from the joint tail",
        low=0,
        high=0.2,
        source="assumed",
    )
    journalist_share: Real = param(
        0.0005,
        "share of rows",
        "Journalists",
        low=0,
        high=0.2,
        source="assumed",
    )

    added_activists: Whole = param(
        0,
        "accounts",
        "Committed critics to add, for what-ifs (generated audiences alone)",
        low=0,
        high=1000,
        role="lever",
    )
    added_followers: Whole = param(
        100, "followers", "How many rows follow each added critic", low=0, high=1_000_000, role="lever"
    )
    added_follows: Whole = param(20, "accounts", "How many rows each added critic follows", low=0, high=1_000_000)
    added_grievance: Real = param(1.0, "0 to 1", "Grievance of added critics", low=0, high=1, role="lever")
    added_support: Real = param(0.0, "0 to 1", "Support of added critics", low=0, high=1, role="lever")
    added_sessions: Real = param(
        12.0, "sessions a day", "Sessions a day of added critics", above=0, high=200, role="lever", source="assumed"
    )
    dropped: tuple[Whole, ...] = param(
        (), "keys", "Accounts that do not exist, for what-ifs (generated audiences alone)", role="lever"
    )

    @property
    def age_shares(self) -> tuple[float, ...]:
        """Share of rows of each age band, ``under_30_share`` regarded."""
        if self.under_30_share is None:
            return self.cohort_shares
        young = tuple(share * part for share, part in zip(self.cohort_shares, UNDER_30, strict=True))
        old = tuple(share - part for share, part in zip(self.cohort_shares, young, strict=True))
        up, down = self.under_30_share / sum(young), (1.0 - self.under_30_share) / sum(old)
        return tuple(up * here + down * there for here, there in zip(young, old, strict=True))

    @property
    def age_grievance_shift(self) -> tuple[float, ...]:
        """Shift of mean grievance of each age band in log-odds, ``under_30_grievance_shift`` regarded."""
        further = (self.under_30_grievance_shift * part for part in UNDER_30)
        return tuple(shift + more for shift, more in zip(self.grievance_cohort_shift, further, strict=True))

    @property
    def edited(self) -> bool:
        """Whether anybody is added or dropped."""
        return self.added_activists > 0 or len(self.dropped) > 0

    @model_validator(mode="after")
    def _consistent(self) -> PeopleConfig:
        for name in ("cohort_shares", "sessions_cohort_factor", "circadian"):
            values = getattr(self, name)
            if min(values) < 0:
                raise ValueError(f"{name} must hold no negative value; got {min(values)}")
        if abs(sum(self.cohort_shares) - 1.0) > 1e-6:
            raise ValueError(f"cohort_shares must sum to 1; they sum to {sum(self.cohort_shares):.6g}")
        young = sum(share * part for share, part in zip(self.cohort_shares, UNDER_30, strict=True))
        if self.under_30_share is not None and not 0.0 < young < 1.0:
            raise ValueError("under_30_share needs cohort_shares with rows on both sides of 30")
        if min(self.sessions_cohort_factor) <= 0:
            raise ValueError("sessions_cohort_factor must be positive for each age band")
        if sum(self.circadian) <= 0:
            raise ValueError("circadian must have at least one hour above 0")
        for key in self.dropped:
            if not 0 <= key < self.n_followers:
                raise ValueError(f"dropped must hold keys of the audience, 0 to {self.n_followers - 1}; got {key}")
        if len(self.dropped) > MOST_DROPPED:
            raise ValueError(f"dropped may hold at most {MOST_DROPPED} keys; got {len(self.dropped)}")
        return self
