"""Elementary functions: close to the library's, and the same bits on every machine."""

from __future__ import annotations

import hashlib
import math

import numpy as np
import pytest

from sim.mathx import (
    exp,
    exp_all,
    log,
    log1p_count,
    lognormal_quantile,
    normal_cdf,
    normal_cdf_all,
    normal_quantile,
    normal_quantile_all,
)
from sim.rng import Stream, setup_uniform

KEYS = np.arange(20_000, dtype=np.uint64)
UNIFORMS = setup_uniform(0, Stream.DESIGN, KEYS)


def units_in_the_last_place(found: float, right: float) -> float:
    return abs(found - right) / math.ulp(right)


@pytest.mark.parametrize("width", [1e-3, 1.0, 30.0, 700.0])
def test_exp_is_within_two_units_in_the_last_place(width):
    places = (2.0 * UNIFORMS - 1.0) * width
    assert max(units_in_the_last_place(exp(x), math.exp(x)) for x in places[:5_000]) <= 2.0


@pytest.mark.parametrize("low, high", [(-1022, 1023), (-10, 10), (-0.01, 0.01)])
def test_log_is_within_two_units_in_the_last_place(low, high):
    places = [2.0 ** (low + (high - low) * u) for u in UNIFORMS[:5_000]]
    assert max(units_in_the_last_place(log(x), math.log(x)) for x in places if x != 1.0) <= 2.0


def test_exp_holds_at_its_ends_and_never_overflows():
    assert exp(0.0) == 1.0
    assert exp(-708.5) == exp(-1e308) == 0.0
    assert exp(-708.0) > 0.0
    assert exp(709.0) == exp(1e308) < math.inf
    assert units_in_the_last_place(exp(709.0), math.exp(709.0)) <= 2.0


def test_log_holds_at_its_ends():
    assert log(1.0) == 0.0
    assert log(0.0) == log(-1.0) == log(5e-324) == -745.0
    assert units_in_the_last_place(log(1.7976931348623157e308), math.log(1.7976931348623157e308)) <= 2.0
    assert units_in_the_last_place(log(2.3e-308), math.log(2.3e-308)) <= 2.0


def test_exp_and_log_never_fall_as_their_argument_grows():
    steps = np.sort(UNIFORMS)
    assert (np.diff(exp_all(40.0 * steps - 20.0)) >= 0).all()
    assert (np.diff([log(x) for x in 1e6 * steps[:5_000] + 1e-6]) >= 0).all()


def test_counts_have_the_logarithm_of_one_more():
    assert log1p_count(0) == 0.0
    assert log1p_count(1) == pytest.approx(math.log(2), rel=1e-15)
    assert log1p_count(65_535) == pytest.approx(math.log(65_536), rel=1e-15)
    # to the last bit what log gives, however small counts are found
    assert [log1p_count(count) for count in range(300)] == [log(1.0 + count) for count in range(300)]


def test_the_normal_quantile_agrees_with_the_library():
    from scipy.special import ndtri

    places = np.concatenate([UNIFORMS, 10.0 ** -np.arange(1.0, 300.0), 1.0 - 10.0 ** -np.arange(1.0, 15.0)])
    places = places[places > 0.0]
    # AS 241 gives about 1 part in 10**16; the argument's own rounding near 1 is the library's too
    np.testing.assert_allclose(normal_quantile_all(places), ndtri(places), rtol=4e-15, atol=4e-16)
    assert normal_quantile(0.5) == 0.0
    assert normal_quantile(0.0) == pytest.approx(ndtri(1e-300), rel=1e-12)
    assert normal_quantile(1.0) == pytest.approx(-ndtri(1e-300), rel=1e-12)


def test_the_normal_distribution_agrees_with_the_library():
    from scipy.special import ndtr

    places = np.concatenate([16.0 * UNIFORMS - 8.0, [0.0, 2.9999999, 3.0, -3.0, 37.9, 38.1, -38.1, 1e300, -1e300]])
    np.testing.assert_allclose(normal_cdf_all(places), ndtr(places), rtol=0, atol=1e-13)
    assert normal_cdf(0.0) == 0.5
    assert normal_cdf(1e300) == 1.0
    assert normal_cdf(-1e300) == 0.0


def test_quantile_and_distribution_undo_each_other():
    places = UNIFORMS[UNIFORMS > 0.0]
    np.testing.assert_allclose(normal_cdf_all(normal_quantile_all(places)), places, rtol=0, atol=2e-13)


def test_the_lognormal_quantile_has_its_median_at_one_half():
    assert lognormal_quantile(0.5, math.log(120.0), 0.7) == pytest.approx(120.0, rel=1e-14)
    assert lognormal_quantile(0.9, 0.0, 0.0) == 1.0
    assert lognormal_quantile(0.9, 0.0, 2.0) > lognormal_quantile(0.9, 0.0, 1.0) > 1.0


# computed once by these functions; every machine must give these very bits
PINNED = {
    exp: {
        -700.25: "0x1.af5fe9a485c8fp-1011",
        -20.5: "0x1.57a3afeed00abp-30",
        -1.0: "0x1.78b56362cef38p-2",
        -0.1: "0x1.cf46d99d52b3bp-1",
        0.3: "0x1.599058c8c1a97p+0",
        1.0: "0x1.5bf0a8b145769p+1",
        5.7: "0x1.2ade0dfd620b0p+8",
        299.9: "0x1.95b14697c0e99p+432",
        708.9: "0x1.a796454e90694p+1022",
    },
    log: {
        1e-300: "-0x1.5963447f87fb5p+9",
        1e-9: "-0x1.4b927f32bffb8p+4",
        0.1: "-0x1.26bb1bbb55515p+1",
        0.7: "-0x1.6d3c324e13f50p-2",
        1.0000001: "0x1.ad7f2847b6491p-24",
        1.5: "0x1.9f323ecbf984cp-2",
        3.0: "0x1.193ea7aad030bp+0",
        12345.678: "0x1.2d79559791e31p+3",
    },
    normal_quantile: {
        1e-290: "-0x1.235da891468ebp+5",
        1e-12: "-0x1.c234fba57a32ap+2",
        0.01: "-0x1.29c5c4630ff0ep+1",
        0.074: "-0x1.72567aa9caedap+0",
        0.3: "-0x1.0c7e39582c5fap-1",
        0.9: "0x1.4813c36e26d34p+0",
        0.999999: "0x1.30381a97985f1p+2",
    },
    normal_cdf: {
        -30.0: "0x1.7795ad05ea396p-656",
        -3.5: "0x1.e7dbc92b77dd4p-13",
        -1.0: "0x1.44ed0bb7cb20cp-3",
        0.1: "0x1.1464507526871p-1",
        2.0: "0x1.f45a183e9b13dp-1",
        5.0: "0x1.fffff661ae86fp-1",
    },
}


@pytest.mark.parametrize("function", PINNED, ids=lambda function: function.__name__)
def test_values_have_the_pinned_bits(function):
    assert {x: function(x).hex() for x in PINNED[function]} == PINNED[function]


def test_many_values_have_the_pinned_bits():
    digest = hashlib.sha256()
    for values in (
        exp_all(60.0 * UNIFORMS - 30.0),
        normal_quantile_all(UNIFORMS),
        normal_cdf_all(12.0 * UNIFORMS - 6.0),
        np.array([log(x) for x in UNIFORMS]),
    ):
        digest.update(values.astype("<f8").tobytes())
    assert digest.hexdigest() == "1ef18d5a5ce36c11bb02926ebbbb51772b8f7da1aff99a4665a2ad1e3131fac7"
