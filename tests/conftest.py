"""What holds for all tests: the same examples on every run, and no screen."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

os.environ["MPLBACKEND"] = "Agg"

# the same examples every time, and no deadline: the first call of a kernel compiles it
settings.register_profile(
    "backfire", derandomize=True, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("backfire")

TESTS = Path(__file__).resolve().parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give every test of the statistical tier its marker."""
    for item in items:
        if item.path.is_relative_to(TESTS / "statistical"):
            item.add_marker(pytest.mark.statistical)
