"""On runs of the engine too, summary and log are two ways to the same numbers."""

from __future__ import annotations

from typing import Any

import pytest

from sim.config.root import Configuration, changed
from sim.engine.run import Run
from sim.engine.world import build_world
from sim.outcome.from_log import measure_log, trending_rate
from sim.outcome.log import content_hash, event_log
from sim.outcome.measures import measure

HEATED = {"people.n_followers": 6_000, "post.openness": 0.9, "post.salience": 0.9, "post.room": 1.0,
          "post.arousal": 0.9, "reaction.b_write": -4.0, "reaction.b_share": -3.5, "horizon_hours": 24}  # fmt: skip
LIVELY = {"feed.ranking": "engagement", "agency.voices": "both", "agency.local_accounts": 3, "post.repeats": 2,
          "post.spread_hours": 5.0, "post.paid_reach": 0.1, "policy.rules": [
              {"move": "engage", "at_minute": 10}, {"move": "amplify", "at_minute": 20},
              {"move": "acknowledge", "counter_share": 0.5}]}  # fmt: skip


@pytest.mark.parametrize("changes", [{}, LIVELY], ids=["plain", "lively"])
def test_log_and_summary_of_a_run_agree(changes: dict[str, Any]) -> None:
    config = changed(Configuration(), {**HEATED, **changes})
    run = Run(build_world(config), replicate=1, record="log")
    run.advance(config.minutes)
    record = run.record()
    run.close()
    summary, log = measure(record), event_log(record)
    assert summary["messages"] > 100
    assert summary["trending_minute"] is not None
    assert measure_log(log, record.n, record.minutes, trending_rate(config, record.n)) == summary
    assert content_hash(log) == content_hash(event_log(record))
