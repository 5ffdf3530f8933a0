"""Planted faults are caught: what the twin is worth."""

from __future__ import annotations

import pytest

from tests.reference.faults import FAULTS, RULE_FAULTS
from tests.reference.mutations import SURVIVED, caught_by_twin, changed_text, copied, main, plant

FEW = (
    "acknowledging incites instead of soothing",
    "feeds age from the next minute on",
    "whether a message is seen depends on the row, not the key",
    "an early wake-up is dropped",
)


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    """Return a copy in which every fault of the engine is planted."""
    folder = copied(tmp_path_factory.mktemp("planted"))
    plant(folder)
    return folder


def test_every_fault_finds_its_place(planted, tmp_path):
    copied(tmp_path)
    for fault, test in RULE_FAULTS:
        changed_text(tmp_path, fault, fault.wrong)
        assert (tmp_path / "tests" / "unit" / f"{test}.py").exists()
    assert len({fault.name for fault in FAULTS}) == len(FAULTS) > 20
    with pytest.raises(ValueError, match="stands 0 times in"):
        changed_text(planted, FAULTS[0], "")


def test_a_sign_a_minute_a_key_and_a_dropped_waking_are_caught(planted):
    names = [fault.name for fault in FAULTS]
    numbers = [0, *(names.index(name) + 1 for name in FEW)]
    said = dict(caught_by_twin(planted, numbers))
    assert said.pop(0) == SURVIVED
    assert len(said) == len(FEW)
    assert SURVIVED not in said.values(), said


@pytest.mark.slow
def test_no_planted_fault_survives():
    assert main([]) == 0
