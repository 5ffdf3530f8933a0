"""What ``backfire compare`` asks for, checked whole before anything is written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sim.catalogue.compose import compose
from sim.cli.choices import scenarios
from sim.cli.keys import StudyKeys
from sim.cli.planned import keys_for
from sim.config.root import Configuration
from sim.errors import ConfigError
from sim.study.compare.study import question_of

_OWN = ("until", "margin")
"""Words that ``compare`` reads itself."""


def comparison_keys(words: Sequence[str]) -> tuple[dict[str, Configuration], dict[str, Any], StudyKeys]:
    """Return the configurations that are compared, the question, and the study keys that hold for all of them.

    Parameters
    ----------
    words : sequence of str
        The command's own words.

    Raises
    ------
    BackfireError
        One clear sentence.
    """
    own: dict[str, str] = {}
    for word in words:
        name, _, value = word.partition("=")
        if name in _OWN and own.setdefault(name, value.strip()) != value.strip():
            raise ConfigError(f"{name} is given twice, as {own[name]!r} and {value.strip()!r}; give it once.")
    swept, chosen = scenarios([word for word in words if word.partition("=")[0] not in _OWN])
    configurations: dict[str, Configuration] = {}
    composed: dict[str, Any] = {}
    for name, each in chosen.items():
        configurations[name], composed = compose(each)
    question = question_of(
        configurations, compares=swept, replicates=composed["replicates"], until=own.get("until"),
        margin=_as_number(own["margin"]) if "margin" in own else None, uncertainty=composed["uncertainty"],
    )  # fmt: skip
    case = next(iter(configurations.values())).case.id if swept != "case" else "cases"
    return configurations, question, keys_for("compare", words, composed, question, f"{case}-{swept}")


def _as_number(text: str) -> object:
    """Return a number if the text is one, else the text."""
    try:
        return float(text)
    except ValueError:
        return text
