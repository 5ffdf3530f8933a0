"""What a sweep is, and what it leaves in its folder: the design, a row a run, a row a point, a summary.

Tables are written by parts, so that memory does not grow with the number of runs; the content hash of the runs
is over those parts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.catalogue.groups import GROUPS
from sim.config.root import Configuration, validated
from sim.outcome.verdict import VERDICTS, odds_interval
from sim.study.design.points import Configurations, Point, points_frame
from sim.study.planned import SHAPES_BELOW, Found, generated, plain_rows
from sim.study.store.parted import Parted
from sim.study.sweep.finding import finding, is_grid, numbers_among
from sim.study.sweep.theory import theory_table
from sim.study.sweeping import OpenStudy, complete, frames_of

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Sweep:
    """The points of a sweep.

    Attributes
    ----------
    design : dict
        Its ``kind``, and the settings that it was made with.
    bases : dict of str to Configuration
        What the points' single values are set upon, by the chosen files of groups that vary.
    points : list of Point
    """

    design: dict[str, Any]
    bases: dict[str, Configuration]
    points: list[Point]

    @property
    def factors(self) -> list[str]:
        """Names of what varies."""
        return list(self.points[0].values)

    @property
    def configurations(self) -> Configurations:
        """The points' configurations."""
        return Configurations(self.points)

    def plain(self) -> dict[str, Any]:
        """Return all of it as plain values."""
        return {
            "design": self.design,
            "bases": {name: base.model_dump(mode="json") for name, base in self.bases.items()},
            "points": [dict(point.values) for point in self.points],
        }


def base_name(values: Mapping[str, Any]) -> str:
    """Return the name of the base of a point: its chosen files, empty where no group varies."""
    return ", ".join(f"{name}={value}" for name, value in values.items() if name in GROUPS)


def sweep_from(plain: Mapping[str, Any]) -> Sweep:
    """Return the sweep that a question holds."""
    bases = {name: validated(raw) for name, raw in plain["bases"].items()}
    return Sweep(plain["design"], bases, [Point(values, bases[base_name(values)]) for values in plain["points"]])


def run_tables(study: OpenStudy, sweep: Sweep, keys: Sequence[bytes], replicates: int) -> Iterator[pd.DataFrame]:
    """Yield the runs of a sweep part by part, the design's values as columns.

    Parameters
    ----------
    keys : sequence of bytes
        Of the points, from :func:`sim.study.sweeping.complete`.
    """
    values = points_frame(sweep.points).drop(columns="point")
    for part in frames_of(study, keys, replicates):
        for place, name in enumerate(values.columns):
            part.insert(1 + place, name, values[name].to_numpy()[part["point"]])
            part[name] = part[name].astype(values[name].dtype)
        yield part


_UNITS = {"first_response": "1", "reproduction_eigenvalue": "messages per message"}


class Tally:
    """Counts verdicts of points, part by part.

    Parameters
    ----------
    sweep : Sweep
    """

    def __init__(self, sweep: Sweep) -> None:
        self._sweep = sweep
        self._hits: list[dict[str, int]] = [{} for _ in sweep.points]

    def take(self, part: pd.DataFrame) -> None:
        """Count a part."""
        word = part["verdict"].where(part["failed"] == "", "failed")
        for (place, name), count in part.groupby(["point", word.to_numpy()]).size().items():
            self._hits[place][name] = self._hits[place].get(name, 0) + int(count)

    def table(self) -> pd.DataFrame:
        """Return one row a point: its values, ``runs`` that came to an end, ``failed``, odds with their intervals."""
        import pandas as pd

        rows = []
        for hits in self._hits:
            ended = sum(hits.get(name, 0) for name in VERDICTS)
            row: dict[str, Any] = {"runs": ended, "failed": hits.get("failed", 0)}
            for name in VERDICTS:
                low, high = odds_interval(hits.get(name, 0), ended) if ended else (float("nan"), float("nan"))
                row |= {
                    name: hits.get(name, 0) / ended if ended else float("nan"),
                    f"{name}_lo": low,
                    f"{name}_hi": high,
                }
            rows.append(row)
        return pd.concat([points_frame(self._sweep.points), pd.DataFrame(rows)], axis=1)


_SIZE = "people.n_followers"
_TOLD = 1000
"""A summary holds the odds of at most so many points; all stand in ``points.parquet``."""


def summary_of(sweep: Sweep, points: pd.DataFrame, question: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``summary.json`` of a sweep."""
    # a loaded graph has the rows of its file, which stand in what all studies say
    sizes = [each.people.n_followers for each in sweep.bases.values() if not each.network.from_file]
    if _SIZE in points:
        sizes = [int(size) for size in points[_SIZE]]
    return {
        **({"followers": max(sizes)} if sizes else {}),
        "shapes_only": any(map(generated, sweep.bases.values())) and max(sizes) < SHAPES_BELOW,
        "design": sweep.design["kind"], "factors": sweep.factors, "replicates": question["replicates"],
        "runs": int(points["runs"].sum()), "failed": int(points["failed"].sum()), "figure": question["figure"],
        "centre": question["centre"],
        "finding": finding(points, sweep.factors, question["centre"], sweep.design["kind"]),
        "n_points": len(points), "points": plain_rows(points.head(_TOLD)),
    }  # fmt: skip


def found(study: OpenStudy, question: Mapping[str, Any]) -> Found:
    """Carry out a sweep: every point with the same luck, then the odds at each.

    Parameters
    ----------
    study : OpenStudy
    question : mapping
        :meth:`Sweep.plain`, ``replicates``, ``centre`` (what each factor is where it does not vary) and ``figure``.
    """
    sweep, replicates = sweep_from(question), int(question["replicates"])
    keys = complete(study, sweep.configurations, replicates)
    runs, tally = Parted(study.place), Tally(sweep)
    for part in runs.through(run_tables(study, sweep, keys, replicates)):
        tally.take(part)
    points = tally.table()
    tables = {"points": points}
    axes = numbers_among(points, sweep.factors)
    if 1 <= len(axes) == len(sweep.factors) <= 2 and is_grid(points, axes):
        tables["theory"] = theory_table(study, sweep.points, points, axes)
    return Found(tables, summary_of(sweep, points, question), _UNITS, runs)
