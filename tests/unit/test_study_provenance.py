from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sim.study.store.provenance import canonical, code_fingerprint, content_hash, identity, plain_hash, versions

FRAME = pd.DataFrame(
    {"replicate": [0, 1], "share": [0.5, np.nan], "verdict": ["hijacked", None], "seconds": [1.0, 2.0]}
)


def test_times_and_widths_of_whole_numbers_do_not_change_a_content_hash() -> None:
    other = FRAME.assign(seconds=[9.0, 9.0], replicate=FRAME["replicate"].astype(np.int32))
    assert content_hash(other) == content_hash(FRAME)


def test_every_undefined_value_hashes_alike() -> None:
    odd_nan = np.array([0x7FF8000000000123], dtype="<u8").view("<f8")[0]
    other = FRAME.assign(share=[0.5, odd_nan], verdict=["hijacked", np.nan])
    assert content_hash(other) == content_hash(FRAME)


def test_the_two_noughts_hash_alike_in_tables_and_in_plain_parts() -> None:
    nought = FRAME.assign(share=[0.0, np.nan])
    assert content_hash(FRAME.assign(share=[-0.0, np.nan])) == content_hash(nought) != content_hash(FRAME)
    assert plain_hash({"a": [-0.0, {"b": -0.0}]}) == plain_hash({"a": [0.0, {"b": 0.0}]}) != plain_hash({"a": [0]})


@pytest.mark.parametrize(
    "change",
    [{"share": [0.5 + 2**-53, np.nan]}, {"verdict": ["contested", None]}, {"replicate": [1, 0]},
     {"share": [np.nan, 0.5]}, {"extra": [0, 0]}, {"replicate": [0.0, 1.0]}],
)  # fmt: skip
def test_any_other_change_moves_it(change: dict[str, list[object]]) -> None:
    assert content_hash(FRAME.assign(**change)) != content_hash(FRAME)


def test_order_and_number_of_rows_are_content() -> None:
    assert content_hash(FRAME.iloc[::-1]) != content_hash(FRAME)
    assert content_hash(FRAME.iloc[:0]) != content_hash(FRAME.iloc[:0].assign(extra=[]))


def test_plain_hashes_do_not_depend_on_the_order_of_keys() -> None:
    assert plain_hash({"a": 1, "b": [1, 2]}) == plain_hash({"b": [1, 2], "a": 1}) != plain_hash({"a": 1, "b": [2, 1]})
    with pytest.raises(ValueError, match="JSON"):
        canonical({"a": float("inf")})


def test_identity_tells_configuration_settings_and_version_apart() -> None:
    one = identity({"a": 1}, {"replicates": 2})
    assert one == identity({"a": 1}, {"replicates": 2})
    assert one != identity({"a": 2}, {"replicates": 2})
    assert one != identity({"a": 1}, {"replicates": 3})
    assert one["code"] == code_fingerprint()
    assert {"backfire", "python", "numpy", "numba"} <= set(versions())
