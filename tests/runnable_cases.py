"""Which cases of the catalogue a test may run.

Fresh cases are predicted once, after posterior, verdict rules and predictions are frozen; until then nothing runs them,
at any size, so that nothing can be shaped on them.
"""

from __future__ import annotations

from sim.catalogue.registry import list_cases

PREDICTIONS_ARE_FROZEN = False
RUNNABLE = tuple(line.id for line in list_cases() if PREDICTIONS_ARE_FROZEN or line.standing != "fresh")
