"""A run does not depend on the machine's processor: the same bits without fused and wide instructions."""

from __future__ import annotations

import hashlib
import math
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.regression import campaigns
from tests.regression.campaigns import CAMPAIGNS, digest
from tests.regression.contents import contents

CHECKOUT = Path(__file__).resolve().parents[2]
CPU = Path("/proc/cpuinfo")
NARROW = {"GLIBC_TUNABLES": "glibc.cpu.hwcaps=-FMA,-AVX2", "OPENBLAS_CORETYPE": "Prescott"}
HAS_FMA = CPU.exists() and " fma " in CPU.read_text(encoding="utf-8")

# what the C library itself makes of exp, to see that the setting took effect
LIBRARY = """
import hashlib, math
print("library", hashlib.sha256(repr([math.exp(j / 7e4) for j in range(200_000)]).encode()).hexdigest())
"""
RUNS = "import runpy; runpy.run_module('tests.regression.{}', run_name='__main__')\n"


def told(module: str, **environment: str) -> dict[str, str]:
    """Return what a module of this folder prints, by first word."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", LIBRARY + RUNS.format(module)], cwd=CHECKOUT,
        env=os.environ | environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return dict(line.split() for line in done.stdout.splitlines())


def chosen_by_processor() -> str:
    """Return the names of all instructions that NumPy chooses by processor."""
    from numpy._core._multiarray_umath import __cpu_dispatch__

    return " ".join(__cpu_dispatch__)


def test_without_fused_and_wide_instructions_the_log_is_the_same():
    plain = told("campaigns", **NARROW, NPY_DISABLE_CPU_FEATURES=chosen_by_processor())
    library = hashlib.sha256(repr([math.exp(j / 7e4) for j in range(200_000)]).encode()).hexdigest()
    if HAS_FMA:
        assert plain["library"] != library, "the setting has no effect here, so this test would show nothing"
    assert {name: plain[name] for name in CAMPAIGNS} == {name: digest(name) for name in CAMPAIGNS}


def test_without_fused_and_wide_instructions_a_whole_study_has_the_same_content():
    plain = told("contents", **NARROW, NPY_DISABLE_CPU_FEATURES=chosen_by_processor())
    own = contents()
    assert {"people", "graph", "runs", "draws", "options", "bands", "summary", "findings"} <= set(own)
    assert {name: plain[name] for name in own} == own


@pytest.mark.slow
def test_code_compiled_for_any_processor_gives_the_same_log(tmp_path):
    plain = told("campaigns", NUMBA_CPU_NAME="x86-64", NUMBA_CPU_FEATURES="", BACKFIRE_CACHE=str(tmp_path))
    assert {name: plain[name] for name in CAMPAIGNS} == {name: digest(name) for name in CAMPAIGNS}


def test_the_digest_sees_a_single_bit():
    before = digest("cheered", replicates=1)
    grievance = campaigns.world("cheered").population.grievance
    old = grievance[0]
    try:
        grievance[0] = np.nextafter(old, np.float32(1.0))
        assert digest("cheered", replicates=1) != before
    finally:
        grievance[0] = old
    assert digest("cheered", replicates=1) == before
