"""The posterior that ships: joint draws of the universal parameters, by both methods, and what made them.

``posterior.parquet`` has a row a draw: ``method``, ``draw`` and the parameters by dotted name; all draws of a method
weigh the same. ``posterior.json`` names the model's version, the table's hash, settings, priors, contraction, coverage
and which method is the default.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import as_file
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.catalogue.groups import folder
from sim.config.reaction import LOGIT
from sim.config.root import Configuration
from sim.errors import ConfigError, StudyError
from sim.study.calibration.version import MODEL_VERSION, check_version
from sim.study.calibration.weighted import Floats

if TYPE_CHECKING:
    import pandas as pd

DRAWS, TOLD = "posterior.parquet", "posterior.json"
SCHEMA = 1
JOINT = "posterior"
"""What the choice of joint draws is keyed by."""


@dataclass(frozen=True)
class Joint:
    """Joint draws of universal parameters, all of the same weight.

    Attributes
    ----------
    names : tuple of str
        Dotted.
    values : float64[draws, parameters]
    sha256 : str
        Of the draws' content.
    told : dict
        What ``posterior.json`` tells.
    """

    names: tuple[str, ...]
    values: Floats
    sha256: str
    told: dict[str, Any]

    def chosen(self, draws: int, seed: int) -> Floats:
        """Return as many joint draws: float64[draws, parameters].

        Which ones depends on the seed and the draw's number alone, and they are spread evenly over the posterior's
        draws, so that another uncertain input moves none of them.
        """
        from sim.study.run.draws import strata  # late: it is compiled, and a command's words are checked before

        return self.values[(strata(JOINT, draws, seed) * len(self.values)).astype(np.int64)]

    def of_replicate(self, number: int, seed: int) -> dict[str, float]:
        """Return the joint draw of a replicate, by name: the same number has the same draw in every configuration.

        All draws are used once before one is used again; the seed says with which to begin.
        """
        from sim.study.run.draws import strata

        count = len(self.values)
        first = int(strata(JOINT, 1, seed)[0] * count)
        row = self.values[(first + number * _coprime(count)) % count]
        return {name: float(value) for name, value in zip(self.names, row, strict=True)}


def _coprime(count: int) -> int:
    """Return a step near the golden section of a count that visits all of it."""
    step = max(1, round(count * 0.6180339887498949))
    while np.gcd(step, count) != 1:
        step += 1
    return step


def home() -> Traversable:
    """Return the folder that ships posterior and table."""
    return folder("posterior")


def is_shipped() -> bool:
    """Tell whether a posterior of this version of the model ships."""
    place = home()
    if not ((place / DRAWS).is_file() and (place / TOLD).is_file()):
        return False
    told = json.loads((place / TOLD).read_text(encoding="utf-8"))
    return bool(told.get("model") == MODEL_VERSION)


def shipped(sha256: str | None = None) -> Joint:
    """Return the posterior that ships, by its default method.

    Parameters
    ----------
    sha256 : str, optional
        The one that a study was made with.

    Raises
    ------
    StudyError
        There is none, it is of another version of the model, or not the one that is asked for.
    """
    place = home()
    if not ((place / DRAWS).is_file() and (place / TOLD).is_file()):
        raise StudyError(
            "uncertainty=posterior needs a posterior, and none ships with this version: backfire calibrate makes one; "
            "or give uncertainty=prior."
        )
    told = json.loads((place / TOLD).read_text(encoding="utf-8"))
    check_version("The posterior", told.get("model"))
    with as_file(place / DRAWS) as path:
        joint = _joint(path, path.stat().st_mtime_ns, told["default"], json.dumps(told))
    if sha256 is not None and joint.sha256 != sha256:
        raise StudyError(
            f"This study drew from the posterior {sha256[:12]}, and {joint.sha256[:12]} ships with this version; it "
            "cannot be carried out again. Take the version of Backfire that it came with, or begin anew."
        )
    return joint


@lru_cache(maxsize=4)
def _joint(path: Path, changed_at: int, method: str, told: str) -> Joint:
    """Return the draws of one method from a file; ``changed_at`` tells one state of the file from another."""
    import pandas as pd

    from sim.study.store.provenance import content_hash

    frame = pd.read_parquet(path)
    own = frame[frame["method"] == method].drop(columns=["method", "draw"])
    return Joint(tuple(own.columns), own.to_numpy(np.float64), content_hash(frame), json.loads(told))


def draws_frame(draws: Mapping[str, Floats], names: Sequence[str]) -> pd.DataFrame:
    """Return ``posterior.parquet``: the draws of each method, one after the other, in single precision."""
    import pandas as pd

    parts = []
    for method, values in draws.items():
        part = pd.DataFrame(values.astype(np.float32), columns=list(names))
        part.insert(0, "method", pd.array([method] * len(part), dtype="str"))
        part.insert(1, "draw", np.arange(len(part), dtype=np.int32))
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


def speaks_of(configuration: Configuration) -> bool:
    """Tell whether the posterior speaks of a configuration: of the built-in rule of reaction alone."""
    return configuration.reaction.rule == LOGIT


def check_speaks_of(configuration: Configuration) -> None:
    """Refuse the posterior where it has nothing to say.

    Raises
    ------
    ConfigError
    """
    if not speaks_of(configuration):
        raise ConfigError(
            f"uncertainty=posterior is for reaction.rule={LOGIT}, which was calibrated; got "
            f"{configuration.reaction.rule!r}. Give uncertainty=prior or none."
        )
