"""Words that say what varies over a span, and the settings of a study that no configuration holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sim.catalogue.compose import compose
from sim.catalogue.words import read_words
from sim.cli.choices import factors_of
from sim.config.root import Configuration
from sim.errors import ConfigError
from sim.study.sensitivity.inputs import ALL, Varied, varied

if TYPE_CHECKING:
    from sim.cli.keys import StudyKeys

VARY = "vary"


def taken(words: Sequence[str], names: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """Return a command's own settings by name, and the words that are left for the configuration.

    Raises
    ------
    ConfigError
        A setting that is given twice, or is empty.
    """
    own: dict[str, str] = {}
    left: list[str] = []
    for word in words:
        name, equals, value = word.partition("=")
        name = name.strip()
        if name not in names:
            left.append(word)
            continue
        if name in own or not equals or not value.strip():
            raise ConfigError(f"{name} takes one value, as {name}=VALUE, once; got {word!r}.")
        own[name] = value.strip()
    return own, left


def listed(value: str) -> list[str]:
    """Return the parts of a value between commas."""
    return [part.strip() for part in value.strip("[]").split(",") if part.strip()]


def counted(own: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    """Return a setting that counts something.

    Raises
    ------
    ConfigError
        Not a whole number in the range.
    """
    text = own.get(name, str(default))
    if not text.isascii() or not text.isdigit():
        raise ConfigError(f"{name} must be a whole number; got {text!r}.")
    if not least <= int(text) <= most:
        raise ConfigError(f"{name} must lie in [{least}, {most}]; got {text}.")
    return int(text)


def varied_by(words: Sequence[str], own: Mapping[str, str]) -> tuple[Configuration, dict[str, Any], list[Varied]]:
    """Return the configuration of some words, the study's keys, and what varies.

    Parameters
    ----------
    words : sequence of str
        Those left by :func:`taken`; some give intervals.
    own : mapping
        What ``vary`` names; every uncertainty if neither it nor an interval says anything. A parameter that is
        given a value stays there.

    Raises
    ------
    BackfireError
        One clear sentence.
    """
    factors, fixed = factors_of(words)
    for factor in factors:
        if factor.interval is None:
            raise ConfigError(
                f"{factor.name} names several values; what varies here varies over a span: "
                f"{factor.name}=interval(LOW,HIGH). Single values are compared by backfire compare."
            )
    configuration, composed = compose(fixed)
    named = listed(own.get(VARY, "" if factors else ALL))
    return configuration, composed, varied(configuration, named, factors, read_words(fixed).values)


def plan_lines(items: Sequence[Varied]) -> list[str]:
    """Return what varies, a line each."""
    return [f"  {item.name}: {item.low:g} to {item.high:g} ({item.title})" for item in items]


def time_lines(points: Sequence[Configuration], replicates: int, keys: StudyKeys, items: Sequence[Varied]) -> list[str]:
    """Return the time and disk that points take, a few of them tried, and what is not in it."""
    from sim.cli.dry_run import expected
    from sim.study.store.ledger import finished_runs

    total = len(points) * replicates
    done = 0 if keys.fresh else min(total, finished_runs(keys.place))
    lines = [f"{done} of them are there already."] if done else []
    lines.append(expected(points, replicates, total - done, keys))
    if any(item.name.startswith("network.") or item.name == "people.community_share" for item in items):
        lines.append("Points that differ in the network have graphs of their own, whose making comes on top.")
    return lines


def base_of(configuration: Configuration) -> dict[str, Any]:
    """Return the part of a question that holds its one configuration."""
    return {"bases": {"": configuration.model_dump(mode="json")}}
