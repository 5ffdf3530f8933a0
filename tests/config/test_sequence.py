"""``backfire sequence`` from its words to its folder: pairing, states handed on, words that cannot be."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.catalogue.compose import compose
from sim.cli.main import main
from sim.cli.sequence import asked
from sim.config.root import changed
from sim.errors import ConfigError
from sim.study import load
from sim.study.run.simulate import simulate
from sim.study.sequence.chain import chains
from tests.unitless import unitless

TINY = ["case=my_nypd", "people.n_followers=700", "people.follow_share=0.6", "horizon_hours=6",
        "people.grievance_mean=0.5", "post.openness=0.9", "post.room=0.9",
        "reaction.b_leave=-30", "reaction.b_follow=-30"]  # fmt: skip
WORDS = [*TINY, "then=police_dog", "weeks=2,40", "horizon_hours=3", "after.drift=0,4", "replicates=5"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a tiny sequence over weeks and drift."""
    place = tmp_path_factory.mktemp("sequence")
    assert main(["sequence", *WORDS, f"results={place}", "study=tiny", "workers=1"]) == 0
    return place / "tiny"


def test_every_combination_is_a_sequence_and_the_first_campaign_is_the_run_itself(folder: Path):
    study = load(folder)
    assert unitless(study) == []
    table = study.frames["sequence"]
    assert len(table) == 2 * 4 and set(table["weeks"]) == {2.0, 40.0} and set(table["after.drift"]) == {0.0, 4.0}
    configuration, _ = compose(TINY)
    alone = simulate(configuration, replicates=5, workers=1)
    first = table[table["campaign"] == 0].iloc[0]
    assert first["messages"] == pytest.approx(alone["messages"]["mean"])
    assert first["hijacked"] == alone["verdict"]["hijacked"]
    assert table.attrs["units"]["start_grievance_difference"] == "0 to 1"


def test_without_drift_feelings_are_alike_and_with_it_they_differ_less_as_weeks_pass(folder: Path):
    table = load(folder).frames["sequence"]
    later = table[table["campaign"] == 1].set_index(["after.drift", "weeks"])
    assert later.loc[0.0, "start_grievance_difference"].tolist() == [0.0, 0.0]
    assert later.loc[0.0, "start_support_difference"].tolist() == [0.0, 0.0]
    soon, late = later.loc[4.0, "start_grievance_difference"].tolist()
    assert soon > late > 0.0
    assert (later["start_followers_difference"] == 0.0).all()  # nobody leaves in this test


def test_a_campaign_alone_has_the_luck_that_it_has_after_another(folder: Path):
    study = load(folder)
    points, runs = study.frames["points"], study.runs
    second = points[(points["campaign"] == 1) & (points["after.drift"] == 0.0)]
    alone = second[second["alone"]]["runs_point"].unique()
    assert len(alone) == 1  # how long ago nothing happened makes no difference
    own = [runs[runs["point"] == point].set_index("replicate")["messages"] for point in second["runs_point"].unique()]
    assert len(own) == 3 and all(len(each) == 5 for each in own)
    assert all(np.array_equal(own[0], each) for each in own)  # nobody left, nobody drifted: the very same runs


def test_a_sequence_is_replayed_bit_for_bit_and_has_its_page(folder: Path, capsys: Any):
    assert main(["replay", str(folder), "workers=1"]) == 0
    assert "the same content, runs, points, sequence, summary." in capsys.readouterr().out
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "What is left for the next post?" in page and (folder / "figures" / "sequence.png").is_file()


def test_the_same_command_comes_back_to_what_stands(folder: Path, capsys: Any):
    assert main(["sequence", *WORDS, f"results={folder.parent}", "study=tiny", "workers=1"]) == 0
    told = capsys.readouterr()
    assert "stands there already" in told.err and told.out.strip().endswith("tiny")


def test_any_study_can_tell_what_its_runs_left_and_a_run_can_have_a_past(tmp_path: Path):
    past = "earlier=[{case: before, weeks: 4, horizon_hours: 3}]"
    assert main(["sweep", *TINY, past, "after.measured=true", "after.drift=0,3", "replicates=2", "workers=1",
                 f"results={tmp_path}", "study=swept"]) == 0  # fmt: skip
    runs = load(tmp_path / "swept").runs
    assert (runs[runs["after.drift"] == 0]["grievance_change"] == 0.0).all()
    assert (
        runs[runs["after.drift"] == 3]["start_grievance"] != runs[runs["after.drift"] == 0]["start_grievance"].iloc[0]
    ).any()
    assert runs.attrs["units"]["copycats"] == "places"
    assert main(["run", *TINY, past, "replicates=2", "workers=1", "uncertainty=none", f"results={tmp_path}",
                 "study=run"]) == 0  # fmt: skip
    assert "What it leaves behind" in (tmp_path / "run" / "report.html").read_text(encoding="utf-8")


def test_what_holds_for_all_may_stand_anywhere_and_a_campaign_keeps_its_own():
    question, _ = asked([*TINY, "then=same", "weeks=30", "agency.listening_months=3", "policy=acknowledge", "seed=5",
                         "people.support_mean=0.3"])  # fmt: skip
    (chain,) = chains(question)
    first, second = chain.after
    assert first.seed == second.seed == 5 and first.people.support_mean == 0.3 and second.people == first.people
    assert first.agency.listening_months == 0.0 and second.agency.listening_months == 3.0
    assert not first.policy.rules and second.policy.rules and second.post == first.post
    alone = chain.alone[1]
    assert alone is not None and not alone.earlier[0].posted
    assert changed(alone, {"earlier": []}) == changed(second, {"earlier": []})


@pytest.mark.parametrize(("words", "said"), [
    ([], "sequence needs a campaign to come after the first"),
    (["then="], "then must name a case, or same"),
    (["then=nosuch"], "case must be one of"),
    (["weeks=3", "then=same"], "give it after a then="),
    (["then=same", "weeks=soon"], "weeks must be a number of weeks, such as weeks=8 or weeks=2,8; got 'soon'"),
    (["then=same", "weeks=2,2"], "weeks names a number twice"),
    (["then=same", "weeks=2", "weeks=3"], "weeks is given twice for one campaign"),
    (["then=same", "weeks=0.01"], "weeks must be at least the campaign's own 6 hours"),
    (["then=same", "weeks=4", "agency.listening_months=3"], "must fit between two campaigns, 4 weeks apart"),
    (["then=police_dog", "case=my_nypd"], "has its case already"),
    (["then=police_dog", "policy=silent,acknowledge"], "policy cannot vary in a sequence"),
    (["then=same", "uncertainty=prior"], "sequence"),
])  # fmt: skip
def test_words_that_cannot_be_are_one_sentence(words: list[str], said: str):
    with pytest.raises(ConfigError, match=said.replace(".", r"\.")):
        asked([*TINY, *words])
