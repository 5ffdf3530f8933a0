"""The rules of the back-test, as they were stated beforehand: ``conf/backtest/rules.yaml``, checked."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable

from sim.config.fields import Real, Section, Whole, param
from sim.config.root import validated
from sim.errors import ConfigError

RULES, FROZEN = "rules.yaml", "frozen.json"


class Rules(Section):
    """What counts; each number as ``stated`` says it in words."""

    draws: Whole = param(..., "draws", "Joint draws of coefficients and coded inputs a case", low=2, high=100_000)
    replicates: Whole = param(..., "runs", "Runs of each draw", low=1, high=1000)
    graphs: Whole = param(..., "graphs", "People and graphs that a case's draws share", low=1, high=1000)
    interval: Real = param(..., "1", "Weight of a predictive interval", low=0.5, high=0.999)
    confidence: Real = param(..., "1", "Level of intervals of shares of cases", low=0.5, high=0.999)
    least_defined: Real = param(..., "1", "Share of the runs that must have a quantity", above=0.0, high=1.0)
    line_cases: Real = param(..., "cases", "Cases added on each side of the one-line rule", above=0.0, high=100.0)
    counts_as_validation: list[str] = param(..., "standings", "Standings that count as validation")
    chooses_the_line: list[str] = param(..., "standings", "Standings that the one-line rule is chosen on")
    stated: list[str] = param(..., "sentences", "The rules in words")

    @property
    def ends(self) -> tuple[float, float]:
        """The places of a predictive interval's ends."""
        return (1.0 - self.interval) / 2, (1.0 + self.interval) / 2


@dataclass(frozen=True)
class RulesFile:
    """The rules and the bytes that they were read from.

    Attributes
    ----------
    rules : Rules
    sha256 : str
    """

    rules: Rules
    sha256: str


def home() -> Traversable:
    """Return the folder of the rules and of what is frozen."""
    return files("sim.conf") / "backtest"


def read_rules(folder: Traversable | None = None) -> RulesFile:
    """Return the rules that were stated.

    Raises
    ------
    ConfigError
        There is no such file, or a rule cannot be.
    """
    import yaml

    path = (home() if folder is None else folder) / RULES
    try:
        raw = path.read_bytes()
        content = yaml.safe_load(raw)
    except FileNotFoundError:
        raise ConfigError(f"{path} is missing; the back-test has no rules without it.") from None
    except yaml.YAMLError as problem:
        raise ConfigError(f"{path} cannot be read: {str(problem).splitlines()[0]}.") from None
    if not isinstance(content, dict):
        raise ConfigError(f"{path} must hold the rules by name; got {type(content).__name__}.")
    return RulesFile(validated(content, Rules), hashlib.sha256(raw).hexdigest())
