"""Campaigns whose law is known, held out of the table and nowcast by the rest: odds come as they are said."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.nowcast_judged import Judged, judged
from tests.nowcast_toys import toy_campaigns

HELD_OUT = 160
# 3.9 standard errors: alpha 1e-4, two-sided
FAR = 3.9


@pytest.fixture(scope="module", params=[False, True], ids=["any post", "described"])
def found(request: pytest.FixtureRequest) -> Judged:
    return judged(toy_campaigns(2500), range(HELD_OUT), 60, described=request.param)


def test_every_verdict_comes_as_often_as_it_is_said(found: Judged) -> None:
    off = found.came.sum(axis=0) - found.said.sum(axis=0)
    error = np.sqrt((found.said * (1 - found.said)).sum(axis=0))
    assert (np.abs(off) <= FAR * error).all(), (off, error)


def test_what_is_said_to_be_likely_comes_more_often_and_as_often(found: Judged) -> None:
    for low, high in ((0.0, 0.2), (0.2, 0.6), (0.6, 1.01)):
        here = (found.said[:, 0] >= low) & (found.said[:, 0] < high)
        said = found.said[here, 0]
        assert here.sum() >= 5
        assert abs(found.came[here, 0].sum() - said.sum()) <= FAR * np.sqrt((said * (1 - said)).sum()) + 1


def test_counts_make_odds_sharper_than_no_counts(found: Judged) -> None:
    gain, error = found.gained()
    assert gain > error  # over 400 campaigns, two to five times the error


def test_ranges_hold_what_came(found: Judged) -> None:
    for held in (found.inside, found.grew):
        for share, level in zip(held.mean(axis=0), (0.8, 0.95), strict=True):
            assert share >= level - FAR * np.sqrt(level * (1 - level) / held.shape[0])
