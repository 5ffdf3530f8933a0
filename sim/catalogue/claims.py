"""What a case claims of its end, held against the model's own words: outcomes by name, the verdict's cut-offs.

A target's quantity is an outcome of a run, or what had been counted by some minute (``messages_by_600``,
``counter_by_60``, ``participants_by_720``). A count alone is none, since the size of a real audience is not known:
it is divided by another outcome.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from sim.config.case import CaseConfig, Target
from sim.config.root import Configuration
from sim.errors import ConfigError, unknown_name

BY_MINUTE = re.compile(r"(messages|campaign|counter|participants)_by_(\d{1,5})")
"""What had been counted by a minute after the post."""

_BY = re.compile(r"(messages|campaign|counter|participants)_by_")
_COUNTS = ("messages", "followers", "stories", "messages an hour")
_WORDS = ("name", "yes or no")


def unit_of(quantity: str, own: Iterable[str] = ()) -> str | None:
    """Return the unit of a quantity that a target may name; None if there is no such quantity.

    Parameters
    ----------
    own : iterable of str
        Outcomes of the user's own.
    """
    from sim.outcome.units import UNITS

    found = BY_MINUTE.fullmatch(quantity)
    if found:
        return "followers" if found[1] == "participants" else "messages"
    unit = UNITS.get(quantity)
    if unit in _WORDS:
        return None
    return unit or ("1" if quantity in own else None)


def check_claims(configuration: Configuration) -> Configuration:
    """Return a configuration whose case claims nothing that cannot be.

    Raises
    ------
    ConfigError
        A target of an unknown quantity, a count without a denominator, a share outside 0 to 1, or a verdict that
        contradicts the case's own targets.
    """
    case = configuration.case
    for place, target in enumerate(case.targets):
        _check_target(f"case.targets[{place}]", target, case, configuration.outcomes)
    _check_verdict(case)
    return configuration


def hours_needed(case: CaseConfig) -> float:
    """Return how long a run must last, in hours, for all targets of a case to be defined; 0 without any."""
    named = [BY_MINUTE.fullmatch(each or "") for target in case.targets for each in (target.quantity, target.over)]
    return max((int(found[2]) / 60 for found in named if found), default=0.0)


def _check_target(name: str, target: Target, case: CaseConfig, own: Iterable[str]) -> None:
    """Refuse a target that no run can be held against."""
    from sim.outcome.units import UNITS

    known = [each for each, unit in UNITS.items() if unit not in _WORDS]
    known += ["messages_by_600", "campaign_by_600", "counter_by_600", "participants_by_600"]
    for part, quantity in (("quantity", target.quantity), ("over", target.over)):
        if quantity is not None and unit_of(quantity, own) is None:
            if _BY.match(quantity):
                raise ConfigError(f"{name}.{part} must end in whole minutes, as messages_by_480; got {quantity!r}.")
            raise unknown_name(f"{name}.{part}", quantity, [*known, *own])
    unit = unit_of(target.quantity, own)
    if unit in _COUNTS and target.over is None:
        raise ConfigError(
            f"{name}.over must name what {target.quantity} is divided by: the size of a real audience is not known, so "
            "that a count alone is no target; got nothing. Name another count, such as messages."
        )
    if unit == "1" and target.tolerance > 1:
        raise ConfigError(
            f"{name}.tolerance must be at most 1, {target.name} is a share; got {target.tolerance:g}. "
            f"Write {target.tolerance:g} points as {target.tolerance / 100:g}."
        )
    low, high = case.bounds(target)
    if (unit == "1" or target.over is not None) and (low > 1 or high < 0):
        raise ConfigError(f"{name} must lie in [0, 1], {target.name} is a share; got [{low:g}, {high:g}].")


def _check_verdict(case: CaseConfig) -> None:
    """Refuse a verdict that the case's own hijack share excludes."""
    from sim.outcome.verdict import CUTOFF

    verdict = None if case.outcome is None else case.outcome.verdict
    lowest, highest = {
        "hijacked": (CUTOFF, 1.0), "viral_positive": (0.0, 1 - CUTOFF), "contested": (1 - CUTOFF, CUTOFF),
    }.get(verdict or "", (0.0, 1.0))  # fmt: skip
    for place, target in enumerate(case.targets):
        low, high = case.bounds(target)
        if target.quantity == "hijack_share" and (high < lowest or low > highest):
            raise ConfigError(
                f"case.outcome.verdict {verdict} contradicts case.targets[{place}]: {verdict} is a hijack share in "
                f"[{lowest:g}, {highest:g}], and the target is [{max(low, 0.0):g}, {min(high, 1.0):g}]. Mend one."
            )
