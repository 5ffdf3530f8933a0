"""One case as a page of text: what was known before the post, what was observed, and what the model should come to."""

from __future__ import annotations

import math
from collections.abc import Iterator
from textwrap import wrap

from sim.config.case import COUNTED, CaseConfig, EarlyCount, Target
from sim.config.root import Configuration

STANDING = {
    "fitted": "the model's coefficients were fitted to it",
    "seen": "the model was shaped on it by hand, or an effect's size was read from it",
    "fresh": "nothing was shaped on it, and it is run once, after its prediction is frozen",
    "own": "a case of one's own",
}
"""What a case is to the model, in words."""

_WIDTH = 110


def case_page(configuration: Configuration) -> list[str]:
    """Return a case as lines of text, its file's own values as they stand."""
    case = configuration.case
    about = ", ".join(each for each in (case.sender, case.date, case.tag) if each)
    shape = " Only the shape of its course is documented." if case.shape_only else ""
    return [
        f"{case.id}: {case.title}",
        *_wrapped(f"{about}. {case.standing.capitalize()}: {STANDING[case.standing]}. Family: {case.family}.{shape}"),
        *_wrapped(" ".join(case.summary.split())),
        *_part("What was known before the post, or is assumed", _inputs(case)),
        *_part("What was observed; never an input", _observed(case)),
        *_part("How it ended", _ended(case)),
        *_part("What the model should come to", [line for target in case.targets for line in _target(case, target)]),
        *_part("Early counts", [line for count in case.early for line in _wrapped(_early(count))]),
    ]


def _part(title: str, lines: list[str]) -> list[str]:
    """Return a part of the page; nothing if there is nothing to say."""
    return ["", title, *lines] if lines else []


def _wrapped(text: str, indent: int = 2) -> list[str]:
    """Return text as lines that a terminal shows whole."""
    blank = " " * indent
    return wrap(text, _WIDTH, initial_indent=blank, subsequent_indent=blank, break_long_words=False,
                break_on_hyphens=False)  # fmt: skip


def _number(value: object) -> str:
    """Return a value as people read it."""
    if isinstance(value, float) and not value.is_integer():
        return f"{value:g}"
    return f"{value:,.0f}" if isinstance(value, (int, float)) and not isinstance(value, bool) else str(value)


def _inputs(case: CaseConfig) -> list[str]:
    """Return each input with its value, its range and its source."""
    lines: list[str] = []
    for name, value in case.inputs.items():
        low, high = case.ranges.get(name, (None, None))
        span = "" if low is None else f", plausibly {low:g} to {high:g}"
        lines.append(f"  {name} = {_number(value)}{span}")
        lines += _wrapped(case.sources.get(name, ""), 6)
    return lines


def _observed(case: CaseConfig) -> list[str]:
    """Return each documented number with its source, and why it is no target."""
    lines: list[str] = []
    for name, seen in case.observed.items():
        value = "" if seen.value is None else f"{_number(seen.value)} "
        lines += _wrapped(f"{name}: {value}{seen.unit}")
        lines += _wrapped("; ".join(each for each in (seen.source, seen.url) if each), 6)
        lines += _wrapped(f"no target: {seen.aside}", 6) if seen.aside else []
    return lines


def _ended(case: CaseConfig) -> list[str]:
    """Return the verdict that the documents support, and why."""
    if case.outcome is None:
        return []
    return _wrapped(f"{case.outcome.verdict or 'no verdict is supported'}. {case.outcome.basis}")


def _target(case: CaseConfig, target: Target) -> Iterator[str]:
    """Yield what bounds one outcome, what it rests on, and how that was read."""
    low, high = case.bounds(target)
    if math.isinf(high):
        bound = f"at least {low:g}"
    else:
        bound = f"at most {high:g}" if math.isinf(low) else f"{low:g} to {high:g}"
    yield f"  {target.name}: {bound}"
    yield from _wrapped(f"of {target.of}; counted: {COUNTED[target.denominator]}", 6)
    if target.note:
        yield from _wrapped(target.note, 6)


def _early(count: EarlyCount) -> str:
    """Return one early count in words."""
    kinds = (("messages", "messages"), ("campaign", "campaign messages"), ("counter", "counter messages"))
    told = [f"{_number(getattr(count, name))} {words}" for name, words in kinds if getattr(count, name) is not None]
    return f"by minute {count.minute:g}: {', '.join(told)} ({count.of})"
