"""``summary.json``: what a study of one configuration says, with an interval beside every mean.

``verdict`` is luck alone at central values; ``verdict_range`` adds what is not known. Where a row stands for
several people (``represents``), the keys listed under ``scaled`` are volumes of people and messages, not of rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sim.config.root import Configuration
from sim.outcome.aggregate import summarise, verdict_range
from sim.outcome.measures import Outcome
from sim.outcome.verdict import VERDICTS
from sim.study.run.plan import Plan

VOLUMES = ("messages", "participants", "reach", "peak_messages_per_hour", "followers_gained", "followers_lost",
           "cascade_size", "messages_by_10h", "messages_by_21_5h", "messages_by_34h")  # fmt: skip


def depends_on_size(at_n: Mapping[str, Any], at_quarter: Mapping[str, Any] | None) -> bool:
    """Tell whether odds at n and at n/4 differ by more than their intervals (for any verdict)."""
    if at_quarter is None:
        return False
    for name in VERDICTS:
        low, high = at_n["verdict_interval"][name]
        other_low, other_high = at_quarter["verdict_interval"][name]
        if low > other_high or other_low > high:
            return True
    return False


def quarter_summary(outcomes: Sequence[Outcome], rows: int) -> dict[str, Any]:
    """Return ``{n, replicates, verdict, verdict_interval}`` of the runs at a quarter of the size."""
    odds = summarise(outcomes, rows)
    return {
        "n": rows, "replicates": len(outcomes),
        "verdict": odds["verdict"], "verdict_interval": odds["verdict_interval"],
    }  # fmt: skip


def range_summary(verdicts: Sequence[Sequence[str]]) -> dict[str, Any]:
    """Return what the runs over what is not known add: ``verdict_range``, ``variance_split`` and more.

    Parameters
    ----------
    verdicts : verdicts[draw][replicate]
    """
    ranges = verdict_range(verdicts)
    luck, unknown = ranges["hijacked"]["luck"], ranges["hijacked"]["unknown"]
    split = None if luck is None or unknown is None else {"luck": luck, "inputs": unknown}
    return {
        "verdict_range": {name: [ranges[name]["lo"], ranges[name]["hi"]] for name in VERDICTS},
        "verdict_over_inputs": {name: ranges[name]["mean"] for name in VERDICTS},
        "variance_split": split,
        "draws": ranges["hijacked"]["draws"],
    }


def _mostly(frames: Mapping[str, float]) -> str | None:
    """Return the frame of most fizzled runs; None if none had a frame."""
    name = max(("campaign", "counter"), key=lambda frame: frames[frame])
    return name if frames[name] > 0 else None


def summary_of(
    configuration: Configuration,
    plan: Plan,
    outcomes: Sequence[Outcome],
    *,
    followers: int,
    edges: int,
    theory: Mapping[str, Any],
    quarter: Mapping[str, Any] | None,
    over_inputs: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
    seconds: float,
) -> dict[str, Any]:
    """Return the summary of a study (the keys of DESIGN section 6, and a few more).

    Parameters
    ----------
    outcomes : one a run at central values
    followers, edges : int
        Rows and follow edges of the first graph.
    theory : mapping
        ``first_response`` and ``reproduction_eigenvalue``.
    quarter : mapping or None
        From :func:`quarter_summary`.
    over_inputs : mapping or None
        From :func:`range_summary`.
    after : mapping or None
        From :func:`sim.aftermath.measured.summary_of_after`.
    """
    together = summarise(outcomes, followers)
    frames = together.pop("fizzled_frame")
    represents = configuration.people.represents
    if represents != 1.0:
        for name in VOLUMES:
            for part in ("mean", "lo", "hi"):
                if together[name][part] is not None:
                    together[name][part] *= represents
    nothing = {"verdict_range": None, "verdict_over_inputs": None, "variance_split": None, "draws": 0}
    return {
        "case": configuration.case.id,
        "seed": configuration.seed,
        "replicates": plan.replicates,
        "graphs": plan.graphs,
        "followers": followers,
        "edges": edges,
        "represents": represents,
        "scaled": list(VOLUMES) if represents != 1.0 else [],
        **together,
        "fizzled_frame": _mostly(frames),
        "fizzled_frames": frames,
        "uncertainty": plan.uncertainty,
        **(nothing if over_inputs is None else over_inputs),
        "at_quarter_size": None if quarter is None else dict(quarter),
        "depends_on_sample_size": depends_on_size(together, quarter),
        "first_response": theory["first_response"],
        "reproduction_eigenvalue": theory["reproduction_eigenvalue"],
        "after": None if after is None else dict(after),
        "seconds": seconds,
    }
