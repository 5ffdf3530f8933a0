"""What is known of the post whose counts are read: a range for each input that the command or its case says of.

A range given stands; a value given stands with the plausible range around it, since how a post reads is coded by people
and who its audience is nobody knows to the digit; a lever without such a range is what it is. Inputs of which nothing
is said are as wide as the reference table.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sim.config.root import Configuration
from sim.study.run.inputs import uncertain_inputs

_DIGITS = 9
"""Decimals of an end that are kept: 0.6 - 0.2 is 0.4."""


def ranges_of(
    configuration: Configuration, given: Mapping[str, tuple[float, float]], names: Collection[str]
) -> dict[str, list[float]]:
    """Return what is known of a post: ``[low, high]`` by input.

    Parameters
    ----------
    configuration : Configuration
    given : mapping of input to (low, high)
        Ranges that the command itself gives.
    names : collection of str
        Inputs that the reference table varies.
    """
    around = {item.name: [item.low, item.high] for item in uncertain_inputs(configuration)}
    found = {}
    for name in sorted(names):
        section, _, leaf = name.partition(".")
        if name in given:
            ends = [float(end) for end in given[name]]
        elif leaf in getattr(configuration, section).model_fields_set:
            value = float(getattr(getattr(configuration, section), leaf))
            ends = around.get(name, [value, value])
        else:
            continue
        found[name] = [round(end, _DIGITS) for end in ends]
    return found
