"""The case that answers and past posts make: a file that ``backfire run case=FILE`` takes.

Central values are the middles of the ranges. Where past posts told something of an input (contraction of a fifth or
more), its range is the 5 to 95 % of what is known afterwards; elsewhere it is the answer's own.
"""

from __future__ import annotations

from typing import Any

from sim.study.intake.reading import Reading

_DIGITS = 4


def case_of(reading: Reading, name: str) -> dict[str, Any]:
    """Return the content of the case file.

    Parameters
    ----------
    name : str
        Id of the case.
    """
    answers = reading.answers
    ranges = {key: tuple(round(end, _DIGITS) for end in span) for key, span in answers.ranges.items()}
    sources = dict(answers.sources)
    for key, span in reading.narrowed.items():
        before = ranges[key]
        ranges[key] = tuple(round(end, _DIGITS) for end in span)
        assert reading.history is not None
        kind, _, rest = sources[key].partition(": ")
        sources[key] = (
            f"derived: {reading.history.posts} posts of your own, before them {before[0]:g} to {before[1]:g} ({rest})"
        )
    values: dict[str, Any] = {**answers.sets, **{key: round(sum(span) / 2.0, _DIGITS) for key, span in ranges.items()}}
    content: dict[str, Any] = {
        "case": {
            "id": name, "title": "A post of your own", "standing": "own", "family": "own",
            "summary": "A post that has not gone out yet. Its inputs are answers to twelve questions.",
            "sources": {key: sources[key] for key in values},
            "ranges": {key: list(span) for key, span in ranges.items()},
        }
    }  # fmt: skip
    for key, value in values.items():
        section, _, leaf = key.partition(".")
        content.setdefault(section, {})[leaf] = value
    return content


def as_text(content: dict[str, Any], command: str) -> str:
    """Return the file's text."""
    import yaml

    head = (
        "# A post of your own, as you described it; written by backfire intake.\n"
        f"# {command}\n"
        "# Ranges are what is not known yet: narrow them where you know better, and give the source.\n"
    )
    return head + yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=120)
