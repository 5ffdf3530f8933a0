"""How the inputs of cases were coded, and how far the coders agree.

Coders work apart, from a rubric and a dossier (docs/rubric.md); their answers stand in ``conf/coding/answers.csv``.
The central value is the mean of their best values, the range the hull of their ranges, so that disagreement becomes
uncertainty. Agreement is Krippendorff's alpha for interval data: 1 is perfect, 0 is what chance gives.

Source: K. Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), University of Pennsylvania.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path

import numpy as np

from sim.catalogue.groups import folder
from sim.config.root import Configuration, changed
from sim.errors import ConfigError

COLUMNS = ("case", "coder", "item", "best", "low", "high", "recognised")
_RESAMPLES, _SEED, _ENDS = 2000, 1, (2.5, 97.5)
_DIGITS = 3


@dataclass(frozen=True)
class Answer:
    """What one coder says of one item of one case."""

    case: str
    coder: str
    item: str
    best: float
    low: float
    high: float
    recognised: bool


@dataclass(frozen=True)
class Coded:
    """What the coders say together of one item of one case."""

    central: float
    low: float
    high: float

    def around(self, central: float) -> Coded:
        """Return the range stretched to another central value, which stays as it was set."""
        return Coded(central, min(self.low, central), max(self.high, central))


@dataclass(frozen=True)
class Agreement:
    """How far coders agree on one item.

    Attributes
    ----------
    item : str
    cases : int
        Cases that at least two coders coded.
    alpha : float or None
        Krippendorff's alpha, interval metric; None where all values are the same.
    low, high : float or None
        Its 95 % interval over resampled cases.
    apart : float
        Mean distance between the largest and the smallest best value of a case, in the item's unit.
    width : float
        Mean width of the combined ranges.
    """

    item: str
    cases: int
    alpha: float | None
    low: float | None
    high: float | None
    apart: float
    width: float


def answers_file() -> Traversable:
    """Return where the answers on the catalogue's cases stand."""
    return folder("coding") / "answers.csv"


def read_answers(file: Traversable | Path | None = None) -> list[Answer]:
    """Return the coders' answers, checked.

    Raises
    ------
    ConfigError
        For a missing file or column, a number that is none, a best value outside its range, a range outside the
        item's legal one, an item that is no parameter, or an answer given twice.
    """
    file = answers_file() if file is None else file
    if not file.is_file():
        raise ConfigError(f"There are no coded answers: {file.name} does not exist; docs/rubric.md says how to code.")
    rows = csv.DictReader(file.read_text(encoding="utf-8").splitlines())
    missing = [name for name in COLUMNS if name not in (rows.fieldnames or ())]
    if missing:
        raise ConfigError(f"{file.name} must have the columns {', '.join(COLUMNS)}; {', '.join(missing)} missing.")
    found = [_answer(row, f"{file.name}, line {rows.line_num}") for row in rows]
    _once(found, file.name)
    _legal(found)
    return found


def _answer(row: Mapping[str, str], where: str) -> Answer:
    """Return one line as an answer."""
    try:
        best, low, high = (float(row[name]) for name in ("best", "low", "high"))
    except (TypeError, ValueError):
        seen = ", ".join(repr(row[name]) for name in ("best", "low", "high"))
        raise ConfigError(f"{where}: best, low and high must be numbers; got {seen}.") from None
    if not low <= best <= high:
        raise ConfigError(f"{where}: best must lie in [low, high]; got {best:g} in [{low:g}, {high:g}].")
    if row["recognised"] not in ("yes", "no"):
        raise ConfigError(f"{where}: recognised must be yes or no; got {row['recognised']!r}.")
    return Answer(row["case"], row["coder"], row["item"], best, low, high, row["recognised"] == "yes")


def _once(answers: Sequence[Answer], name: str) -> None:
    """Refuse answers that are given twice."""
    seen: set[tuple[str, str, str]] = set()
    for each in answers:
        key = (each.case, each.coder, each.item)
        if key in seen:
            raise ConfigError(f"{name}: coder {each.coder} codes {each.item} of {each.case} twice; keep one answer.")
        seen.add(key)


def _legal(answers: Sequence[Answer]) -> None:
    """Refuse items that are no parameters, and ranges beyond what the parameter table allows."""
    table = Configuration()
    for item in dict.fromkeys(each.item for each in answers):
        ends = [end for each in answers if each.item == item for end in (each.low, each.high)]
        for end in (min(ends), max(ends)):
            changed(table, {item: end})


def combined(answers: Iterable[Answer]) -> dict[str, dict[str, Coded]]:
    """Return, by case and item, the mean of the best values and the hull of the ranges."""
    groups: dict[str, dict[str, list[Answer]]] = {}
    for each in answers:
        groups.setdefault(each.case, {}).setdefault(each.item, []).append(each)
    return {case: {item: _together(said) for item, said in items.items()} for case, items in groups.items()}


def _together(said: Sequence[Answer]) -> Coded:
    """Return what several coders say of one item of one case."""
    central = round(sum(each.best for each in said) / len(said), _DIGITS)
    return Coded(central, min(each.low for each in said), max(each.high for each in said))


def krippendorff_alpha(values: np.ndarray) -> float | None:
    """Return Krippendorff's alpha for interval data.

    Parameters
    ----------
    values : array (coders, units) of float
        ``nan`` where a coder did not code a unit; units with fewer than two values are left out.

    Returns
    -------
    float or None
        One minus observed over expected disagreement; None if nothing can be compared or nothing differs.
    """
    units = [unit[~np.isnan(unit)] for unit in np.asarray(values, dtype=np.float64).T]
    units = [unit for unit in units if len(unit) > 1]
    if not units:
        return None
    pooled = np.concatenate(units)
    observed = sum(_squares(unit) / (len(unit) - 1) for unit in units) / len(pooled)
    expected = _squares(pooled) / (len(pooled) * (len(pooled) - 1))
    return None if np.ptp(pooled) == 0 else float(1.0 - observed / expected)


def _squares(values: np.ndarray) -> float:
    """Return the sum of squared differences over all ordered pairs."""
    centred = values - values.mean()
    return float(2.0 * len(values) * (centred @ centred))


def agreement(answers: Sequence[Answer]) -> list[Agreement]:
    """Return the coders' agreement, an item each, in the order in which items are first coded."""
    items = dict.fromkeys(each.item for each in answers)
    return [_agreement(item, [each for each in answers if each.item == item]) for item in items]


def _agreement(item: str, said: Sequence[Answer]) -> Agreement:
    """Return the coders' agreement on one item."""
    coders = list(dict.fromkeys(each.coder for each in said))
    cases = sorted({each.case for each in said})
    values = np.full((len(coders), len(cases)), np.nan)
    for each in said:
        values[coders.index(each.coder), cases.index(each.case)] = each.best
    values = values[:, (~np.isnan(values)).sum(axis=0) > 1]
    n = values.shape[1]
    low, high = _interval(values)
    ranges = [items[item] for items in combined(said).values()]
    return Agreement(
        item=item,
        cases=n,
        alpha=krippendorff_alpha(values),
        low=low,
        high=high,
        apart=float(np.mean(np.nanmax(values, axis=0) - np.nanmin(values, axis=0))) if n else 0.0,
        width=float(np.mean([each.high - each.low for each in ranges])),
    )


def _interval(values: np.ndarray) -> tuple[float | None, float | None]:
    """Return alpha's 95 % bootstrap interval over cases; the resamples are fixed, so it prints the same each time."""
    n = values.shape[1]
    if n < 2:
        return None, None
    draws = np.random.default_rng(_SEED).integers(0, n, size=(_RESAMPLES, n))
    alphas = [alpha for draw in draws if (alpha := krippendorff_alpha(values[:, draw])) is not None]
    if not alphas:
        return None, None
    low, high = np.percentile(alphas, _ENDS)
    return float(low), float(high)


def agreement_lines(answers: Sequence[Answer]) -> list[str]:
    """Return the agreement as lines of Markdown: a table, and how many cases were recognised."""
    lines = [
        "| item | cases | alpha | 95 % interval | best values apart, mean | width of the range, mean |",
        "|---|---|---|---|---|---|",
    ]
    for row in agreement(answers):
        alpha = "–" if row.alpha is None else f"{row.alpha:.2f}"
        interval = "–" if row.low is None else f"{row.low:.2f} to {row.high:.2f}"
        lines.append(f"| `{row.item}` | {row.cases} | {alpha} | {interval} | {row.apart:.2f} | {row.width:.2f} |")
    cases = list(dict.fromkeys(each.case for each in answers))
    known = ", ".join(f"{_recognised(answers, coder)} by coder {coder}" for coder in _coders(answers))
    return [*lines, "", f"Recognised: {known}, of {len(cases)} cases. Intervals resample cases, and cases are few."]


def _coders(answers: Iterable[Answer]) -> list[str]:
    """Return the coders' names, in alphabetical order."""
    return sorted({each.coder for each in answers})


def _recognised(answers: Iterable[Answer], coder: str) -> int:
    """Return how many cases a coder recognised."""
    return len({each.case for each in answers if each.coder == coder and each.recognised})
