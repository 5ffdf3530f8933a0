"""Hand-worked campaigns are held against both drivers."""

from __future__ import annotations

import pytest

from tests.reference.drivers import DRIVERS


@pytest.fixture(params=sorted(DRIVERS))
def simulate(request):
    """Return a function that runs a configuration on given people and follows."""
    return DRIVERS[request.param]
