"""Random small campaigns that use every feed, policy, move, trigger, role, voice and newsroom there is.

Coefficients are set so that much happens among few rows. Which row is who and follows whom is drawn with keys from
one integer, so that an example stays small to read and quick to make.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import strategies as st

from sim.config.agency import MOVES
from sim.config.root import Configuration, changed
from sim.network.graph import FollowerGraph
from sim.people.population import Population
from sim.rng import Stream, setup_uniform

DAYS = {
    "flat": (1.0,) * 24,
    "usual": Configuration().people.circadian,
    "siesta": tuple(0.0 if hour in (0, 1, 2, 13, 14) else 1.0 + hour / 7.0 for hour in range(24)),
}


def one_of(*values: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from(values)


def real(low: float, high: float) -> st.SearchStrategy[float]:
    """Return reals with many digits, and the two ends."""
    return st.one_of(st.floats(low, high, allow_nan=False, allow_subnormal=False), one_of(low, high))


RULES = st.fixed_dictionaries(
    {"move": st.sampled_from((*MOVES, "engage", "amplify"))},
    optional={
        "at_minute": one_of(0, 1, 20, 90, 90, 400),
        "counter_share": one_of(0.0, 0.2, 0.5, 0.8),
        "messages_an_hour": one_of(0.0, 1.0, 4.0, 15.0),
    },
).filter(lambda rule: len(rule) > 1)

FEED = {
    "feed.ranking": one_of("engagement", "chronological", "engagement"),
    "feed.rank_strength": one_of(1.0, 1.0, 0.5, 0.0),
    "feed.attention": one_of(1.0, 0.7, 0.3),
    "feed.half_life_minutes": one_of(400.0, 80.0, 100_000.0, 400.0, 2.0),
    "feed.crowding": one_of(0.0, 0.4, 2.0),
    "feed.lift_shares": real(0.0, 3.0),
    "feed.lift_arousal": real(0.0, 5.0),
    "feed.trending.on": one_of(True, True, True, False),
    "feed.trending.threshold": one_of(0.05, 1e-6, 0.2),
    "feed.trending.min_messages": st.integers(1, 3),
    "feed.trending.looks_a_day": one_of(3.0, 24.0, 100.0),
    "feed.trending.list_size": one_of(2, 1, 3, 20, 2, 100),
    "feed.trending.list_half_life_minutes": real(0.5, 2_000.0),
    "feed.trending.novelty_hours": real(0.5, 48.0),
}
POST = {
    **{f"post.{name}": real(0.0, 1.0) for name in ("appeal", "room", "openness", "salience", "arousal", "media")},
    "post.hour": one_of(0.0, 9.25, 12.0, 22.7, 23.999),
    "post.repeats": st.integers(1, 4),
    "post.spread_hours": one_of(0.0, 0.05, 2.0, 30.0),
    "post.paid_reach": one_of(0.0, 0.3, 1.0),
    "post.paid_hours": one_of(0.05, 2.0, 20.0),
}
NEWSROOM = {
    "newsroom.newsrooms": one_of(3, 0, 8, 1),
    "newsroom.pick_up": one_of(1.0, 0.5),
    "newsroom.lag_median_minutes": one_of(120.0, 0.5, 400.0, 20.0),
    "newsroom.lag_sigma": real(0.0, 3.0),
    "newsroom.wire_minutes": one_of(7.0, 0.0, 60.5, 10_000.0),
    "newsroom.reach": one_of(0.0, 0.4, 1.0),
    "newsroom.salience_lift": real(0.0, 1.0),
}
EFFECTS = ("clarify", "acknowledge", "engage", "change_ask", "post_else", "else_appeal", "withdraw",
           "withdraw_backlash", "defend", "defend_backlash", "when_trending")  # fmt: skip
AGENCY = {
    "agency.voices": one_of("central", "local", "both"),
    "agency.local_accounts": st.integers(1, 4),
    "agency.local_trust": one_of(0.0, -0.6, 0.4, 1.0),
    "agency.skill": real(0.0, 1.0),
    "agency.skill_spread": one_of(0.0, 0.3),
    "agency.replies_an_hour": one_of(2.0, 600.0, 1.0, 70.0, 12.0, 0.5, 0.0),
    "agency.notify_minutes": one_of(0.0, 5.0, 300.0),
    "agency.monitoring_delay_minutes": one_of(0, 0, 1, 15, 70),
    "agency.detection_error": one_of(0.0, 0.15, 0.5),
    **{f"agency.effects.{name}": real(0.0, 1.0) for name in EFFECTS},
    "policy.rules": one_of(0, 4, 9).flatmap(lambda least: st.lists(RULES, min_size=least, max_size=12)),
}
REACTION = {
    "reaction.b_share": real(-2.0, 1.0),
    "reaction.b_write": real(-2.0, 1.0),
    "reaction.b_value": real(0.0, 4.0),
    "reaction.b_outrage": real(0.0, 4.0),
    "reaction.b_social": real(-1.0, 2.0),
    "reaction.b_climate": real(-1.0, 2.0),
    "reaction.b_room": real(-1.0, 2.0),
    "reaction.cross": real(0.0, 1.0),
    "reaction.fatigue": one_of(0.0, 0.3, 1.2, 5.0),
    "reaction.b_leave": one_of(-30.0, -4.0, -2.0, 0.0),
    "reaction.b_bore": real(-1.0, 2.0),
    "reaction.b_follow": one_of(-30.0, -3.0, 0.0, 2.0),
    "reaction.b_warm": real(-1.0, 1.0),
}
WHOLE = {
    "seed": one_of(0, 1, 2**63 - 1),
    "horizon_hours": one_of(12.0, 30.0, 12.0, 6.0, 12.0, 2.0, 12.0, 1 / 60),
}


def audience(n: int, crowd: int, local_accounts: int, pace: float, scrambled: bool) -> Population:
    """Return n rows, a quarter of each role; keys ascend with rows, or are large numbers in no order."""
    rows = np.arange(n, dtype=np.uint64)

    def u(stream: Stream) -> np.ndarray:
        return setup_uniform(crowd, stream, rows)

    def feeling(stream: Stream) -> np.ndarray:
        value = np.clip(1.4 * u(stream) - 0.2, 0.0, 1.0)  # a good part at 0 and at 1
        return (np.round(value * 65_536) / 65_536).astype(np.float32)

    big = (u(Stream.COHORT) * 2.0**62).astype(np.uint64)
    rates = pace * u(Stream.SESSION_RATE) ** 2
    return Population(
        key=np.where(scrambled, big, rows).astype(np.uint64),
        cohort=(6 * u(Stream.IN_WEIGHT)).astype(np.int8),
        community=(2 * u(Stream.COMMUNITY)).astype(np.int8),
        communities=("other", "affected"),
        grievance=feeling(Stream.GRIEVANCE),
        support=feeling(Stream.SUPPORT),
        grievance_rank=u(Stream.GRIEVANCE),
        support_rank=u(Stream.SUPPORT),
        sessions_a_day=np.where(rates < 0.02, 0.0, rates).astype(np.float32),
        follows_sender=u(Stream.FOLLOWS_SENDER) < 0.6,
        role=(4 * u(Stream.ROLE)).astype(np.int8),
        locality=(local_accounts * u(Stream.LOCALITY)).astype(np.int32),
        looks_at_lists=u(Stream.TREND_USER) < 0.7,
        beat=np.full(n, -1, dtype=np.int16),
    )


def follower_graph(n: int, crowd: int, degree: int) -> FollowerGraph:
    """Return a graph in which each row follows up to ``degree`` others, the low rows more often than the high ones."""
    rows = np.arange(n, dtype=np.uint64)
    most = (setup_uniform(crowd, Stream.OUT_DEGREE, rows) * (degree + 1)).astype(np.int64)
    follower = np.repeat(rows.astype(np.int64), most)
    slots = [setup_uniform(crowd, Stream.LINK, rows, about=slot) for slot in range(degree)]
    followed = (np.array([slots[slot][row] for row in range(n) for slot in range(most[row])]) ** 2 * n).astype(np.int64)
    return FollowerGraph.from_edges(follower, followed, n)


@dataclass(frozen=True)
class Example:
    """One campaign to run, as few values that can be read and written again.

    ``values`` are dotted names of the configuration; ``crowd`` says who the n rows are and, with ``degree``, whom they
    follow; ``pace`` is the most sessions a day.
    """

    values: dict[str, Any]
    day: str
    n: int
    crowd: int
    degree: int
    pace: float
    scrambled: bool
    replicate: int

    @property
    def configuration(self) -> Configuration:
        return changed(Configuration(), {**self.values, "people.circadian": DAYS[self.day]})

    @property
    def population(self) -> Population:
        accounts = self.values.get("agency.local_accounts", 1)
        return audience(self.n, self.crowd, accounts, self.pace, self.scrambled)

    @property
    def graph(self) -> FollowerGraph:
        return follower_graph(self.n, self.crowd, self.degree)


def examples() -> st.SearchStrategy[Example]:
    """Return random small campaigns; the simplest are quiet and small."""
    sections = {**WHOLE, **FEED, **POST, **NEWSROOM, **AGENCY, **REACTION}
    return st.builds(
        Example,
        values=st.fixed_dictionaries(sections),
        day=st.sampled_from(sorted(DAYS)),
        n=st.one_of(st.integers(20, 60), st.integers(1, 60)),
        crowd=st.integers(0, 2**32),
        degree=one_of(8, 4, 12, 20, 8, 0),
        pace=one_of(60.0, 200.0, 20.0, 200.0),
        scrambled=st.booleans(),
        replicate=one_of(0, 1, 7, 10**6),
    )


SELDOM = (
    # shares of the call are the latest messages when it is withdrawn, and many look at the list afterwards
    Example(
        values={
            "horizon_hours": 12.0, "feed.ranking": "chronological", "feed.half_life_minutes": 100_000.0,
            "feed.trending.threshold": 1e-6, "feed.trending.min_messages": 1, "feed.trending.looks_a_day": 100.0,
            "feed.trending.list_size": 100, "policy.rules": [{"move": "withdraw", "at_minute": 90}],
            "post.appeal": 1.0, "post.salience": 0.0, "post.openness": 0.0, "post.room": 0.0, "reaction.b_value": 2.0,
            "reaction.b_share": 1.0, "reaction.b_write": -4.0, "reaction.b_leave": -30.0, "reaction.b_follow": -30.0,
        },
        day="flat", n=60, crowd=1, degree=8, pace=200.0, scrambled=False, replicate=0,
    ),
    # several write in one minute, are passed on unequally until the sender looks, and it can pass on only a few
    Example(
        values={
            "horizon_hours": 6.0, "feed.ranking": "chronological", "feed.half_life_minutes": 100_000.0,
            "agency.monitoring_delay_minutes": 60, "agency.replies_an_hour": 6.0,
            "policy.rules": [{"move": "amplify", "at_minute": 1}], "post.appeal": 1.0, "post.salience": 0.0,
            "post.openness": 0.0, "post.room": 0.0, "reaction.b_value": 2.0, "reaction.b_share": 1.5,
            "reaction.b_write": 0.0, "reaction.fatigue": 0.0, "reaction.b_leave": -30.0, "reaction.b_follow": -30.0,
        },
        day="flat", n=60, crowd=1, degree=20, pace=200.0, scrambled=False, replicate=0,
    ),
)  # fmt: skip
"""What random campaigns reach too seldom: always among the examples."""
