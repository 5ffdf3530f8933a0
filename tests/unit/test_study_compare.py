from __future__ import annotations

import numpy as np
import pytest

from sim.config.root import Configuration, changed
from sim.errors import ConfigError
from sim.study.compare import compare

BUSY = changed(
    Configuration(),
    {"people.n_followers": 2000, "reaction.b_write": -4.0, "reaction.b_share": -4.0, "horizon_hours": 12},
)


def test_a_configuration_against_itself_differs_in_nothing() -> None:
    table = compare({"one": BUSY, "same": BUSY}, replicates=5)
    assert table.loc["same", "messages_difference"] == 0.0 == table.loc["same", "messages_difference_lo"]
    assert table.loc["one", "messages"] == table.loc["same", "messages"] > 0
    assert np.isnan(table.loc["one", "messages_difference"])


def test_shared_luck_makes_differences_narrower_than_their_parts() -> None:
    warmer = changed(BUSY, {"post.appeal": BUSY.post.appeal + 0.02})
    table = compare({"as it is": BUSY, "warmer": warmer}, replicates=20, seed=0)
    paired = table.loc["warmer", "hijack_share_difference_hi"] - table.loc["warmer", "hijack_share_difference_lo"]
    alone = sum(table[f"hijack_share_{end}"].sum() * sign for end, sign in (("hi", 1), ("lo", -1)))
    assert paired < alone
    assert table.loc["warmer", "hijack_share_difference"] == pytest.approx(
        table.loc["warmer", "hijack_share"] - table.loc["as it is", "hijack_share"]
    )


def test_other_people_get_a_graph_of_their_own() -> None:
    fewer = changed(BUSY, {"people.n_followers": 1000})
    table = compare({"all": BUSY, "half": fewer}, replicates=3)
    assert table.loc["half", "reach"] < table.loc["all", "reach"]


def test_one_configuration_is_nothing_to_compare() -> None:
    with pytest.raises(ConfigError, match="at least two configurations; got 1"):
        compare({"one": BUSY})
