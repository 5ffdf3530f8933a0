"""Outcomes of the user's own: numbers that their functions read off a run (``docs/extending.md``)."""

from __future__ import annotations

from sim.config.own import chosen
from sim.config.root import Configuration
from sim.engine.record import RunRecord
from sim.errors import BackfireError
from sim.outcome.measures import Outcome

GIVEN = ("record", "measures", "configuration")
"""What an outcome of one's own is given, by name."""


class OwnOutcomeFailed(BackfireError):
    """An outcome of the user's own failed on a run."""


def measure_own(record: RunRecord, measures: Outcome, configuration: Configuration) -> Outcome:
    """Return the outcomes that a configuration's own functions give.

    Parameters
    ----------
    measures : dict
        What :func:`sim.outcome.measures.measure` gives of the same run.

    Raises
    ------
    OwnOutcomeFailed
        A function raised an error, or gave neither a number nor None.
    """
    given = {"record": record, "measures": dict(measures), "configuration": configuration}
    found: Outcome = {}
    for own in chosen({"outcomes": configuration.outcomes}, "outcome", configuration.extensions):
        try:
            value = own.function(*(given[name] for name in own.arguments))
            found[own.name] = None if value is None else float(value)
        except Exception as problem:
            said = " ".join(f"{type(problem).__name__}: {problem}".split())[:200].rstrip(".")
            wrong = own.wrong(f"{own.name} failed ({said}); give a number, or None where it is undefined.",
                              own.line_of(problem))  # fmt: skip
            raise OwnOutcomeFailed(str(wrong)) from problem
    return found
