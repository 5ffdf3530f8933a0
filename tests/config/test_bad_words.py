"""Bad words get one clear sentence: the dotted name, the rule, the value seen, what to do."""

from __future__ import annotations

import pytest

from sim.catalogue.compose import compose
from sim.catalogue.registry import load_case
from sim.errors import BackfireError, ConfigError

# word, and what its sentence must hold
BAD = [
    ("people.greivance_mean=0.2", ["people.greivance_mean is not a parameter", "Did you mean people.grievance_mean"]),
    ("+people.greivance_mean=0.2", ["people.greivance_mean is not a parameter", "n_followers, represents"]),
    ("++people.greivance_mean=0.2", ["people.greivance_mean is not a parameter"]),
    ("~people.greivance_mean", ["people.greivance_mean is not a parameter"]),
    ("openness=0.2", ["openness is not a parameter", "Did you mean post.openness"]),
    ("replicate=20", ["replicate is not a parameter", "Did you mean replicates"]),
    ("polcy=withdraw", ["polcy is not a parameter", "Did you mean policy"]),
    ("hydra.run.dir=x", ["hydra.run.dir is not a parameter", "the configuration has:"]),
    ("post.hour.minute=3", ["post.hour.minute is not a parameter", "post.hour is a single value"]),
    (
        "people.cohort_shares[2]=0.3",
        ["people.cohort_shares[2] is not a parameter", "mean people.cohort_shares"],
    ),
    ("case=my_nipd", ["case must be one of", "ask_jpm", "got 'my_nipd'", "Did you mean 'my_nypd'"]),
    ("case=../config", ["case must be one of", "'../config'"]),
    (
        "policy=withdrew",
        ["policy must be one of", "acknowledge, acknowledge_20min", "'withdrew'", "Did you mean 'withdraw'"],
    ),
    ("policy=silent,withdraw", ["policy takes one choice", "'silent,withdraw'", "backfire compare"]),
    ("policy=[silent,withdraw]", ["policy takes one choice", "'[silent,withdraw]'", "backfire compare"]),
    ("policy={name:x}", ["policy takes a name", "policy.NAME=VALUE"]),
    ("network=edgelist", ["network must be one of", "Did you mean 'edge_list'"]),
    ("case@post=my_nypd", ["case@post is not a parameter"]),
    ("people.grievance_mean=1.7", ["people.grievance_mean must be at most 1", "got 1.7"]),
    ("people.n_followers=-1", ["people.n_followers must be at least 0", "got -1"]),
    ("people.n_followers=1.5", ["people.n_followers must be a whole number", "got 1.5"]),
    ("people.grievance_mean=nan", ["people.grievance_mean must be a finite number", "got nan"]),
    ("people.grievance_mean=-inf", ["people.grievance_mean must be a finite number", "got -inf"]),
    ("horizon_hours=1e400", ["horizon_hours must be a finite number", "got inf"]),
    ("horizon_hours=0", ["horizon_hours must be at least", "got 0"]),
    ("people.n_followers=true", ["people.n_followers must be a number", "got True"]),
    ("people.grievance_mean=false", ["people.grievance_mean must be a number", "got False"]),
    ("people.grievance_mean=much", ["people.grievance_mean must be a number", "got 'much'"]),
    ("people.grievance_mean=", ["people.grievance_mean must be a number"]),
    ("people.grievance_mean=null", ["people.grievance_mean must be a number", "got None"]),
    ("people.grievance_mean=[0.2]", ["people.grievance_mean must be a number", "got [0.2]"]),
    ("people.grievance_mean=0.2,0.3", ["people.grievance_mean takes one value", "'0.2,0.3'", "backfire compare"]),
    ("people.grievance_mean=range(1,3)", ["people.grievance_mean takes one value", "'range(1,3)'"]),
    ("people.grievance_mean=(1", ["people.grievance_mean cannot be read", "'(1'"]),
    ("people.grievance_mean=${post.appeal}", ["people.grievance_mean must be a number", "${post.appeal}"]),
    ("post.hour=12:30", ["post.hour must be a number", "'12:30'"]),
    ("seed=9223372036854775808", ["seed must be at most 9223372036854775807", "got 9223372036854775808"]),
    ("seed=-1", ["seed must be at least 0"]),
    ("seed=1.5", ["seed must be a whole number", "got 1.5"]),
    ("seed=" + "9" * 5000, ["seed cannot be read", "..."]),
    ("post.ask=dance", ["post.ask must be one of statement, photo_call", "'dance'"]),
    ("feed.ranking=x", ["feed.ranking must be one of chronological", "'x'"]),
    ("feed.trending.on=5", ["feed.trending.on must be true or false", "got 5"]),
    ("agency.effects.clarify=2", ["agency.effects.clarify must be at most 1", "got 2"]),
    ("policy.rules=[{move:withdraw}]", ["policy.rules[0]", "at least one trigger"]),
    ("policy.rules=[{move:sing,at_minute:3}]", ["policy.rules[0].move must be one of silent, clarify", "'sing'"]),
    ("people.cohort_shares=[0.1,0.2]", ["people.cohort_shares must have 6 values"]),
    ("people.cohort_shares=[0.5,0.5,0.5,0,0,0]", ["cohort_shares must sum to 1", "1.5"]),
    ("results=", ["results must name a folder"]),
    ("post.hour", ["'post.hour' is not of the form name=value"]),
    ("=3", ["is not of the form name=value"]),
    ("", ["is not of the form name=value"]),
    ("~post.hour=3", ["~post.hour takes no value"]),
    ("executor=rocket", ["executor", "rocket"]),
]
assert len(BAD) >= 25


@pytest.mark.parametrize(("word", "parts"), BAD, ids=[word[:40] or "empty" for word, _ in BAD])
def test_bad_word_gets_a_clear_sentence(word, parts, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError) as caught:
        compose([word])
    message = str(caught.value)
    for part in parts:
        assert part in message
    assert len(message.splitlines()) <= 6
    assert not any(foreign in message for foreign in ("Hydra", "hydra.errors", "OmegaConf", "pydantic", "struct"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("word", [word for word, _ in BAD[:20]])
def test_bad_word_is_refused_beside_a_case_as_well(word):
    with pytest.raises(ConfigError):
        compose(["case=ask_jpm", word, "post.media=0.1"])


def test_group_named_twice_differently_is_refused():
    with pytest.raises(ConfigError, match="case is named twice, as 'my_nypd' and 'ask_jpm'"):
        compose(["case=my_nypd", "case=ask_jpm"])


def test_several_mistakes_are_told_at_once():
    with pytest.raises(ConfigError) as caught:
        compose(["post.appeal=2", "post.room=3", "post.media=4", "post.hour=99", "seed=-1"])
    lines = str(caught.value).splitlines()
    assert len(lines) == 4
    assert "2 more" in lines[-1]


def test_words_must_be_a_list_of_text():
    with pytest.raises(ConfigError, match="list of words"):
        compose("case=my_nypd")
    with pytest.raises(ConfigError, match="must be text"):
        compose([3])


def test_part_of_a_value_that_was_just_given_is_refused():
    with pytest.raises(ConfigError, match="agency.effects.clarify cannot be set"):
        compose(["agency.effects=3", "agency.effects.clarify=0.1"])


def test_unknown_case_lists_the_cases():
    with pytest.raises(BackfireError, match=r"case must be one of ask_bg, ask_jpm, .*got 'nothing'"):
        load_case("nothing")


def test_study_keys_are_no_part_of_a_loaded_case():
    with pytest.raises(ConfigError, match="replicates says how to study a case"):
        load_case("my_nypd", ["replicates=3"])
