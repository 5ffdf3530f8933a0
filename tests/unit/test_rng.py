"""Draws are a pure function of seed, replicate, stream and keys."""

from __future__ import annotations

import numpy as np
import pytest

from sim.rng import (
    ACCOUNT_KEYS,
    MAX_FOLLOWER_KEY,
    NEWSROOM_KEYS,
    SETUP,
    Stream,
    draw,
    fill_uniform,
    fold,
    setup_uniform,
    stream_state,
    uniform,
)
from tests.reference import by_hand

LARGEST = 2**64 - 1


def whole(state: object) -> int:
    return int(np.uint64(state))  # type: ignore[call-overload]


def test_a_fold_is_one_step_of_splitmix64():
    # the published generator's first five numbers from the state 1234567 (Vigna's reference implementation)
    published = [6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431,
                 16408922859458223821]  # fmt: skip
    assert [whole(fold(np.uint64(1234567), np.uint64(key))) for key in range(5)] == published


@pytest.mark.parametrize("state", [0, 1, 12345, 2**63, LARGEST])
@pytest.mark.parametrize("key", [0, 1, 2**62, 2**63 - 1, LARGEST])
def test_a_fold_wraps_round_like_whole_numbers_modulo_two_to_the_64(state, key):
    assert whole(fold(np.uint64(state), np.uint64(key))) == by_hand.fold(state, key)


def test_a_draw_lies_in_the_half_open_unit_interval():
    assert uniform(np.uint64(0)) == 0.0
    assert uniform(np.uint64(LARGEST)) == 1.0 - 2.0**-53
    assert uniform(np.uint64(2**63)) == 0.5


@pytest.mark.parametrize("seed", [0, 1, 2**63 - 1])
@pytest.mark.parametrize("replicate", [0, 5, SETUP])
def test_a_stream_folds_in_seed_replicate_and_number(seed, replicate):
    expected = by_hand.fold(by_hand.fold(by_hand.fold(0, seed), replicate & LARGEST), int(Stream.SEEN))
    assert whole(stream_state(np.uint64(seed), np.int64(replicate), np.int64(Stream.SEEN))) == expected
    assert whole(stream_state(seed, replicate, int(Stream.SEEN))) == expected


def test_every_stream_of_every_seed_and_replicate_has_a_state_of_its_own():
    numbers = [int(stream) for stream in Stream]
    assert len(numbers) == len(set(numbers))
    states = {
        whole(stream_state(seed, replicate, number))
        for seed in (*range(20), 2**63 - 1)
        for replicate in (SETUP, *range(20))
        for number in numbers
    }
    assert len(states) == 21 * 21 * len(numbers)


def test_seed_nought_is_a_seed_like_any_other():
    keys = np.arange(1000, dtype=np.uint64)
    nought = setup_uniform(0, Stream.GRIEVANCE, keys)
    assert np.unique(nought).size == keys.size
    assert not np.isin(nought, setup_uniform(1, Stream.GRIEVANCE, keys)).any()


def test_key_spaces_of_rows_accounts_and_newsrooms_do_not_meet():
    assert MAX_FOLLOWER_KEY < ACCOUNT_KEYS < ACCOUNT_KEYS + 2001 < NEWSROOM_KEYS < NEWSROOM_KEYS + 100 < 2**63


def test_a_row_keeps_its_draw_wherever_it_stands():
    keys = np.array([7, 2**61, 0, 99], dtype=np.uint64)
    state = np.uint64(stream_state(3, SETUP, int(Stream.ROLE)))
    drawn = fill_uniform(state, keys, 4)
    assert drawn.tolist() == [draw(state, key, np.uint64(4)) for key in keys]
    np.testing.assert_array_equal(fill_uniform(state, keys[::-1].copy(), 4), drawn[::-1])
    np.testing.assert_array_equal(setup_uniform(3, Stream.ROLE, keys, about=4), drawn)


def test_draws_have_the_pinned_bits():
    # a change here moves every result there is
    found = [float(u).hex() for u in setup_uniform(1, Stream.COHORT, np.arange(3, dtype=np.uint64))]
    assert found == ["0x1.1816362d8c318p-1", "0x1.23d043e6cb718p-2", "0x1.ad35d035f2846p-2"]
    state = np.uint64(stream_state(2**63 - 1, 10**6, int(Stream.AMPLIFY)))
    assert float(draw(state, np.uint64(ACCOUNT_KEYS), np.uint64(9))).hex() == "0x1.cf73ba06ba215p-1"
