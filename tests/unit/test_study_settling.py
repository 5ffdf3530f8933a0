from __future__ import annotations

from itertools import pairwise
from math import comb

import pytest

from sim.study.compare.paired import sign_test
from sim.study.compare.settling import looks, replicates_to_settle, sequence_interval, state_of


def test_looks_grow_up_to_the_cap() -> None:
    seen = list(looks(1000))
    assert seen[0] == 40 and seen[-1] == 1000 and all(one < two <= 1.5 * one for one, two in pairwise(seen))
    assert list(looks(25)) == [25] and list(looks(40)) == [40]


@pytest.mark.parametrize(
    ("lost", "gained", "pairs"), [(0, 0, 50), (12, 3, 60), (0, 40, 40), (300, 310, 2000), (1, 0, 1)]
)
def test_the_interval_holds_the_mean_and_turns_with_the_sign(lost: int, gained: int, pairs: int) -> None:
    low, high = sequence_interval(lost, gained, pairs)
    assert -1.0 <= low <= (gained - lost) / pairs <= high <= 1.0
    assert sequence_interval(gained, lost, pairs) == pytest.approx((-high, -low))
    wide = sequence_interval(lost, gained, pairs, 0.01)
    assert wide[0] <= low and high <= wide[1]
    assert sequence_interval(0, 0, 0) == (-1.0, 1.0)


def test_more_pairs_of_the_same_kind_narrow_the_interval() -> None:
    widths = [high - low for low, high in (sequence_interval(3 * k, k, 20 * k) for k in (1, 4, 16, 64))]
    assert all(wide > narrow for wide, narrow in pairwise(widths))


@pytest.mark.parametrize(
    ("low", "high", "state"),
    [(-0.2, -0.01, "lower"), (0.01, 0.2, "higher"), (-0.04, 0.03, "alike"), (-0.06, 0.03, "open"), (None, None, "open"),
     (-0.03, -0.01, "lower")],
)  # fmt: skip
def test_a_difference_is_settled_by_its_sign_or_by_being_small(low: float, high: float, state: str) -> None:
    assert state_of(low, high, 0.05) == state


def _chance(pairs: int, differing: float, minority: float) -> float:
    """Return the chance that the exact sign test rejects, summed outcome by outcome."""
    return sum(
        comb(pairs, d) * differing**d * (1 - differing) ** (pairs - d)
        * comb(d, k) * minority**k * (1 - minority) ** (d - k)
        for d in range(pairs + 1)
        for k in range(d + 1)
        if sign_test(k, d - k) < 0.05
    )  # fmt: skip


@pytest.mark.parametrize(("lost", "gained", "pairs"), [(6, 0, 20), (9, 3, 30), (14, 2, 40), (3, 9, 24)])
def test_the_number_that_settles_it_is_the_smallest_with_four_chances_in_five(
    lost: int, gained: int, pairs: int
) -> None:
    needed = replicates_to_settle(lost, gained, pairs)
    assert needed is not None
    differing, minority = (lost + gained) / pairs, min(lost, gained) / (lost + gained)
    assert _chance(needed, differing, minority) >= 0.8
    assert _chance(needed - 2, differing, minority) < 0.8  # the chance is saw-toothed, so that one less may do too


def test_six_pairs_one_way_are_the_fewest_that_can_settle_it() -> None:
    assert replicates_to_settle(2, 0, 2) == 6
    assert replicates_to_settle(4, 4, 100) is None and replicates_to_settle(0, 0, 100) is None
    assert 20_000 < replicates_to_settle(205, 195, 1000) < 50_000  # type: ignore[operator]
    assert replicates_to_settle(501, 499, 2000) is None  # some four millions
