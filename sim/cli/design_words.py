"""The design that a sweep's words choose: ``design=sobol design.points=64``, or the points of a file.

``design.NAME=VALUE`` sets one of the design's own settings, which its file in ``conf/design/`` lists with their
defaults.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sim.catalogue.compose import compose, value_of
from sim.catalogue.groups import choices
from sim.cli.choices import read_value
from sim.cli.experiments import name_of
from sim.config.paths import path_of
from sim.errors import ConfigError, unknown_name
from sim.study.design.designs import DESIGNS, MOST_POINTS, Factor, power_of_two
from sim.study.run.plan import whole_number


@dataclass(frozen=True)
class Chosen:
    """A chosen design.

    Attributes
    ----------
    kind : str
    settings : dict
        Its own settings, checked.
    """

    kind: str
    settings: dict[str, Any]

    def plain(self) -> dict[str, Any]:
        """Return it as plain values; the path of a file moves nothing, its points do."""
        return {"kind": self.kind} | {name: value for name, value in self.settings.items() if name != "path"}

    @property
    def note(self) -> str:
        """A sentence about what was asked for, or nothing."""
        points = self.settings.get("points", 1)
        if self.kind != "sobol" or power_of_two(points):
            return ""
        below, above = 1 << (points.bit_length() - 1), 1 << points.bit_length()
        return (
            f"Note: a Sobol sequence is balanced at powers of two; {points} points are the first of {above}. "
            f"Take design.points={below} or {above}."
        )


def design_of(words: Sequence[str]) -> tuple[Chosen, list[str]]:
    """Return the design that words choose, a grid if none, and the other words.

    Raises
    ------
    ConfigError
        No such design, a setting that it does not have, or a value that cannot be.
    """
    own = [word for word in words if name_of(word) == "design" or name_of(word).startswith("design.")]
    named = [word.partition("=")[2].strip() for word in own if name_of(word) == "design"]
    if len(set(named)) > 1:
        raise ConfigError(f"design is named twice, as {named[0]!r} and {named[1]!r}; name it once.")
    kind = named[0] if named else "grid"
    if kind not in choices("design"):
        raise unknown_name("design", kind, choices("design"))
    settings = {name: value for name, value in compose([f"design={kind}"])[1]["design"].items() if name != "kind"}
    for word in own:
        name = name_of(word)
        if name == "design":
            continue
        if name.removeprefix("design.") not in settings:
            raise unknown_name(f"a setting of design={kind}", name, [f"design.{each}" for each in settings])
        text = word.partition("=")[2].strip()
        settings[name.removeprefix("design.")] = text if name == "design.path" else value_of(name, word)
    for name in settings.keys() & {"points", "levels"}:
        least = 1 if name == "points" else 2
        settings[name] = whole_number(f"design.{name}", settings[name], least, MOST_POINTS)
    return Chosen(kind, settings), [word for word in words if word not in own]


def points_of(chosen: Chosen, factors: Sequence[Factor], seed: int, centre: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the values of each point.

    Parameters
    ----------
    seed : int
        The configuration's.
    centre : mapping
        What each factor is if it does not vary.

    Raises
    ------
    ConfigError
        Factors that the design cannot take, or points of a file that cannot be.
    """
    if chosen.kind == "from_file":
        if factors:
            raise ConfigError(
                f"design=from_file takes all that varies from its file; leave {factors[0].name} out, or give it one "
                "value."
            )
        return file_points(chosen.settings["path"])
    given: dict[str, Any] = dict(chosen.settings)
    if "points" in given:
        given["seed"] = seed
    if chosen.kind == "one_at_a_time":
        given["centre"] = centre
    return DESIGNS[chosen.kind](factors, **given)


def file_points(path: str | None) -> list[dict[str, Any]]:
    """Return the points of a CSV file: a column a group or parameter, a row a point.

    Raises
    ------
    ConfigError
        The file cannot be read, has no rows, an unknown column, a value that cannot be, or a row twice.
    """
    if not path:
        raise ConfigError("design=from_file needs its file: design.path=points.csv, a column a factor, a row a point.")
    try:
        with path_of(path).open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.reader(stream, strict=True)
            lines = [(reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells)]
    except (OSError, UnicodeDecodeError, csv.Error) as problem:
        reason = problem.strerror if isinstance(problem, OSError) else str(problem)
        raise ConfigError(f"design.path cannot be read as CSV, got {path!r}: {reason}.") from None
    if len(lines) < 2:
        raise ConfigError(
            f"design.path must name its factors in line 1 and a point in each other line; {path!r} has none."
        )
    names = [cell.strip() for cell in lines[0][1]]
    for name in names:
        if not name or names.count(name) > 1:
            raise ConfigError(
                f"design.path: each column must have a name of its own; {path!r} has {name!r} twice or none."
            )
    points: list[dict[str, Any]] = []
    for number, cells in lines[1:]:
        if len(cells) != len(names):
            raise ConfigError(f"design.path: line {number} of {path!r} has {len(cells)} cells, not {len(names)}.")
        points.append(_row(path, number, dict(zip(names, cells, strict=True))))
    _distinct(path, [number for number, _ in lines[1:]], points)
    return points


def _row(path: str, number: int, cells: Mapping[str, str]) -> dict[str, Any]:
    """Return one point of a file."""
    try:
        return {name: read_value(name, f"{name}={cell.strip()}") for name, cell in cells.items()}
    except ConfigError as problem:
        raise ConfigError(f"design.path: line {number} of {path!r}: {problem}") from None


def _distinct(path: str, numbers: Sequence[int], points: Sequence[Mapping[str, Any]]) -> None:
    """Refuse a point that stands twice."""
    seen: dict[tuple[str, ...], int] = {}
    for number, point in zip(numbers, points, strict=True):
        first = seen.setdefault(tuple(repr(value) for value in point.values()), number)
        if first != number:
            raise ConfigError(f"design.path: lines {first} and {number} of {path!r} are the same point; name it once.")
