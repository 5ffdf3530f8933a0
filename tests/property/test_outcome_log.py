"""Summary and log are two ways to the same numbers, for any run."""

from __future__ import annotations

import math
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.engine.record import NEWSROOM_AUTHOR, Kind, RunRecord
from sim.outcome.from_log import measure_log
from sim.outcome.log import ACTIONS, content_hash, event_log
from sim.outcome.measures import measure
from tests.outcome_records import record_of

TREND_RATE = 6.0
BY_ROWS = (Kind.ORIGINAL, Kind.ORIGINAL, Kind.SHARE, Kind.SHARE, Kind.SHARE)
BY_ACCOUNTS = (Kind.POST, Kind.STATEMENT, Kind.ACKNOWLEDGEMENT, Kind.REPLY, Kind.BOOST)
PASSED_ON = (Kind.SHARE, Kind.BOOST)


@st.composite
def runs(draw: st.DrawFn) -> dict[str, Any]:
    """Return what a record is made of: anything that the rules of the record allow."""
    rows = draw(st.integers(1, 40))
    minutes = draw(st.integers(1, 400))
    luck = Random(draw(st.integers(0, 2**32)))
    keys = luck.sample(range(10_000), rows)
    wanted = set()
    for _ in range(draw(st.integers(0, 150))):
        minute = min(minutes - 1, int(luck.expovariate(1 / 60)))
        sender = luck.choices((0, 1, 2), (8, 1, 1))[0]
        who = luck.randrange(rows) if sender == 0 else (-1 - luck.randrange(3) if sender == 1 else NEWSROOM_AUTHOR)
        wanted.add((minute, {0: 2, 1: 0, 2: 1}[sender], keys[who] if sender == 0 else -who, who))
    lean = luck.random()
    lines: list[tuple[int, int, int, Kind, int]] = []
    for minute, _, _, who in sorted(wanted):
        earlier = [i for i, line in enumerate(lines) if line[0] < minute]
        kind = luck.choice(BY_ROWS) if who >= 0 else (luck.choice(BY_ACCOUNTS) if who > NEWSROOM_AUTHOR else Kind.STORY)
        if kind in PASSED_ON and not earlier:
            kind = Kind.ORIGINAL if who >= 0 else Kind.POST
        cause = luck.choice(earlier[-30:] + earlier[:3]) if earlier and kind != Kind.POST else -1
        frame = lines[cause][2] if kind in PASSED_ON else int(luck.random() < lean)
        lines.append((minute, who, frame, kind, cause))
    met = {(luck.randrange(minutes), luck.randrange(rows), luck.randrange(2)) for _ in range(luck.randrange(60))}
    sights = [(m, row, luck.randrange(max(1, len(lines))), f, luck.randrange(1, 9))
              for m, row, f in sorted(met, key=lambda it: (it[0], keys[it[1]], it[2]))]  # fmt: skip
    busy = {(line[0], line[1]) for line in lines}
    turns = {(luck.randrange(minutes), luck.randrange(rows)) for _ in range(luck.randrange(10))} - busy
    follows = [(m, row, luck.random() < 0.5) for m, row in sorted(turns, key=lambda it: (it[0], keys[it[1]]))]
    n = draw(st.sampled_from((rows, 10_000)))
    return {"lines": lines, "n": n, "minutes": minutes, "sights": sights, "follows": follows,
            "trend_rate": TREND_RATE, "keys": [*keys, *range(10_000, 10_000 + n - rows)]}  # fmt: skip


def same(one: object, other: object) -> bool:
    """Tell whether two outcomes agree: exactly, but for the order of sums of means."""
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-12)
    return one == other and type(one) is type(other)


@settings(max_examples=150)
@given(runs())
def test_log_and_summary_give_the_same_outcomes(parts: dict[str, Any]) -> None:
    record = record_of(**parts)
    summary = measure(record)
    from_log = measure_log(event_log(record), record.n, record.minutes, TREND_RATE)
    assert set(summary) == set(from_log)
    assert {name: (value, from_log[name]) for name, value in summary.items() if not same(value, from_log[name])} == {}


@given(runs())
def test_the_log_is_in_order_and_holds_every_event_once(parts: dict[str, Any]) -> None:
    record = record_of(**parts)
    log = event_log(record)
    assert len(log) == len(parts["lines"]) + len(parts["sights"]) + len(parts["follows"])
    phase = {"story": 1, "see": 2, "share": 3, "write": 3, "follow": 3, "unfollow": 3}
    order = [
        (row.minute, phase.get(row.action, 0), int(record.keys[row.follower]) if row.follower >= 0 else row.message,
         row.frame)
        for row in log.itertuples()
    ]  # fmt: skip
    assert order == sorted(order)
    assert log.attrs["schema"] == 1
    assert list(log["action"].cat.categories) == list(ACTIONS)


@settings(max_examples=60)
@given(runs(), st.integers(0, 2**32))
def test_the_order_of_messages_within_a_minute_changes_no_count(parts: dict[str, Any], seed: int) -> None:
    luck = Random(seed)
    lines = parts["lines"]
    order = sorted(range(len(lines)), key=lambda i: (lines[i][0], luck.random()))
    place = {old: new for new, old in enumerate(order)}
    turned = [(*lines[old][:4], place[lines[old][4]] if lines[old][4] >= 0 else -1) for old in order]
    plain, mixed = measure(record_of(**parts)), measure(record_of(**{**parts, "lines": turned}))
    # ties among the most shared, and which message came first, go by number
    by_number = ("hijack_share_top20", "counter_share_first")
    assert {name for name in plain if not same(plain[name], mixed[name]) and not name.startswith(by_number)} == set()


@given(runs())
def test_outcomes_keep_within_their_bounds(parts: dict[str, Any]) -> None:
    record: RunRecord = record_of(**parts)
    row = measure(record)
    shares = [value for name, value in row.items() if "share" in name and value is not None]
    assert all(0 <= value <= 1 for value in shares)
    assert row["participants"] <= row["messages"]
    assert row["peak_messages_per_hour"] <= row["messages"]
    if row["structural_virality"] is not None:
        assert 2 * 19 / 20 <= row["structural_virality"] <= (row["cascade_size"] + 1) / 3 + 2
    if row["takeover"]:
        assert row["messages"] >= 10
        assert row["takeover_minutes"] + 59 < record.minutes
    for cause in ("campaign", "counter"):
        if row[f"reproduction_{cause}"] is not None:
            parts_of = row[f"reproduction_{cause}_to_campaign"] + row[f"reproduction_{cause}_to_counter"]
            assert row[f"reproduction_{cause}"] == pytest.approx(parts_of)


@settings(max_examples=30)
@given(runs(), st.data())
def test_the_hash_moves_with_any_value(parts: dict[str, Any], data: st.DataObject) -> None:
    log = event_log(record_of(**parts))
    same_again = event_log(record_of(**parts))
    assert content_hash(log) == content_hash(same_again)
    if len(log):
        changed = same_again.copy()
        name = data.draw(st.sampled_from(["minute", "follower", "frame", "message", "parent", "impressions"]))
        place = data.draw(st.integers(0, len(log) - 1))
        changed.loc[place, name] = np.asarray(changed.loc[place, name] + 1, dtype=changed[name].dtype)
        assert content_hash(changed) != content_hash(log)
