"""Which of the numbers counted next to no campaign of the table shows, such that it cannot speak of this one.

Weights alone would not tell: where every row explains the counts equally badly, many rows are left.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from sim.study.nowcast.campaigns import Campaigns, Floats
from sim.study.nowcast.counts import Count
from sim.study.nowcast.likelihood import GROWTH_SPREAD, LEVEL_SPREAD, OTHERS, TRUSTED

RARE = 0.002
"""What fewer campaigns of the table show lies outside of what it holds."""
_SLACK = 2.0
"""Standard deviations of the measurement by which a number seen may be off."""


def surprises(
    campaigns: Campaigns, weights: Floats, counts: Sequence[Count], audience: float | None = None
) -> list[str]:
    """Return in words which numbers lie outside of what the table holds.

    Parameters
    ----------
    campaigns : Campaigns
    weights : float[rows]
        Before the counts; they add up to one.
    counts : sequence of Count
    audience : float, optional
    """
    found = []
    for words, values, least, most in _numbers(campaigns, counts, audience):
        kept = np.isfinite(values)
        total = float(weights[kept].sum())
        if total <= 0.0:
            continue
        above, below = (float(weights[kept & side].sum()) / total for side in (values >= least, values <= most))
        if min(above, below) < RARE:
            side = "more" if above < below else "less"
            found.append(f"{words} is {side} than in {100 * (1 - RARE):.1f} % of the table's campaigns for such a post")
    return found


def _numbers(
    campaigns: Campaigns, counts: Sequence[Count], audience: float | None
) -> Iterator[tuple[str, Floats, float, float]]:
    """Yield each number seen: its words, its value in each row, and the ends of what may have been meant."""
    campaign, counter = campaigns.at([each.minute for each in counts])
    total = campaign + counter
    known = [place for place, each in enumerate(counts) if each.total]
    for place in known:
        each = counts[place]
        if each.split and each.total:
            share = float(each.counter or 0) / each.total
            slack = _SLACK * float(np.sqrt(0.25 / min(each.total, TRUSTED)))
            others = 1.0 - OTHERS[-1] if each.mixed else 1.0
            yield (
                f"a counter share of {100 * share:.0f} % by minute {each.minute}",
                _over(counter[:, place], total[:, place]), share - slack, share / others + slack,
            )  # fmt: skip
    for before, place in zip(known, known[1:], strict=False):
        factor = float(counts[place].total or 0) / float(counts[before].total or 1)
        slack = float(np.exp(_SLACK * GROWTH_SPREAD))
        yield (
            f"growth by a factor of {factor:.3g} from minute {counts[before].minute} to {counts[place].minute}",
            _over(total[:, place], total[:, before]), factor / slack, factor * slack,
        )  # fmt: skip
    if audience is not None and known:
        first, slack = counts[known[0]], float(np.exp(_SLACK * LEVEL_SPREAD))
        level = float(first.total or 0) / audience
        yield (
            f"a level of {first.total:,} messages by minute {first.minute} among {audience:,.0f} people",
            total[:, known[0]] / campaigns.audience, level / slack, level * slack,
        )  # fmt: skip


def _over(part: Floats, whole: Floats) -> Floats:
    """Return a ratio, nan where there is nothing to divide by."""
    return np.where(whole > 0.0, part / np.maximum(whole, 1.0), np.nan)
