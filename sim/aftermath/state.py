"""Where the next campaign starts: the same people and graph, with what the last one left, some weeks later.

Campaigns of one sender are numbered from 0, and each has luck of its own: that of its number and of the replicate.
``docs/model.md`` 9.3.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from sim.aftermath.drift import Feeling, drifted, forgotten
from sim.config.after import EarlierConfig
from sim.config.case import CaseConfig
from sim.config.root import Configuration
from sim.engine.record import RunRecord
from sim.engine.run import Record, run_campaign
from sim.engine.world import World
from sim.errors import ConfigError
from sim.people.following import listened, listening_factor
from sim.people.population import Population

_CAMPAIGNS = 32
"""Campaign j of replicate r has luck number r + 2**32 j: replicates are fewer than 2**32."""


def luck_of(replicate: int, number: int) -> int:
    """Return the luck of a sender's campaign: that of the replicate itself for the first one."""
    return replicate + (number << _CAMPAIGNS)


@dataclass(frozen=True, eq=False)
class Standing:
    """Where a campaign starts.

    Attributes
    ----------
    world : World
        With feelings and followers as they are now.
    rest_grievance, rest_support : float32[n]
        Where feelings go back to, when what moved them is forgotten.
    number : int
        Campaigns that came before.
    """

    world: World
    rest_grievance: Feeling
    rest_support: Feeling
    number: int = 0

    @classmethod
    def at_rest(cls, world: World, number: int = 0) -> Standing:
        """Return the start of a campaign before which there was none."""
        return cls(world, world.population.grievance, world.population.support, number)


@dataclass(frozen=True, eq=False)
class Aftermath:
    """The state in which a campaign leaves its people.

    Attributes
    ----------
    world : World
        In which it was lived.
    grievance, support : float32[n]
        At its end.
    rest_grievance, rest_support : float32[n]
        Where they go back to.
    follows_sender : bool[n]
    campaigns : int
        How many there were, this one included.
    """

    world: World
    grievance: Feeling
    support: Feeling
    rest_grievance: Feeling
    rest_support: Feeling
    follows_sender: npt.NDArray[np.bool_]
    campaigns: int

    def later(self, weeks: float) -> Aftermath:
        """Return the state some weeks later: part of the drift is forgotten.

        Raises
        ------
        ConfigError
            Weeks are negative or no number.
        """
        if not 0.0 <= weeks < float("inf"):
            raise ConfigError(f"weeks must be at least 0; got {weeks}.")
        after = self.world.config.after
        return replace(
            self,
            grievance=forgotten(self.grievance, self.rest_grievance, weeks, after),
            support=forgotten(self.support, self.rest_support, weeks, after),
        )

    def start(self, configuration: Configuration, base: World | None = None) -> Standing:
        """Return where a campaign starts whose call goes out in this state.

        Parameters
        ----------
        configuration : Configuration
            Its post, agency, policy and horizon count; people, graph, feeds and newsrooms are those that there are.
        base : World, optional
            The world of that campaign before which there was none, if it stands already.
        """
        if base is None:
            base = self.world.with_config(next_one(self.world.config, configuration))
        factor, follows = listening_factor(base.config.agency), self.follows_sender
        feelings = [self.grievance, self.rest_grievance]
        if factor < 1.0:  # those who follow now are listened to, and rest lower from now on
            feelings = [listened(each, follows, factor) for each in feelings]
        people = replace(base.population, grievance=feelings[0], support=self.support, follows_sender=follows)
        return Standing(base.with_people(people), feelings[1], self.rest_support, self.campaigns)


def left_behind(standing: Standing, record: RunRecord, population: Population | None = None) -> Aftermath:
    """Return the state in which a campaign leaves its people.

    Parameters
    ----------
    record : RunRecord
        With ``seen``.
    population : Population, optional
        The people at the campaign's end but for drift, if somebody changed them in between.
    """
    world = standing.world
    now = drifted(world.population if population is None else population, record, world.config.after)
    return Aftermath(
        world, now.grievance, now.support, standing.rest_grievance, standing.rest_support, now.follows_sender,
        standing.number + 1,
    )  # fmt: skip


def next_one(first: Configuration, then: Configuration | EarlierConfig) -> Configuration:
    """Return the configuration of another campaign before the people of a first one."""
    # ranges and targets of a case are of its own people: the name alone goes along
    named = {"id": then.case.id, "title": then.case.title} if isinstance(then, Configuration) else {"id": then.case}
    parts = {name: getattr(then, name) for name in ("post", "agency", "policy", "horizon_hours")}
    return first.model_copy(update={**parts, "case": CaseConfig().model_copy(update=named), "earlier": ()})


def starts_anew(**given: object) -> None:
    """Refuse what cannot go with the state that an earlier campaign left.

    Raises
    ------
    ConfigError
        Something that fixes people, graph or what came before is given too.
    """
    for name, value in given.items():
        if value not in (None, 1, "none", ()):
            raise ConfigError(
                f"{name} cannot be given with after: the state holds its people, graph and what came before; leave "
                f"{name} out, got {value!r}."
            )


_bases: WeakKeyDictionary[World, Sequence[World]] = WeakKeyDictionary()
"""The worlds of a world's campaigns, each as if none had come before: the same for all replicates."""


def _bases_of(world: World) -> Sequence[World]:
    """Return the worlds of the earlier campaigns, then of the campaign itself."""
    kept = _bases.get(world)
    if kept is None:
        config = world.config
        asked = [*(next_one(config, each) for each in config.earlier), config.model_copy(update={"earlier": ()})]
        kept = _bases[world] = [world.with_config(each).prepare() for each in asked]
    return kept


def standing_of(world: World, replicate: int) -> Standing:
    """Return where a world's campaign starts in one replicate: its earlier ones are lived through first."""
    earlier = world.config.earlier
    if not earlier:
        return Standing.at_rest(world)
    *before, base = _bases_of(world)
    state: Aftermath | None = None
    for number, (each, here) in enumerate(zip(earlier, before, strict=True)):
        if each.posted:
            start = Standing.at_rest(here, number) if state is None else state.start(here.config, here)
            left = run_campaign(start.world, replicate=luck_of(replicate, number), seen=True)
            state = left_behind(start, left)
        if state is not None:
            state = replace(state, campaigns=number + 1).later(each.weeks)
    return Standing.at_rest(base, len(earlier)) if state is None else state.start(base.config, base)


def lived(world: World, *, replicate: int, record: Record = "summary", seen: bool = False) -> RunRecord:
    """Return the record of one replicate of a world's campaign, whatever came before it."""
    standing = standing_of(world, replicate)
    return run_campaign(standing.world, replicate=luck_of(replicate, standing.number), record=record, seen=seen)
