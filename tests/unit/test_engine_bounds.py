"""Compiled code does not check its indices; a process that does runs the same campaigns."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]


def checked_runs(count: int, cache: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tests.checked_runs", str(count)],
        cwd=CHECKOUT, env=os.environ | {"BACKFIRE_CACHE": str(cache)} | environment,
        capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("count", [30, pytest.param(1500, marks=pytest.mark.slow)])
def test_every_index_lies_inside_its_array(count, tmp_path):
    done = checked_runs(count, tmp_path, NUMBA_BOUNDSCHECK="1")
    assert done.returncode == 0, done.stderr[-2000:]
    grown = re.search(r"stores grew (\d+) times", done.stdout)
    assert grown and int(grown[1]) > count
