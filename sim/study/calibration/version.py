"""Which model a reference table or a posterior was made with; one of another model is refused.

The version is a hash of the kept event logs and numbers (``tests/regression/baseline.json``): it changes whenever
results move, and only then. ``python -m tests.regression.refresh`` writes it; a test holds both together.
"""

from __future__ import annotations

from sim.errors import StudyError

MODEL_VERSION = "e4f94f2d"


def check_version(what: str, found: object) -> None:
    """Refuse what another version of the model has made.

    Parameters
    ----------
    what : str
        What it is, for the sentence: ``the reference table``, ``the posterior``.
    found : str
        The version that it names.

    Raises
    ------
    StudyError
        It is not this version.
    """
    if found != MODEL_VERSION:
        raise StudyError(
            f"{what} was made with version {found} of the model, and this is version {MODEL_VERSION}: results have "
            "moved since. Make it anew with backfire calibrate, or take the version of Backfire that it came with."
        )
