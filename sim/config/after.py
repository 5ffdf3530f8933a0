"""What a campaign leaves behind, and which campaigns came before: ``docs/model.md`` 9.

Signs have sources; no source gives the size of an effect of what was seen, so every size is assumed and swept, and
``after.drift`` sweeps them all at once.
"""

from __future__ import annotations

from pydantic import model_validator

from sim.config.agency import AgencyConfig, PolicyConfig
from sim.config.fields import Real, Section, Whole, param
from sim.config.post import PostConfig

HOURS_A_WEEK = 168.0
WEEKS_A_MONTH = 365.25 / 12.0 / 7.0


class AfterConfig(Section):
    """How far people drift by what they saw, for how long, and how a tag comes up elsewhere."""

    measured: bool = param(
        False, "yes or no", "Whether each run of a study tells what it left behind, in columns of its own"
    )
    drift: Real = param(
        1.0,
        "1",
        "Factor on all four sizes of drift; 0 is none",
        low=0,
        high=5,
        role="uncertainty",
        span=(0.0, 2.0),
        source="assumed: no source gives a size",
    )
    grievance_by_counter: Real = param(
        0.06,
        "share of the rest to 1",
        "Grievance that much criticism seen adds",
        low=0,
        high=1,
        role="uncertainty",
        span=(0.0, 0.15),
        source="sign: urban.gray, hansen2018.short (58 % of firestorms lower what people think); size assumed",
    )
    grievance_by_campaign: Real = param(
        0.01,
        "share",
        "Grievance that much of the campaign seen takes away",
        low=0,
        high=1,
        role="uncertainty",
        span=(0.0, 0.03),
        source="sign: grimmelikhuijsen.legitimacy (slight); size assumed",
    )
    support_by_counter: Real = param(
        0.06,
        "share",
        "Support that much criticism seen takes away",
        low=0,
        high=1,
        role="uncertainty",
        span=(0.0, 0.15),
        source="sign: hansen2018.short, quinnipiac.nypd_jun_aug_2014 (0.59 to 0.50 after a death, not a tag); "
        "size assumed",
    )
    support_by_campaign: Real = param(
        0.02,
        "share of the rest to 1",
        "Support that much of the campaign seen adds",
        low=0,
        high=1,
        role="uncertainty",
        span=(0.0, 0.06),
        source="sign: grimmelikhuijsen.legitimacy (slight), peyton.duration; size assumed",
    )
    half_seen: Real = param(
        4.0,
        "impressions",
        "Impressions of a frame that have half of their full effect",
        above=0,
        high=10_000,
        role="uncertainty",
        span=(1.0, 12.0),
        source="assumed",
    )
    own_act: Real = param(
        4.0,
        "impressions",
        "Impressions that a message of one's own counts for",
        low=0,
        high=10_000,
        role="uncertainty",
        span=(0.0, 12.0),
        source="assumed: who has spoken holds to it",
    )
    half_life_weeks: Real = param(
        12.0,
        "weeks",
        "Weeks in which half of a drift is forgotten",
        above=0,
        high=10_000,
        role="uncertainty",
        span=(3.0, 52.0),
        source="bounds: peyton.duration (21 days at least), hansen2018.long (a fall in the long term in 40 % of cases, "
        "at first in 58 %); size assumed",
    )
    copycat_places: Whole = param(
        100,
        "places",
        "Other audiences with a like sender, which could take the tag up",
        low=0,
        high=100_000,
        source="assumed",
    )
    copycat_rate: Real = param(
        0.005,
        "1 an hour and place",
        "Rate at which a place takes criticism up while the tag trends and is in the news, all messages critical",
        low=0,
        high=60,
        role="uncertainty",
        span=(0.001, 0.01),
        source="assumed: mynypd.copycat_cities and mynypd.copycat_countries (at least 10 places in two days) are one "
        "case, known because it had them",
    )


class EarlierConfig(Section):
    """A campaign of the same sender before the one that is simulated, with the same people, feeds and newsrooms."""

    case: str = param("custom", "name", "Id of its case")
    posted: bool = param(True, "yes or no", "Whether it was posted; if not, its turn passes and leaves nothing")
    weeks: Real = param(4.0, "weeks", "Time from its post to the next one", above=0, high=520)
    horizon_hours: Real = param(72.0, "hours", "How long it lasts", low=1 / 60, high=720)
    post: PostConfig = PostConfig()
    agency: AgencyConfig = AgencyConfig()
    policy: PolicyConfig = PolicyConfig()

    @model_validator(mode="after")
    def _ends_before_the_next(self) -> EarlierConfig:
        if self.weeks * HOURS_A_WEEK < self.horizon_hours:
            raise ValueError(
                f"weeks must be at least the campaign's own {self.horizon_hours:g} hours "
                f"({self.horizon_hours / HOURS_A_WEEK:.3g} weeks); got {self.weeks:g}"
            )
        return self
