"""``backfire run reaction=independent_cascade`` and its kin: files, nulls, replay, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from sim import simulate
from sim.catalogue.compose import compose
from sim.cli.main import main
from sim.config.reaction import RULES
from sim.config.root import Configuration, changed
from sim.errors import ConfigError
from sim.study.store.folder import read_json

# words, and what their sentence must hold
BAD = [
    (["reaction.rule=contagion"], ["reaction.rule must be one of logit, independent_cascade", "'contagion'"]),
    (["reaction=cascade"], ["reaction must be one of independent_cascade, linear_threshold, logit", "'cascade'"]),
    (["reaction.transmission=1.2"], ["reaction.transmission must be at most 1; got 1.2"]),
    (["reaction.transmission=-0.1"], ["reaction.transmission must be at least 0; got -0.1"]),
    (["reaction.transmission=nan"], ["reaction.transmission must be a finite number"]),
    (["reaction.transmission=true"], ["reaction.transmission must be a number", "True"]),
    (["reaction.threshold=1.01"], ["reaction.threshold must be at most 1; got 1.01"]),
    (["reaction.threshold=-1"], ["reaction.threshold must be at least 0; got -1"]),
    (["reaction.threshold_spread=wide"], ["reaction.threshold_spread must be one of fixed or uniform; got 'wide'"]),
    (["reaction.initial_adopters=0"], ["reaction.initial_adopters must be at least 1; got 0"]),
    (["reaction.initial_adopters=1.5"], ["reaction.initial_adopters must be a whole number; got 1.5"]),
    (["reaction.initial=first"], ["reaction.initial must be one of widest or random; got 'first'"]),
    (["reaction=independent_cascade", "policy=withdraw"],
     ["policy.rules must be empty with reaction.rule=independent_cascade", "withdraw", "policy=silent"]),
    (["reaction=linear_threshold", "policy=acknowledge"], ["policy.rules must be empty", "acknowledge"]),
]  # fmt: skip
assert BAD


@pytest.mark.parametrize(("words", "parts"), BAD, ids=[" ".join(words) for words, _ in BAD])
def test_bad_words_get_a_clear_sentence(words, parts):
    with pytest.raises(ConfigError) as caught:
        compose(words)
    for part in parts:
        assert part in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize("rule", RULES)
def test_each_rule_has_a_file_that_names_it(rule):
    assert compose([f"reaction={rule}"])[0].reaction.rule == rule


@pytest.mark.parametrize("rule", RULES[1:])
def test_a_study_in_rounds_has_its_files_its_nulls_and_replays(rule: str, tmp_path: Path) -> None:
    words = [f"reaction={rule}", "people.n_followers=900", "reaction.initial_adopters=20", "horizon_hours=2"]
    words += ["replicates=12", "reaction.transmission=0.08", f"results={tmp_path}", "study=rounds", "workers=2"]
    assert main(["run", *words]) == 0
    folder = tmp_path / "rounds"
    summary = read_json(folder / "summary.json")
    assert summary["first_response"] is None and summary["reproduction_eigenvalue"] is None
    assert summary["hijack_share"]["mean"] == 0.0 and summary["takeover_minutes"]["mean"] is None
    assert summary["messages"]["mean"] > 20
    runs = pd.read_parquet(folder / "runs.parquet")
    assert (runs["messages"] == runs["participants"]).all()
    assert (folder / "report.html").stat().st_size > 10_000
    assert main(["replay", str(folder)]) == 0


def test_simulate_needs_no_files_and_does_not_depend_on_workers():
    configuration = changed(
        Configuration(), {"reaction.rule": "independent_cascade", "people.n_followers": 800, "horizon_hours": 1}
    )
    one, two = (simulate(configuration, replicates=20, seed=3, workers=workers) for workers in (1, 2))
    assert {k: v for k, v in one.items() if k != "seconds"} == {k: v for k, v in two.items() if k != "seconds"}
    assert one["retweet_share"]["mean"] > 0.5
