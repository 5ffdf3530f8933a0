"""Sizes and rounds of the independent cascade are those of CyNetDiff and NDlib, and the comparison sees a tenth."""

from __future__ import annotations

import pytest

from benchmarks.cascade_peers import missing
from benchmarks.limits_peers import ALPHA, GRAPHS, compare, setting_of

pytestmark = pytest.mark.bench


@pytest.mark.skipif(bool(missing()), reason="peers are not installed: requirements/bench.txt holds them")
@pytest.mark.parametrize("name", GRAPHS)
def test_sizes_and_rounds_are_those_of_other_peoples_engines(name):
    found = compare(name, setting_of(name))
    print(*found, sep="\n")
    assert found
    for line in found:
        assert line.p > ALPHA, line
        if line.measure == "size":
            assert line.p_too_large < ALPHA, line
