"""The event log of one small run, row by row."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sim.config.root import Configuration, changed
from sim.engine.record import NEWSROOM_AUTHOR, Kind
from sim.errors import ConfigError
from sim.outcome.from_log import measure_log, trending_rate
from sim.outcome.log import content_hash, event_log
from tests.outcome_records import record_of

LINES = [
    (0, -1, 0, Kind.POST, -1),
    (3, -2, 0, Kind.STATEMENT, -1),
    (3, NEWSROOM_AUTHOR - 1, 1, Kind.STORY, -1),
    (3, 1, 1, Kind.ORIGINAL, 0),  # key 5
    (3, 0, 0, Kind.SHARE, 0),  # key 9
]
RECORD = record_of(
    LINES,
    n=3,
    keys=[9, 5, 7],
    sights=[(3, 1, 0, 0, 2), (3, 2, 0, 0, 1), (3, 2, 0, 1, 4), (3, 0, 0, 0, 1)],
    follows=[(3, 2, False)],
)


def test_a_log_row_by_row() -> None:
    log = event_log(RECORD)
    assert list(log.itertuples(index=False, name=None)) == [
        (0, -1, "post", 0, 0, -1, 0),
        (3, -2, "statement", 0, 1, -1, 0),
        (3, NEWSROOM_AUTHOR - 1, "story", 1, 2, -1, 0),
        (3, 1, "see", 0, 0, -1, 2),
        (3, 2, "see", 0, 0, -1, 1),
        (3, 2, "see", 1, 0, -1, 4),
        (3, 0, "see", 0, 0, -1, 1),
        (3, 1, "write", 1, 3, 0, 0),
        (3, 2, "unfollow", -1, -1, -1, 0),
        (3, 0, "share", 0, 4, 0, 0),
    ]
    assert [str(log[name].dtype) for name in log.columns] == [
        "int32", "int32", "category", "int8", "int32", "int32", "int32"
    ]  # fmt: skip


def test_sights_of_one_waking_stand_campaign_first_however_they_were_kept() -> None:
    turned = record_of(LINES, n=3, keys=[9, 5, 7], sights=[(3, 2, 0, 1, 4), (3, 2, 0, 0, 1), (2, 0, 0, 1, 1)])
    seen = event_log(turned).query("action == 'see'")
    assert list(zip(seen["minute"], seen["frame"], strict=True)) == [(2, 1), (3, 0), (3, 1)]


def test_the_hash_of_a_log_is_the_same_on_every_machine() -> None:
    # written down once: it moves only with the schema
    assert content_hash(event_log(RECORD)) == "705fe5347a74651c9bd654bfee992fe3334dcd319c9053b579285ba9dc850dcb"


def test_the_hash_covers_the_schema_and_the_names_of_columns() -> None:
    log = event_log(RECORD)
    renamed = log.rename(columns={"parent": "cause"})
    other = log.copy()
    other.attrs["schema"] = 2
    assert len({content_hash(each) for each in (log, renamed, other)}) == 3


def test_a_column_of_words_cannot_be_hashed() -> None:
    log = event_log(RECORD)
    log["note"] = ["a"] * len(log)
    with pytest.raises(ConfigError, match=r"log\.note must hold numbers or categories"):
        content_hash(log)


def test_a_run_without_sights_has_no_log() -> None:
    with pytest.raises(ConfigError, match="record must be 'log'"):
        event_log(replace(RECORD, sights=None))


def test_a_log_with_a_message_missing_is_refused() -> None:
    log = event_log(RECORD)
    with pytest.raises(ConfigError, match="each message once"):
        measure_log(log[log["message"] != 1], 3, 240, None)


def test_the_rate_from_which_a_tag_trends_grows_with_the_audience() -> None:
    plain = Configuration()
    assert trending_rate(plain, 1000) == 20.0
    assert trending_rate(plain, 1_000_000) == pytest.approx(plain.feed.trending.threshold * 1e6)
    assert trending_rate(changed(plain, {"feed.trending.on": False}), 1000) is None
