"""A line of the table: what was measured, against what, and whether the claim holds."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.rounds import Spread


@dataclass(frozen=True)
class Line:
    """One line.

    Attributes
    ----------
    what : str
    measured : str
        With its spread: median (lowest to highest round).
    target : str
        Empty where nothing is claimed.
    holds : bool or None
        Whether the target is met; None where nothing is claimed.
    """

    what: str
    measured: str
    target: str = ""
    holds: bool | None = None


def shown(value: float) -> str:
    """Return a number with three digits, in words that a table can hold."""
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}" if value < 100 else f"{value:.0f}"


def shown_spread(spread: Spread) -> str:
    """Return ``median (lowest to highest)``, or one number if there is but one."""
    if spread.low == spread.high:
        return shown(spread.median)
    return f"{shown(spread.median)} ({shown(spread.low)} to {shown(spread.high)})"


def at_least(what: str, spread: Spread, least: float | None, *, aside: str = "") -> Line:
    """Return the line of a ratio whose median must reach a number."""
    measured = shown_spread(spread) + "×" + aside
    if least is None:
        return Line(what, measured)
    return Line(what, measured, f"at least {least:g}×", spread.median >= least)


def at_most(what: str, spread: Spread, most: float | None, unit: str, *, aside: str = "") -> Line:
    """Return the line of a cost whose median must stay within a number."""
    measured = f"{shown_spread(spread)} {unit}".replace(" ×", "×") + aside
    if most is None:
        return Line(what, measured)
    return Line(what, measured, f"at most {most:g} {unit}".replace(" ×", "×"), spread.median <= most)
