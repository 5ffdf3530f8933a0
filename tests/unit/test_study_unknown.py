"""What is not known and how it is drawn: from spans, or together as calibration left it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim.cli.keys import usual_uncertainty
from sim.config.root import Configuration, changed
from sim.errors import ConfigError, StudyError
from sim.study.calibration.posterior import shipped
from sim.study.lots import Lots, asked_posterior, differing, lots_of
from sim.study.run.plan import plan
from sim.study.run.unknown import unknown_of
from tests.shipped_posterior import NAMES, none_ships, ship

PLAIN = Configuration()


def columns(unknown, draws: int = 32, seed: int = 1) -> dict[str, np.ndarray]:
    return {item.name: column for item, column in zip(unknown.inputs, unknown.values(draws, 2, seed).T, strict=True)}


def test_universal_parameters_are_drawn_together_and_inputs_from_their_spans(tmp_path: Path, monkeypatch) -> None:
    joint = ship(tmp_path, monkeypatch)
    assert joint is not None
    drawn, alone = columns(unknown_of(PLAIN, joint.sha256)), columns(unknown_of(PLAIN))
    assert list(drawn) == list(alone)
    rows = np.stack([drawn[name] for name in NAMES], axis=1)
    assert all((row == joint.values).all(1).any() for row in rows)
    assert len(np.unique(rows[:, 0])) == 32  # spread over the draws, none twice
    assert np.corrcoef(rows[:, 0], rows[:, 1])[0, 1] < -0.99
    for name in set(drawn) - set(NAMES):
        assert drawn[name].tolist() == alone[name].tolist()


def test_another_uncertain_input_moves_no_joint_draw(tmp_path: Path, monkeypatch) -> None:
    joint = ship(tmp_path, monkeypatch)
    whole = unknown_of(PLAIN, joint.sha256)
    fewer = type(whole)(whole.inputs[3:], whole.joint)
    one, other = columns(whole), columns(fewer)
    assert all(one[item.name].tolist() == other[item.name].tolist() for item in fewer.inputs)


def test_what_the_user_sets_keeps_its_span(tmp_path: Path, monkeypatch) -> None:
    joint = ship(tmp_path, monkeypatch)
    own = changed(PLAIN, {"reaction.b_share": -9.0})
    drawn = columns(unknown_of(own, joint.sha256))
    assert drawn["reaction.b_share"].min() >= -9.3 and drawn["reaction.b_share"].max() <= -8.7
    assert set(drawn["feed.attention"]) <= set(joint.values[:, 2])


def test_a_hinge_is_looked_for_within_the_posterior(tmp_path: Path, monkeypatch) -> None:
    joint = ship(tmp_path, monkeypatch)
    item = {each.name: each for each in unknown_of(PLAIN, joint.sha256).inputs}["feed.attention"]
    low, high = np.quantile(joint.values[:, 2], (0.025, 0.975))
    assert (item.low, item.high) == (pytest.approx(low), pytest.approx(high))
    assert item.low <= item.central <= item.high


def test_each_replicate_has_its_joint_draw_the_same_in_all_that_is_compared(tmp_path: Path, monkeypatch) -> None:
    joint = ship(tmp_path, monkeypatch)
    question = asked_posterior("posterior", [PLAIN])
    one, other = PLAIN, changed(PLAIN, {"post.openness": 0.9})
    lots = lots_of(question, [one, other], differing([one, other]))
    drawn = [lots.of(one, number) for number in range(64)]
    assert len({each.reaction.b_share for each in drawn}) == 64  # all are used before one is used again
    assert drawn[5].reaction == lots.of(other, 5).reaction != drawn[6].reaction
    assert lots.of(one, 64).reaction == drawn[0].reaction
    assert drawn[5].post == one.post
    elsewhere = lots.of(changed(one, {"seed": 2}), 5)
    assert elsewhere.reaction != drawn[5].reaction
    assert {each.reaction.b_share for each in drawn} == set(joint.values[:, 0])


def test_what_is_compared_is_never_drawn(tmp_path: Path, monkeypatch) -> None:
    ship(tmp_path, monkeypatch)
    one, other = PLAIN, changed(PLAIN, {"reaction.b_share": -7.0})
    lots = lots_of(asked_posterior("posterior", [one]), [one, other], differing([one, other]))
    assert [lots.of(each, 3).reaction.b_share for each in (one, other)] == [-7.7, -7.0]
    assert lots.of(one, 3).reaction.b_write == lots.of(other, 3).reaction.b_write != one.reaction.b_write


def test_luck_alone_leaves_configurations_as_they_are() -> None:
    assert asked_posterior("none", [PLAIN]) == {}
    assert lots_of({}, [PLAIN]) == Lots()
    assert Lots().of(PLAIN, 7) is PLAIN


def test_the_posterior_is_the_usual_uncertainty_where_one_ships_and_speaks_of_the_rule(
    tmp_path: Path, monkeypatch
) -> None:
    none_ships(tmp_path, monkeypatch)
    assert usual_uncertainty(PLAIN) == "prior"
    ship(tmp_path, monkeypatch, model="of another time")
    assert usual_uncertainty(PLAIN) == "prior"
    joint = ship(tmp_path, monkeypatch)
    assert usual_uncertainty(PLAIN) == "posterior"
    assert plan(1000, generated=True, uncertainty="posterior").posterior == joint.sha256
    rounds = changed(PLAIN, {"reaction.rule": "linear_threshold"})
    assert usual_uncertainty(rounds) == "prior"
    with pytest.raises(ConfigError, match=r"uncertainty=posterior is for reaction\.rule=logit"):
        asked_posterior("posterior", [rounds])


def test_a_posterior_that_is_not_there_or_of_another_model_is_refused_by_name(tmp_path: Path, monkeypatch) -> None:
    none_ships(tmp_path, monkeypatch)
    with pytest.raises(StudyError, match="backfire calibrate makes one"):
        plan(1000, generated=True, uncertainty="posterior")
    ship(tmp_path, monkeypatch, model="0badc0de")
    with pytest.raises(StudyError, match="made with version 0badc0de of the model"):
        shipped()
    ship(tmp_path, monkeypatch)
    with pytest.raises(StudyError, match="drew from the posterior abc"):
        shipped("abc")


def test_the_default_method_is_the_one_that_is_named(tmp_path: Path, monkeypatch) -> None:
    one = ship(tmp_path / "one", monkeypatch)
    other = ship(tmp_path / "other", monkeypatch, default="rejection")
    assert one.names == other.names == NAMES
    assert one.values.tolist() != other.values.tolist()
