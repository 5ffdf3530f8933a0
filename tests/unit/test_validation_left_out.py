"""What the reference table foretells of a case does not hang on what is documented of its family."""

from __future__ import annotations

import numpy as np
import pytest

from sim.study.calibration.shipped import Table
from sim.study.validation.left_out import from_table
from sim.study.validation.measured import column, outcomes_of, ratio
from sim.study.validation.record import catalogue
from sim.study.validation.rules import read_rules
from tests.small_table import small_table

SETTINGS = {"sources": None, "accepted": 0.05}
SEEN = ("my_nypd", "ask_jpm")


def test_a_case_is_foretold_without_its_family_and_another_hangs_on_it():
    cases, table, rules = catalogue(SEEN), small_table(1200), read_rules().rules
    found = from_table(table, cases, SETTINGS, rules)
    assert list(found) == list(SEEN)
    assert all(sum(each["verdict"].values()) == pytest.approx(1.0) for each in found.values())
    accepted = found["my_nypd"]["runs"]
    assert accepted < len(table.rows) / 2 and found["my_nypd"]["effective"] == pytest.approx(accepted)
    # what is documented of the bank's tag tells rows apart, for all families but the bank's own
    share = table.rows["ask_jpm.hijack_share"].to_numpy()[::-1]  # of other draws
    turned = Table(table.rows.assign(**{"ask_jpm.hijack_share": share}), table.facts)
    other = from_table(turned, cases, SETTINGS, rules)
    assert other["ask_jpm"]["verdict"] == found["ask_jpm"]["verdict"]
    assert other["my_nypd"]["verdict"] != found["my_nypd"]["verdict"]


def test_a_fresh_case_is_not_foretold_from_the_table_and_one_that_it_did_not_run_has_no_prediction():
    table, rules = small_table(1200), read_rules().rules
    assert from_table(table, catalogue(["ask_bg", "police_dog"]), SETTINGS, rules) == {}


def test_a_target_is_read_from_the_outcomes_that_it_names():
    assert outcomes_of("messages_by_600 / messages") == ["campaign_by_600", "counter_by_600", "messages"]
    columns = {
        "campaign_by_600": np.array([3.0, 0.0]), "counter_by_600": np.array([1.0, 0.0]),
        "messages": np.array([8.0, 0.0]), "takeover_minutes": np.array([12.0, np.nan]),
    }  # fmt: skip
    assert np.allclose(ratio(columns, "messages_by_600 / messages"), [0.5, np.nan], equal_nan=True)  # type: ignore[arg-type]
    assert column(columns, "takeover").tolist() == [1.0, 0.0]  # type: ignore[union-attr]
    assert ratio(columns, "messages_by_60 / messages") is None and column(columns, "retweet_share") is None
