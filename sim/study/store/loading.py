"""A study's folder as tidy frames: one line to read results again, with the unit of each column."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.config.paths import path_of
from sim.config.root import Configuration
from sim.engine.record import FRAMES
from sim.errors import StudyError
from sim.outcome.units import UNITS
from sim.outcome.verdict import VERDICTS
from sim.study.run.inputs import fields
from sim.study.store.contents import damages
from sim.study.store.folder import SUMMARY, read_json, whole
from sim.study.store.one_run import frame_of, manifest_of

if TYPE_CHECKING:
    import pandas as pd

_MORE = {"seconds": "seconds", "minute": "minutes", "minutes": "minutes", "runs": "runs",
         "trending": "1 while it trends", **dict.fromkeys(("reached", "followed", "unfollowed"), "followers"),
         **{f"{what}_{frame}": "messages" for what in ("originals", "shares", "observed") for frame in FRAMES},
         **{f"impressions_{frame}": "impressions" for frame in FRAMES},
         **{f"{frame}_{end}": "messages an hour" for frame in FRAMES for end in ("lo", "mid", "hi")},
         **dict.fromkeys(VERDICTS, "1")}  # fmt: skip
_NAMES = ("name", "option", "point", "draw", "graph", "replicate", "node", "parent", "frame", "case", "policy",
          "people", "network", "post", "reaction", "feed", "newsroom", "agency")  # fmt: skip
_ENDS = ("_lo", "_hi", "_mid", "_difference", "_difference_lo", "_difference_hi")


@dataclass(frozen=True)
class Loaded:
    """A study, read from its folder.

    Attributes
    ----------
    folder : Path
    kind : str
        ``run``, ``compare``, or one of :data:`sim.study.planned.KINDS`.
    manifest, summary : dict
    frames : mapping of str to DataFrame
        Every table of the folder by the name of its file, read when it is first asked for;
        ``frame.attrs["units"]`` gives units by column, ``1`` for pure numbers and ``name`` for what tells rows apart.
    """

    folder: Path
    kind: str
    manifest: dict[str, Any]
    summary: dict[str, Any]
    frames: Mapping[str, pd.DataFrame]

    @property
    def runs(self) -> pd.DataFrame:
        """One row a run.

        Raises
        ------
        StudyError
            The study made no runs: it read those of another one, or a table.
        """
        if "runs" not in self.frames:
            raise StudyError(f"{str(self.folder)!r} holds a study of kind {self.kind!r}, which has no runs of its own.")
        return self.frames["runs"]

    @property
    def points(self) -> pd.DataFrame:
        """One row a point of a sweep, with the odds of each verdict.

        Raises
        ------
        StudyError
            The study has no points.
        """
        if "points" not in self.frames:
            raise StudyError(f"{str(self.folder)!r} holds a study of kind {self.kind!r}, which has no points.")
        return self.frames["points"]


def load(folder: str | Path) -> Loaded:
    """Read a finished study.

    Parameters
    ----------
    folder : path
        For example ``results/my_nypd``.

    Raises
    ------
    StudyError
        No study, one that is not finished, or files that are missing or damaged.
    """
    place = path_of(str(folder))
    manifest = manifest_of(place)
    with whole(place):
        wrong = damages(place, manifest)
        if wrong:
            raise StudyError(f"{str(place)!r}: {'; '.join(wrong.values())}. Carry it out again with fresh=true.")
        frames = Frames(place, manifest)
        return Loaded(place, str(manifest["kind"]), manifest, read_json(place / SUMMARY), frames)


class Frames(Mapping[str, "pd.DataFrame"]):
    """The tables of a study's folder, each read when it is first asked for: a page needs few of them.

    Parameters
    ----------
    place : Path
    manifest : dict
    """

    def __init__(self, place: Path, manifest: Mapping[str, Any]) -> None:
        self._place = place
        self._units = own_outcomes(manifest) | manifest.get("units", {})
        self._read: dict[str, pd.DataFrame] = {}
        self._names = sorted(path.stem for path in place.glob("*.parquet"))

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._names:
            raise KeyError(name)
        if name not in self._read:
            frame = frame_of(self._place / f"{name}.parquet")
            own = {column: unit for column, unit in self._units.items() if column in frame}
            frame.attrs["units"] = units_of(frame) | own
            self._read[name] = frame
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def own_outcomes(manifest: Mapping[str, Any]) -> dict[str, str]:
    """Return the units of the outcomes of the user's own that a run or a comparison names."""
    several = [manifest.get("configuration"), *manifest.get("configurations", {}).values()]
    return {name: unit for each in several if each for name, unit in each.get("outcomes", {}).items()}


def units_of(frame: pd.DataFrame) -> dict[str, str]:
    """Return the unit of each column whose unit is known."""
    parameters = {field.name: field.unit for field in fields(Configuration())}
    known = parameters | dict.fromkeys(_NAMES, "name") | UNITS | _MORE
    found = {}
    for name in frame.columns:
        plain = name
        for end in sorted(_ENDS, key=len, reverse=True):
            plain = plain.removesuffix(end) if plain.removesuffix(end) in known else plain
        if name == "failed":  # a sentence of a run, a number of a point
            found[name] = "runs" if frame[name].dtype.kind == "i" else "text"
        elif plain.startswith("fired_"):
            found[name] = "minutes"
        elif plain in known:
            found[name] = known[plain]
    return found
