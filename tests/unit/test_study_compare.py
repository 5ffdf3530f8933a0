from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.cli.compare import pairing_lines
from sim.config.root import Configuration, changed
from sim.errors import ConfigError
from sim.study.compare.study import compare, compared, question_of
from sim.study.planned import identity_of

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


def test_what_sharing_luck_is_worth_is_told() -> None:
    warmer = changed(BUSY, {"post.appeal": BUSY.post.appeal + 0.02})
    found = compared(
        {"as it is": BUSY, "same": BUSY, "warmer": warmer, "other": changed(BUSY, {"seed": 5})}, replicates=12
    )
    table = found.table.set_index("name")
    assert table.loc["same", "same_messages"] == 1.0 and table.loc["same", "messages_variance_ratio"] == 0.0
    assert np.isnan(table.loc["as it is", "same_messages"]) and np.isnan(table.loc["as it is", "reach_variance_ratio"])
    assert 0.5 < table.loc["warmer", "same_messages_lo"] <= table.loc["warmer", "same_messages"] < 1.0
    by_name = found.runs.set_index(["name", "replicate"])["messages"].unstack("name")
    apart = by_name[["as it is", "warmer"]].var().sum()
    ratio = (by_name["warmer"] - by_name["as it is"]).var() / apart
    assert table.loc["warmer", "messages_variance_ratio"] == pytest.approx(ratio)
    assert table.loc["warmer", "messages_variance_ratio"] < 0.5 < table.loc["other", "messages_variance_ratio"]
    assert table.loc["other", "same_messages"] < 0.05


def test_messages_beyond_a_bound_are_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    warmer = changed(BUSY, {"post.appeal": BUSY.post.appeal + 0.02})
    whole = compared({"one": BUSY, "other": warmer}, replicates=4)
    sizes = whole.runs.loc[whole.runs["name"] == "one", "messages"].tolist()
    monkeypatch.setattr("sim.study.compare.same_messages.MARKS_KEPT", sum(sizes[:2]))
    part = compared({"one": BUSY, "other": warmer}, replicates=4)
    two = compared({"one": BUSY, "other": warmer}, replicates=2)
    assert part.table["same_messages"][1] == two.table["same_messages"][1] != whole.table["same_messages"][1]
    monkeypatch.setattr("sim.study.compare.same_messages.MARKS_KEPT", 0)
    assert compared({"one": BUSY, "other": warmer}, replicates=2).table["same_messages"].isna().all()


def test_the_console_tells_what_sharing_luck_is_worth() -> None:
    def row(name: str, share: float | None, ends: tuple[float, float] | None, ratio: float | None) -> dict[str, object]:
        low, high = ends or (None, None)
        return {"name": name, "same_messages": share, "same_messages_lo": low, "same_messages_hi": high,
                "hijack_share_variance_ratio": ratio, "messages_variance_ratio": 0.25}  # fmt: skip

    told = pairing_lines([
        row("silent", None, None, None), row("withdraw", 0.834, (0.7, 1.02), 0.0), row("defend", None, None, None)
    ])  # fmt: skip
    assert told == [
        "withdraw: 83 % of messages as in silent (70 to 100); the same luck is worth any number of runs for the hijack "
        "share, 4 times the runs for messages",
        "defend: no messages to compare; the same luck is worth nothing that can be told for the hijack share, "
        "4 times the runs for messages",
    ]


def test_not_posting_and_listening_first_are_always_among_the_rows() -> None:
    answered = changed(BUSY, {"policy": {"name": "own it", "rules": [{"move": "acknowledge", "at_minute": 30}]}})
    found = compared({"as it is": BUSY, "answered": answered}, replicates=6)
    table = found.table.set_index("name")
    assert list(table.index) == ["as it is", "answered", "do_not_post", "listen_first"]
    assert table["cost_hours"].tolist() == [0.0, 1.0, 0.0, 960.0]  # listening: six months of 160 hours
    nothing = table.loc["do_not_post"]
    assert nothing[["hijacked", "viral_positive", "contested", "fizzled", "messages", "reach"]].tolist() == [0.0] * 6
    first = table.loc["as it is"]
    ends = ["hijacked_difference", "hijacked_difference_lo", "hijacked_difference_hi"]
    assert nothing[ends].tolist() == [-first["hijacked"], -first["hijacked_hi"], -first["hijacked_lo"]]
    assert set(found.runs["name"]) == {"as it is", "answered", "listen_first"}  # what is not posted has no run
    listened = changed(BUSY, {"agency.listening_months": 6.0})
    alone = compare({"as it is": BUSY, "listened": listened}, replicates=6)
    columns = ["messages", "hijack_share", "hijacked_difference", "cost_hours", "better", "tied"]
    assert alone.loc["listened", columns].tolist() == pytest.approx(
        table.loc["listen_first", columns].tolist(), nan_ok=True
    )
    assert len(found.pairs) == 6 and found.pairs["pairs"].eq(6).all()
    with pytest.raises(ConfigError, match="row do_not_post of its own"):
        compare({"as it is": BUSY, "do_not_post": BUSY})


def test_runs_go_on_until_all_is_settled_and_no_further(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.study.compare.settling.FIRST_LOOK", 10)
    tiny = changed(BUSY, {"people.n_followers": 300, "horizon_hours": 4})
    found = compared({"one": tiny, "same": tiny}, until="settled", margin=0.3)
    table = found.table.set_index("name")
    count = found.summary["replicates"]
    assert table["replicates"].eq(count).all() and 10 < count < 300
    assert table.loc["same", "state"] == "alike"
    assert -0.3 < table.loc["same", "hijacked_difference_lo"] < 0.0 < table.loc["same", "hijacked_difference_hi"] < 0.3
    capped = compared({"one": tiny, "same": tiny}, until="settled", margin=0.3, replicates=12)
    assert capped.summary["replicates"] == 12 and capped.table["state"][1] == "open"
    assert "12 replicates do not settle whether same changes P(hijacked) against one" in capped.summary["finding"]


@pytest.mark.parametrize(
    ("keys", "sentence"),
    [({"until": "sure"}, "until must be settled"), ({"margin": 0.0}, "margin must lie between 0 and 1"),
     ({"margin": "wide"}, "got 'wide'"), ({"replicates": 0}, "replicates must lie in")],
)  # fmt: skip
def test_what_cannot_be_asked_is_told(keys: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ConfigError, match=sentence):
        question_of({"one": BUSY, "other": BUSY}, **keys)


def test_another_first_is_another_question() -> None:
    other = changed(BUSY, {"post.appeal": 0.1})
    one, two = question_of({"a": BUSY, "b": other}), question_of({"b": other, "a": BUSY})
    assert identity_of(one, {}) != identity_of(two, {})
