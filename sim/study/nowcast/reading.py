"""What the first counts of a campaign tell, given a table of campaigns: its weights, the odds, the end, the notes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sim.study.nowcast import forecast
from sim.study.nowcast.campaigns import Campaigns, Floats
from sim.study.nowcast.counts import Count
from sim.study.nowcast.likelihood import log_likelihood
from sim.study.nowcast.surprise import surprises
from sim.study.nowcast.weighing import LEAST_SAMPLE, Expected, Likeness, Weighed, likeness, weighed

_FAR = 3.0
"""Distance to the nearest rows, by the usual one, from which on they stand for a post only roughly."""


def nowcast(
    campaigns: Campaigns,
    posterior: Mapping[str, Floats] | None,
    counts: Sequence[Count],
    ranges: Mapping[str, tuple[float, float]],
    audience: float | None,
    seed: int,
    expected: Expected | None = None,
) -> tuple[dict[str, Any], Weighed]:
    """Return what the counts tell, and the weights of the table's rows.

    Parameters
    ----------
    campaigns : Campaigns
    posterior : mapping of coefficient to float[draws], optional
    counts : sequence of Count
    ranges : mapping of input to (low, high)
    audience : float, optional
    seed : int
    expected : Expected, optional
        Of the same campaigns at the minute of the last count, where it is known already.
    """
    now = counts[-1].minute
    expected = Expected(campaigns, now) if expected is None else expected
    like = likeness(expected, ranges, posterior, seed)
    rows = weighed(like.weights, log_likelihood(counts, campaigns, audience))
    odd = surprises(campaigns, rows.before, counts, audience)
    if odd:  # all rows explain the counts equally badly: that many are left tells nothing
        rows = replace(rows, most=1.0)
    answers = forecast.answers(campaigns, rows, now)
    until = {name: forecast.helps_until(answers, name) for name in ("hijacked", "hijack_share")}
    summary = {
        "now": now, "counts": [each.plain() for each in counts], "audience": audience, "messages_now": counts[-1].total,
        "answers": answers, "helps_until": until, **forecast.odds(campaigns, rows),
        **forecast.end(campaigns, rows, now),
        "sample": {
            "rows": campaigns.rows, "before": rows.sample_before, "now": rows.sample, "full": rows.sample_full,
            "power": rows.power, "enough": rows.enough, "surprised": bool(odd), "least": LEAST_SAMPLE,
        },
        "apart": like.apart, "explained": expected.explained, "notes": [*odd, *_notes(like, rows, counts, audience)],
        "followers": campaigns.audience, "shapes_only": False, "represents": 1.0,
        "intervals_over": "what the table's campaigns differ in: luck, inputs and coefficients",
    }  # fmt: skip
    return summary, rows


def _notes(like: Likeness, rows: Weighed, counts: Sequence[Count], audience: float | None) -> list[str]:
    """Return what the reader of the odds must be told beside them."""
    told = []
    if rows.sample_before < LEAST_SAMPLE:
        told.append(
            f"only {rows.sample_before:.0f} rows are like this post before anything is counted; give wider ranges"
        )
    if like.apart > _FAR:
        told.append("the post lies at the edge of what the table holds; its nearest rows stand for it")
    if audience is None:
        told.append("without audience=N the tag may reach ten times as many people as in the table, or a tenth")
    if len(counts) == 1 and not counts[0].split:
        told.append("one count without its split tells next to nothing; give campaign and counter, or a second minute")
    return told
