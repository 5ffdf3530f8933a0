"""Which answer to give: a library of timed policies over what is not known, effect sizes among it.

Choices are ranked by expected outcome, worst case and regret, with what they cost. Not posting stands beside the
ranking (nothing is run, nothing can be turned, nothing won), listening first and silence stand within it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from sim.errors import StudyError
from sim.outcome.verdict import odds_interval
from sim.study.answers.asked import Asked, asked, draws_of
from sim.study.answers.evens import Even, break_evens, curves_table, orders_of, plain_of
from sim.study.answers.library import DO_NOT_POST, Choice
from sim.study.answers.outcomes import OUTCOMES
from sim.study.answers.regret import Ranking, ranked
from sim.study.answers.words import break_even_sentence, finding
from sim.study.compare.cost import working_hours
from sim.study.planned import Found, plain_rows
from sim.study.sweeping import OpenStudy

if TYPE_CHECKING:
    import pandas as pd

Floats = npt.NDArray[np.float64]

SHOWN = ("hijacked", "viral_positive", "followers_lost")
"""Outcomes that are told of every choice, whatever it is judged by."""
UNITS = {
    "rank": "1", "choice": "name", "title": "text", "apart": "yes or no", "best_in": "share of draws",
    "best_probability": "probability", "hijacked": "probability", "viral_positive": "probability",
    "hours": "working hours", "acted": "share of runs", "draw": "1", "point": "1", "size": "as the effect",
    "winner": "name", "second": "name", "criterion": "name", "effect": "name",
}  # fmt: skip
"""Of the tables' columns but those that are in the outcome's own."""
IN_THE_OUTCOMES = (
    "outcome", "regret_most",
    *(f"{name}{end}" for name in ("expected", "worst", "regret", "behind", "lead") for end in ("", "_lo", "_hi")),
)  # fmt: skip


def found(study: OpenStudy, question: Mapping[str, Any]) -> Found:
    """Rank answers.

    Parameters
    ----------
    question : mapping
        ``bases`` (one configuration), ``choices`` (name, title, changes of each), ``draws``, ``replicates``, ``by`` (an
        outcome), ``over`` (``all`` or ``effects``), ``sizes`` (of a break-even; 0 for none).
    """
    ask = asked(question)
    points = [[choice.of(ask.drawn(draw)) for choice in ask.choices] for draw in range(len(ask.values))]
    draws = _draws_table(ask, draws_of(study, ask, points))
    outcome = _by_draw(draws, ask, "outcome")
    kept: npt.NDArray[np.bool_] = np.asarray(~np.isnan(outcome).any(axis=0))
    if kept.sum() < 2:
        raise StudyError("Fewer than two draws came to an end for every answer, so that nothing can be ranked.")
    ranking = ranked(ask.judged.sign * outcome[:, kept], seed=ask.base.seed)
    policies = _policies_table(ask, question, ranking, draws, kept)
    evens = break_evens(study, ask, ranking, kept) if ask.sizes else []
    summary = _summary(ask, question, ranking, policies, evens)
    summary["failed_draws"] = int((~kept).sum())
    return Found({"policies": policies, "draws": draws, "breakeven": curves_table(evens)}, summary,
                 UNITS | dict.fromkeys(IN_THE_OUTCOMES, ask.judged.kept_in))  # fmt: skip


def _draws_table(ask: Asked, draws: Iterator[tuple[list[int], list[pd.DataFrame]]]) -> pd.DataFrame:
    """Return one row a draw and choice: means over its runs, working hours, and the draw's inputs."""
    import pandas as pd

    rows = []
    for draw, (points, frames) in enumerate(draws):
        inputs = {item.name: float(value) for item, value in zip(ask.inputs, ask.values[draw], strict=True)}
        for choice, point, runs in zip(ask.choices, points, frames, strict=True):
            fired = [name for name in runs if name.startswith("fired_")]
            rows.append({
                "choice": choice.name, "draw": draw, "point": point, "outcome": float(np.mean(ask.judged.of(runs))),
                **{name: float(np.mean(OUTCOMES[name].of(runs))) for name in SHOWN},
                "hours": float(np.mean(working_hours(choice.of(ask.drawn(draw)), runs))),
                "acted": float(runs[fired].notna().any(axis=1).mean()) if fired else 0.0, **inputs,
            })  # fmt: skip
    table = pd.DataFrame(rows)
    table["choice"] = table["choice"].astype("str")
    return table


def _by_draw(draws: pd.DataFrame, ask: Asked, column: str) -> Floats:
    """Return a column as float64[choices, draws]."""
    wide = draws.pivot(index="choice", columns="draw", values=column)
    return wide.loc[[choice.name for choice in ask.choices]].to_numpy(dtype=np.float64)


def _policies_table(
    ask: Asked, question: Mapping[str, Any], ranking: Ranking, draws: pd.DataFrame, kept: npt.NDArray[np.bool_]
) -> pd.DataFrame:
    """Return one row a choice, the best first; not posting last, without a rank."""
    import pandas as pd

    shown = (*SHOWN, "hours", "acted")
    means = {name: _by_draw(draws, ask, name)[:, kept].mean(axis=1) for name in shown}
    rows: list[dict[str, Any]] = []
    for rank, place in enumerate(ranking.order):
        choice = ask.choices[place]
        rows.append({
            "rank": rank + 1, "choice": choice.name, "title": choice.title,
            **_signed("expected", ask, ranking.expected, ranking.expected_lo, ranking.expected_hi, place),
            **_signed("worst", ask, ranking.worst, ranking.worst_lo, ranking.worst_hi, place),
            "regret": ranking.regret[place], "regret_lo": ranking.regret_lo[place],
            "regret_hi": ranking.regret_hi[place], "regret_most": ranking.regret_most[place],
            "behind": ranking.behind.mean[place], "behind_lo": ranking.behind.lo[place],
            "behind_hi": ranking.behind.hi[place], "apart": bool(ranking.apart[place]),
            "best_in": ranking.best_in[place], "best_probability": ranking.best_probability[place],
            **{name: float(values[place]) for name, values in means.items()},
        })  # fmt: skip
    table = pd.DataFrame(rows)
    beside = [Choice(**each) for each in question["choices"] if each["changes"] is None]
    for each in beside:  # nothing is run: nothing can be turned, and nothing is won
        nothing = {**dict.fromkeys(table.columns, float("nan")), **dict.fromkeys(("expected", "worst", *shown), 0.0)}
        rows.append({**nothing, "rank": 0, "choice": each.name, "title": each.title, "apart": False})
    return pd.DataFrame(rows).astype({"choice": "str", "title": "str"})


def _signed(name: str, ask: Asked, mean: Floats, lo: Floats, hi: Floats, place: int) -> dict[str, float]:
    """Return a value and its interval in the outcome's own direction.

    Odds that were the same in every draw get the interval that so many draws leave open (Wilson's).
    """
    sign, draws = ask.judged.sign, len(ask.values)
    middle, low, high = (float(sign * each[place]) for each in (mean, lo, hi))
    if low == high and ask.judged.yes_or_no:
        low, high = odds_interval(round(middle * draws), draws)
    low, high = min(low, high), max(low, high)
    return {name: middle, f"{name}_lo": low, f"{name}_hi": high}


def _summary(
    ask: Asked, question: Mapping[str, Any], ranking: Ranking, policies: pd.DataFrame, evens: Sequence[Even]
) -> dict[str, Any]:
    """Return what the ranking comes to, as plain values."""
    names = [choice.name for choice in ask.choices]
    summary: dict[str, Any] = {
        "by": ask.judged.name, "over": question["over"], "draws": len(ask.values), "replicates": ask.replicates,
        "inputs": [
            {"name": item.name, "title": item.title, "unit": item.unit, "low": item.low, "high": item.high}
            for item in ask.inputs
        ],
        "intervals_over": "draws of what is not known, each with luck of its own",
        "orders": {name: [names[place] for place in order] for name, order in orders_of(ranking).items()},
        "tied": [names[place] for place in ranking.order if not ranking.apart[place]],
        "not_posting": DO_NOT_POST in [each["name"] for each in question["choices"]],
        "breakeven": [plain_of(even) for even in evens],
    }  # fmt: skip
    for plain in summary["breakeven"]:
        plain["sentence"] = break_even_sentence(plain, ask.judged)
    summary["table"] = plain_rows(policies)
    summary["finding"] = finding(summary, policies)
    return summary
