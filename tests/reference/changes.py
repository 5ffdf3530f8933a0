"""What is changed between two minutes of a run (docs/model.md 6.3, last paragraph), in engine and reference alike."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import strategies as st

from sim.config.agency import MOVES, RuleConfig
from sim.config.root import Configuration
from sim.engine.layout import (
    ACKNOWLEDGED,
    ACTS,
    ANSWERED,
    DAY,
    FOLLOWS_CENTRAL,
    FOLLOWS_LOCAL,
    GRIEVANCE,
    REACHED,
    ROLE,
    SEEN,
    SOURCES,
    SUPPORT,
    TODAY,
)
from sim.engine.record import RunRecord
from sim.model.campaign import CampaignModel
from sim.reaction.actions import ASK
from tests.reference.run import PlainRun
from tests.reference.state import SATURATED
from tests.reference.strategies import RULES, Example, one_of

WORN = SATURATED - 2
Remembered = dict[str, np.ndarray]


@dataclass(frozen=True)
class Change:
    """One change, made when the minutes before ``when * horizon`` are over.

    ``policy``: ``rules`` are put in force; ``act``: ``move`` is made by hand; ``branch``: the run goes on as a branch,
    and what it branched off goes on unchanged; ``feel``: a row's grievance becomes ``level`` and its support one less
    it; ``wear``: all counters of what was seen and done stand just below their largest value.
    """

    when: float
    what: str
    move: str = "silent"
    rules: tuple[tuple[tuple[str, Any], ...], ...] = ()
    row: int = 0
    level: float = 0.0


class Watched(CampaignModel):
    """A model that notes the ask after each minute; its branches do not."""

    def step(self) -> None:
        super().step()
        if not hasattr(self, "asks"):
            self.asks: list[tuple[float, ...]] = []
        self.asks.append(tuple(self.engine.bench.arrays["levels"][: len(ASK)].tolist()))


def changes() -> st.SearchStrategy[tuple[Change, ...]]:
    """Return up to four changes in the order in which they are made; every other time none."""
    rules = st.lists(RULES, max_size=3).map(lambda found: tuple(tuple(rule.items()) for rule in found))
    change = st.builds(
        Change,
        when=one_of(0.0, 0.01, 0.05, 0.1, 0.2, 0.4, 0.7, 0.999),
        what=one_of("policy", "act", "branch", "feel", "wear"),
        move=st.sampled_from(MOVES),
        rules=rules,
        row=st.integers(0, 59),
        level=one_of(0.0, 1.0, 0.3, 0.777),
    )
    some = st.lists(change, min_size=1, max_size=4).map(lambda found: tuple(sorted(found, key=lambda one: one.when)))
    return st.one_of(st.just(()), some)


def today(configuration: Configuration, minute: int) -> int:
    """Return the calendar day of a minute."""
    return math.floor((60 * configuration.post.hour + minute) / 1440)


def rule_models(change: Change) -> list[RuleConfig]:
    return [RuleConfig(**dict(rule)) for rule in change.rules]


def engine_stories(
    example: Example, made: tuple[Change, ...]
) -> list[tuple[tuple[Change, ...], RunRecord, Remembered, list[tuple[float, ...]] | None]]:
    """Return what the engine tells of a run, and of every run that it branched off.

    Returns
    -------
    list of (changes, RunRecord, dict, list or None)
        Which changes that run had, what it left behind, what each follower remembers at its end, and the ask after
        each minute (not of a branch).
    """
    configuration = example.configuration
    model: CampaignModel = Watched(
        configuration, rng=configuration.seed, replicate=example.replicate, graph=example.graph,
        population=example.population, record="log",
    )  # fmt: skip
    left: list[tuple[tuple[Change, ...], CampaignModel]] = []
    for number, change in enumerate(made):
        model.run_until(int(change.when * model.horizon))
        if change.what == "branch":
            left.append((made[:number], model))
            model = model.branch()
        change_model(model, change, example.n)
    stories = []
    for had, one in (*left, (made, model)):
        one.run_model()
        stories.append((had, one.record(), remembered_by_engine(one), getattr(one, "asks", None)))
        one.close()
    return stories


def change_model(model: CampaignModel, change: Change, n: int) -> None:
    """Make a change in a model."""
    if change.what == "policy":
        model.policy = {"rules": [dict(rule) for rule in change.rules]}
    elif change.what == "act":
        model.act(change.move)
    elif change.what == "feel":
        follower = model.follower(change.row % n)
        follower.grievance, follower.support = change.level, 1.0 - change.level
    elif change.what == "wear":
        half = model.engine.bench.arrays["cold_half"]
        half[:, [SEEN, SEEN + 1, SOURCES, SOURCES + 1, ACTS, TODAY]] = WORN
        half[:, DAY] = today(model.configuration, model.minute)


def remembered_by_engine(model: CampaignModel) -> Remembered:
    """Return what each follower has met and done, as the engine's arrays have it."""
    arrays = model.engine.bench.arrays
    half, real = arrays["cold_half"], arrays["cold_real"]
    columns = {"seen_campaign": SEEN, "seen_counter": SEEN + 1, "sources_campaign": SOURCES,
               "sources_counter": SOURCES + 1, "acts": ACTS, "today": TODAY}  # fmt: skip
    marks = {"reached": REACHED, "acknowledged": ACKNOWLEDGED, "answered": ANSWERED}
    return {
        **{name: half[:, column].astype(np.int64) for name, column in columns.items()},
        **{name: half[:, ROLE] & bit != 0 for name, bit in marks.items()},
        "follows": half[:, ROLE] & (FOLLOWS_CENTRAL | FOLLOWS_LOCAL) != 0,
        "grievance": real[:, GRIEVANCE].astype(np.float64),
        "support": real[:, SUPPORT].astype(np.float64),
    }


def plain_story(example: Example, made: tuple[Change, ...]) -> PlainRun:
    """Return the reference's run of the same, at its end; a branch is the run itself."""
    configuration = example.configuration
    run = PlainRun(configuration, example.population, example.graph, replicate=example.replicate)
    for change in made:
        run.live_until(int(change.when * configuration.minutes))
        change_plainly(run, change)
    run.live_until(configuration.minutes)
    return run


def change_plainly(run: PlainRun, change: Change) -> None:
    """Make a change in the reference."""
    campaign = run.campaign
    if change.what == "policy":
        run.set_policy(rule_models(change))
    elif change.what == "act":
        run.act(change.move)
    elif change.what == "feel":
        row = change.row % campaign.n
        for feeling, level in ((campaign.grievance, change.level), (campaign.support, 1.0 - change.level)):
            feeling[row] = float(np.float32(round(level * 65_536) / 65_536))
    elif change.what == "wear":
        for memory in campaign.memory:
            memory.seen, memory.sources, memory.acts, memory.today = [WORN, WORN], [WORN, WORN], WORN, WORN
            memory.day = today(campaign.configuration, run.minute)


def remembered_plainly(run: PlainRun) -> Remembered:
    """Return what each follower has met and done, as the reference has it."""
    campaign = run.campaign
    memory, rows = campaign.memory, range(campaign.n)
    return {
        "seen_campaign": np.array([m.seen[0] for m in memory]),
        "seen_counter": np.array([m.seen[1] for m in memory]),
        "sources_campaign": np.array([m.sources[0] for m in memory]),
        "sources_counter": np.array([m.sources[1] for m in memory]),
        "acts": np.array([m.acts for m in memory]),
        "today": np.array([m.today for m in memory]),
        "reached": np.array([m.reached for m in memory]),
        "acknowledged": np.array([m.acknowledged for m in memory]),
        "answered": np.array([m.answered for m in memory]),
        "follows": np.array([campaign.following.follows_sender(row) for row in rows]),
        "grievance": np.array(campaign.grievance),
        "support": np.array(campaign.support),
    }
