"""The audience at its edges: none, one, nobody aggrieved, what is given instead of drawn."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from sim.config.people import COHORTS, ROLES
from sim.config.root import Configuration, changed
from sim.errors import ConfigError, GraphError
from sim.people.population import Population, create_population
from sim.people.scores import draw_scores
from sim.rng import Stream, setup_uniform

PLAIN = Configuration()
TYPES = {
    "key": np.uint64, "cohort": np.int8, "community": np.int8, "grievance": np.float32, "support": np.float32,
    "grievance_rank": np.float64, "support_rank": np.float64, "sessions_a_day": np.float32, "follows_sender": np.bool_,
    "role": np.int8, "locality": np.int32, "looks_at_lists": np.bool_, "beat": np.int16,
}  # fmt: skip


def configured(**changes):
    return changed(PLAIN, {name.replace("__", "."): value for name, value in changes.items()})


def differing(one, two):
    return {name for name in TYPES if not np.array_equal(getattr(one, name), getattr(two, name))}


@pytest.mark.parametrize("n", [0, 1, 7])
@pytest.mark.parametrize("everybody", [False, True])
def test_every_column_has_its_type_and_length_however_few_rows(n, everybody):
    people = create_population(PLAIN, n=n, everybody_follows=everybody)
    assert {field.name for field in dataclasses.fields(Population)} == {*TYPES, "communities"}
    for name, kind in TYPES.items():
        column = getattr(people, name)
        assert column.shape == (n,) and column.dtype == kind
    assert people.n == n and people.communities == ("other", "affected")


def test_rows_seed_and_keys_default_to_the_configuration_and_seed_zero_is_a_seed():
    small = configured(people__n_followers=300, seed=9)
    assert not differing(create_population(small), create_population(PLAIN, n=300, seed=9))
    assert differing(create_population(small, seed=0), create_population(small))
    assert not differing(create_population(small, seed=0), create_population(configured(seed=0), n=300))
    assert create_population(small).key.tolist() == list(range(300))
    assert create_population(small, keys=np.array([5, 3], np.uint64)).key.tolist() == [5, 3]


def test_values_by_hand_of_the_plain_draws():
    people = create_population(configured(agency__local_accounts=7), n=400, seed=3)
    keys = np.arange(400, dtype=np.uint64)
    assert (people.grievance_rank == setup_uniform(3, Stream.GRIEVANCE, keys)).all()
    assert (people.community == (setup_uniform(3, Stream.COMMUNITY, keys) < 0.2)).all()
    assert (people.locality == np.floor(setup_uniform(3, Stream.LOCALITY, keys) * 7)).all()
    assert (
        people.looks_at_lists == (setup_uniform(3, Stream.TREND_USER, keys) < PLAIN.feed.trending.users_share)
    ).all()
    u = setup_uniform(3, Stream.COHORT, keys)
    assert (people.cohort == np.searchsorted([0.09, 0.33, 0.58, 0.83, 0.96], u, side="right")).all()


def test_a_mean_of_zero_or_one_leaves_everybody_exactly_there():
    people = create_population(configured(people__grievance_mean=0.0, people__support_mean=1.0), n=2000)
    assert (people.grievance == 0.0).all() and (people.support == 1.0).all()
    assert 0 < people.follows_sender.sum() < 2000


def test_a_change_of_grievance_moves_nothing_but_grievance_and_who_follows():
    before = create_population(PLAIN, n=3000)
    after = create_population(configured(people__grievance_mean=0.6, people__grievance_concentration=3.0), n=3000)
    assert differing(before, after) == {"grievance", "follows_sender"}
    assert (before.follows_sender != after.follows_sender).mean() < 0.1
    hold = {"people.follow_grievance": 0.0}
    before = create_population(changed(PLAIN, hold), n=3000)
    after = create_population(changed(PLAIN, {**hold, "people.grievance_mean": 0.6}), n=3000)
    assert differing(before, after) == {"grievance"}
    assert (after.grievance >= before.grievance).all()


@pytest.mark.parametrize(
    ("change", "moved"),
    [
        ({"people.community_support_shift": -0.2}, {"support", "follows_sender"}),
        ({"people.follow_share": 0.5}, {"follows_sender"}),
        ({"people.activist_share": 0.01}, {"role"}),
        ({"people.sessions_median": 4.0}, {"sessions_a_day"}),
        ({"people.community_share": 0.5}, {"community", "grievance", "support", "follows_sender"}),
        ({"agency.local_accounts": 30}, {"locality"}),
        ({"feed.trending.users_share": 0.5}, {"looks_at_lists"}),
        ({"agency.listening_months": 6.0}, {"grievance"}),
        ({"post.appeal": 0.9}, set()),
    ],
)
def test_a_change_moves_only_what_follows_from_it(change, moved):
    # without journalists, whose sessions and beats would move with the roles
    base = changed(PLAIN, {"people.journalist_share": 0.0})
    assert differing(create_population(base, n=4000), create_population(changed(base, change), n=4000)) == moved


def test_journalists_look_three_times_as_often_and_have_a_newsroom():
    without = create_population(configured(people__journalist_share=0.0), n=4000)
    people = create_population(configured(people__journalist_share=0.05), n=4000)
    journalist = people.role == ROLES.index("journalist")
    assert 100 < journalist.sum() < 300
    assert (people.sessions_a_day[~journalist] == without.sessions_a_day[~journalist]).all()
    free = journalist & (people.sessions_a_day > 0.1) & (people.sessions_a_day < 199)
    assert people.sessions_a_day[free] / without.sessions_a_day[free] == pytest.approx(3.0, rel=1e-6)
    assert (people.beat[~journalist] == -1).all()
    assert set(people.beat[journalist]) == set(range(6))
    nowhere = create_population(configured(people__journalist_share=0.05, newsroom__newsrooms=0), n=4000)
    assert (nowhere.beat == -1).all()


def test_sessions_a_day_are_held_within_their_limits():
    wild = create_population(configured(people__sessions_sigma=3.0, people__journalist_share=0.1), n=20_000)
    assert wild.sessions_a_day.min() == np.float32(0.02) and wild.sessions_a_day.max() == 200.0


def test_listening_lowers_followers_grievance_alone():
    before = create_population(PLAIN, n=2000)
    after = create_population(configured(agency__listening_months=6.0), n=2000)
    followers = before.follows_sender
    assert (after.grievance[~followers] == before.grievance[~followers]).all()
    expected = np.floor(before.grievance[followers].astype(float) * 0.875 * 65536 + 0.5) / 65536
    assert (after.grievance[followers] == expected).all()


def test_on_a_loaded_graph_everybody_follows_unless_attributes_say_otherwise():
    assert create_population(PLAIN, n=500, everybody_follows=True).follows_sender.all()
    given = pd.DataFrame({"follows_sender": [False, None, True]})
    people = create_population(PLAIN, attributes=given, everybody_follows=True)
    assert people.follows_sender.tolist() == [False, True, True]


def test_an_audience_table_gives_groups_means_and_medians(tmp_path):
    path = tmp_path / "audience.csv"
    path.write_text(
        "cohort,community,share,grievance,support,sessions_a_day\n18-24,Harbour,0.25,1,0,8\n65+,other,0.75,0,1,0.5\n"
    )
    people = create_population(configured(people__table=str(path), people__sessions_sigma=0.0), n=1000)
    young = setup_uniform(1, Stream.COHORT, people.key) < 0.25
    assert people.communities == ("other", "Harbour")
    assert (people.cohort == np.where(young, 1, 5)).all() and (people.community == young).all()
    assert (people.grievance == young).all() and (people.support == ~young).all()
    member = people.role != ROLES.index("journalist")
    assert people.sessions_a_day[member] == pytest.approx(np.where(young, 8.0, 0.5)[member])


def test_an_audience_table_that_is_missing_is_an_error_of_people_table():
    with pytest.raises(ConfigError, match="^people.table must name a file that can be read"):
        create_population(configured(people__table="no/such/file.csv"), n=10)


GIVEN = pd.DataFrame(
    {
        "cohort": ["65+", "18\u201324", None, ""],
        "community": ["Harbour", "other", None, "Harbour"],
        "grievance": [0.9, 0.1, np.nan, 0.5],
        "support": [0.25, np.nan, np.nan, 1.0],
        "sessions_a_day": [0.0, 150.0, np.nan, 3.0],
        "role": ["Activist", None, "journalist", "member"],
        "follows_sender": ["yes", "no", None, "TRUE"],
        "key": np.array([70, 60, 50, 40]),
    }
)


def test_given_attributes_override_what_is_drawn_and_missing_ones_do_not():
    drawn = create_population(PLAIN, keys=np.array([70, 60, 50, 40], np.uint64))
    people = create_population(PLAIN, attributes=GIVEN)
    assert people.key.tolist() == [70, 60, 50, 40]
    assert [COHORTS[c] for c in people.cohort[:2]] == ["65+", "18-24"]
    assert people.cohort[2:].tolist() == drawn.cohort[2:].tolist()
    assert people.communities == ("other", "affected", "Harbour")
    assert people.community.tolist() == [2, 0, drawn.community[2], 2]
    assert people.grievance[[0, 1, 3]].tolist() == [58982 / 65536, 6554 / 65536, 0.5]
    assert people.support[[0, 3]].tolist() == [0.25, 1.0]
    assert people.sessions_a_day[[0, 1, 3]].tolist() == [0.0, 150.0, 3.0]
    assert [ROLES[r] for r in people.role] == ["activist", ROLES[drawn.role[1]], "journalist", "member"]
    assert people.follows_sender[[0, 1, 3]].tolist() == [True, False, True]
    assert people.grievance_rank[[0, 1, 3]].tolist() == pytest.approx([5 / 6, 1 / 6, 1 / 2])
    assert people.support_rank[[0, 3]].tolist() == [0.25, 0.75]
    assert people.grievance_rank[2] == drawn.grievance_rank[2] and people.grievance[2] == drawn.grievance[2]
    assert people.beat[2] >= 0


def test_attributes_without_any_value_leave_all_as_drawn():
    blank = pd.DataFrame({name: [None] * 50 for name in GIVEN.columns if name != "key"})
    people = create_population(PLAIN, attributes=blank)
    assert not differing(people, create_population(PLAIN, n=50)) and people.communities == ("other", "affected")


def test_communities_that_are_all_given_are_the_only_ones_and_the_affected_one_keeps_its_shift():
    names = ["zone b", "affected"] * 500
    people = create_population(PLAIN, attributes=pd.DataFrame({"community": names, "cohort": ["35-49"] * 1000}))
    assert people.communities == ("affected", "zone b")
    means = [people.grievance[people.community == c].mean() for c in range(2)]
    assert means == pytest.approx([0.525, 0.25], abs=0.05)  # logistic(logit(1/4) + 1.2) = 0.525


def test_where_support_alone_is_given_grievance_leans_against_it():
    strong = configured(people__copula_correlation=-0.95)
    given = pd.DataFrame({"support": np.arange(1000) / 999})
    people = create_population(strong, attributes=given)
    assert np.corrcoef(people.support_rank, people.grievance_rank)[0, 1] < -0.9
    assert np.abs(np.sort(people.grievance_rank) - np.arange(1000) / 1000).max() < 0.08


def test_codes_that_are_numbers_are_names_of_communities():
    people = create_population(PLAIN, attributes=pd.DataFrame({"community": [3, 1, 3]}))
    assert people.communities == ("1", "3") and people.community.tolist() == [1, 0, 1]
    partly = create_population(PLAIN, attributes=pd.DataFrame({"community": [3.0, np.nan]}))
    assert partly.communities == ("other", "affected", "3") and partly.community[0] == 2


REFUSED = {
    "a cohort": ({"cohort": ["18-24", "20-30"]}, r"row 1 \(from 0\), column cohort: must be one of .*; got '20-30'"),
    "a role": ({"role": ["boss", "member"]}, r"row 0 .*, column role: must be one of member, activist.*; got 'boss'"),
    "a feeling": ({"grievance": [0.5, 1.5]}, r"row 1 .*, column grievance: must be a number from 0 to 1; got .*1\.5"),
    "a word": ({"support": ["0.5", "high"]}, r"row 1 .*, column support: must be a number from 0 to 1; got 'high'"),
    "sessions": ({"sessions_a_day": [1, 201]}, r"row 1 .*must be a number from 0 to 200; got .*201"),
    "infinity": ({"sessions_a_day": [1, np.inf]}, r"row 1 .*must be a number from 0 to 200; got .*inf"),
    "a maybe": ({"follows_sender": ["maybe", "no"]}, r"row 0 .*must be true or false; got 'maybe'"),
    "an unknown column": ({"greivance": [0, 1]}, r"may have the columns .*; got greivance"),
    "a length": ({"grievance": [0.0, 0.1, 0.2]}, r"must have one row for each of the 2 rows; got 3"),
    "a key twice": ({"key": [7, 7]}, r"rows 0 and 1 \(from 0\) have the same"),
    "a negative key": ({"key": [7, -7]}, r"that of row 1 \(from 0\) is none"),
    "a key of an account": ({"key": [7, 2**62]}, r"that of row 1 \(from 0\) is none"),
    "a key with a fraction": ({"key": [7.5, 1.0]}, r"distinct whole numbers .*float64"),
}


@pytest.mark.parametrize("mistake", REFUSED)
def test_a_wrong_attribute_is_named_with_row_column_rule_and_value(mistake):
    columns, words = REFUSED[mistake]
    with pytest.raises(GraphError, match=f"^network.attributes.*{words}"):
        create_population(PLAIN, n=2, attributes=pd.DataFrame(columns))


def test_more_than_sixteen_communities_are_refused():
    sixteen = pd.DataFrame({"community": [f"c{i}" for i in range(16)]})
    assert len(create_population(PLAIN, attributes=sixteen).communities) == 16
    seventeen = pd.DataFrame({"community": [f"c{i}" for i in range(17)]})
    with pytest.raises(GraphError, match="at most 16 communities are possible"):
        create_population(PLAIN, attributes=seventeen)
    with pytest.raises(GraphError, match="at most 16 communities are possible; got 18"):
        create_population(PLAIN, attributes=pd.concat([sixteen, pd.DataFrame({"community": [None]})]))


def test_a_group_that_the_audience_table_lacks_is_refused(tmp_path):
    path = tmp_path / "audience.csv"
    path.write_text("cohort,community,share,grievance,support,sessions_a_day\n65+,other,1,0.5,0.5,1\n")
    told = configured(people__table=str(path))
    assert create_population(told, attributes=pd.DataFrame({"cohort": ["65+"]})).n == 1
    with pytest.raises(GraphError, match=r"its group must be one of people.table; got 18-24, other"):
        create_population(told, attributes=pd.DataFrame({"cohort": ["65+", "18-24"]}))
    with pytest.raises(GraphError, match=r"got 65\+, Harbour"):
        create_population(told, attributes=pd.DataFrame({"cohort": ["65+"], "community": ["Harbour"]}))


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        (np.array([1, 2, 1]), "rows 0 and 2"),
        (np.array([-1, 2, 1]), "row 0"),
        (np.array([1.0, 2.0, 3.0]), "float64"),
        (np.array([[1], [2], [3]]), "2 dimensions"),
    ],
)
def test_keys_must_be_distinct_whole_numbers(keys, words):
    with pytest.raises(GraphError, match=f"^keys must hold distinct whole numbers.*{words}"):
        create_population(PLAIN, keys=keys)


def test_numbers_of_rows_must_agree():
    with pytest.raises(GraphError, match="keys must be one for each of the 4 rows; got 3"):
        create_population(PLAIN, n=4, keys=np.arange(3))
    with pytest.raises(ConfigError, match="people.n_followers must be at least 0"):
        create_population(PLAIN, n=-1)
    with pytest.raises(GraphError, match="network.attributes must have one row for each of the 3 rows; got 1"):
        create_population(PLAIN, keys=np.arange(3), attributes=pd.DataFrame({"role": ["member"]}))


def test_people_made_from_kept_scores_are_the_same():
    case = configured(people__n_followers=3000, people__copula_correlation=-0.3)
    keys = np.arange(3000, dtype=np.uint64)
    anew = create_population(case)
    assert not differing(anew, create_population(case, scores=draw_scores(case.seed, keys)))
    other = create_population(case, scores=draw_scores(case.seed + 1, keys))
    assert differing(anew, other) >= {"support", "support_rank", "sessions_a_day", "follows_sender"}
