"""Until when an answer still helps: one policy at ever later minutes, on the same luck, against silence.

The policy's moves are made at the minute in question, whatever is seen; rules that stand some minutes apart stay so
far apart. Intervals hold for all minutes at once (:mod:`sim.study.answers.window_bands`). No case identifies the size
of a move's effect, so the sweep is repeated at both ends of its span: the sizes assumed are part of every sentence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from sim.config.agency import PolicyConfig, RuleConfig
from sim.config.root import Configuration, changed
from sim.errors import ConfigError, StudyError
from sim.study.answers.library import SILENT, own_effects, policy_named
from sim.study.answers.outcomes import Judged, judged_by
from sim.study.answers.window_bands import Bands, Reach, reach_of, simultaneous
from sim.study.answers.window_words import finding
from sim.study.planned import Found, bases_of, plain_rows
from sim.study.run.inputs import Input
from sim.study.sweeping import OpenStudy, runs_of

if TYPE_CHECKING:
    import pandas as pd

Floats = npt.NDArray[np.float64]

MINUTES = (5, 10, 20, 40, 60, 120, 180, 360, 720, 1440)
SIZES = ("central", "low", "high")
"""Which sizes of the effects: as configured, and both ends of their spans."""
UNITS = {"size": "name", "minute": "minutes since the post"}
IN_THE_OUTCOMES = ("outcome", "difference", "difference_lo", "difference_hi")
MARKS = {"takeover_minutes": "takeover", "trending_minute": "trending", "news_minute": "first news story"}


def answered_at(policy: PolicyConfig, minute: int) -> PolicyConfig:
    """Return the policy with its first move at a minute; moves that were timed keep their distances.

    Raises
    ------
    ConfigError
        The policy makes no move.
    """
    if all(rule.move == "silent" for rule in policy.rules):
        raise ConfigError(f"policy must make a move whose minute can be swept; {policy.name} makes none.")
    timed = [rule.at_minute for rule in policy.rules]
    begin = min((at for at in timed if at is not None), default=0)
    rules = tuple(
        RuleConfig(move=rule.move, at_minute=minute + (0 if at is None or None in timed else at - begin))
        for rule, at in zip(policy.rules, timed, strict=True)
    )
    return PolicyConfig(name=policy.name, rules=rules)


def at_size(configuration: Configuration, effects: Sequence[Input], size: str) -> Configuration:
    """Return the configuration with the effects at an end of their spans, or as they are."""
    if size == "central":
        return configuration
    return changed(configuration, {item.name: getattr(item, size) for item in effects})


def configurations(question: Mapping[str, Any]) -> list[Configuration]:
    """Return what is run: silence first, then every size, and within it every minute."""
    base = next(iter(bases_of(question).values()))
    silent = changed(base, {"policy": policy_named(SILENT).model_dump()})
    effects = own_effects(base)
    return [silent] + [
        at_size(changed(base, {"policy": answered_at(base.policy, minute).model_dump()}), effects, size)
        for size in (SIZES if effects else SIZES[:1])
        for minute in question["minutes"]
    ]


def found(study: OpenStudy, question: Mapping[str, Any]) -> Found:
    """Sweep the minute of an answer.

    Parameters
    ----------
    question : mapping
        ``bases`` (one configuration, with the policy in question), ``minutes`` (rising), ``replicates``, ``by``.
    """
    base = next(iter(bases_of(question).values()))
    minutes, replicates, judged = list(question["minutes"]), question["replicates"], judged_by(question["by"])
    runs = runs_of(configurations(question), replicates, study=study)
    values = judged.of(runs).reshape(-1, replicates)
    kept = ~np.isnan(values).any(axis=0)
    if kept.sum() < 2:
        raise StudyError("Fewer than two replicates came to an end at every minute, so that nothing can be paired.")
    silence, answers = values[0, kept], values[1:, kept].reshape(-1, len(minutes), int(kept.sum()))
    tables: list[pd.DataFrame] = []
    reaches: list[Reach] = []
    for size, of_size in zip(SIZES, answers, strict=False):
        bands = simultaneous(of_size - silence, seed=base.seed, yes_or_no=judged.yes_or_no)
        reaches.append(reach_of(minutes, bands, sign=judged.sign))
        tables.append(_table(size, minutes, of_size, bands))
    window = _joined(tables)
    summary = _summary(base, question, judged, silence, window, reaches, runs.iloc[:replicates])
    summary["failed_replicates"] = int((~kept).sum())
    return Found({"window": window}, summary, UNITS | dict.fromkeys(IN_THE_OUTCOMES, judged.kept_in))


def _table(size: str, minutes: Sequence[int], values: Floats, bands: Bands) -> pd.DataFrame:
    """Return one row a minute: the outcome, and its difference against silence."""
    import pandas as pd

    return pd.DataFrame({
        "size": pd.array([size] * len(minutes), dtype="str"), "minute": minutes, "outcome": values.mean(axis=1),
        "difference": bands.mean, "difference_lo": bands.lo, "difference_hi": bands.hi,
    })  # fmt: skip


def _joined(tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return tables under each other."""
    import pandas as pd

    return pd.concat(tables, ignore_index=True)


def _summary(
    base: Configuration,
    question: Mapping[str, Any],
    judged: Judged,
    silence: Floats,
    window: pd.DataFrame,
    reaches: Sequence[Reach],
    silent_runs: pd.DataFrame,
) -> dict[str, Any]:
    """Return what the sweep comes to, as plain values."""
    marks = {}
    for column, name in MARKS.items():
        known = silent_runs[column].dropna()
        marks[name] = {"median": float(known.median()) if len(known) else None, "share": len(known) / len(silent_runs)}
    summary: dict[str, Any] = {
        "policy": base.policy.name,
        "by": judged.name, "replicates": question["replicates"], "pairs": len(silence), "silent": float(silence.mean()),
        "effects": [_effect(item) for item in own_effects(base)],
        "reach": {
            size: {"until": reach.until, "not_at": reach.not_at, "harms": list(reach.harms)}
            for size, reach in zip(SIZES, reaches, strict=False)
        },
        "marks": marks,
    }  # fmt: skip
    summary["table"] = plain_rows(window)
    summary["finding"] = finding(summary, window)
    return summary


def _effect(item: Input) -> dict[str, Any]:
    """Return an assumed size with its span, as plain values."""
    return {"name": item.name, "title": item.title, "central": item.central, "low": item.low, "high": item.high}
