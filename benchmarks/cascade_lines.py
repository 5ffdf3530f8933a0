"""The independent cascade as a table: ours in nanoseconds, the others as multiples of it."""

from __future__ import annotations

from benchmarks.cascade import OURS, Comparison
from benchmarks.line import Line, at_least, shown, shown_spread

TARGETS = {"CyNetDiff": 1.0, "NDlib": 500.0}  # times as long as ours, at least
CYNETDIFF_AT_A_MILLION = 1.5
ORDER = (OURS, "CyNetDiff", "NDlib", "EoN", "NetworkX loop", "numba kernel")


def target(name: str, comparison: Comparison) -> float | None:
    """Return how many times as long as ours an engine must take, if anything is claimed."""
    dying = comparison.setting == "dies out"
    if name == "NDlib" and dying:
        return None
    if name == "CyNetDiff" and comparison.rows >= 1_000_000 and not dying:
        return CYNETDIFF_AT_A_MILLION
    return TARGETS.get(name)


def lines(comparisons: list[Comparison]) -> list[Line]:
    """Return a line for each claim, and one for whether all engines ran the same process."""
    found = []
    for comparison in comparisons:
        where = f"{comparison.rows:,} rows, {comparison.setting}"
        for name in ORDER[1:]:
            if name in comparison.costs and target(name, comparison) is not None:
                ratio = comparison.times_ours(name)
                found.append(at_least(f"{name}, {where}", ratio, target(name, comparison)))
        apart = furthest(comparison)
        found.append(Line(f"means of rows reached, {where}", f"{apart:.1f} errors apart", "at most 5", apart <= 5.0))
    return found


def furthest(comparison: Comparison) -> float:
    """Return how many standard errors the mean size of an engine's cascades lies from that of ours, at most."""
    mean, error = comparison.sizes[OURS]
    return max(
        abs(other - mean) / max((error**2 + its_error**2) ** 0.5, 1e-12)
        for name, (other, its_error) in comparison.sizes.items()
        if name != OURS
    )


def table(comparisons: list[Comparison]) -> str:
    """Return the Markdown table: a column a setting, a row an engine."""
    heads = [f"{c.rows:,}, {c.setting}" for c in comparisons]
    rows = [["", *heads], ["---", *["---"] * len(heads)]]
    for name in ORDER:
        if any(name in c.costs for c in comparisons):
            rows.append([name, *[cell(name, c) for c in comparisons]])
    rows.append(["rows reached, mean", *[reached(c) for c in comparisons]])
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def cell(name: str, comparison: Comparison) -> str:
    """Return one engine's cell."""
    if name not in comparison.costs:
        return "–"
    if name == OURS:
        return f"**{shown(comparison.nanoseconds(name))} ns**"
    return shown_spread(comparison.times_ours(name)) + "×"


def reached(comparison: Comparison) -> str:
    """Return the lowest and the highest mean size of all engines."""
    means = [mean for mean, _ in comparison.sizes.values()]
    return f"{shown(min(means))} to {shown(max(means))}"
