"""The eight cases end as their senders' stories did, with one set of behaviour coefficients for all.

These are the posts on which the coefficients were set by hand: the test holds that they stay in order, and
says nothing about other posts.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from sim.catalogue.registry import load_case
from sim.engine.run import run_campaign
from sim.engine.world import build_world
from sim.outcome.measures import measure


def share_of(case: str, verdict: str, replicates: int) -> float:
    """Return the share of runs of a case that end with a verdict."""
    world = build_world(load_case(case)).prepare()
    with ThreadPoolExecutor(2) as pool:
        ends = list(pool.map(lambda r: measure(run_campaign(world, replicate=r))["verdict"], range(replicates)))
    return ends.count(verdict) / replicates


@pytest.mark.parametrize("case", ["ask_jpm", "ask_rkelly"])
def test_a_question_hour_with_an_aggrieved_public_is_hijacked(case: str) -> None:
    assert share_of(case, "hijacked", 12) >= 0.8


@pytest.mark.parametrize("case", ["police_twitter_day", "officer_injured", "police_dog"])
def test_posts_of_a_police_day_are_not_hijacked(case: str) -> None:
    assert share_of(case, "hijacked", 20) <= 0.05


def test_the_boots_photo_goes_viral() -> None:
    assert share_of("nypd_boots_photo", "viral_positive", 12) >= 0.5


def test_a_bulletin_fizzles() -> None:
    assert share_of("station_bulletin", "fizzled", 20) >= 0.8


@pytest.mark.slow
def test_the_photo_call_is_hijacked_at_its_full_audience() -> None:
    assert share_of("my_nypd", "hijacked", 20) >= 0.8
