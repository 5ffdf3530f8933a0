"""Stopping when a difference is settled keeps its error rate; and the number that settles it does so."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from sim.study.compare.paired import odds_difference_interval
from sim.study.compare.settling import above, looks, replicates_to_settle, until_settled

STUDIES, MOST = 400, 2000


def _counts(less: float, more: float, sizes: list[int], seed: int) -> np.ndarray:
    """Return pairs that differ either way at each size, of many studies: int64[studies, sizes, 2]."""
    rng = np.random.default_rng(seed)
    steps = np.diff([0, *sizes])
    drawn = np.stack([rng.multinomial(step, [less, more, 1 - less - more], STUDIES) for step in steps], axis=1)
    return drawn.cumsum(axis=1)[:, :, :2]


def _ever(leaves_out: Callable[[int, int, int, float], bool], less: float, more: float) -> float:
    """Return in which share of the studies some look leaves the true difference out."""
    sizes = list(looks(MOST))
    return float(np.mean([
        any(leaves_out(lost, gained, pairs, more - less) for (lost, gained), pairs in zip(study, sizes, strict=True))
        for study in _counts(less, more, sizes, 7).tolist()
    ]))  # fmt: skip


def _by_sequence(lost: int, gained: int, pairs: int, true: float) -> bool:
    return above(lost, gained, pairs, true) or above(gained, lost, pairs, -true)


def _by_plain_interval(lost: int, gained: int, pairs: int, true: float) -> bool:
    low, high = odds_difference_interval(lost, gained, pairs)
    return not low <= true <= high


def test_looking_again_and_again_is_wrong_in_at_most_five_of_a_hundred_studies() -> None:
    # 400 studies: a rate of 0.05 gives more than 0.086 once in a thousand times
    assert _ever(_by_sequence, 0.15, 0.15) <= 0.086
    assert _ever(_by_sequence, 0.2, 0.05) <= 0.086
    assert _ever(_by_sequence, 0.02, 0.02) <= 0.086


def _ends(less: float, more: float, studies: int) -> list[str]:
    """Return how studies end that go on until they are settled."""
    ends: list[str] = []
    for number in range(studies):
        rng = np.random.default_rng((11, number))

        def ask(numbers: Sequence[int], rng: np.random.Generator = rng) -> dict[str, tuple[int, int, int]]:
            lost, gained, _ = rng.multinomial(len(numbers), [less, more, 1 - less - more]).tolist()
            return {"other": (lost, gained, len(numbers))}

        *_, (_, states) = until_settled(ask, MOST, 0.05, 0.05)
        ends.append(states["other"])
    return ends


def test_without_a_difference_hardly_a_study_ends_with_a_sign() -> None:
    ends = _ends(0.1, 0.1, 60)  # more than 9 once in a thousand times, were the rate 0.05
    assert ends.count("lower") + ends.count("higher") <= 9
    assert ends.count("alike") >= 48


def test_a_difference_is_found_with_its_sign() -> None:
    ends = _ends(0.25, 0.1, 40)
    assert ends.count("lower") == 40


def test_a_plain_interval_looked_at_again_and_again_would_be_wrong_more_often() -> None:
    assert _ever(_by_plain_interval, 0.15, 0.15) > 0.12


def test_the_number_that_settles_it_settles_four_of_five_studies() -> None:
    for less, more in ((0.2, 0.05), (0.06, 0.0), (0.3, 0.2)):
        needed = replicates_to_settle(round(1000 * less), round(1000 * more), 1000)
        assert needed is not None
        settled = sum(
            odds_difference_interval(lost, gained, needed)[1] < 0.0
            for lost, gained in _counts(less, more, [needed], 3)[:, 0].tolist()
        )
        assert 0.7 < settled / STUDIES < 0.92, (less, more, needed, settled / STUDIES)
