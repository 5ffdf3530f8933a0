"""What answers and past posts say together: how sure each input is, first odds, and what would tell most.

Answers give the prior of the inputs, the calibrated posterior that of the coefficients. A history weighs joint draws of
both by its likelihood; the weighted draws are then what is known, and rows of the reference table that are like them
say how such a post ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.config.root import Configuration, changed
from sim.outcome.verdict import VERDICTS
from sim.study.calibration.contraction import IDENTIFIED
from sim.study.intake.answers import Answers
from sim.study.intake.draws import Columns, Universal, drawn, rates_of, unasked
from sim.study.intake.history import FEW, Counts, History
from sim.study.intake.learned import Learned, explained, learned
from sim.study.intake.likelihood import kind_of_each, log_likelihood, weights_of
from sim.study.intake.odds import Campaigns, Odds, estimate
from sim.study.intake.questions import Range, question, questions

Numbers = npt.NDArray[np.float64]
DRAWS = 8192
YOUR_POSTS, FIRST_REPLIES = "history", "first_replies"
_UNLIKELY = 0.005
_HIJACKED = VERDICTS.index("hijacked")
_PROBE = (("statement", "", ""), ("open_question", "", ""))


@dataclass(frozen=True)
class Reading:
    """What is known after the answers and the history.

    Attributes
    ----------
    answers : Answers
    history : History or None
    base : Configuration
        The post and its audience, each input in the middle of its range.
    columns : dict of str to float64[draws]
    weights : float64[draws]
        They sum to one; all alike without a history.
    odds : Odds
    inputs : list of Learned
        Of people, and of the critical share among first replies to the post, which follows from all inputs together;
        each post is another, so a history tells nothing else of this one. Empty without a history.
    tell : list of (str, float)
        Questions by their id, ``history`` for past posts, and the share of the variance of P(hijacked) that is
        expected to go if they were answered exactly; most first.
    doubts : list of str
        Sentences on what does not fit together.
    """

    answers: Answers
    history: History | None
    base: Configuration
    columns: Columns
    weights: Numbers
    odds: Odds
    inputs: list[Learned]
    tell: list[tuple[str, float]]
    doubts: list[str]

    @property
    def effective_draws(self) -> float:
        """How many draws of equal weight are left (Kish)."""
        return float(1.0 / (self.weights @ self.weights))

    @property
    def narrowed(self) -> dict[str, Range]:
        """What the history made of the ranges of those inputs of which it told something: 5 to 95 %."""
        return {
            each.name: (each.after[0], each.after[2])
            for each in self.inputs
            if each.contraction >= IDENTIFIED and each.name in self.answers.ranges
        }


def configuration_of(answers: Answers) -> Configuration:
    """Return the post and its audience, each input in the middle of its range."""
    return changed(Configuration(), {**answers.sets, **answers.central})


def read(
    answers: Answers,
    history: History | None,
    universal: Universal,
    campaigns: Campaigns,
    *,
    seed: int = 1,
    draws: int | None = None,
) -> Reading:
    """Return what answers and history say together.

    Parameters
    ----------
    universal : Universal
        Joint draws of the coefficients, as calibration left them.
    campaigns : Campaigns
        The generic campaigns of the reference table.
    seed : int
        Of the draws.
    draws : int, optional
        How many, :data:`DRAWS` if left out.
    """
    from threadpoolctl import threadpool_limits

    draws = DRAWS if draws is None else draws
    base = configuration_of(answers)
    columns = drawn({**answers.ranges, **unasked(base, answers.ranges)}, universal, draws, seed)
    weights = np.full(draws, 1.0 / draws)
    doubts: list[str] = []
    if history is not None:
        rates = rates_of(history, columns, base)
        weights, power = weights_of(log_likelihood(history, rates))
        doubts = _doubts(history, rates, power)
    people = [name for name in columns if name.startswith("people.")]
    with threadpool_limits(1, user_api="blas"):  # small problems, on which threads only wait for each other
        odds = estimate(campaigns, columns, weights, base)
        tell = _tell_most(answers, history, columns, weights, odds, base)
    known = {FIRST_REPLIES: odds.critical, **{name: columns[name] for name in people}}
    inputs = learned(known, weights, list(known)) if history is not None else []
    return Reading(answers, history, base, columns, weights, odds, inputs, tell, doubts)


def _doubts(history: History, rates: Numbers, power: float) -> list[str]:
    """Return sentences on what does not fit together, or is too little."""
    found = []
    if history.posts < FEW:
        found.append(f"{history.posts} posts are few; {FEW} to 50 tell more.")
    replies = int(history.replies.sum())
    if replies == 0:
        return [*found, "None of your posts had a reply: they tell nothing of how people feel about you."]
    kind = np.array([history.kinds.index(each) for each in kind_of_each(history)])
    share = rates[:, kind, 2] / (rates[:, kind, 1] + rates[:, kind, 2])
    expected = share @ (history.replies / replies)
    seen = float(history.critical.sum()) / replies
    low, high = (float(end) for end in np.quantile(expected, [_UNLIKELY, 1.0 - _UNLIKELY]))
    if not low <= seen <= high:
        found.append(
            f"{100 * seen:.0f} % of the replies to your posts were critical; your answers to questions "
            f"{question('complaints').number} and {question('trust').number} lead one to expect {100 * low:.0f} to "
            f"{100 * high:.0f} %. One of them may be off."
        )
    if power < 1.0:
        found.append(
            f"Hardly anything that your answers allow is like your posts, so their counts weigh {100 * power:.2g} % of "
            "what they would. Take what was learned as a hint, and look at the answers that it speaks against."
        )
    return found


def _tell_most(
    answers: Answers, history: History | None, columns: Columns, weights: Numbers, odds: Odds, base: Configuration
) -> list[tuple[str, float]]:
    """Return what would tell most about P(hijacked), most first."""
    hijacked, unknown = odds.by_draw[:, _HIJACKED], odds.unknown(_HIJACKED)
    groups: dict[str, list[Numbers]] = {}
    for each in questions():
        of_it = [columns[name] for name, asked in answers.asked.items() if asked == each.id and name in columns]
        if of_it:
            groups[each.id] = of_it
    if history is None:
        rates = rates_of(_asking(_PROBE), columns, base)
        groups[YOUR_POSTS] = [np.log(rates[:, place, 2] / rates[:, place, 1]) for place in range(len(_PROBE))]
    shares = {name: explained(hijacked, of_it, weights, unknown) for name, of_it in groups.items()}
    return sorted(shares.items(), key=lambda pair: -pair[1])


def _asking(kinds: tuple[tuple[str, str, str], ...]) -> History:
    """Return posts of some kinds that nobody has seen yet."""
    none: Counts = np.zeros(len(kinds), np.int64)
    asks, closeness, openness = zip(*kinds, strict=True)
    return History(asks, closeness, openness, np.full(len(kinds), 12.0), none, none, none, none)


def summary_of(reading: Reading) -> dict[str, Any]:
    """Return what was found as plain values, for ``summary.json``, the page and the terminal."""
    odds = reading.odds
    verdicts = {}
    for place, verdict in enumerate(VERDICTS):
        low, high = odds.interval(place)
        of, upto = odds.range(place)
        verdicts[verdict] = {
            "mean": float(odds.mean[place]), "lo": low, "hi": high, "range_lo": of, "range_hi": upto,
            "answered": float(odds.answered[place]),
        }  # fmt: skip
    history = reading.history
    return {
        "kind": "intake", "verdict": verdicts, "followers": reading.base.people.n_followers,
        "campaign_rows": odds.followers, "effective_rows": odds.effective_rows, "rows": len(odds.row_weights),
        "outside": odds.outside,
        "effective_draws": reading.effective_draws, "draws": len(reading.weights),
        "posts": None if history is None else _posts(history),
        "inputs": [
            {"name": each.name, "before": list(each.before), "after": list(each.after), "contraction": each.contraction}
            for each in reading.inputs
        ],
        "narrowed": {name: list(span) for name, span in reading.narrowed.items()},
        "tell": [{"question": name, "share": share} for name, share in reading.tell],
        "answers": reading.answers.said, "doubts": reading.doubts,
        "unknown": odds.unknown(_HIJACKED),
    }  # fmt: skip


def _posts(history: History) -> dict[str, Any]:
    """Return what is kept of past posts: sums alone."""
    return {
        "posts": history.posts, "impressions": int(history.impressions.sum()), "shares": int(history.shares.sum()),
        "replies": int(history.replies.sum()), "critical_replies": int(history.critical.sum()),
        "asked": {ask: history.ask.count(ask) for ask in dict.fromkeys(history.ask)},
        "columns_passed_over": history.passed_over,
    }  # fmt: skip
