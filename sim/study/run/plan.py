"""How many runs a study makes, as a rule of the audience's size alone (never of the machine's speed).

A run's cost grows with the audience, so each part of a study may spend a number of simulated rows, within
a least and a largest number of runs. At a million rows that is 40 runs at central values and 30 at a quarter
of the size, 40 over what is not known, 24 of other options and up to 32 for what it hangs on; from two million
rows on (a whole city) about half as many, and intervals are as wide as that makes them.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict, dataclass
from operator import index
from typing import Any, SupportsIndex

from sim.errors import ConfigError, unknown_name

UNCERTAINTY = ("none", "prior", "posterior")
RECORDS = ("summary", "log")
_MOST_RUNS = 1_000_000
_REPLICATES = (20, 200, 40_000_000)
_DRAWS = (12, 100, 20_000_000)
_DRAW_GRAPHS = (2, 6, 2_000_000)
_QUARTER_RUNS = (20, 200, 7_500_000)
_OPTIONS = (4, 50, 6_000_000)
_PROBES = (2, 10, 2_000_000)
_QUARTER = 4
LEAST_ROWS = 400
"""Audiences below this are not compared with a quarter of themselves."""


@dataclass(frozen=True)
class Plan:
    """How many runs of which kind a study makes.

    Attributes
    ----------
    replicates : int
        Runs at central values.
    graphs : int
        Draws of people and graph that they are spread over.
    quarter_rows : int or None
        Audience of the comparison at a quarter of the size; None if there is none (real graphs).
    quarter_replicates : int
    draws, draw_replicates : int
        Draws of what is not known, and runs of each.
    draw_graphs : int
        Graphs that the draws are spread over.
    option_replicates : int
        Runs of each other option, paired with the first runs at central values.
    probe_replicates : int
        Runs of each place at which an input is probed, for what it hangs on.
    uncertainty, record : str
    posterior : str or None
        The sha256 of the posterior that universal parameters are drawn from.
    """

    replicates: int
    graphs: int
    quarter_rows: int | None
    quarter_replicates: int
    draws: int
    draw_replicates: int
    draw_graphs: int
    option_replicates: int
    probe_replicates: int
    uncertainty: str
    record: str
    posterior: str | None = None

    def settings(self) -> dict[str, Any]:
        """Return the plan as plain values (part of a study's identity)."""
        return asdict(self)


def runs_within(rows: int, rule: tuple[int, int, int]) -> int:
    """Return how many runs of ``rows`` rows a part may make: (least, most, rows in all)."""
    least, most, budget = rule
    return max(least, min(most, budget // max(rows, 1)))


def whole_number(name: str, value: object, low: int, high: int) -> int:
    """Return a study key that counts something.

    Raises
    ------
    ConfigError
        Not a whole number in the range.
    """
    number = None
    if isinstance(value, SupportsIndex) and not isinstance(value, bool):
        with suppress(TypeError):  # an array has the method, and no single value
            number = index(value)
    if number is None:
        raise ConfigError(f"{name} must be a whole number; got {value!r}.")
    if not low <= number <= high:
        raise ConfigError(f"{name} must lie in [{low}, {high}]; got {number}.")
    return number


def plan(
    rows: int,
    *,
    generated: bool,
    replicates: object = None,
    graphs: object = 1,
    uncertainty: object = "prior",
    record: object = "summary",
    options: bool = True,
) -> Plan:
    """Return the plan of a study of one configuration.

    Parameters
    ----------
    rows : int
        Rows of the audience.
    generated : bool
        Whether the follower graph is made (a real one has no quarter, and its event log stays in memory).
    replicates : int or None
        None: the rule's own number.
    options : bool
        Whether other options are run beside the post.

    Raises
    ------
    ConfigError
        A number or a name that cannot be.
    StudyError
        ``uncertainty`` is posterior, and none of this version ships.
    """
    runs = runs_within(rows, _REPLICATES) if replicates is None else whole_number(
        "replicates", replicates, 1, _MOST_RUNS
    )  # fmt: skip
    worlds = whole_number("graphs", graphs, 1, _MOST_RUNS)
    if worlds > runs:
        raise ConfigError(f"graphs must be at most the number of replicates ({runs}); got {worlds}.")
    if worlds > 1 and not generated:
        raise ConfigError(f"graphs must be 1 for a real graph, which cannot be drawn again; got {worlds}.")
    if uncertainty not in UNCERTAINTY:
        raise unknown_name("uncertainty", uncertainty, UNCERTAINTY)
    if record not in RECORDS:
        raise unknown_name("record", record, RECORDS)
    if record == "log" and not generated:
        raise ConfigError("record=log is for generated graphs; a real graph's event log stays in memory.")
    drawn = 0 if uncertainty == "none" else runs_within(rows, _DRAWS)
    quarter = rows // _QUARTER if generated and rows >= LEAST_ROWS else None
    return Plan(
        replicates=runs,
        graphs=worlds,
        quarter_rows=quarter,
        quarter_replicates=min(runs, runs_within(quarter, _QUARTER_RUNS)) if quarter else 0,
        draws=drawn,
        draw_replicates=2 if drawn else 0,
        draw_graphs=(runs_within(rows, _DRAW_GRAPHS) if generated else 1) if drawn else 0,
        option_replicates=min(runs, runs_within(rows, _OPTIONS)) if options else 0,
        probe_replicates=min(runs, runs_within(rows, _PROBES)) if drawn else 0,
        uncertainty=str(uncertainty),
        record=str(record),
        posterior=_posterior() if uncertainty == "posterior" else None,
    )


def _posterior() -> str:
    """Return the sha256 of the posterior that ships."""
    from sim.study.calibration.posterior import shipped

    return shipped().sha256
