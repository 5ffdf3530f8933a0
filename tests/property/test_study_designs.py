from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from sim.outcome.aggregate import AVERAGED
from sim.outcome.verdict import VERDICTS
from sim.study.compare.paired import paired_odds
from sim.study.execution.reduced import bin_edges
from sim.study.run.draws import latin_hypercube, other_seed, strata
from sim.study.run.inputs import Input
from sim.study.run.summary import depends_on_size, quarter_summary
from sim.study.store.provenance import content_hash

SEEDS = st.integers(0, 2**63 - 1)
_REST = tuple(name for name in AVERAGED if name not in ("participants", "hijack_share"))


@given(seed=SEEDS, draws=st.integers(1, 300), name=st.text(min_size=1, max_size=20))
def test_each_stratum_is_used_once_for_any_seed_and_name(seed: int, draws: int, name: str) -> None:
    places = strata(name, draws, seed)
    assert sorted(np.floor(places * draws).astype(int)) == list(range(draws))


@given(seed=SEEDS, draws=st.integers(1, 60), graphs=st.integers(1, 8))
def test_blocks_share_a_graph_and_stay_together(seed: int, draws: int, graphs: int) -> None:
    inputs = [Input("network.x", "", "", "", 0.5, 0.0, 1.0, True), Input("post.y", "", "", "", 0.5, 0.2, 0.9)]
    values = latin_hypercube(inputs, draws, graphs, seed)
    changes = np.count_nonzero(np.diff(values[:, 0]))
    assert changes < graphs
    assert values[:, 1].min() >= 0.2 and values[:, 1].max() <= 0.9


@given(seed=SEEDS, number=st.integers(0, 10_000))
def test_other_seeds_are_legal_seeds(seed: int, number: int) -> None:
    assert 0 <= other_seed(seed, number) < 2**63


@given(minutes=st.integers(1, 43_200))
def test_bins_are_a_partition_of_the_run(minutes: int) -> None:
    edges = bin_edges(minutes)
    widths = np.diff(edges)
    assert edges[0] == 0 and edges[-1] == minutes and widths.min() >= 1
    # they grow with time, but the last is cut where the run ends
    assert np.all(np.diff(widths[:-1]) >= 0)


@given(
    values=st.lists(st.floats(allow_nan=True, allow_infinity=False), min_size=1, max_size=20),
    place=st.integers(0, 19),
    other=st.floats(allow_nan=False, allow_infinity=False),
)
def test_a_hash_moves_with_every_value(values: list[float], place: int, other: float) -> None:
    frame = pd.DataFrame({"x": np.array(values)})
    changed = frame.copy()
    changed.loc[place % len(values), "x"] = other
    same = np.array_equal(frame["x"].to_numpy().view(np.int64), changed["x"].to_numpy().view(np.int64))
    if same:
        assert content_hash(changed) == content_hash(frame)
    else:
        assert content_hash(changed) != content_hash(frame)


@given(pairs=st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=60))
def test_a_paired_difference_of_odds_lies_in_its_interval(pairs: list[tuple[bool, bool]]) -> None:
    found = paired_odds([one for one, _ in pairs], [other for _, other in pairs])
    assert -1.0 <= found["lo"] <= found["mean"] <= found["hi"] <= 1.0
    assert found["lo"] < found["hi"]


@given(hits=st.integers(0, 50), other=st.integers(0, 50))
def test_size_matters_exactly_where_intervals_part(hits: int, other: int) -> None:
    def of(count: int) -> dict[str, object]:
        outcomes = [
            {"participants": 100, "hijack_share": 1.0 if k < count else 0.5, "takeover": False} | dict.fromkeys(_REST)
            for k in range(50)
        ]
        return quarter_summary(outcomes, 1000)  # type: ignore[arg-type]

    one, two = of(hits), of(other)
    parted = any(
        one["verdict_interval"][name][1] < two["verdict_interval"][name][0]  # type: ignore[index]
        or two["verdict_interval"][name][1] < one["verdict_interval"][name][0]  # type: ignore[index]
        for name in VERDICTS
    )
    assert depends_on_size(one, two) == depends_on_size(two, one) == parted
    assert not depends_on_size(one, one) and not depends_on_size(one, None)
