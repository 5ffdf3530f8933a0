"""``backfire discover``: under which conditions a verdict is likelier than elsewhere, in boxes of the inputs.

Points fill the inputs' spans, each with luck of its own; or they are those of a sweep, which shares its luck. Two
thirds of them find the boxes, a third is held out and judges them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.config.root import validated
from sim.study.design.designs import latin_hypercube
from sim.study.design.points import Configurations, Point
from sim.study.discovery.boxes import Told, boxes, trade_off
from sim.study.discovery.features import Feature, features_of, plain, sentence
from sim.study.discovery.odds import Seen, rate_of
from sim.study.discovery.prim import Flags
from sim.study.discovery.words import finding
from sim.study.planned import Found, as_plain
from sim.study.sensitivity.inputs import from_plain
from sim.study.sensitivity.runs import with_luck
from sim.study.sweep.study import base_name
from sim.study.sweeping import OpenStudy, runs_of

if TYPE_CHECKING:
    import pandas as pd

PURE = 0.9
HELD_OUT = 3
"""One point in so many is held out."""
UNITS = {
    **dict.fromkeys(("density", "density_lo", "density_hi", "coverage", "mass", "found_density", "found_coverage",
                     "chance", "support", "rate", "step", "box", "restricted"), "1"),
    **{f"{name}_{part}": "1" for name in ("density", "coverage", "mass") for part in ("found", "held_out")},
    "density_held_out_lo": "1", "density_held_out_hi": "1", "hits": "runs", "held_out": "yes or no",
    "feature": "name", "words": "text", "low": "the feature's", "high": "the feature's",
}  # fmt: skip


def found(study: OpenStudy, question: Mapping[str, Any]) -> Found:
    """Find boxes of the inputs in which a verdict is likely.

    Parameters
    ----------
    study : OpenStudy
    question : mapping
        ``bases``, ``replicates``, ``verdict``, ``density`` (asked for, or None), ``boxes`` (at most), and either
        ``inputs`` (:func:`sim.study.sensitivity.inputs.plain`) with a number of ``points``, or a sweep's ``points``.
    """
    points, seed = points_of(question)
    places, seen, features = _seen(study, question, points)
    held_out = _held_out(len(places), seed, own_design="inputs" in question)
    told, path = boxes(seen, held_out, at_least=question["density"], most=int(question["boxes"]), seed=seed)
    purer = _purer(seen, held_out, told, question["density"], seed)
    overall = rate_of(seen.at(held_out))
    verdict = question["verdict"]
    summary = {
        "finding": finding(verdict, told, features, overall), "verdict": verdict,
        "replicates": int(question["replicates"]), "points": len(places), "held_out": int(held_out.sum()),
        "shared_luck": "inputs" not in question, "intervals_over": "points and luck",
        "density": question["density"], "features": plain(features),
        "overall": None if overall is None else
        {"rate": overall.value, "lo": overall.interval[0], "hi": overall.interval[1]},
        "boxes": [_plain_box(box, features) for box in told],
        "purer": None if purer is None else _plain_box(purer, features),
    }  # fmt: skip
    tables = {
        "points": _points_table(study, points, places, seen, features, held_out, told),
        "boxes": _boxes_table(told, features), "limits": _limits_table(told, features),
        "trade_off": _trade_off(told, path, seen, held_out),
    }  # fmt: skip
    return Found(tables, as_plain(summary), UNITS)


def points_of(question: Mapping[str, Any]) -> tuple[list[Point], int]:
    """Return the points of a question, and its seed."""
    bases = {name: validated(raw) for name, raw in question["bases"].items()}
    seed = next(iter(bases.values())).seed
    if "inputs" not in question:
        return [Point(values, bases[base_name(values)]) for values in question["points"]], seed
    factors = [item.factor for item in from_plain(question["inputs"])]
    drawn = latin_hypercube(factors, int(question["points"]), seed)
    return [Point(values, bases[""]) for values in drawn], seed


def _seen(
    study: OpenStudy, question: Mapping[str, Any], points: Sequence[Point]
) -> tuple[list[int], Seen, list[Feature]]:
    """Return which points have no failed run, their runs, and what boxes can limit."""
    replicates, verdict = int(question["replicates"]), question["verdict"]
    if "inputs" in question:
        frames = [runs for _, runs in with_luck(study, [[point] for point in points], replicates)]
    else:
        together = runs_of(Configurations(points), replicates, study=study)
        frames = [together.iloc[place * replicates : (place + 1) * replicates] for place in range(len(points))]
    whole = [place for place, runs in enumerate(frames) if bool((runs["failed"] == "").all())]
    hits = np.array([(frames[place]["verdict"] == verdict).to_numpy(np.float64) for place in whole])
    luck = np.array([frames[place]["replicate"].to_numpy(np.int64) for place in whole])
    features, places = features_of(points)
    shape = (len(whole), replicates)
    return whole, Seen(places[whole], hits.reshape(shape), luck.reshape(shape)), features


def _held_out(points: int, seed: int, *, own_design: bool) -> Flags:
    """Return which points are held out: every third of an own design, whose order is random; a random third else."""
    order = np.arange(points) if own_design else np.random.default_rng([seed, 3]).permutation(points)
    return np.asarray(order % HELD_OUT == HELD_OUT - 1)


def _purer(seen: Seen, held_out: Flags, told: Sequence[Told], asked: float | None, seed: int) -> Told | None:
    """Return the largest box in which nearly all runs end so, where the box that separates best is not so pure."""
    if asked is not None or not told or told[0].found_density >= PURE:
        return None
    found, _ = boxes(seen, held_out, at_least=PURE, most=1, seed=seed)
    return found[0] if found and found[0].density.value > told[0].density.value else None


def _plain_box(told: Told, features: Sequence[Feature]) -> dict[str, Any]:
    """Return a box as plain values."""
    return {
        "words": sentence(told.box, features), "density": told.density.value,
        "density_lo": told.density.interval[0], "density_hi": told.density.interval[1],
        "coverage": told.coverage, "mass": told.mass,
        "limits": [
            {"feature": features[column].name, "low": float(told.box.low[column]), "high": float(told.box.high[column]),
             "chance": chance, "support": told.support[column]}
            for column, chance in told.chance.items()
        ],
    }  # fmt: skip


def _points_table(
    study: OpenStudy, points: Sequence[Point], places: Sequence[int], seen: Seen, features: Sequence[Feature],
    held_out: Flags, told: Sequence[Told],
) -> pd.DataFrame:  # fmt: skip
    """Return a row a point: its number, features, runs, hits, whether it was held out, its box (0 is none)."""
    import pandas as pd

    columns: dict[str, Any] = {"point": [study.asked[study.key_of(points[place].configuration)] for place in places]}
    columns |= {feature.name: seen.places[:, column] for column, feature in enumerate(features)}
    box = np.zeros(len(places), dtype=np.int64)
    for number, each in reversed(list(enumerate(told, start=1))):
        box[each.box.holds(seen.places)] = number
    return pd.DataFrame(
        columns | {"runs": seen.hits.shape[1], "hits": seen.hits.sum(1).astype(np.int64), "rate": seen.rate,
                   "held_out": held_out, "box": box}
    )  # fmt: skip


def _boxes_table(told: Sequence[Told], features: Sequence[Feature]) -> pd.DataFrame:
    """Return a row a box."""
    import pandas as pd

    columns = ["box", "words", "density", "density_lo", "density_hi", "coverage", "mass", "found_density",
               "found_coverage"]  # fmt: skip
    return pd.DataFrame([
        {"box": number, "words": sentence(each.box, features), "density": each.density.value,
         "density_lo": each.density.interval[0], "density_hi": each.density.interval[1], "coverage": each.coverage,
         "mass": each.mass, "found_density": each.found_density, "found_coverage": each.found_coverage}
        for number, each in enumerate(told, start=1)
    ], columns=columns)  # fmt: skip


def _limits_table(told: Sequence[Told], features: Sequence[Feature]) -> pd.DataFrame:
    """Return a row a box and limited feature; infinite where there is no limit."""
    import pandas as pd

    return pd.DataFrame([
        {"box": number, "feature": features[column].name, "low": float(each.box.low[column]),
         "high": float(each.box.high[column]), "chance": chance, "support": each.support[column]}
        for number, each in enumerate(told, start=1) for column, chance in each.chance.items()
    ], columns=["box", "feature", "low", "high", "chance", "support"])  # fmt: skip


def _trade_off(told: Sequence[Told], path: Sequence[Any], seen: Seen, held_out: Flags) -> pd.DataFrame:
    """Return the first box's peeling, a row a step."""
    import pandas as pd

    return pd.DataFrame(trade_off(list(told[0].path if told else path), seen, held_out))
