"""Backfire's people and follow graph as the Mesa model takes them."""

from __future__ import annotations

from typing import Any

from benchmarks.mesa_campaign.follower import Person
from sim.engine.world import World

ROLES = ("member", "activist", "ally", "journalist")


def people_of(world: World) -> list[Person]:
    """Return who each row is."""
    population, accounts = world.population, world.accounts
    columns: list[Any] = [
        population.grievance.tolist(), population.support.tolist(), population.role.tolist(),
        population.sessions_a_day.tolist(), world.sink.tolist(), population.looks_at_lists.tolist(),
        population.locality.tolist(), accounts.follows_central.tolist(), accounts.follows_local.tolist(),
    ]  # fmt: skip
    first_local = int((~accounts.local).sum())
    locals_ = max(1, int(accounts.local.sum()))
    people = []
    for grievance, support, role, rate, sinking, looks, locality, central, local in zip(*columns, strict=True):
        followed = ((0,) if central else ()) + ((first_local + locality % locals_,) if local else ())
        people.append(Person(grievance, support, ROLES[role], rate, sinking, looks, followed, locality))
    return people


def followers_of(world: World) -> list[list[int]]:
    """Return the rows to whom each row's messages travel."""
    return [world.graph.followers(row).tolist() for row in range(world.n)]
