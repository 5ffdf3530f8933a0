"""What the README claims of speed holds: each section is measured anew, in full; an hour on a quiet machine."""

from __future__ import annotations

import pytest

from benchmarks.cascade_peers import missing
from benchmarks.table import FULL, SECTIONS


@pytest.mark.bench
@pytest.mark.parametrize("section", SECTIONS)
def test_every_target_is_met(section):
    assert section != "cascade" or not missing(), "the peers are not installed: requirements/bench.txt holds them"
    lines = SECTIONS[section](FULL)
    claims = [line for line in lines if line.holds is not None]
    assert claims
    missed = [line for line in claims if not line.holds]
    assert not missed, "\n".join(f"{line.what}: {line.measured}, target {line.target}" for line in missed)
