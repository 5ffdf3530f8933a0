"""Ignition needs sparks, and a smaller audience has fewer: the warning fires near the line and only there."""

from __future__ import annotations

from typing import Any

import pytest

from sim.config.root import Configuration, changed
from sim.study.run.simulate import simulate

# every coefficient is written out, so that a calibration moves nothing here
BEHAVIOUR = {
    "reaction.b_write": -4.8, "reaction.b_share": -4.8, "reaction.b_value": 5.0, "reaction.b_outrage": 3.0,
    "reaction.b_social": 0.4, "reaction.b_climate": 0.2, "reaction.b_room": 1.5, "reaction.cross": 0.5,
    "reaction.fatigue": 1.2,
}  # fmt: skip
NEAR = BEHAVIOUR | {
    "post.openness": 0.5, "post.salience": 0.5, "post.arousal": 0.6, "people.grievance_mean": 0.15,
}  # fmt: skip
FAR = BEHAVIOUR | {
    "post.openness": 0.1, "post.salience": 0.1, "post.appeal": 0.7,
    "post.arousal": 0.1, "people.grievance_mean": 0.05, "people.community_share": 0.0, "people.support_mean": 0.7,
}  # fmt: skip


def at(rows: int, changes: dict[str, float]) -> dict[str, Any]:
    return simulate(changed(Configuration(), changes | {"people.n_followers": rows}), replicates=60)


@pytest.mark.statistical
@pytest.mark.parametrize("rows", [4_000, 16_000, 64_000])
def test_near_the_line_the_odds_depend_on_size_and_the_summary_says_so(rows: int) -> None:
    found = at(rows, NEAR)
    assert found["at_quarter_size"]["n"] == rows // 4
    assert found["depends_on_sample_size"]


@pytest.mark.statistical
@pytest.mark.parametrize("rows", [4_000, 16_000, 64_000])
def test_far_from_the_line_it_stays_silent(rows: int) -> None:
    found = at(rows, FAR)
    assert not found["depends_on_sample_size"]
    assert found["verdict"]["hijacked"] == found["at_quarter_size"]["verdict"]["hijacked"] == 0.0


@pytest.mark.statistical
def test_seed_nought_is_a_seed_and_replicates_differ() -> None:
    found = [simulate(changed(Configuration(), NEAR | {"people.n_followers": 2000}), replicates=6, seed=seed)
             for seed in (0, 1, 0)]  # fmt: skip
    assert found[0]["seed"] == 0
    plain = [{name: value for name, value in each.items() if name != "seconds"} for each in found]
    assert plain[0] == plain[2] != plain[1]
    assert found[0]["messages"]["lo"] < found[0]["messages"]["hi"]


def test_a_python_caller_gets_the_same_words_as_the_command_line() -> None:
    from sim.errors import ConfigError

    with pytest.raises(ConfigError, match="workers must lie in"):
        simulate(Configuration(), workers=0)
    with pytest.raises(ConfigError, match="replicates must lie in"):
        simulate(Configuration(), replicates=0)
    with pytest.raises(ConfigError, match="seed must be at least 0"):
        simulate(Configuration(), seed=-1)
