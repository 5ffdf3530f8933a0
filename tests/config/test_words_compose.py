"""What a command's words make of a configuration: who wins, what is taken as it stands, what is left alone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from sim.catalogue.compose import _files as put_together
from sim.catalogue.compose import compose
from sim.catalogue.groups import GROUPS, STUDY_KEYS, choices
from sim.catalogue.words import dotted_names
from sim.config.agency import MOVES
from sim.config.root import Configuration

FILES = [(group, name) for group in GROUPS if group not in ("case", "network", "without") for name in choices(group)]
assert len(FILES) >= 20
AWKWARD = [
    "/tmp/a b(1)=ü.tsv",
    "C:\\a\\new.tsv",
    "it's, [here] {now}.tsv",
    "${HOME}/x#1.tsv",
    "+plus~tilde.tsv",
    "7",
]
assert AWKWARD


def test_without_words_the_configuration_is_the_parameter_table():
    configuration, study = compose()
    assert configuration == Configuration()
    assert study == {
        "results": "results", "study": None, "replicates": None, "graphs": 1,
        "workers": None, "record": "summary", "fresh": False, "uncertainty": "none",
    }  # fmt: skip
    assert set(study) == set(STUDY_KEYS)


@pytest.mark.parametrize(("group", "name"), FILES)
def test_every_file_of_every_group_composes_and_changes_its_own_section_alone(group, name):
    configuration, _ = compose([f"{group}={name}"])
    for section in Configuration.model_fields:
        if section != group:
            assert getattr(configuration, section) == getattr(Configuration(), section)


def test_case_wins_over_the_tables_defaults():
    configuration, _ = compose(["case=my_nypd"])
    assert configuration.people.n_followers == 1_000_000 != Configuration().people.n_followers
    assert configuration.post.ask == "photo_call" != Configuration().post.ask


def test_groups_named_on_the_command_line_win_over_the_case():
    small, _ = compose(["case=my_nypd", "people=small"])
    assert small.people.n_followers == 10_000
    assert small.people.follow_share == 0.12  # who they are stays the case's
    city, _ = compose(["case=my_nypd", "people=new_york"])
    assert (city.people.n_followers, city.people.represents, city.people.follow_share) == (8_405_837, 1.0, 0.12)
    statement, _ = compose(["post=statement", "case=my_nypd"])  # in any order of words
    assert (statement.post.ask, statement.post.room) == ("statement", 0.05)
    assert statement.post.salience == 0.65
    assert compose(["case=police_twitter_day", "agency=central"])[0].agency.voices == "central"


def test_policy_replaces_another_whole():
    acknowledge, _ = compose(["case=my_nypd", "policy=acknowledge"])
    assert [rule.move for rule in acknowledge.policy.rules] == ["acknowledge"]
    assert compose(["policy=silent"])[0].policy.rules == ()


def test_single_values_win_over_case_and_groups_in_any_order():
    words = ["people.n_followers=12345", "people=small", "post.openness=0.2", "case=my_nypd", "seed=0"]
    for order in (words, words[::-1]):
        configuration, _ = compose(order)
        assert configuration.people.n_followers == 12345
        assert configuration.post.openness == 0.2
        assert configuration.seed == 0


def test_last_of_two_single_values_wins():
    assert compose(["seed=1", "seed=2"])[0].seed == 2


def test_plus_signs_and_tilde_are_read_as_hydra_does():
    assert compose(["+post.hour=3"])[0].post.hour == 3
    assert compose(["++post.hour=3"])[0].post.hour == 3
    assert compose(["+case=my_nypd"])[0].case.id == "my_nypd"
    given_back, _ = compose(["case=my_nypd", "~people.n_followers", "~post.hour"])
    assert given_back.people.n_followers == Configuration().people.n_followers
    assert given_back.post.hour == Configuration().post.hour
    assert compose(["case=null"])[0].case.id == "custom"


def test_lists_and_rules_are_given_in_hydras_grammar():
    shares = compose(["people.cohort_shares=[0.1,0.2,0.3,0.2,0.1,0.1]"])[0].people.cohort_shares
    assert shares == (0.1, 0.2, 0.3, 0.2, 0.1, 0.1)
    rules = compose(["policy.rules=[{move:clarify,at_minute:5},{move:withdraw,counter_share:0.7}]"])[0].policy.rules
    assert [(rule.move, rule.at_minute, rule.counter_share) for rule in rules] == [
        ("clarify", 5, None),
        ("withdraw", None, 0.7),
    ]


@pytest.mark.parametrize("path", AWKWARD)
def test_paths_are_taken_as_they_stand(path):
    configuration, study = compose(
        ["network=edge_list", f"network.path={path}", f"people.table={path}", f"results={path}", f"study={path}"]
    )
    assert configuration.network.path == path
    assert configuration.people.table == path
    assert (study["results"], study["study"]) == (path, path)


def test_quotes_that_hydra_would_ask_for_are_taken_off():
    assert compose(["network=edge_list", "network.path='/tmp/a b'"])[0].network.path == "/tmp/a b"
    assert compose(['case.tag="#mine"'])[0].case.tag == "#mine"
    assert compose(["case.tag=#mine"])[0].case.tag == "#mine"


@pytest.fixture
def case_of_many(monkeypatch):
    """Let the files say that each row stands for eight people, as a case beyond a million rows does."""

    def files(words):
        tree = put_together(words)
        tree.setdefault("people", {})["represents"] = 8.0
        return tree

    monkeypatch.setattr("sim.catalogue.compose._files", files)


@pytest.mark.usefixtures("case_of_many")
@pytest.mark.parametrize(
    "words", [["people.n_followers=500"], ["people=default"], ["network=edge_list", "network.path=x"]]
)
def test_size_that_somebody_names_is_simulated_one_to_one(words):
    assert compose([])[0].people.represents == 8
    assert compose(words)[0].people.represents == 1
    assert compose([*words, "people.represents=3"])[0].people.represents == 3


def test_nothing_is_created_and_the_working_folder_does_not_matter(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    compose(["case=my_nypd", "policy=withdraw", "results=out"])
    assert list(Path(tmp_path).iterdir()) == []


def test_each_move_has_a_policy_named_after_it_that_uses_it():
    assert set(choices("policy")) >= set(MOVES)
    for move in MOVES:
        policy = compose([f"policy={move}"])[0].policy
        assert policy.name == move
        assert {rule.move for rule in policy.rules} == ({move} if move != "silent" else set())


def test_named_defaults_say_what_the_table_says():
    table = Configuration()
    assert compose(["people=default"])[0].people == table.people
    assert compose(["newsroom=six"])[0].newsroom == table.newsroom
    assert compose(["feed=chronological"])[0].feed == table.feed
    assert compose(["reaction=logit"])[0].reaction == table.reaction


def test_dotted_names_reach_every_section():
    names = list(dotted_names())
    assert {"seed", "post.openness", "feed.trending.on", "agency.effects.clarify"} <= set(names)
    assert len(names) == len(set(names)) > 100


def test_composing_loads_no_kernel_and_no_table_library():
    code = (
        "import sys; from sim.catalogue.compose import compose; compose(['case=my_nypd']);"
        "print([name for name in ('numba', 'pandas', 'scipy', 'matplotlib', 'mesa') if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
