"""What a search for boxes found, in one sentence with its numbers."""

from __future__ import annotations

from collections.abc import Sequence

from sim.study.discovery.boxes import Told
from sim.study.discovery.features import Feature, sentence
from sim.study.discovery.odds import Rate

ENDED = {
    "hijacked": "hijacked", "viral_positive": "viral positively", "contested": "contested", "fizzled": "fizzled"
}  # fmt: skip
"""How a run ended, in words that stand before "in 92 of 100 runs"."""


def finding(verdict: str, told: Sequence[Told], features: Sequence[Feature], overall: Rate | None) -> str:
    """Return the sentence on the first box, or that there is none."""
    ended = ENDED[verdict]
    if overall is None:
        return "No run came to an end."
    if not told:
        return (
            f"No box: nowhere in these spans are runs surely {ended} more often than elsewhere; they are in "
            f"{_of_100(overall.value)} of 100 ({_ends(overall)})."
        )
    first = told[0]
    more = f" {_more(len(told) - 1)}" if len(told) > 1 else ""
    return (
        f"{_capital(sentence(first.box, features))}: {ended} in {_of_100(first.density.value)} of 100 runs "
        f"({_ends(first.density)}, on points held out), against {_of_100(overall.value)} of 100 over all; "
        f"{_of_100(first.coverage)} of 100 such runs lie there.{more}"
    )


def _more(boxes: int) -> str:
    """Return how many boxes there are besides."""
    return "Another box is told below." if boxes == 1 else f"{boxes} more boxes are told below."


def _capital(text: str) -> str:
    """Return a text with its first letter large."""
    return text[:1].upper() + text[1:]


def _of_100(share: float) -> str:
    """Return a share as runs of 100."""
    return f"{100 * share:.0f}"


def _ends(rate: Rate) -> str:
    """Return a rate's interval."""
    low, high = rate.interval
    return f"{_of_100(low)} to {_of_100(high)}"
