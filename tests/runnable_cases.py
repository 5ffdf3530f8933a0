"""Which cases of the catalogue a test may run.

Fresh cases are predicted once, after posterior, verdict rules and predictions are frozen; until then nothing runs them,
at any size, so that nothing can be shaped on them.
"""

from __future__ import annotations

from sim.catalogue.registry import list_cases
from sim.study.validation.frozen import read_frozen
from sim.study.validation.rules import home

FROZEN = {name for each in read_frozen(home()) for name in each["cases"]}
RUNNABLE = tuple(line.id for line in list_cases() if line.standing != "fresh" or line.id in FROZEN)
