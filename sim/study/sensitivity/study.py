"""``backfire sensitivity``: which inputs move the odds, and how much is luck.

All inputs are screened by elementary effects; those that matter most are then split by variance, the others
staying at their central values. What luck does to both: ``sim.study.sensitivity.luck``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from sim.config.root import Configuration
from sim.study.planned import Found, as_plain, bases_of
from sim.study.sensitivity.design import stars, trajectories
from sim.study.sensitivity.indices import Indices, indices
from sim.study.sensitivity.inputs import Varied, from_plain, points_at
from sim.study.sensitivity.luck import Floats
from sim.study.sensitivity.runs import quantity, scale_of, with_luck
from sim.study.sensitivity.screening import Effects, effects
from sim.study.sensitivity.words import screened_finding, split_finding

if TYPE_CHECKING:
    import pandas as pd

    from sim.study.sweeping import OpenStudy

METHODS = ("both", "morris", "sobol")
SCREENING, SPLIT = "screening", "indices"
UNITS = {
    "outcome": "name", "input": "name", "stage": "name", "block": "1", "place": "1", "uncorrected": "1",
    "floor": "the outcome's, or 1", "stands_out": "yes or no",
    **dict.fromkeys(("called", "title", "unit", "scale"), "text"), "role": "name", "moves": "yes or no",
    "mean": "the outcome's", **dict.fromkeys(("variance", "variance_lo", "variance_hi"), "the outcome's, squared"),
    **dict.fromkeys(("central", "low", "high"), "the input's"),
    **{f"{name}{end}": "1" for name in ("first", "total", "luck") for end in ("", "_lo", "_hi")},
    **{f"{name}{end}": "the outcome's" for name in ("mu", "mu_star", "sigma") for end in ("", "_lo", "_hi")},
}  # fmt: skip
_LEAST_BLOCKS = 2
_BY_INPUT = {
    SCREENING: ("mu", "mu_lo", "mu_hi", "mu_star", "mu_star_lo", "mu_star_hi", "sigma", "sigma_lo", "sigma_hi",
                "floor", "stands_out"),
    SPLIT: ("first", "first_lo", "first_hi", "total", "total_lo", "total_hi", "floor", "stands_out", "uncorrected"),
}  # fmt: skip


@dataclass
class Asking:
    """Asks for the runs at places of the unit cube, and keeps what is told of them.

    Attributes
    ----------
    study : OpenStudy
    base : Configuration
    outcomes : sequence of str
    replicates : int
    points : list of dict
        A row a point: its number among the study's, where it stands, its values.
    left_out : dict of str to str
        Why an outcome is not split.
    """

    study: OpenStudy
    base: Configuration
    outcomes: Sequence[str]
    replicates: int
    points: list[dict[str, Any]] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)
    _blocks: int = 0

    def seen(
        self, stage: str, items: Sequence[Varied], places: Floats
    ) -> dict[str, tuple[Floats, npt.NDArray[np.bool_]]]:
        """Return what the runs of some blocks of places gave, each block with luck of its own.

        Parameters
        ----------
        places : float64[blocks, points, inputs]

        Returns
        -------
        dict of str to (float64[blocks, points, replicates], bool[blocks])
            By outcome, its values and which blocks are whole. An outcome that is undefined in some run is left out,
            and so are blocks in which a run failed.
        """
        blocks = [points_at(self.base, items, block) for block in places]
        shape = (*places.shape[:2], self.replicates)
        values = {name: np.empty(shape) for name in self.outcomes}
        ended = np.ones(len(blocks), dtype=bool)
        first = self._blocks * self.replicates
        for number, (keys, runs) in enumerate(with_luck(self.study, blocks, self.replicates, first)):
            ended[number] = bool((runs["failed"] == "").all())
            for name in self.outcomes:
                values[name][number] = quantity(runs, name).reshape(shape[1:])
            self.points += [
                {"point": self.study.asked[key], "stage": stage, "block": number, "place": place, **point.values}
                for place, (key, point) in enumerate(zip(keys, blocks[number], strict=True))
            ]
        self._blocks += len(blocks)
        return {name: (values[name], ended) for name in self.outcomes if self._defined(name, values[name][ended])}

    def _defined(self, name: str, values: Floats) -> bool:
        """Tell whether an outcome can be split, and keep why if it cannot."""
        undefined = int(np.isnan(values).sum())
        if undefined:
            self.left_out[name] = f"undefined in {undefined} of {values.size} runs"
        elif len(values) < _LEAST_BLOCKS:
            self.left_out[name] = "too few blocks without a failed run"
        return name not in self.left_out


def found(study: OpenStudy, question: Mapping[str, Any]) -> Found:
    """Screen the inputs, split the variance by those that matter, and say what moves the first outcome most.

    Parameters
    ----------
    study : OpenStudy
    question : mapping
        ``bases`` (one), ``inputs`` (:func:`sim.study.sensitivity.inputs.plain`), ``outcomes``, ``method``,
        ``replicates``, ``trajectories``, ``stars``, ``top``.
    """
    import pandas as pd

    base, items = bases_of(question)[""], from_plain(question["inputs"])
    names, method = list(question["outcomes"]), question["method"]
    asking = Asking(study, base, names, int(question["replicates"]))
    tables = {"inputs": pd.DataFrame([_row(item) for item in items])}
    kept, finding = list(items), ""
    if method != "sobol":
        places = trajectories(len(items), int(question["trajectories"]), base.seed)
        seen = asking.seen(SCREENING, items, places)
        screened = {name: effects(places[whole], values[whole], base.seed) for name, (values, whole) in seen.items()}
        tables[SCREENING] = _table(SCREENING, screened, items)
        finding = screened_finding(names[0], screened.get(names[0]), items)
        kept = [items[place] for place in sorted(_ranking(screened, len(items))[: int(question["top"])])]
    if method != "morris":
        seen = asking.seen(SPLIT, kept, stars(len(kept), int(question["stars"]), base.seed))
        split = {name: indices(values[whole], base.seed) for name, (values, whole) in seen.items()}
        tables[SPLIT], tables["outcomes"] = _table(SPLIT, split, kept), _levels(split)
        finding = split_finding(names[0], split.get(names[0]), kept)
    tables["points"] = pd.DataFrame(asking.points)
    summary = {
        "finding": finding, "method": method, "replicates": asking.replicates, "outcomes": names,
        "trajectories": 0 if method == "sobol" else int(question["trajectories"]),
        "stars": 0 if method == "morris" else int(question["stars"]),
        "inputs": [item.name for item in items], "split": [] if method == "morris" else [item.name for item in kept],
        "left_out": asking.left_out, "intervals_over": "places in the spans and luck",
    }  # fmt: skip
    return Found(tables, as_plain(summary), UNITS)


def _row(item: Varied) -> dict[str, Any]:
    """Return an input as a row."""
    return {
        "input": item.name, "called": item.called, "title": item.title, "unit": item.unit, "role": item.role,
        "central": item.central, "low": item.low, "high": item.high,
    }  # fmt: skip


def _ranking(screened: Mapping[str, Effects], inputs: int) -> list[int]:
    """Return the inputs' places, the strongest first: by the first outcome, and where it does not move by the next."""
    sizes = [np.round(each.mu_star, 6) for each in screened.values()]
    return [int(place) for place in np.lexsort([np.arange(inputs), *(-size for size in reversed(sizes))])]


def _table(stage: str, by_outcome: Mapping[str, Effects] | Mapping[str, Indices], items: Sequence[Varied]) -> Any:
    """Return a frame with a row an outcome and input."""
    import pandas as pd

    return pd.DataFrame([
        {"outcome": name, "input": item.name}
        | {part: getattr(result, part)[place].item() for part in _BY_INPUT[stage]}
        for name, result in by_outcome.items() for place, item in enumerate(items)
    ], columns=["outcome", "input", *_BY_INPUT[stage]])  # fmt: skip


def _levels(split: Mapping[str, Indices]) -> pd.DataFrame:
    """Return a row an outcome: its mean, the variance of its expectation, luck's share, the noise floor."""
    import pandas as pd

    columns = ["outcome", "scale", "mean", "variance", "variance_lo", "variance_hi", "luck", "luck_lo", "luck_hi",
               "moves"]  # fmt: skip
    return pd.DataFrame([
        {"outcome": name, "scale": scale_of(name)} | {part: getattr(each, part) for part in columns[2:]}
        for name, each in split.items()
    ], columns=columns)  # fmt: skip
