"""What a campaign leaves behind, for its page: drift by group, the next ordinary post, copycats elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.report.run_study import RunStudy
from sim.report.wording import dash, estimate, hours, known, number, percent

_DIMENSIONS = {"everybody": "", "cohort": "age ", "community": "community "}


def after_told(study: RunStudy) -> dict[str, Any] | None:
    """Return sentences and rows on what the campaign leaves behind; None where nothing is known of it."""
    after = study.summary.get("after")
    if not after or not study.after:
        return None
    sizes = study.configuration.after
    return {
        "sentences": [_next_post(after), _copycats(after), (
            f"Signs of drift have sources, its sizes are assumed (factor {number(sizes.drift)}); half of it is "
            f"forgotten in {number(sizes.half_life_weeks)} weeks. backfire sequence tries the next post in this state."
        )],
        "rows": [_row(row) for row in study.after],
    }  # fmt: skip


def _next_post(after: Mapping[str, Any]) -> str:
    """Say what the next ordinary post would meet, before and after."""
    before = (after.get("start_first_response") or {}).get("mean")
    told = estimate(after.get("next_first_response"), _tenths, "nobody would answer")
    return (
        f"The next ordinary post would meet {told} criticism in its first response, "
        f"{_tenths(before)} had this one not been posted. Criticism seen adds grievance; "
        "the aggrieved are the likelier to leave."
    )


def _tenths(share: object) -> str:
    """Return a share in percent with one decimal."""
    value = known(share)
    return dash("nobody would have answered") if value is None else f"{100 * value:.1f} %"


def _copycats(after: Mapping[str, Any]) -> str:
    """Say where else criticism is taken up."""
    chance = after.get("copycat_probability") or {}
    if not known(chance.get("mean")):
        return "In no run did the criticism get taken up elsewhere."
    places = estimate(after.get("copycats"), number, "not measured")
    first = estimate(after.get("first_copycat_hours"), hours, "not measured")
    return (
        f"In {percent(chance['mean'])} of runs the criticism is taken up elsewhere: {places} places on average over "
        f"all runs, the first after {first}. What happens there is not simulated."
    )


def _row(row: Mapping[str, Any]) -> dict[str, str]:
    """Return one group's line."""
    name = f"{_DIMENSIONS.get(row['dimension'], '')}{row['group']}"
    found = {"group": name, "people": f"{row['people']:,}"}
    for feeling in ("grievance", "support"):
        mean, low, high = (known(row.get(f"{feeling}_change{end}")) for end in ("", "_lo", "_hi"))
        found[feeling] = (
            dash()
            if mean is None
            else _points(mean) + ("" if low is None or high is None else f" ({_points(low)} to {_points(high)})")
        )
        found[f"{feeling}_before"] = number(100 * row[f"{feeling}_before"])
    return found


def _points(change: float) -> str:
    """Return a change on the scale of 0 to 1 in hundredths."""
    return f"{100 * change:+.2f}".replace("-", "\N{MINUS SIGN}")
