"""Whether a variant meets a target, and what an ablation says, by hand."""

import numpy as np
import pandas as pd
import pytest

from sim.catalogue.groups import choices
from sim.catalogue.registry import load_case
from sim.study.ablation.study import WHOLE, asked_of, finding
from sim.study.ablation.targets import TARGETS, judged, median_interval


def target(name: str):
    return next(each for each in TARGETS if each.name == name)


def test_the_interval_of_a_median_lies_between_order_statistics():
    # of 20 runs the 6th and the 15th hold the median in 95.9 of 100 samples
    assert median_interval(np.arange(1.0, 21.0)) == (10.0, 6.0, 15.0)


def test_where_half_of_the_runs_have_no_value_the_median_lies_beyond_any_band():
    minutes = np.array([5.0] * 8 + [np.nan] * 12)
    value, low, high = median_interval(minutes)
    assert value == np.inf and low == 5.0 and high == np.inf
    assert judged(target("taken over within an hour"), pd.DataFrame({"takeover_minutes": minutes}))["meets"] == "open"
    never = pd.DataFrame({"takeover_minutes": [np.nan] * 20})
    assert judged(target("taken over within an hour"), never)["meets"] == "misses"


@pytest.mark.parametrize(("hits", "meets"), [(20, "meets"), (12, "open"), (2, "misses")])
def test_a_share_meets_its_band_if_its_interval_lies_inside(hits: int, meets: str):
    runs = pd.DataFrame({"verdict": ["hijacked"] * hits + ["fizzled"] * (20 - hits)})
    assert judged(target("#AskJPM hijacked"), runs)["meets"] == meets


def test_the_finding_names_what_is_lost_and_what_is_not_shown_to_be_needed():
    words = {WHOLE: ("meets", "meets"), "outrage": ("misses", "meets"), "climate": ("meets", "open"),
             "threshold": ("misses", "misses")}  # fmt: skip
    table = pd.DataFrame(
        [{"variant": variant, "target": name, "meets": meets}
         for variant, both in words.items() for name, meets in zip(("a", "b"), both, strict=True)]
    )  # fmt: skip
    said = finding(table, list(words))
    assert said == (
        "With everything on, 2 of 2 targets are met; targets are lost without outrage (a); "
        "with the threshold rule in place of the logit 2 are lost; these targets do not show that climate is needed."
    )


def test_every_target_is_of_a_case_and_has_a_band_and_a_source():
    assert TARGETS
    for each in TARGETS:
        assert each.case in choices("case") and each.low < each.high and each.source
        assert (each.verdict is None) != (each.values is None)
    assert [each.case for each in asked_of(["my_nypd"])].count("my_nypd") == len(asked_of(["my_nypd"])) >= 7


def test_every_variant_takes_something_away_but_the_one_that_takes_nothing():
    names = choices("without")
    assert WHOLE in names and len(names) >= 10
    plain = load_case("my_nypd", ["feed=engagement"])
    for name in names:
        variant = load_case("my_nypd", ["feed=engagement", f"without={name}"])
        assert (variant == plain) == (name == WHOLE), name
