"""A row is the same person wherever it stands and whoever stands beside it."""

import dataclasses

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.config.root import Configuration, changed
from sim.people.beta import quantile_tables
from sim.people.grievance import feelings
from sim.people.population import Population, create_population

COLUMNS = [field.name for field in dataclasses.fields(Population) if field.name != "communities"]
OF_THE_WHOLE = {"follows_sender"}  # the share of the audience enters it

configurations = st.fixed_dictionaries(
    {
        "people.grievance_mean": st.sampled_from([0.0, 0.01, 0.25, 0.9, 1.0]),
        "people.support_mean": st.sampled_from([0.0, 0.45, 1.0]),
        "people.copula_correlation": st.floats(-0.99, 0.99),
        "people.community_share": st.sampled_from([0.0, 0.2, 1.0]),
        "people.follow_share": st.sampled_from([0.0, 1e-6, 0.3, 1.0]),
        "people.follow_support": st.floats(-20, 20),
        "people.activist_share": st.sampled_from([0.0, 0.05, 0.2]),
        "people.journalist_share": st.sampled_from([0.0, 0.05]),
        "agency.listening_months": st.sampled_from([0.0, 12.0]),
        "agency.local_accounts": st.sampled_from([1, 40]),
    }
).map(lambda changes: changed(Configuration(), changes))
key_lists = st.lists(st.integers(0, 2**62 - 1), max_size=200, unique=True)


@settings(max_examples=50, deadline=None)
@given(configuration=configurations, keys=key_lists, seed=st.integers(0, 2**63 - 1), shuffle=st.randoms())
def test_permuted_rows_keep_all_their_values(configuration, keys, seed, shuffle):
    keys = np.array(keys, np.uint64)
    order = list(range(keys.size))
    shuffle.shuffle(order)
    order = np.array(order, np.int64)
    people = create_population(configuration, keys=keys, seed=seed)
    moved = create_population(configuration, keys=keys[order], seed=seed)
    for name in COLUMNS:
        assert np.array_equal(getattr(people, name)[order], getattr(moved, name)), name


@settings(max_examples=30, deadline=None)
@given(configuration=configurations, keys=key_lists, more=st.integers(1, 100), seed=st.integers(0, 1000))
def test_appended_rows_leave_what_does_not_depend_on_the_whole(configuration, keys, more, seed):
    if configuration.agency.listening_months > 0:  # takes from followers' grievance, and they depend on the whole
        configuration = changed(configuration, {"agency.listening_months": 0.0})
    keys = np.array(keys, np.uint64)
    extra = np.array([key for key in range(2 * more + keys.size) if key not in set(keys.tolist())][:more], np.uint64)
    people = create_population(configuration, keys=keys, seed=seed)
    longer = create_population(configuration, keys=np.concatenate([keys, extra]), seed=seed)
    for name in set(COLUMNS) - OF_THE_WHOLE:
        assert np.array_equal(getattr(people, name), getattr(longer, name)[: keys.size]), name


@settings(max_examples=40, deadline=None)
@given(configuration=configurations, n=st.integers(0, 300), everybody=st.booleans())
def test_all_values_lie_in_their_ranges(configuration, n, everybody):
    people = create_population(configuration, n=n, everybody_follows=everybody)
    for feeling in (people.grievance, people.support):
        assert ((feeling >= 0) & (feeling <= 1)).all()
        assert np.array_equal(feeling * 65536, np.floor(feeling * 65536))
    for rank in (people.grievance_rank, people.support_rank):
        assert ((rank >= 0) & (rank <= 1)).all()
    assert ((people.sessions_a_day >= np.float32(0.02)) & (people.sessions_a_day <= 200)).all()
    assert ((people.locality >= 0) & (people.locality < configuration.agency.local_accounts)).all()
    assert ((people.beat >= -1) & (people.beat < configuration.newsroom.newsrooms)).all()
    assert np.isin(people.cohort, range(6)).all() and np.isin(people.community, (0, 1)).all()
    assert np.isin(people.role, range(4)).all()


@settings(max_examples=60, deadline=None)
@given(
    low=st.floats(0.0, 1.0), high=st.floats(0.0, 1.0), concentration=st.floats(1e-3, 1000.0),
    ranks=st.lists(st.floats(0.0, 1.0), min_size=1, max_size=50),
)  # fmt: skip
def test_more_rank_and_more_mean_never_give_less_feeling(low, high, concentration, ranks):
    low, high = min(low, high), max(low, high)
    ranks = np.sort(np.array(ranks))
    group = np.zeros(ranks.size, np.int64)
    less = feelings(quantile_tables(np.array([low]), concentration), group, ranks)
    more = feelings(quantile_tables(np.array([high]), concentration), group, ranks)
    assert (np.diff(less) >= 0).all() and (np.diff(more) >= 0).all()
    assert (more >= less).all()


@settings(max_examples=30, deadline=None)
@given(values=st.lists(st.one_of(st.none(), st.floats(0.0, 1.0)), min_size=1, max_size=60), shuffle=st.randoms())
def test_given_feelings_keep_their_order_in_the_ranks(values, shuffle):
    shuffle.shuffle(values)
    frame = pd.DataFrame({"grievance": pd.array(values, dtype="Float64")})
    people = create_population(Configuration(), attributes=frame)
    rank = {value: people.grievance_rank[i] for i, value in enumerate(values) if value is not None}
    ordered = [rank[value] for value in sorted(rank)]
    assert all(a < b for a, b in zip(ordered, ordered[1:], strict=False))
    drawn = create_population(Configuration(), n=len(values)).grievance_rank
    assert all(people.grievance_rank[i] == drawn[i] for i, value in enumerate(values) if value is None)
