"""The reference against campaigns of a few rows, worked out by hand from ``docs/model.md``."""

from __future__ import annotations

import math
from itertools import count
from statistics import NormalDist

from sim.config.people import ROLES
from sim.engine.record import NEWSROOM_AUTHOR, Kind
from sim.rng import Stream
from tests.reference.agency import turns
from tests.reference.by_hand import A0, A1, A2, NEWSROOM, after, does, is_seen, mkey, sessions, u, u_setup
from tests.reference.run import simulate_plainly
from tests.reference.small import configured, graph, people

OFTEN = math.exp(10)
CALL = mkey(A0, 0)


def told(record):
    """Return the messages of a run as tuples: minute, author, kind, frame, parent, root, shares."""
    m = record.messages
    columns = (m.minute, m.author, m.kind, m.frame, m.parent, m.root, m.shares)
    return [tuple(int(value) for value in line) for line in zip(*columns, strict=True)]


def sights(record):
    """Return the sights of a run as tuples: minute, row, message, frame, impressions, first."""
    s = record.sights
    columns = (s.minute, s.follower, s.message, s.frame, s.impressions, s.first)
    return [tuple(int(value) for value in line) for line in zip(*columns, strict=True)]


def critics(n, minute_of, keys=None):
    """Return the first n keys whose rows write a counter message where both frames are as likely."""
    weights = {"write_campaign": OFTEN, "write_counter": OFTEN}
    found = (key for key in keys or count() if does(key, minute_of(key), **weights) == "write_counter")
    return [next(found) for _ in range(n)]


def first_session(key):
    return after(sessions(key), 0)


def test_the_call_is_seen_at_the_first_session_if_the_draw_allows():
    follows = [True, True, True, False, True, True, True, True]
    record = simulate_plainly(
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


def test_another_replicate_has_other_sessions():
    record = simulate_plainly(configured(), people(1), graph(1), replicate=3)
    first = next(m for k in count() if (m := math.floor(1440 * (k + u(Stream.SESSION, 0, k, replicate=3)) / 12)) > 0)
    assert sights(record) == [(first, 0, 0, 0, 1, 1)]
    assert first != first_session(0)


def test_a_feed_of_many_followees_ages_faster():
    # rows 0 and 1 follow four others each, those follow nobody: mean 8/6, so feeds sink at 5/(7/3) and 1/(7/3)
    follows = [(u_, v) for u_ in (0, 1) for v in (2, 3, 4, 5)]
    configuration = configured(feed__crowding=1.0, feed__attention=0.9, feed__half_life_minutes=60.0)
    record = simulate_plainly(configuration, people(6), graph(6, *follows), replicate=0)
    expected = []
    for row in range(6):
        s = first_session(row)
        age = math.floor(s * (5 if row < 2 else 1) / (7 / 3))
        if is_seen(CALL, row, age, 0.9, 60.0):
            expected.append((s, row, 0, 0, 1, 1))
    assert sights(record) == sorted(expected)
    plain = simulate_plainly(
        configured(feed__attention=0.9, feed__half_life_minutes=60.0), people(6), graph(6), replicate=0
    )
    assert sights(plain) != sights(record)


def test_a_share_travels_along_follows_and_a_root_is_passed_on_once():
    # 1 follows 0, 2 follows 1, 0 follows 2: the call comes back to row 0, which has passed it on already
    record = simulate_plainly(
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


def test_a_share_never_lands_at_the_author_of_its_root():
    both = {"share_campaign": OFTEN, "write_campaign": OFTEN}
    writer = next(key for key in count() if does(key, first_session(key), **both) == "write_campaign")
    s0 = first_session(writer)
    sharer = next(k for k in count(100) if does(k, after(sessions(k), s0), **both) == "share_campaign")
    s1 = after(sessions(sharer), s0)
    assert is_seen(CALL, writer, s0) and is_seen(mkey(writer, s0), sharer, s1 - s0)
    record = simulate_plainly(
        configured(reaction__b_write=10.0, reaction__b_share=10.0),
        people(2, key=[writer, sharer], follows_sender=[True, False]),
        graph(2, (0, 1), (1, 0)),
        replicate=0,
    )
    assert told(record)[1:] == [(s0, 0, Kind.ORIGINAL, 0, 0, 1, 1), (s1, 1, Kind.SHARE, 0, 1, 1, 0)]
    assert sights(record) == [(s0, 0, 0, 0, 1, 1), (s1, 1, 1, 0, 1, 1)]


def test_an_original_names_the_message_with_the_smallest_score_as_what_provoked_it():
    # rows 0 and 1 write on seeing the call; row 2 looks later, and follows both
    rates = [12.0, 12.0, 1.0]
    record = simulate_plainly(
        configured(reaction__b_write=10.0), people(3, sessions_a_day=rates), graph(3, (2, 0), (2, 1)), replicate=0
    )
    s0, s1 = first_session(0), first_session(1)
    s2 = after(sessions(2, 1.0), 0)
    assert max(s0, s1) < s2
    written = [key for key, s in ((mkey(0, s0), s0), (mkey(1, s1), s1)) if is_seen(key, 2, s2 - s)]
    waiting = written + [CALL] * is_seen(CALL, 2, s2)
    assert len(waiting) == 3
    numbers = {CALL: 0, mkey(0, s0): 1 + (s0 > s1), mkey(1, s1): 1 + (s1 > s0)}
    provoking = numbers[min(waiting, key=lambda key: 1 - u(Stream.PICK, key, 2))]
    assert told(record)[3] == (s2, 2, Kind.ORIGINAL, 0, provoking, 3, 0)
    assert sights(record)[2] == (s2, 2, provoking, 0, 3, 1)


def test_ranked_feeds_pick_by_weight_and_lift_what_is_shared():
    # the call has been shared twice when the second share lands: its weight is 3 ** 1
    record = simulate_plainly(
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


def test_a_withdrawn_call_is_not_seen_and_its_source_is_not_counted_again():
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

    kept = simulate_plainly(configured(**base, policy__rules=[clarify]), audience, graph(2, (1, 0)), replicate=0)
    assert [(m, a) for m, a, *_ in told(kept)] == [(0, -1), (s0, 0), (s1, 1), (later, -1), (s0_again, 0), (s1_again, 1)]

    gone = simulate_plainly(
        configured(**base, policy__rules=[clarify, withdraw]), audience, graph(2, (1, 0)), replicate=0
    )
    assert [(m, a) for m, a, *_ in told(gone)] == [(0, -1), (s0, 0), (later, -1), (s0_again, 0)]
    assert [line[:2] for line in sights(gone)] == [(s0, 0), (s0_again, 0), (s1_again, 1)]
    assert list(gone.fired) == [later, s0 + 1]
    assert gone.statements == 1


def test_a_critic_is_answered_once_and_looks_early():
    (key,) = critics(1, lambda k: after(sessions(k, 2.0), 0))
    configuration = configured(
        reaction__b_write=10.0,
        agency__replies_an_hour=60,
        agency__monitoring_delay_minutes=5,
        agency__notify_minutes=10,
        policy__rules=[{"move": "engage", "at_minute": 0}],
    )
    audience = people(1, key=[key], grievance=[1.0], sessions_a_day=[2.0])
    record = simulate_plainly(configuration, audience, graph(1), replicate=0)
    s = after(sessions(key, 2.0), 0)
    answered = s + 1 + 5
    wait = math.floor(-math.log(1 - u(Stream.NOTIFY, mkey(key, s))) * 10)
    wake = min(after(sessions(key, 2.0), answered), answered + 1 + wait)
    assert wake < after(sessions(key, 2.0), answered)
    again = does(key, wake, write_campaign=OFTEN, write_counter=OFTEN)
    frame = ("write_campaign", "write_counter").index(again)
    assert told(record) == [
        (0, -1, Kind.POST, 0, -1, 0, 0),
        (s, 0, Kind.ORIGINAL, 1, 0, 1, 0),
        (answered, -1, Kind.REPLY, 0, 1, 2, 0),
        (wake, 0, Kind.ORIGINAL, frame, 2, 3, 0),
    ]
    assert record.replies == 1


def test_accounts_take_turns_with_whole_units_and_hoard_no_more_than_an_hour():
    assert turns([2.2, 0.0, 1.0], 60.0) == [0, 1, 2, 0, 2, 0]
    assert turns([59.5], 60.0) == [0] * 60
    assert turns([0.9, 0.5, 0.2], 12.0) == [0]
    budget = [0.0]
    assert turns(budget, 30.0) == [] and turns(budget, 30.0) == [0]


def test_supporters_are_passed_on_with_the_root_and_frame_of_what_they_wrote():
    # two followers write; the boost of each lands at the other and never at its author
    record = simulate_plainly(
        configured(
            reaction__b_write=10.0,
            agency__replies_an_hour=600,
            agency__monitoring_delay_minutes=0,
            policy__rules=[{"move": "amplify", "at_minute": 0}],
        ),
        people(2, sessions_a_day=[12.0, 0.7]),
        graph(2),
        replicate=0,
    )
    s0, s1 = first_session(0), after(sessions(1, 0.7), 0)
    assert s0 + 1 < s1 and is_seen(CALL, 0, s0)
    boost = (s0 + 1, -1, Kind.BOOST, 0, 1, 1, 0)
    assert told(record)[:3] == [(0, -1, Kind.POST, 0, -1, 0, 0), (s0, 0, Kind.ORIGINAL, 0, 0, 1, 1), boost]
    impressions = is_seen(CALL, 1, s1) + is_seen(mkey(A0, s0 + 1), 1, s1 - s0 - 1)
    assert [(m, row, i) for m, row, _, _, i, _ in sights(record)][:2] == [(s0, 0, 1), (s1, 1, impressions)]
    back = after(sessions(0), s1 + 1)
    assert is_seen(mkey(A0, s1 + 1), 0, back - s1 - 1)
    assert [m for m, row, *_ in sights(record) if row == 0][:2] == [s0, back]


def test_the_second_message_of_an_account_in_a_minute_has_a_key_of_its_own():
    rules = [{"move": "clarify", "at_minute": 10}, {"move": "defend", "at_minute": 10}]
    configuration = configured(feed__attention=0.5, policy__rules=rules)
    record = simulate_plainly(configuration, people(12), graph(12), replicate=0)
    expected = {}
    for row in range(12):
        early = first_session(row)
        late = after(sessions(row), 10)
        for key, put_out, s in ((CALL, 0, early), (mkey(A0, 10), 10, late), (mkey(A0, 10, 1), 10, late)):
            if is_seen(key, row, s - put_out, 0.5):
                expected[s, row] = expected.get((s, row), 0) + 1
    assert {(m, row): i for m, row, _, _, i, _ in sights(record)} == expected
    assert set(expected.values()) == {1, 2}


def test_local_accounts_post_when_their_draws_say_to_their_own_followers():
    configuration = configured(agency__voices="both", agency__local_accounts=2, post__repeats=2, post__spread_hours=5)
    locality = [0, 1, 0, 1]
    audience = people(4, locality=locality, follows_sender=[True, True, True, False])
    record = simulate_plainly(configuration, audience, graph(4), replicate=0)
    calls = {(0, 0)}
    for account, key in enumerate((A0, A1, A2)):
        for j in range(2):
            if (account, j) != (0, 0):
                calls.add((math.floor(u_setup(Stream.AMPLIFY, key, j) * 300), account))
    posts = [(minute, -1 - account, Kind.POST) for minute, account in sorted(calls)]
    assert [line[:3] for line in told(record)] == posts
    expected = {}
    for row in range(3):
        entry = 0
        for minute, account in sorted(calls):
            if account in (0, 1 + locality[row]):
                entry = entry if entry > minute else after(sessions(row), minute)
                if is_seen(mkey(A0 + account, minute), row, entry - minute):
                    expected[entry, row] = expected.get((entry, row), 0) + 1
    assert {(m, row): i for m, row, _, _, i, _ in sights(record)} == expected
    assert max(expected.values()) > 1


def test_paid_posts_are_seen_for_certain_by_those_who_were_drawn():
    configuration = configured(feed__attention=0.0, post__paid_reach=0.5, post__paid_hours=3)
    record = simulate_plainly(configuration, people(8, follows_sender=[False] * 8), graph(8), replicate=0)
    expected = []
    for row in range(8):
        if u(Stream.PAID, row) < 0.5:
            paid = math.floor(u(Stream.PAID, row, 1) * 180)
            expected.append((after(sessions(row), paid), row, 0, 0, 1, 1))
    assert 0 < len(expected) < 8
    assert sights(record) == sorted(expected)


def test_those_who_leave_get_nothing_more_and_those_who_come_get_what_lands_from_then_on():
    # row 0 leaves at its first sight; row 1 passes the call on; row 2 meets that and begins to follow
    statement = {"move": "clarify", "at_minute": 1200}
    audience = people(3, grievance=[1.0, 0.0, 0.0], support=[0.0, 1.0, 0.4], follows_sender=[True, True, False])
    configuration = configured(
        reaction__b_value=20.0,
        post__appeal=1.0,
        post__salience=0,
        post__openness=0,
        reaction__b_share=-10.0,  # 10 for row 1, -2 for row 2
        reaction__b_leave=-12.0,  # 8 for row 0
        reaction__b_follow=0.0,  # 8 for row 2
        policy__rules=[statement],
    )
    record = simulate_plainly(configuration, audience, graph(3, (2, 1)), replicate=0)
    s0, s1 = first_session(0), first_session(1)
    s2 = after(sessions(2), s1)
    assert max(s0, s2) < 1200
    follows = [*zip(record.follows.minute, record.follows.follower, record.follows.gained, strict=True)]
    assert follows == sorted([(s0, 0, False), (s2, 2, True)])
    late = [(m, row) for m, row, *_ in sights(record) if m > 1200]
    assert {row for _, row in late} == {1, 2}
    assert (after(sessions(2), 1200), 2) in late  # the statement itself; row 1's share of it comes later


def trending_campaign(*, journalist=0, **changes):
    """Return a run in which three followers write early, row 3 only looks at the list, and what they wrote when."""
    keys = [*critics(2, first_session), 500, 501]
    configuration = configured(
        reaction__b_write=10.0,
        feed__trending__on=True,
        feed__trending__min_messages=2,
        feed__trending__threshold=1e-6,
        feed__trending__list_size=2,
        feed__trending__looks_a_day=30,
        **changes,
    )
    audience = people(
        4,
        key=keys,
        grievance=[1.0, 1.0, 0.0, 0.0],
        follows_sender=[True, True, True, False],
        looks_at_lists=[False, False, False, True],
        role=[0, 0, journalist, 0],
    )
    written = sorted((first_session(key), key, row) for row, key in enumerate(keys[:3]))
    return simulate_plainly(configuration, audience, graph(4), replicate=0), keys, written


def test_the_tag_trends_with_hysteresis_and_shows_lists_to_those_who_look():
    record, keys, written = trending_campaign()
    minutes = [minute for minute, _, _ in written]
    # row 3 writes too, when it looks: take its messages from the log, and check each look
    originals = [(number, line) for number, line in enumerate(told(record)) if line[2] == Kind.ORIGINAL]
    log = [line for _, line in originals]
    assert [(m, row) for m, row, *_ in log if row != 3] == [(m, row) for m, _, row in written]
    trending, looked, on = False, [], []
    looks = sessions(keys[3], 30.0, Stream.LOOK)
    look = -1
    for t in range(2880):
        rate = sum(t - 60 <= m < t for m, *_ in log)
        began = not trending and rate >= 2
        trending = rate >= (1 if trending else 2)
        on += [t] if trending else []
        if began and look < t:
            look = after(looks, t - 1)
        if look == t:
            before = [(number, line) for number, line in originals if line[0] < t]
            latest = sorted(before, key=lambda entry: (-entry[1][0], -keys[entry[1][1]]))[:2]
            others = [
                (u(Stream.LISTED, mkey(keys[row], minute), keys[3]), number, frame)
                for number, (minute, row, _, frame, *_) in latest
                if row != 3
            ]
            if trending and others:
                _, number, frame = min(others)
                looked.append((t, 3, number, frame, 1, len(looked) == 0))
            look = after(looks, t) if trending else -1
    assert on and on == [int(t) for t in record.timeline["trending"].nonzero()[0]]
    assert on[0] > minutes[0]
    assert len(looked) > 1
    assert [sight for sight in sights(record) if sight[1] == 3] == looked


def test_newsrooms_notice_through_a_journalist_and_report_after_their_lag():
    news = {"newsrooms": 1, "pick_up": 1.0, "lag_median_minutes": 40.0, "lag_sigma": 0.5, "reach": 1.0}
    changes = {f"newsroom__{name}": value for name, value in news.items()}
    record, keys, _ = trending_campaign(journalist=ROLES.index("journalist"), newsroom__wire_minutes=10_000, **changes)
    trending = [int(t) for t in record.timeline["trending"].nonzero()[0]]
    journalist = first_session(keys[2])
    notice = next(t for t in trending if t > journalist)
    lag = math.exp(math.log(40.0) + 0.5 * NormalDist().inv_cdf(u(Stream.NEWS_LAG, NEWSROOM)))
    reported = notice + 1 + math.floor(lag)
    (story,) = [(number, line) for number, line in enumerate(told(record)) if line[2] == Kind.STORY]
    hour = [line for line in told(record) if reported - 60 <= line[0] < reported and line[2] == Kind.ORIGINAL]
    frame = int(2 * sum(line[3] for line in hour) > len(hour))
    assert story[1] == (reported, NEWSROOM_AUTHOR, Kind.STORY, frame, -1, story[0], 0)
    assert record.timeline["stories"].nonzero()[0].tolist() == [reported]


def test_newsrooms_hear_of_a_trend_by_wire_if_no_journalist_saw_it():
    news = {"newsrooms": 1, "pick_up": 1.0, "lag_median_minutes": 1e-3, "lag_sigma": 0.0}
    record, _, _ = trending_campaign(newsroom__wire_minutes=7, **{f"newsroom__{name}": v for name, v in news.items()})
    trending = [int(t) for t in record.timeline["trending"].nonzero()[0]]
    assert trending[:8] == [trending[0] + k for k in range(8)]
    assert record.timeline["stories"].nonzero()[0].tolist() == [trending[0] + 7 + 1]


def test_the_agency_misreads_what_its_draws_say():
    record = simulate_plainly(
        configured(reaction__b_write=10.0, agency__detection_error=0.5), people(9), graph(9), replicate=0
    )
    misread = [
        u(Stream.DETECT, mkey(row, first_session(row))) < 0.5
        for row in range(9)
        if is_seen(CALL, row, first_session(row))
    ]
    assert 0 < sum(misread) < len(misread) == record.timeline["originals_campaign"].sum()
    assert record.timeline["observed_counter"].sum() == sum(misread)


def test_a_rule_waits_for_its_share_among_five_observed_messages():
    keys = critics(6, first_session)
    rule = {"move": "clarify", "counter_share": 0.8}
    record = simulate_plainly(
        configured(
            reaction__b_write=10.0,
            agency__monitoring_delay_minutes=3,
            policy__rules=[rule],
        ),
        people(6, key=keys, grievance=[1.0] * 6, sessions_a_day=[12.0] * 6),
        graph(6),
        replicate=0,
    )
    written = sorted(line[0] for line in told(record) if line[2] == Kind.ORIGINAL)[:6]
    fires = [t for t in range(2880) if sum(t - 63 <= m <= t - 4 for m in written) >= 5]
    assert list(record.fired) == [fires[0] if fires else -1]
