"""What is not known of a post, its audience, behaviour and past posts, drawn together.

Inputs lie uniformly within what the answers leave open; what no question asks for, within its span in the parameter
table; coefficients are joint draws of the posterior that calibration left. Each column is stratified by itself
(a Latin hypercube) and hangs on the seed, its name and the number of draws alone.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.config.root import Configuration
from sim.outcome.responses import Audiences, answers_of_all, audiences_of, response_shares
from sim.reaction.actions import ASK, COEFFICIENTS
from sim.study.intake.history import History
from sim.study.intake.questions import Range, ordinary
from sim.study.run.inputs import uncertain_inputs

Numbers = npt.NDArray[np.float64]
Columns = dict[str, Numbers]
_ENOUGH, _FEW = 256, 128
"""People who stand for an audience: rates are met to 3 %; fewer where audiences are compared, each by the same ones."""
PLACES = tuple(f"history.{name}" for name in ASK)
"""Where the ordinary posts of a history lie within their ranges, 0 to 1, the same place for all of them."""


@dataclass(frozen=True)
class Universal:
    """Joint draws of what is the same for every campaign, with their weights.

    Attributes
    ----------
    columns : dict of str to float64[draws]
        By dotted name.
    weights : float64[draws]
        They sum to one.
    """

    columns: Columns
    weights: Numbers


def unasked(base: Configuration, ranges: Mapping[str, Range]) -> dict[str, Range]:
    """Return the spans of what is not known of people and post, and no answer is about."""
    return {
        each.name: (each.low, each.high)
        for each in uncertain_inputs(base)
        if each.name.startswith(("people.", "post.")) and each.name not in ranges
    }


def drawn(ranges: Mapping[str, Range], universal: Universal, size: int, seed: int) -> Columns:
    """Return draws of inputs, coefficients and of what is unknown of a history: float64[size] by name."""
    columns = {name: low + (high - low) * _strata(name, size, seed) for name, (low, high) in ranges.items()}
    columns |= {name: _strata(name, size, seed) for name in PLACES}
    upto = np.cumsum(universal.weights)
    rows = np.searchsorted(upto / upto[-1], _strata("universal", size, seed))
    rows = np.minimum(rows, len(upto) - 1)
    return columns | {name: values[rows] for name, values in universal.columns.items()}


def _strata(name: str, size: int, seed: int) -> Numbers:
    """Return one uniform number in each of ``size`` equal parts of [0, 1), shuffled."""
    generator = np.random.default_rng([seed, zlib.crc32(name.encode())])
    return (generator.permutation(size) + generator.random(size)) / size


def coefficients_of(columns: Mapping[str, Numbers], base: Configuration, size: int) -> Numbers:
    """Return the coefficients of each draw: float64[size, 13]."""
    return np.stack([
        np.asarray(columns.get(f"reaction.{name}", np.full(size, float(getattr(base.reaction, name)))))
        for name in COEFFICIENTS
    ], axis=1)  # fmt: skip


def ask_of(columns: Mapping[str, Numbers], base: Configuration, size: int) -> Numbers:
    """Return the post that is described: float64[size, 6]."""
    return np.stack([
        np.asarray(columns.get(f"post.{name}", np.full(size, float(getattr(base.post, name))))) for name in ASK
    ], axis=1)  # fmt: skip


def crowds_of(columns: Mapping[str, Numbers], base: Configuration) -> Audiences:
    """Return the audience of each draw."""
    return audiences_of(
        base.people, {name.removeprefix("people."): each for name, each in columns.items() if name[:7] == "people."}
    )


def past_asks(kinds: tuple[tuple[str, str, str], ...], columns: Mapping[str, Numbers]) -> Numbers:
    """Return the posts of a history by kind: float64[draws, kinds, 6]."""
    usual = ordinary()
    of_kinds = []
    for ask, closeness, openness in kinds:
        spans = {**usual.ranges, **usual.asks[ask]}
        if closeness:
            spans["salience"] = usual.closeness[closeness]
        if openness:
            spans["openness"] = usual.openness[openness]
        of_kinds.append(
            np.stack([
                spans[name][0] + (spans[name][1] - spans[name][0]) * columns[place]
                for name, place in zip(ASK, PLACES, strict=True)
            ], axis=1)
        )  # fmt: skip
    return np.stack(of_kinds, axis=1)


def rates_of(history: History, columns: Columns, base: Configuration) -> Numbers:
    """Return what each kind of past post would have brought an impression: float64[draws, kinds, 3]."""
    size = len(columns[PLACES[0]])
    coefficients, asks = coefficients_of(columns, base, size), past_asks(history.kinds, columns)
    return response_shares(coefficients, asks, crowds_of(columns, base), base.people, _ENOUGH)


def response_to_the_post(columns: Mapping[str, Numbers], base: Configuration, size: int) -> tuple[Numbers, Numbers]:
    """Return how followers respond to the post, float64[size, 3], and how all answer a message, float64[size, 4]."""
    coefficients, ask, crowds = (
        coefficients_of(columns, base, size),
        ask_of(columns, base, size),
        crowds_of(columns, base),
    )
    first = response_shares(coefficients, ask[:, None, :], crowds, base.people, _FEW)[:, 0, :]
    return first, answers_of_all(coefficients, ask, crowds, base.people, _FEW)
