from __future__ import annotations

import pytest

from sim.cli.choices import choices_of, scenarios
from sim.errors import ConfigError


def test_a_group_with_commas_is_taken_apart_and_the_other_words_hold_for_all() -> None:
    swept, found = scenarios(["case=my_nypd", "policy=silent,acknowledge", "seed=0"])
    assert swept == "policy"
    assert found == {
        "silent": ["case=my_nypd", "policy=silent", "seed=0"],
        "acknowledge": ["case=my_nypd", "policy=acknowledge", "seed=0"],
    }


def test_single_values_can_be_compared_too() -> None:
    assert list(scenarios(["post.openness=0.2, 0.5"])[1]) == ["0.2", "0.5"]
    assert list(scenarios(["feed.ranking=chronological,engagement"])[1]) == ["chronological", "engagement"]
    assert len(scenarios(["case=my_nypd,ask_jpm"])[1]) == 2


@pytest.mark.parametrize(
    "word",
    ["people.cohort_shares=[0.1,0.9]", "case.title='a, b'", "network.path=/tmp/a,b (1)=ü.tsv", "results=a,b",
     "study=a,b", "~policy", "policy=silent", "policy.rules=[{move: silent, at_minute: 1}]"],
)  # fmt: skip
def test_a_comma_inside_one_value_separates_nothing(word: str) -> None:
    assert choices_of(word) == [word]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["case=my_nypd"], "compare needs one word with several choices"),
        (["policy=[silent,withdraw]"], "policy takes no list, .* write policy=silent,withdraw"),
        (["policy=silent,withdraw", "case=[a,b]"], "case takes no list"),
        (["policy=silent,withdraw", "case=a,b"], "one word with several choices; got policy and case"),
        (["policy=silent,"], "policy names an empty choice"),
        (["post.openness=range(0.1,0.5,0.1)"], r"post\.openness must be choices one by one .* got 'range\(0\.1"),
        (["network=edge_list", "network.path=a.txt,b.txt"], r"network\.path is text, .* no choices in 'a.txt,b.txt'"),
        (["policy=silent,silent"], "policy names 'silent' twice"),
    ],
)
def test_what_cannot_be_compared_is_told(words: list[str], sentence: str) -> None:
    with pytest.raises(ConfigError, match=sentence):
        scenarios(words)
