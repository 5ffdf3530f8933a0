"""What a reference table is drawn from: keyed by column and draw, within its ends, graphs left alone."""

from __future__ import annotations

import numpy as np
import pytest

from sim.catalogue.registry import load_case
from sim.config.root import Configuration
from sim.study.calibration.campaigns import ANSWERED, GENERIC, documented, generic
from sim.study.calibration.prior import (
    FURTHER,
    WIDER,
    Spread,
    column_of,
    drawn,
    drawn_columns,
    own_spreads,
    universal_spreads,
)
from sim.study.run.inputs import uncertain_inputs
from tests.small_table import small_table

WHAT = Spread("post.openness", 0.2, 0.8, 0.5, "How open", "0 to 1", "assumed")


def test_a_value_hangs_on_seed_column_and_draw_alone() -> None:
    many = drawn(WHAT, "my_nypd.post.openness", range(1000), 1)
    np.testing.assert_array_equal(drawn(WHAT, "my_nypd.post.openness", range(10), 1), many[:10])
    np.testing.assert_array_equal(drawn(WHAT, "my_nypd.post.openness", [999, 7], 1), many[[999, 7]])
    alone = drawn_columns({"my_nypd": [WHAT]}, range(5), 1)
    beside = drawn_columns({"": [WHAT], "my_nypd": [WHAT], "ask_jpm": [WHAT]}, range(5), 1)
    np.testing.assert_array_equal(alone["my_nypd.post.openness"], beside["my_nypd.post.openness"])
    assert len({tuple(values) for values in beside.values()}) == 3
    assert not np.array_equal(drawn(WHAT, "my_nypd.post.openness", range(10), 2), many[:10])


def test_draws_fill_their_span_evenly() -> None:
    values = drawn(WHAT, "x", range(4000), 3)
    assert values.min() >= 0.2 and values.max() < 0.8 and abs(values.mean() - 0.5) < 4 * 0.6 / np.sqrt(12 * 4000)
    late = drawn(Spread("m", 15.0, 1440.0, 60.0, "", "", "", log=True), "m", range(4000), 3)
    assert late.min() >= 15.0 and late.max() <= 1440.0 and abs(np.median(late) - np.sqrt(15 * 1440)) < 15


def test_coefficients_reach_further_than_in_the_parameter_table_and_all_else_as_far() -> None:
    case = load_case("my_nypd")
    table = {item.name: item for item in uncertain_inputs(case)}
    found = {each.name: each for each in universal_spreads([case])}
    for name, each in found.items():
        times = WIDER if name.startswith("reaction.") else 1.0
        assert each.low == pytest.approx(each.central - times * (each.central - table[name].low))
        further = FURTHER.get(name, 0.0)
        assert each.high == pytest.approx(each.central + times * (table[name].high - each.central) + further)
    assert FURTHER.keys() < found.keys()
    own = {each.name for each in own_spreads(case)}
    assert own.isdisjoint(found) and own | set(found) == {name for name in table if not name.startswith("network.")}


def test_the_generic_campaign_is_answered_with_the_inputs_of_the_silent_one() -> None:
    silent, answered = generic(Configuration())
    assert (silent.name, answered.name, answered.inputs_of) == (GENERIC, ANSWERED, GENERIC)
    assert not silent.base.policy.rules and [rule.move for rule in answered.base.policy.rules] == ["acknowledge"]
    moved = {each.name for each in universal_spreads([silent.base, answered.base])}
    assert {"agency.effects.acknowledge", "agency.effects.when_trending"} <= moved
    assert all(each.low < each.high for each in silent.spreads)


def test_a_case_is_run_at_an_audience_that_ignites_and_never_above_its_own() -> None:
    sizes = {name: documented(load_case(name)).base.people.n_followers for name in ("my_nypd", "ask_jpm")}
    assert sizes == {"my_nypd": 250_000, "ask_jpm": 100_000}
    assert documented(load_case("my_nypd", ["people.n_followers=30000"])).base.people.n_followers == 30_000
    assert documented(load_case("my_nypd")).case_rows == 1_000_000


def test_a_table_in_closed_form_has_the_columns_of_a_real_one() -> None:
    table = small_table(200)
    for campaign in table.campaigns:
        for name in ("messages", "verdict", "counter_by_60", "retweet_share", "acts_once", "tree_virality"):
            assert column_of(campaign, name) in table.rows
    assert (table.column(GENERIC, "counter_by_60") <= table.column(GENERIC, "counter_by_120")).all()
    assert (table.column(ANSWERED, "messages") <= table.column(GENERIC, "messages")).all()
    assert set(table.column(GENERIC, "verdict")) >= {"hijacked", "viral_positive"}
