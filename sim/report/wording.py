"""How numbers are written for people: 1.2 million, 93 %, 2 h 10 min, and an en dash where there is none.

A value that does not exist (None, nan) is never printed as a word of the machine: it becomes an en dash, with
the reason where a reason is given.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

DASH = "\N{EN DASH}"
_SPACE = "\N{NO-BREAK SPACE}"


def known(value: object) -> float | None:
    """Return the value as a finite float, or None where there is none."""
    if value is None or isinstance(value, str):
        return None
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None
    return number if math.isfinite(number) else None


def dash(reason: str = "") -> str:
    """Return the en dash that stands for a missing value, with its reason."""
    return f"{DASH} ({reason})" if reason else DASH


def _percent_digits(share: float) -> str:
    """Return a share in percent without its sign: whole, but finer near both ends."""
    percent = 100.0 * share
    if percent in (0.0, 100.0):
        return f"{percent:.0f}"
    if 0.0 < percent < 0.1:
        return "under 0.1"
    if 99.9 < percent < 100.0:
        return "over 99.9"
    near_end = min(abs(percent), abs(100.0 - percent)) < 1.95
    return f"{percent:.1f}".removesuffix(".0") if near_end else f"{percent:.0f}"


def percent(share: object, reason: str = "") -> str:
    """Return a share in [0, 1] as ``93 %``."""
    value = known(share)
    return dash(reason) if value is None else f"{_percent_digits(value)}{_SPACE}%"


def rate(share: object, reason: str = "") -> str:
    """Return a small share with one decimal, as ``3.4 %``; as :func:`percent` from 10 % on."""
    value = known(share)
    if value is None or not 0.00095 <= value < 0.0995:
        return percent(share, reason)
    return f"{100 * value:.1f}{_SPACE}%"


def percent_range(low: object, high: object, reason: str = "") -> str:
    """Return two shares as ``88–96 %``."""
    first, last = known(low), known(high)
    if first is None or last is None:
        return dash(reason)
    if first == last:
        return percent(first)
    ends = [_percent_digits(first), _percent_digits(last)]
    joint = f" to{_SPACE}" if any("." in end and " " in end for end in ends) else DASH
    return f"{joint.join(ends)}{_SPACE}%"


def count(number: object, reason: str = "") -> str:
    """Return a count or a mean of counts: ``7.4``, ``412``, ``12,300``, ``1.2 million``."""
    value = known(number)
    if value is None:
        return dash(reason)
    size = abs(value)
    if value < 0:
        return f"\N{MINUS SIGN}{count(size)}"
    if size >= 999_500:
        scale, word = (1e9, "billion") if size >= 999.5e6 else (1e6, "million")
        text = f"{value / scale:.3g}" if size / scale >= 100 else f"{value / scale:.1f}".removesuffix(".0")
        return f"{text}{_SPACE}{word}"
    if size >= 9_995:
        return f"{round(value, 2 - math.floor(math.log10(size))):,.0f}"
    if size >= 99.5 or value == round(value):
        return f"{value:,.0f}"
    return f"{value:.1f}" if size >= 0.95 else f"{value:.2g}"


def number(value: object, reason: str = "") -> str:
    """Return a plain number to about three digits: ``0.42``, ``3.1``, ``-9.5``."""
    real = known(value)
    if real is None:
        return dash(reason)
    text = f"{real:,.0f}" if abs(real) >= 1000 else f"{real:.3g}"
    return text.replace("-", "\N{MINUS SIGN}") if "e" not in text else text


def duration(minutes: object, reason: str = "") -> str:
    """Return minutes as ``9 min``, ``2 h 10 min`` or ``34 h``."""
    value = known(minutes)
    if value is None:
        return dash(reason)
    if 0 < value < 1:
        return f"under 1{_SPACE}min"
    whole = round(value)
    if whole < 100:
        return f"{whole}{_SPACE}min"
    hours, rest = divmod(whole, 60)
    if hours < 10 and rest:
        return f"{hours}{_SPACE}h{_SPACE}{rest}{_SPACE}min"
    return f"{round(whole / 60)}{_SPACE}h"


def clock(minutes: object, reason: str = "") -> str:
    """Return minutes in few letters, for figures: ``9 min``, ``2.9 h``, ``34 h``."""
    value = known(minutes)
    if value is None or value < 99.5:
        return duration(value, reason)
    return f"{value / 60:.1f}{_SPACE}h" if value < 597 else f"{value / 60:.0f}{_SPACE}h"


def hours(value: object, reason: str = "") -> str:
    """Return hours as a duration."""
    real = known(value)
    return duration(None if real is None else 60.0 * real, reason)


def between(low: object, high: object, form: Callable[[object], str]) -> str:
    """Return ``low–high`` in a form; ``low to high`` where one is negative, one value where they read the same."""
    first, last = form(low), form(high)
    if first == last:
        return first
    if "\N{MINUS SIGN}" in first:
        return f"{first} to {last}"
    unit = f"{_SPACE}{last.rsplit(_SPACE, 1)[-1]}"
    # "6 min–21 min" reads better as "6–21 min"; mixed units ("40 min–2 h") stay as they are
    if _SPACE in last and first.endswith(unit) and first.count(_SPACE) == last.count(_SPACE) == 1:
        first = first[: -len(unit)]
    return f"{first}{DASH}{last}"


def estimate(value: Mapping[str, Any] | None, form: Callable[[object], str], reason: str, scale: float = 1.0) -> str:
    """Return a mean with its interval: ``4,310 (4,100–4,520)``; a dash with the reason where there is none.

    Parameters
    ----------
    value : mapping with ``mean, lo, hi``, or None
    form : callable
        One of the forms above.
    scale : float
        What all three are multiplied by first.
    """
    mean = known((value or {}).get("mean"))
    if value is None or mean is None:
        return dash(reason)
    low, high = known(value.get("lo")), known(value.get("hi"))
    if low is None or high is None:
        return f"{form(scale * mean)} (no interval)"
    return f"{form(scale * mean)} ({between(scale * low, scale * high, form)})"
