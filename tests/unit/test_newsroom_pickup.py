"""When newsrooms notice and report, by hand."""

from __future__ import annotations

import math

import pytest
from scipy.special import ndtri

from sim.newsroom.pickup import NEVER, lifted, notices, report_minute


@pytest.mark.parametrize(
    "trending, minute, journalist_saw, first_trend, wire, noticed",
    [
        (False, 500, True, 100, 0.0, False),  # what does not trend now is not noticed
        (True, 100, False, 100, 60.0, False),
        (True, 159, False, 100, 60.0, False),
        (True, 160, False, 100, 60.0, True),  # the wire
        (True, 160, False, 100, 60.5, False),
        (True, 161, False, 100, 60.5, True),
        (True, 100, True, 100, 60.0, True),  # a journalist saw it before it trended
        (True, 100, False, 100, 0.0, True),
    ],
)
def test_newsrooms_notice_by_a_journalist_or_by_wire(trending, minute, journalist_saw, first_trend, wire, noticed):
    assert notices(trending, minute, journalist_saw, first_trend, wire) == noticed


def test_a_newsroom_reports_after_a_lognormal_lag():
    assert report_minute(100, 0.3, 0.5, 0.6, 120.5, 0.7) == 100 + 1 + 120
    for draw in (0.01, 0.2, 0.9, 0.999):
        lag = 120.0 * math.exp(0.7 * ndtri(draw))
        assert report_minute(100, 0.3, draw, 0.6, 120.0, 0.7) == 101 + math.floor(lag)
    assert report_minute(100, 0.3, 0.99, 0.6, 20.5, 0.0) == 121


def test_a_newsroom_reports_with_the_pick_up_probability():
    assert report_minute(100, 0.6, 0.5, 0.6, 120.0, 0.7) == NEVER
    assert report_minute(100, 0.59999, 0.5, 0.6, 120.0, 0.7) < NEVER
    assert report_minute(100, 0.0, 0.5, 0.0, 120.0, 0.7) == NEVER
    assert report_minute(100, 1.0 - 2**-53, 0.5, 1.0, 120.0, 0.7) < NEVER


@pytest.mark.parametrize("lag_draw", [0.0, 2.0**-53, 1.0 - 2.0**-53])
@pytest.mark.parametrize("median", [1e-6, 10_000.0])
@pytest.mark.parametrize("sigma", [0.0, 3.0])
def test_the_most_unusual_lags_are_still_minutes_after_the_notice(lag_draw, median, sigma):
    found = report_minute(43_199, 0.0, lag_draw, 1.0, median, sigma)
    assert 43_200 <= found <= NEVER


def test_a_story_lifts_by_a_share_of_the_rest():
    assert lifted(0.2, 0.25) == pytest.approx(0.4)
    assert lifted(1.0, 0.7) == 1.0
    assert lifted(0.3, 0.0) == 0.3
    assert lifted(0.3, 1.0) == 1.0
