"""Elementary functions that give the same bits on every machine.

Library ``exp`` and ``log`` differ in the last bit between processors with and without fused
multiply-add; these use additions and multiplications alone, so that a result does not depend on the
machine. Errors stay below 2 units in the last place (tests compare with ``math``).

Sources: argument reduction after Cody & Waite 1980; log's series in s = (m-1)/(m+1) is the textbook
one; the normal quantile is algorithm AS 241 (Wichura 1988, doi:10.2307/2347330); the normal
distribution uses the continued fraction of Abramowitz & Stegun 1964, 26.2.14, and Taylor's series with 26.2.29.
"""

from __future__ import annotations

import math

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from sim.compiled import kernel

_LOG2_E = 1.4426950408889634
_LN2_HIGH = 6.93147180369123816490e-01
_LN2_LOW = 1.90821492927058770002e-10
_SQRT_HALF = 0.7071067811865476
_INVERSE_FACTORIAL = tuple(1.0 / math.factorial(k) for k in range(14))
(_F2, _F3, _F4, _F5, _F6, _F7, _F8, _F9, _F10, _F11, _F12, _F13) = _INVERSE_FACTORIAL[2:]


@intrinsic
def _bits_of(typing_context, value):
    """Reinterpret a float64 as int64."""

    def generate(context, builder, signature, arguments):
        return builder.bitcast(arguments[0], ir.IntType(64))

    return types.int64(types.float64), generate


@intrinsic
def _float_of(typing_context, value):
    """Reinterpret an int64 as float64."""

    def generate(context, builder, signature, arguments):
        return builder.bitcast(arguments[0], ir.DoubleType())

    return types.float64(types.int64), generate


@kernel(inline=True)
def exp(x):
    """Return e**x for a float; 0.0 below -708 and exp(709) above 709 (never inf)."""
    if x < -708.0:
        return 0.0
    if x > 709.0:
        x = 709.0
    k = math.floor(x * _LOG2_E + 0.5)
    r = (x - k * _LN2_HIGH) - k * _LN2_LOW
    r2 = r * r
    # Estrin's scheme: short dependency chains, fixed order
    a = 1.0 + r
    b = _F2 + _F3 * r
    c = _F4 + _F5 * r
    d = _F6 + _F7 * r
    e = _F8 + _F9 * r
    f = _F10 + _F11 * r
    g = _F12 + _F13 * r
    r4 = r2 * r2
    r8 = r4 * r4
    p = (a + b * r2) + (c + d * r2) * r4 + ((e + f * r2) + g * r4) * r8
    return p * _float_of((np.int64(k) + np.int64(1023)) << np.int64(52))


@kernel(inline=True)
def log(x):
    """Return the natural logarithm of a positive normal float; log(0) is taken as -745."""
    if x <= 2.2250738585072014e-308:
        return -745.0
    bits = _bits_of(x)
    k = float((bits >> np.int64(52)) - np.int64(1023))
    m = _float_of((bits & np.int64(0x000FFFFFFFFFFFFF)) | np.int64(0x3FF0000000000000))
    if m > 1.4142135623730951:
        m = m * 0.5
        k = k + 1.0
    s = (m - 1.0) / (m + 1.0)
    z = s * s
    w = z * z
    even = 2.0 / 3.0 + w * (2.0 / 7.0 + w * (2.0 / 11.0 + w * (2.0 / 15.0 + w * (2.0 / 19.0))))
    odd = 2.0 / 5.0 + w * (2.0 / 9.0 + w * (2.0 / 13.0 + w * (2.0 / 17.0 + w * (2.0 / 21.0))))
    return k * _LN2_HIGH + (2.0 * s + (s * z * (even + z * odd) + k * _LN2_LOW))


def plain_log(x: float) -> float:
    """Return :func:`log` of a normal float above 0, computed without compiling: the same operations in order."""
    m, k = math.frexp(x)
    m, k = 2.0 * m, k - 1
    if m > 1.4142135623730951:
        m, k = 0.5 * m, k + 1
    s = (m - 1.0) / (m + 1.0)
    z = s * s
    w = z * z
    even = 2.0 / 3.0 + w * (2.0 / 7.0 + w * (2.0 / 11.0 + w * (2.0 / 15.0 + w * (2.0 / 19.0))))
    odd = 2.0 / 5.0 + w * (2.0 / 9.0 + w * (2.0 / 13.0 + w * (2.0 / 17.0 + w * (2.0 / 21.0))))
    return k * _LN2_HIGH + (2.0 * s + (s * z * (even + z * odd) + k * _LN2_LOW))


_LOG1P = np.array([plain_log(1.0 + count) for count in range(64)])


@kernel(inline=True)
def log1p_count(count):
    """Return log(1 + count) of a non-negative integer; small ones come from a table of the same values."""
    if count < 64:
        return _LOG1P[count]
    return log(1.0 + float(count))


# fmt: off
@kernel
def normal_quantile(u):
    """Return the standard normal quantile of u in (0, 1); u is held within 1e-300 of the ends."""
    q = u - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        top = ((((((2509.0809287301226727 * r + 33430.575583588128105) * r + 67265.770927008700853) * r
               + 45921.953931549871457) * r + 13731.693765509461125) * r + 1971.5909503065514427) * r
               + 133.14166789178437745) * r + 3.387132872796366608
        low = ((((((5226.495278852545925 * r + 28729.085735721942674) * r + 39307.89580009271061) * r
               + 21213.794301586595867) * r + 5394.1960214247511077) * r + 687.1870074920579083) * r
               + 42.313330701600911252) * r + 1.0
        return q * top / low
    r = u if q < 0.0 else 1.0 - u
    r = math.sqrt(-log(max(r, 1e-300)))
    if r <= 5.0:
        r = r - 1.6
        top = ((((((7.7454501427834140764e-4 * r + 0.0227238449892691845833) * r + 0.24178072517745061177) * r
               + 1.27045825245236838258) * r + 3.64784832476320460504) * r + 5.7694972214606914055) * r
               + 4.6303378461565452959) * r + 1.42343711074968357734
        low = ((((((1.05075007164441684324e-9 * r + 5.475938084995344946e-4) * r + 0.0151986665636164571966) * r
               + 0.14810397642748007459) * r + 0.68976733498510000455) * r + 1.6763848301838038494) * r
               + 2.05319162663775882187) * r + 1.0
    else:
        r = r - 5.0
        top = ((((((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r + 0.0012426609473880784386) * r
               + 0.026532189526576123093) * r + 0.29656057182850489123) * r + 1.7848265399172913358) * r
               + 5.4637849111641143699) * r + 6.6579046435011037772
        low = ((((((2.04426310338993978564e-15 * r + 1.4215117583164458887e-7) * r + 1.8463183175100546818e-5) * r
               + 7.868691311456132591e-4) * r + 0.0148753612908506148525) * r + 0.13692988092273580531) * r
               + 0.59983220655588793769) * r + 1.0
    z = top / low
    return -z if q < 0.0 else z
# fmt: on


# how much of the normal distribution lies between 0 and k / 8
_TO_NODE = np.array([
    0.0, 0.04973822483011289, 0.09870632568292373, 0.1461697666727238, 0.1914624612740131,
    0.23401447095129946, 0.2733726476231318, 0.3092130471474894, 0.3413447460685429, 0.36970548286319116,
    0.39435022633314476, 0.4154342776486643, 0.4331927987311419, 0.44791872058478044, 0.4599408431361829,
    0.4696036382347386, 0.4772498680518208, 0.4832066935515512, 0.4877755273449553, 0.49122552490426163,
    0.49379033467422384, 0.49566755163698745, 0.49702023676494544, 0.497979862510054, 0.4986501019683699,
])  # fmt: skip


@kernel
def normal_cdf(x):
    """Return the standard normal distribution function at x (absolute error below 1e-13)."""
    size = abs(x)
    if size > 38.0:
        return 0.0 if x < 0.0 else 1.0
    density = 0.3989422804014327 * exp(-0.5 * size * size)
    if size < 3.0:
        node = math.floor(8.0 * size + 0.5)
        apart = size - 0.125 * node
        # Taylor's series at x, whose terms are Hermite polynomials, as far as the node
        last, hermite, power, total = 0.0, 1.0, apart, apart
        for k in range(1, 11):
            last, hermite = hermite, size * hermite - (k - 1.0) * last
            power = power * apart
            total = total + power * hermite * _INVERSE_FACTORIAL[k + 1]
        upper = 0.5 - (_TO_NODE[np.int64(node)] + density * total)
    else:
        tail = size
        for k in range(60, 0, -1):
            tail = size + k / tail
        upper = density / tail
    return upper if x < 0.0 else 1.0 - upper


@kernel
def lognormal_quantile(u, mu, sigma):
    """Return the quantile u of a lognormal with log-mean mu and log-deviation sigma."""
    return exp(mu + sigma * normal_quantile(u))


@kernel
def exp_all(values):
    """Return exp of each element (float64, one dimension)."""
    out = np.empty(values.shape[0])
    for i in range(values.shape[0]):
        out[i] = exp(values[i])
    return out


@kernel
def normal_quantile_all(uniforms):
    """Return the standard normal quantile of each element (float64, one dimension)."""
    out = np.empty(uniforms.shape[0])
    for i in range(uniforms.shape[0]):
        out[i] = normal_quantile(uniforms[i])
    return out


@kernel
def normal_cdf_all(values):
    """Return the standard normal distribution function of each element (float64, one dimension)."""
    out = np.empty(values.shape[0])
    for i in range(values.shape[0]):
        out[i] = normal_cdf(values[i])
    return out
