"""What people see and do: campaigns of a few rows, worked out by hand from ``docs/model.md`` 4, 5 and 6.4."""

from __future__ import annotations

import math
from itertools import count

from sim.engine.record import Kind
from sim.rng import Stream
from tests.reference.by_hand import (
    A0,
    CALL,
    OFTEN,
    after,
    critics,
    does,
    first_session,
    is_seen,
    mkey,
    sessions,
    sights,
    told,
    u,
)
from tests.reference.small import configured, graph, people


def test_the_call_is_seen_at_the_first_session_if_the_draw_allows(simulate):
    follows = [True, True, True, False, True, True, True, True]
    record = simulate(
        configured(feed__attention=0.5, feed__half_life_minutes=100.0),
        people(8, follows_sender=follows),
        graph(8),
        replicate=0,
    )
    expected = [
        (s, row, 0, 0, 1, 1)
        for row in range(8)
        if follows[row] and is_seen(CALL, row, s := first_session(row), 0.5, 100.0)
    ]
    assert 0 < len(expected) < 7
    assert sights(record) == sorted(expected)
    assert told(record) == [(0, -1, Kind.POST, 0, -1, 0, 0)]
    assert record.timeline["reached"].sum() == len(expected)


def test_another_replicate_has_other_sessions(simulate):
    record = simulate(configured(), people(1), graph(1), replicate=3)
    first = next(m for k in count() if (m := math.floor(1440 * (k + u(Stream.SESSION, 0, k, replicate=3)) / 12)) > 0)
    assert sights(record) == [(first, 0, 0, 0, 1, 1)]
    assert first != first_session(0)


def test_a_feed_of_many_followees_ages_faster(simulate):
    # rows 0 and 1 follow four others each, those follow nobody: mean 8/6, rounded 1, so feeds sink at 5/2 and 1/2
    follows = [(u_, v) for u_ in (0, 1) for v in (2, 3, 4, 5)]
    configuration = configured(feed__crowding=1.0, feed__attention=0.9, feed__half_life_minutes=60.0)
    record = simulate(configuration, people(6), graph(6, *follows), replicate=0)
    expected = []
    for row in range(6):
        s = first_session(row)
        age = math.floor(s * (5 if row < 2 else 1) / 2)
        if is_seen(CALL, row, age, 0.9, 60.0):
            expected.append((s, row, 0, 0, 1, 1))
    assert sights(record) == sorted(expected)
    plain = simulate(configured(feed__attention=0.9, feed__half_life_minutes=60.0), people(6), graph(6), replicate=0)
    assert sights(plain) != sights(record)


def test_a_share_travels_along_follows_and_a_root_is_passed_on_once(simulate):
    # 1 follows 0, 2 follows 1, 0 follows 2: the call comes back to row 0, which has passed it on already
    record = simulate(
        configured(reaction__b_share=10.0),
        people(3, follows_sender=[True, False, False]),
        graph(3, (1, 0), (2, 1), (0, 2)),
        replicate=0,
    )
    s0 = first_session(0)
    s1 = after(sessions(1), s0)
    s2 = after(sessions(2), s1)
    back = after(sessions(0), s2)
    assert is_seen(CALL, 0, s0) and is_seen(mkey(0, s0), 1, s1 - s0) and is_seen(mkey(1, s1), 2, s2 - s1)
    assert is_seen(mkey(2, s2), 0, back - s2)
    assert [does(k, s, share=OFTEN) for k, s in ((0, s0), (1, s1), (2, s2))] == ["share"] * 3
    assert told(record) == [
        (0, -1, Kind.POST, 0, -1, 0, 3),
        (s0, 0, Kind.SHARE, 0, 0, 0, 0),
        (s1, 1, Kind.SHARE, 0, 1, 0, 0),
        (s2, 2, Kind.SHARE, 0, 2, 0, 0),
    ]
    assert sights(record)[-1] == (back, 0, 3, 0, 1, 0)


def test_a_share_never_lands_at_the_author_of_its_root(simulate):
    both = {"share_campaign": OFTEN, "write_campaign": OFTEN}
    writer = next(key for key in count() if does(key, first_session(key), **both) == "write_campaign")
    s0 = first_session(writer)
    sharer = next(k for k in count(100) if does(k, after(sessions(k), s0), **both) == "share_campaign")
    s1 = after(sessions(sharer), s0)
    assert is_seen(CALL, writer, s0) and is_seen(mkey(writer, s0), sharer, s1 - s0)
    record = simulate(
        configured(reaction__b_write=10.0, reaction__b_share=10.0),
        people(2, key=[writer, sharer], follows_sender=[True, False]),
        graph(2, (0, 1), (1, 0)),
        replicate=0,
    )
    assert told(record)[1:] == [(s0, 0, Kind.ORIGINAL, 0, 0, 1, 1), (s1, 1, Kind.SHARE, 0, 1, 1, 0)]
    assert sights(record) == [(s0, 0, 0, 0, 1, 1), (s1, 1, 1, 0, 1, 1)]


def test_an_original_names_the_message_with_the_smallest_score_as_what_provoked_it(simulate):
    # row 0 writes for the campaign and row 1 against it on seeing the call; row 2 looks later, and follows both
    (critic,) = critics(1, first_session)
    s0, s1 = first_session(0), first_session(critic)
    put_out = {CALL: 0, mkey(0, s0): s0, mkey(critic, s1): s1}
    assert is_seen(CALL, 0, s0) and is_seen(CALL, critic, s1) and s0 < s1 != 0

    def score(message, key):
        return 1 - u(Stream.PICK, message, key)

    for provoking in range(3):  # of the call, row 0's and row 1's message
        key = next(
            key
            for key in count(1000)
            if (s2 := after(sessions(key, 1.0), 0)) > s1
            and all(is_seen(message, key, s2 - minute) for message, minute in put_out.items())
            and list(put_out).index(min(put_out, key=lambda message: score(message, key))) == provoking
        )
        s2 = after(sessions(key, 1.0), 0)
        record = simulate(
            configured(reaction__b_write=10.0),
            people(3, key=[0, critic, key], grievance=[0.0, 1.0, 0.0], sessions_a_day=[12.0, 12.0, 1.0]),
            graph(3, (2, 0), (2, 1)),
            replicate=0,
        )
        assert told(record)[1:4] == [
            (s0, 0, Kind.ORIGINAL, 0, 0, 1, 0),
            (s1, 1, Kind.ORIGINAL, 1, 0, 2, 0),
            (s2, 2, Kind.ORIGINAL, 0, provoking, 3, 0),
        ]
        campaign = min((0, 1), key=lambda number: score(list(put_out)[number], key))
        assert sights(record)[2:] == [(s2, 2, campaign, 0, 2, 1), (s2, 2, 2, 1, 1, 0)]


def test_ranked_feeds_pick_by_weight_and_lift_what_is_shared(simulate):
    # the call has been shared twice when the second share lands: its weight is 3 ** 1
    record = simulate(
        configured(
            feed__ranking="engagement", feed__lift_shares=1.0, feed__half_life_minutes=30.0, reaction__b_share=10.0
        ),
        people(3, follows_sender=[True, True, False], sessions_a_day=[48.0, 24.0, 4.0]),
        graph(3, (2, 0), (2, 1)),
        replicate=0,
    )
    s = [after(sessions(row, rate), 0) for row, rate in enumerate((48.0, 24.0))]
    assert all(does(row, s[row], share=OFTEN) == "share" and is_seen(CALL, row, s[row], 1.0, 30.0) for row in (0, 1))
    assert s[0] != s[1]
    s2 = after(sessions(2, 4.0), max(s))
    assert s2 == after(sessions(2, 4.0), min(s))
    waiting = []
    for place, row in enumerate(sorted((0, 1), key=lambda row: s[row])):
        weight = 2 + place  # 1 + shares
        if is_seen(mkey(row, s[row]), 2, math.floor((s2 - s[row]) / weight), 1.0, 30.0):
            score = -math.log(1 - u(Stream.PICK, mkey(row, s[row]), 2)) / weight
            waiting.append((score, 1 + place))
    expected = [(s2, 2, min(waiting)[1], 0, len(waiting), 1)] if waiting else []
    assert [sight for sight in sights(record) if sight[1] == 2] == expected


def test_a_withdrawn_call_is_not_seen_and_its_source_is_not_counted_again(simulate):
    # without a source people seldom share, with one they nearly always do; row 1 hears of all through row 0 alone
    base = {"reaction__b_share": -3.0, "reaction__b_social": 10.0}
    alone, with_source = math.exp(-3.0), math.exp(-3.0 + 10.0 * math.log(2))
    audience = people(2, follows_sender=[True, False])
    s0 = first_session(0)
    s1 = after(sessions(1), s0)
    assert s0 + 1 < s1
    later = s1 + 1
    clarify = {"move": "clarify", "at_minute": later}
    withdraw = {"move": "withdraw", "at_minute": s0 + 1}
    s0_again = after(sessions(0), later)
    s1_again = after(sessions(1), s0_again)
    for row, s in ((0, s0), (0, s0_again), (1, s1), (1, s1_again)):
        assert does(row, s, share=with_source) == "share"
    assert does(1, s1_again, share=alone) == "ignore"
    assert is_seen(CALL, 0, s0) and is_seen(mkey(0, s0), 1, s1 - s0)
    assert is_seen(mkey(A0, later), 0, s0_again - later) and is_seen(mkey(0, s0_again), 1, s1_again - s0_again)

    kept = simulate(configured(**base, policy__rules=[clarify]), audience, graph(2, (1, 0)), replicate=0)
    assert [(m, a) for m, a, *_ in told(kept)] == [(0, -1), (s0, 0), (s1, 1), (later, -1), (s0_again, 0), (s1_again, 1)]

    gone = simulate(configured(**base, policy__rules=[clarify, withdraw]), audience, graph(2, (1, 0)), replicate=0)
    assert [(m, a) for m, a, *_ in told(gone)] == [(0, -1), (s0, 0), (later, -1), (s0_again, 0)]
    assert [line[:2] for line in sights(gone)] == [(s0, 0), (s0_again, 0), (s1_again, 1)]
    assert list(gone.fired) == [later, s0 + 1]
    assert gone.statements == 1


def test_a_call_that_never_lands_uses_up_no_source(simulate):
    # withdrawn in the minute in which it is put out: the statement is then the agency's first message
    rules = [{"move": "withdraw", "at_minute": 0}, {"move": "clarify", "at_minute": 1}]
    configuration = configured(reaction__b_share=-3.0, reaction__b_social=10.0, policy__rules=rules)
    record = simulate(configuration, people(1), graph(1), replicate=0)
    s = after(sessions(0), 1)
    assert is_seen(mkey(A0, 1), 0, s - 1)
    assert does(0, s, share=math.exp(-3.0)) == "ignore" != does(0, s, share=math.exp(-3.0 + 10.0 * math.log(2)))
    assert told(record) == [
        (0, -1, Kind.POST, 0, -1, 0, 0),
        (1, -1, Kind.STATEMENT, 0, -1, 1, 1),
        (s, 0, Kind.SHARE, 0, 1, 1, 0),
    ]


def test_a_withdrawn_call_that_nobody_saw_bores_nobody(simulate):
    # the call waits unseen when it is withdrawn: at the next session there is one agency message today, not two
    once, twice = math.exp(-8.0 + 10.0 * math.log(2)), math.exp(-8.0 + 10.0 * math.log(3))
    key = next(
        key
        for key in count()
        if (s := after(sessions(key), 1)) == first_session(key)
        and is_seen(CALL, key, s)
        and is_seen(mkey(A0, 1), key, s - 1)
        and does(key, s, unfollow=once) == "ignore" != does(key, s, unfollow=twice)
    )
    rules = [{"move": "withdraw", "at_minute": 1}, {"move": "clarify", "at_minute": 1}]
    bored = {"reaction__b_leave": -8.0, "reaction__b_bore": 10.0}
    record = simulate(configured(**bored, policy__rules=rules), people(1, key=[key]), graph(1), replicate=0)
    assert sights(record) == [(first_session(key), 0, 1, 0, 1, 1)]
    assert len(record.follows.minute) == 0
