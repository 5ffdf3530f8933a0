"""Which of the numbers counted next to no campaign of the table shows, such that it cannot speak of this one.

Weights alone would not tell: where every row explains the counts equally badly, many rows are left.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from sim.study.nowcast.campaigns import Campaigns, Floats
from sim.study.nowcast.counts import Count
from sim.study.nowcast.likelihood import LEVEL_SPREAD, OTHERS, TRUSTED, VAGUE

RARE = 0.002
"""What fewer campaigns of the table show lies outside of what it holds."""
_FEW = 10.0
"""Messages of a campaign of the table from which on its shares and growth are compared."""
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
            slack = _slack(share, each.total)
            others = 1.0 - OTHERS[-1] if each.mixed else 1.0
            yield (
                f"a counter share of {100 * share:.0f} % by minute {each.minute}",
                _over(counter[:, place], total[:, place]), share - slack, share / others + slack,
            )  # fmt: skip
    for before, place in zip(known, known[1:], strict=False):
        part = float(counts[before].total or 0) / float(counts[place].total or 1)
        slack = _slack(part)
        yield (
            f"growth by a factor of {1 / part:.3g} from minute {counts[before].minute} to {counts[place].minute}",
            -_over(total[:, before], total[:, place]), -part - slack, -part + slack,
        )  # fmt: skip
    if known:
        last = counts[known[-1]]
        scale, spread = (1.0, VAGUE) if audience is None else (audience / campaigns.audience, LEVEL_SPREAD)
        level, slack = float(last.total or 0) / scale, float(np.exp(_SLACK * spread))
        among = "" if audience is None else f" among {audience:,.0f} people"
        yield (
            f"a level of {last.total:,} messages by minute {last.minute}{among}",
            total[:, known[-1]], level / slack, level * slack,
        )  # fmt: skip


def _slack(share: float, messages: float = TRUSTED) -> float:
    """Return by how much a share of so many messages may be off; of a share of nought, too."""
    known = min(messages, TRUSTED)
    return _SLACK * float(np.sqrt((share * (1.0 - share) + 1.0 / known) / known))


def _over(part: Floats, whole: Floats) -> Floats:
    """Return a ratio, nan where there are too few messages for one."""
    return np.where(whole >= _FEW, part / np.maximum(whole, 1.0), np.nan)
