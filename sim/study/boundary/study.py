"""Where a verdict tips: the line in a box of parameters on which it has a given probability, with its band.

Runs are spent where the answer is uncertain (``sim.study.boundary.search``); the surface that they bear out is read
off (``sim.study.boundary.reading``) and set beside the line that theory draws without runs
(``sim.study.boundary.theory``). Every run has luck of its own, and with ``uncertainty=posterior`` a joint draw of the
universal parameters of its own; people and graph are those of the seed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from sim.config.root import Configuration, changed
from sim.study.boundary.box import Box, Side
from sim.study.boundary.reading import lattice, line_table, map_table, tipping_rows
from sim.study.boundary.search import Searched, search
from sim.study.boundary.surface import Array
from sim.study.boundary.theory import CUTS, NAMES, agreement, between, theory_table
from sim.study.boundary.words import finding, sentences
from sim.study.lots import Lots, lots_of, told_over
from sim.study.planned import Found, asked_runs, bases_of
from sim.study.store.parted import Parted
from sim.study.sweeping import OpenStudy, complete_each, frames_each

if TYPE_CHECKING:
    import pandas as pd

_HELD, _MIDDLE = (0.1, 0.5, 0.9), (0.2, 0.8)
"""Where the third parameter is held in the maps, in sides of the box; for the second map as it is, if within these."""


def found(study: OpenStudy, question: Mapping[str, Any]) -> Found:
    """Return the tipping line.

    Parameters
    ----------
    question : mapping
        ``bases`` (one, under the empty name), ``sides`` (as :meth:`Box.plain` gives them), ``verdict``, ``level``,
        ``runs`` (at most so many) and ``misplaced`` (ends earlier at this expected share on the wrong side);
        ``posterior`` where each run has a joint draw of its own.
    """
    base = bases_of(question)[""]
    box = Box(tuple(Side(**each) for each in question["sides"]))
    lots = lots_of(question, [base], [side.name for side in box.sides])
    asked = Asked(study, base, box, question["verdict"], lots)
    searched = search(
        asked, len(box.sides), level=question["level"], runs=question["runs"], misplaced=question["misplaced"],
        seed=base.seed, snap=box.snap,
    )  # fmt: skip
    tables = {"points": _points(box, searched)}
    summary = {"verdict": question["verdict"], "level": question["level"], "sides": box.plain(), **told_over(question)}
    if searched.spent.trials.any():
        held = _planes(box)
        study.progress.stage("the line that theory draws")
        theory = theory_table(study.worlds, base, box, held)
        tables |= {
            "map": _map(box, searched, theory, held, CUTS[question["verdict"]]),
            "line": line_table(searched.surface, box, np.clip(box.central(), 0.0, 1.0)),
        }
        summary |= _summary(box, searched, tables, theory is not None, question)
    else:
        summary |= {"crosses": False, "tipping": []}
    summary |= {
        "misplaced": round(float(searched.misplaced), 6), "misplaced_asked": question["misplaced"],
        "settled": searched.settled, "runs_asked": searched.spent.asked,
        "course": [{"runs": runs, "misplaced": round(float(share), 6)} for runs, share in searched.course],
    }  # fmt: skip
    summary |= {"finding": finding(box, summary), "sentences": sentences(box, summary)}
    runs = Parted(study.place)
    for _ in runs.through(asked.only(asked_runs(study))):
        pass
    return Found(tables, summary, _UNITS, runs)


_PURE = ("plane", "batch", "hits", "trials", "odds", "odds_lo", "odds_hi", "above", "rises", *NAMES)
_UNITS = dict.fromkeys(_PURE, "1") | {"along": "name", "lo": "of the one along", "hi": "of the one along"}


class Asked:
    """Asks the study for runs at points of the unit cube.

    Parameters
    ----------
    lots : Lots
        Gives each run its draw of what is not known.
    """

    def __init__(self, study: OpenStudy, base: Configuration, box: Box, verdict: str, lots: Lots) -> None:
        self._study, self._base, self._box, self._verdict, self._lots = study, base, box, verdict, lots
        self._numbers: dict[bytes, set[int]] = {}
        self._point: dict[bytes, int] = {}
        self._points: dict[bytes, int] = {}

    def __call__(self, points: Array, numbers: Sequence[range]) -> tuple[Array, Array]:
        """Return hits, and runs that came to an end."""
        configurations: dict[bytes, Configuration] = {}
        own: dict[bytes, list[int]] = {}
        for values, each in zip(self._box.values(points), numbers, strict=True):
            configuration = changed(self._base, values)
            # whole numbers: a point may stand there twice
            place = self._points.setdefault(self._study.key_of(configuration), len(self._points))
            for key, (point, mine) in self._lots.groups(self._study, configuration, each).items():
                configurations[key] = point
                own.setdefault(key, []).extend(mine)
                self._point.setdefault(key, place)
        for key, mine in own.items():
            self._numbers.setdefault(key, set()).update(mine)
        keys = complete_each(self._study, list(configurations.values()), list(own.values()))
        first, last = numbers[0].start, numbers[-1].stop
        hits, trials = np.zeros(last - first), np.zeros(last - first)
        for part in frames_each(self._study, keys, list(own.values())):
            ended = part[part["failed"] == ""]
            place = ended["replicate"].to_numpy(np.int64) - first
            trials[place] = 1.0
            hits[place] = ended["verdict"].to_numpy() == self._verdict
        cut: npt.NDArray[np.int64] = np.array([each.start - first for each in numbers])
        return np.add.reduceat(hits, cut), np.add.reduceat(trials, cut)

    def only(self, parts: Iterable[pd.DataFrame]) -> Iterator[pd.DataFrame]:
        """Yield the runs that were asked for: where runs failed, an earlier course may have asked for others."""
        numbers = [self._numbers.get(key, set()) for key in self._study.asked]
        place = np.array([self._point.get(key, -1) for key in self._study.asked])
        for part in parts:
            rows = zip(part["point"], part["replicate"], strict=True)
            kept = part[[replicate in numbers[point] for point, replicate in rows]]
            if len(kept):
                yield kept.assign(point=place[kept["point"]]).reset_index(drop=True)


def _planes(box: Box) -> list[Array]:
    """Return where the sides after the second are held: once, or low, middle and high for the third."""
    origin = np.clip(box.central(), 0.0, 1.0)
    if len(box.sides) < 3:
        return [origin]
    held = np.repeat(origin[None, :], len(_HELD), 0)
    middle = origin[2] if _MIDDLE[0] <= origin[2] <= _MIDDLE[1] else _HELD[1]
    held[:, 2] = (_HELD[0], middle, _HELD[2])
    return list(box.snap(held))


def _points(box: Box, searched: Searched) -> pd.DataFrame:
    """Return where runs were spent, a row a point in the order of asking: values, ``batch``, ``hits``, ``trials``."""
    import pandas as pd

    spent = searched.spent
    frame = pd.DataFrame(box.values(spent.points))
    frame["batch"], frame["hits"], frame["trials"] = spent.batch, spent.hits.astype(int), spent.trials.astype(int)
    names = [side.name for side in box.sides]
    return frame.groupby(names, sort=False, as_index=False).agg({"batch": "first", "hits": "sum", "trials": "sum"})


def _map(
    box: Box, searched: Searched, theory: pd.DataFrame | None, held: Sequence[Array], cuts: Sequence[float]
) -> pd.DataFrame:
    """Return the surface over the first one or two sides, one plane after the other, with theory's numbers."""
    import pandas as pd

    parts = []
    for number, origin in enumerate(held):
        points = lattice(len(box.sides), origin)
        part = map_table(searched.surface, box, points)
        part.insert(0, "plane", number)
        if theory is not None:
            for name in NAMES:
                part[name] = between(theory, box, name, points, number).round(6)
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


def _summary(
    box: Box, searched: Searched, tables: Mapping[str, pd.DataFrame], with_theory: bool, question: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what the surface and theory come to."""
    shown = tables["map"]
    mean = searched.surface.mean(np.concatenate([lattice(len(box.sides), each) for each in _planes(box)]))
    central = box.central()
    summary: dict[str, Any] = {
        "crosses": bool((mean > 0.0).any() and (mean <= 0.0).any()),
        "odds_range": [float(shown["odds"].min()), float(shown["odds"].max())],
        "odds_reach": [float(shown["odds_lo"].min()), float(shown["odds_hi"].max())],
        "share_above": float((mean > 0.0).mean()),
        "tipping": tipping_rows(searched.surface, box),
        "central_inside": bool(((central >= 0.0) & (central <= 1.0)).all()),
    }
    here = map_table(searched.surface, box, np.clip(central, 0.0, 1.0)[None, :]).iloc[0]
    summary["as_it_is"] = {name: float(here[name]) for name in ("odds", "odds_lo", "odds_hi", "above")}
    if with_theory:
        summary["theory"] = agreement(shown, question["verdict"], question["level"])
    return summary
