"""A whole campaign: the engine against Mesa models of it, one stepping everybody and one only those who are due."""

from __future__ import annotations

import time

from benchmarks.line import Line, at_least, shown
from benchmarks.mesa_campaign.crowd import followers_of, people_of
from benchmarks.mesa_campaign.model import CampaignFrontier
from benchmarks.rounds import ratios, take_turns
from sim.catalogue.registry import load_case
from sim.config.root import changed
from sim.engine.run import run_campaign
from sim.engine.world import World, build_world

CASE = "ask_jpm"  # every run of it takes off, so that single runs can be compared
EVERY = 144  # minutes from one minute in which everybody is stepped, and timed, to the next


class Campaign:
    """The engine; a run is a unit of work."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.acting = 0.0

    def run(self, replicate: int) -> None:
        record = run_campaign(self.world, replicate=replicate)
        people = record.messages.author[record.messages.by_people]
        self.acting = len(set(people.tolist())) / record.n

    def work(self) -> float:
        return 1.0


class MesaRun:
    """The Mesa model with a calendar; making the objects is not counted, running them is."""

    def __init__(self, world: World) -> None:
        self.config, self.people, self.followers = world.config, people_of(world), followers_of(world)
        self.model = CampaignFrontier(self.config, self.people, self.followers, rng=0)

    def run(self, replicate: int) -> None:
        self.model.run()

    def work(self) -> float:
        self.model = CampaignFrontier(self.config, self.people, self.followers, rng=None)
        return 1.0


class Sampled(CampaignFrontier):
    """Steps everybody in every 144th minute, and times these minutes; in between, only those who are due.

    Followers behave the same whoever else is stepped, so each timed minute is one of a run of
    ``agents.shuffle_do("step")``, in the state that such a run would be in. A whole one would take too long.
    """

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.offset = self.random.randrange(EVERY)
        self.timed: list[float] = []

    def step_followers(self) -> None:
        if self.minute % EVERY != self.offset:
            super().step_followers()
            return
        self.due.pop(self.minute, None)
        begin = time.process_time()
        self.agents.shuffle_do("step")
        self.timed.append(time.process_time() - begin)


def minutes_of_everybody(world: World, seed: int) -> float:
    """Return the CPU seconds of a run that steps everybody every minute, from an even sample of its minutes."""
    model = Sampled(world.config, people_of(world), followers_of(world), rng=seed)
    model.run()
    return sum(model.timed) / len(model.timed) * world.config.minutes


def measure(rows: int, *, rounds: int, seconds: float) -> list[Line]:
    """Return the lines of the comparison at a size."""
    # a list that asks as much of a small audience as of one of 10⁵ would never list anything of it
    changes = {"people.n_followers": rows, "seed": 1, "feed.trending.min_messages": max(1, rows // 5000)}
    world = build_world(changed(load_case(CASE), changes)).prepare()
    ours = Campaign(world)
    costs = take_turns({"Backfire": ours, "frontier": MesaRun(world)}, rounds=rounds, seconds=seconds)
    costs["everybody"] = [minutes_of_everybody(world, seed) for seed in range(rounds)]
    milliseconds = 1e3 * min(costs["Backfire"])
    run = f"campaign of 72 h, {rows:,} followers, {ours.acting:.0%} acting ({shown(milliseconds)} ms a run)"
    return [
        at_least(f"{run}: Mesa, `shuffle_do` over all", ratios(costs, "everybody", "Backfire"), 500),
        at_least(f"{run}: Mesa, hand-made frontier", ratios(costs, "frontier", "Backfire"), 20),
    ]
