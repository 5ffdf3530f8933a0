"""A change that is next to none keeps nearly all messages: luck is shared decision by decision."""

from __future__ import annotations

from functools import cache

import pytest

from sim import load_case
from sim.config.root import Configuration, changed
from sim.study.compare.study import Comparison, compared

NEXT_TO_NONE = 1.001
CHANGED = (
    "post.appeal", "post.openness", "post.salience", "post.arousal", "reaction.b_share", "reaction.b_write",
    "reaction.b_social", "reaction.b_climate", "reaction.b_outrage", "people.grievance_mean", "people.support_mean",
    "people.grievance_concentration", "people.copula_correlation", "people.follow_share", "people.activist_share",
    "feed.attention", "feed.half_life_minutes", "feed.trending.threshold", "newsroom.lag_median_minutes",
)  # fmt: skip
OF_THE_CLOCK = ("people.sessions_median", "people.sessions_sigma", "feed.trending.looks_a_day")
"""What moves the minutes of sessions and looks: a thousandth of the hours since midnight is about a minute, and
another minute is another message, with a decision of its own."""
AT_A_MILLION = ("post.appeal", "post.openness", "reaction.b_write", "reaction.b_share", "people.grievance_mean",
                "feed.trending.threshold")  # fmt: skip
LIVELY_AT_20_000 = ["people.n_followers=20000", "feed.trending.min_messages=3", "reaction.b_write=-6.6"]
"""The case with the least at which it trends, and readier writers: it takes off among so few rows too."""


def nudged(base: Configuration, name: str) -> Configuration:
    value = base
    for part in name.split("."):
        value = getattr(value, part)
    return changed(base, {name: value * NEXT_TO_NONE})


def kept(words: list[str], names: tuple[str, ...], replicates: int) -> Comparison:
    base = load_case("my_nypd", words)
    found = compared({"as it is": base} | {name: nudged(base, name) for name in names}, replicates=replicates, seed=1)
    print(found.table[["name", "same_messages", "hijack_share_variance_ratio", "messages_variance_ratio"]].to_string())
    return found


@cache
def at_20_000() -> Comparison:
    return kept(LIVELY_AT_20_000, CHANGED + OF_THE_CLOCK, 6)


def test_the_campaigns_of_this_test_take_off() -> None:
    runs = at_20_000().runs
    assert runs.loc[runs["name"] == "as it is", "messages"].min() > 1000


@pytest.mark.parametrize("name", CHANGED)
def test_a_change_of_a_thousandth_keeps_four_messages_in_five(name: str) -> None:
    row = at_20_000().table.set_index("name").loc[name]
    assert row["same_messages"] > 0.8


def test_some_of_these_changes_do_show() -> None:
    table = at_20_000().table.set_index("name")
    assert (table.loc[list(CHANGED), "same_messages"] < 1.0).sum() > len(CHANGED) / 2
    assert (table["messages_variance_ratio"][1:] > 0.0).any()


def test_what_moves_the_clock_moves_more_messages_than_anything_else() -> None:
    table = at_20_000().table.set_index("name")
    clock = table.loc[list(OF_THE_CLOCK), "same_messages"]
    assert clock.max() < table.loc[list(CHANGED), "same_messages"].min()
    assert clock.min() > 0.05


def test_other_luck_keeps_no_messages() -> None:
    base = load_case("my_nypd", LIVELY_AT_20_000)
    other = changed(base, {"seed": base.seed + 1})
    table = compared({"one": base, "other": other}, replicates=4).table.set_index("name")
    assert table.loc["other", "same_messages"] < 0.01


@pytest.mark.slow
def test_a_change_of_a_thousandth_keeps_four_messages_in_five_at_a_million() -> None:
    table = kept(["people.n_followers=1000000"], AT_A_MILLION, 2).table.set_index("name")
    assert table["messages"].min() > 50_000
    assert (table["same_messages"][1:] > 0.8).all()
