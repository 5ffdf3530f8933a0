"""What the sender, the list and newsrooms do: campaigns of a few rows, by hand from ``docs/model.md`` 3, 6.1 to 6.3."""

from __future__ import annotations

import math
from statistics import NormalDist

from sim.config.people import ROLES
from sim.engine.record import NEWSROOM_AUTHOR, Kind
from sim.rng import Stream
from tests.reference.agency import grow, turns
from tests.reference.by_hand import (
    A0,
    A1,
    A2,
    CALL,
    NEWSROOM,
    after,
    critics,
    first_session,
    is_seen,
    mkey,
    objects,
    sessions,
    sights,
    told,
    u,
    u_setup,
)
from tests.reference.messages import Message, message_key
from tests.reference.small import configured, graph, people
from tests.reference.state import Campaign
from tests.reference.trend import the_list


def answered_when(key):
    """Return when a critic with two sessions a day writes, is answered, and looks at the answer."""
    written = after(sessions(key, 2.0), 0)
    answered = written + 1 + 5
    wait = math.floor(-math.log(1 - u(Stream.NOTIFY, mkey(key, written))) * 10)
    return written, answered, min(after(sessions(key, 2.0), answered), answered + 1 + wait)


def test_a_critic_is_answered_once_and_looks_early(simulate):
    # one who writes against the campaign again on reading the answer
    key = next(k for k in critics(40, lambda k: answered_when(k)[0]) if objects(k, answered_when(k)[2]))
    configuration = configured(
        reaction__b_write=10.0,
        agency__replies_an_hour=60,
        agency__monitoring_delay_minutes=5,
        agency__notify_minutes=10,
        policy__rules=[{"move": "engage", "at_minute": 0}],
    )
    audience = people(1, key=[key], grievance=[1.0], sessions_a_day=[2.0])
    record = simulate(configuration, audience, graph(1), replicate=0)
    written, answered, wake = answered_when(key)
    assert wake < after(sessions(key, 2.0), answered)
    assert told(record) == [
        (0, -1, Kind.POST, 0, -1, 0, 0),
        (written, 0, Kind.ORIGINAL, 1, 0, 1, 0),
        (answered, -1, Kind.REPLY, 0, 1, 2, 0),
        (wake, 0, Kind.ORIGINAL, 1, 2, 3, 0),
    ]
    assert record.replies == 1


def test_accounts_take_turns_with_whole_units_and_hoard_no_more_than_an_hour():
    budget = [3.2, 1.0, 2.0]
    assert list(turns(budget)) == [0, 1, 2, 0, 2, 0]
    assert budget == [3.2 - 3.0, 0.0, 0.0]
    budget = [0.0, 29.9]
    grow(budget, 30.0)
    assert budget == [0.5, 30.0]
    assert len(list(turns(budget))) == 30 and budget == [0.5, 0.0]


def test_supporters_are_passed_on_with_the_root_and_frame_of_what_they_wrote(simulate):
    # two followers write; the boost of each lands at the other and never at its author
    record = simulate(
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


def test_the_second_message_of_an_account_in_a_minute_has_a_key_of_its_own(simulate):
    rules = [{"move": "clarify", "at_minute": 10}, {"move": "defend", "at_minute": 10}]
    configuration = configured(feed__attention=0.5, policy__rules=rules)
    record = simulate(configuration, people(12), graph(12), replicate=0)
    expected = {}
    for row in range(12):
        early = first_session(row)
        late = after(sessions(row), 10)
        for key, put_out, s in ((CALL, 0, early), (mkey(A0, 10), 10, late), (mkey(A0, 10, 1), 10, late)):
            if is_seen(key, row, s - put_out, 0.5):
                expected[s, row] = expected.get((s, row), 0) + 1
    assert {(m, row): i for m, row, _, _, i, _ in sights(record)} == expected
    assert set(expected.values()) == {1, 2}


def test_local_accounts_post_when_their_draws_say_to_their_own_followers(simulate):
    configuration = configured(agency__voices="both", agency__local_accounts=2, post__repeats=2, post__spread_hours=5)
    locality = [0, 1, 0, 1]
    audience = people(4, locality=locality, follows_sender=[True, True, True, False])
    record = simulate(configuration, audience, graph(4), replicate=0)
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


def test_paid_posts_are_seen_for_certain_by_those_who_were_drawn(simulate):
    configuration = configured(feed__attention=0.0, post__paid_reach=0.5, post__paid_hours=3)
    record = simulate(configuration, people(8, follows_sender=[False] * 8), graph(8), replicate=0)
    expected = []
    for row in range(8):
        if u(Stream.PAID, row) < 0.5:
            paid = math.floor(u(Stream.PAID, row, 1) * 180)
            expected.append((after(sessions(row), paid), row, 0, 0, 1, 1))
    assert 0 < len(expected) < 8
    assert sights(record) == sorted(expected)


def test_those_who_leave_get_nothing_more_and_those_who_come_get_what_lands_from_then_on(simulate):
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
    record = simulate(configuration, audience, graph(3, (2, 1)), replicate=0)
    s0, s1 = first_session(0), first_session(1)
    s2 = after(sessions(2), s1)
    assert max(s0, s2) < 1200
    follows = [*zip(record.follows.minute, record.follows.follower, record.follows.gained, strict=True)]
    assert follows == sorted([(s0, 0, False), (s2, 2, True)])
    late = [(m, row) for m, row, *_ in sights(record) if m > 1200]
    assert {row for _, row in late} == {1, 2}
    assert (after(sessions(2), 1200), 2) in late  # the statement itself; row 1's share of it comes later


def trending_campaign(simulate, *, journalist=0, **changes):
    """Return a run in which three followers write early, row 3 only looks at the list, and what they wrote when."""
    keys = [*critics(2, first_session), 500, 501]
    configuration = configured(
        reaction__b_write=10.0,
        feed__trending__on=True,
        feed__trending__min_messages=2,
        feed__trending__threshold=1e-6,
        feed__trending__novelty_hours=8,
        feed__trending__list_size=2,
        feed__trending__looks_a_day=100,
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
    return simulate(configuration, audience, graph(4), replicate=0), keys, written


def test_the_tag_trends_with_hysteresis_and_shows_lists_to_those_who_look(simulate):
    record, keys, written = trending_campaign(simulate)
    minutes = [minute for minute, _, _ in written]
    # row 3 writes too, when it looks: take its messages from the log, and check each look
    originals = [(number, line) for number, line in enumerate(told(record)) if line[2] == Kind.ORIGINAL]
    log = [line for _, line in originals]
    assert [(m, row) for m, row, *_ in log if row != 3] == [(m, row) for m, _, row in written]
    trending, looked, on = False, [], []
    looks = sessions(keys[3], 100.0, Stream.LOOK)
    look = -1
    for t in range(2880):
        rate = sum(t - 60 <= m < t for m, *_ in log)
        needed = 2 * 2 ** ((t - on[0]) / (60 * 8) if on else 0)
        began = not trending and rate >= needed
        trending = rate >= (needed / 2 if trending else needed)
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


def test_a_list_shows_the_latest_or_what_is_most_shared_for_its_age():
    def listed(**changes):
        trending = {"feed__trending__list_size": 3, "feed__trending__list_half_life_minutes": 10.0}
        campaign = Campaign(configured(**trending, **changes), people(9), graph(9), 0)
        shares = {(5, 1): 0, (5, 2): 0, (5, 3): 0, (1, 4): 1, (0, 7): 6, (5, 0): 0}
        for (minute, row), times in shares.items():
            key, kind = campaign.key[row], Kind.SHARE if row == 0 else Kind.ORIGINAL
            campaign.messages.append(Message(minute, row, key, 0, kind, message_key(key, minute), shares=times))
        return [(message.author, weight) for message, weight in the_list(campaign)]

    assert listed() == [(3, 1.0), (2, 1.0), (1, 1.0)]
    # log(7), log(2) + 0.07, log(1) + 0.35 three times: the smaller key stands first
    smallest = min((1, 2, 3), key=lambda row: mkey(row, 5))
    assert listed(feed__ranking="engagement") == [(7, 7.0), (4, 2.0), (smallest, 1.0)]


def test_newsrooms_notice_through_a_journalist_and_report_after_their_lag(simulate):
    news = {"newsrooms": 1, "pick_up": 1.0, "lag_median_minutes": 40.0, "lag_sigma": 0.5, "reach": 1.0}
    changes = {f"newsroom__{name}": value for name, value in news.items()}
    record, keys, _ = trending_campaign(
        simulate, journalist=ROLES.index("journalist"), newsroom__wire_minutes=10_000, **changes
    )
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


def test_newsrooms_hear_of_a_trend_by_wire_if_no_journalist_saw_it(simulate):
    news = {"newsrooms": 1, "pick_up": 1.0, "lag_median_minutes": 1e-3, "lag_sigma": 0.0}
    record, _, _ = trending_campaign(
        simulate, newsroom__wire_minutes=7, **{f"newsroom__{name}": v for name, v in news.items()}
    )
    trending = [int(t) for t in record.timeline["trending"].nonzero()[0]]
    assert trending[:8] == [trending[0] + k for k in range(8)]
    assert record.timeline["stories"].nonzero()[0].tolist() == [trending[0] + 7 + 1]


def test_the_agency_misreads_what_its_draws_say(simulate):
    record = simulate(configured(reaction__b_write=10.0, agency__detection_error=0.5), people(9), graph(9), replicate=0)
    misread = [
        u(Stream.DETECT, mkey(row, first_session(row))) < 0.5
        for row in range(9)
        if is_seen(CALL, row, first_session(row))
    ]
    assert 0 < sum(misread) < len(misread) == record.timeline["originals_campaign"].sum()
    assert record.timeline["observed_counter"].sum() == sum(misread)


def test_a_rule_waits_for_its_share_among_five_observed_messages_of_an_hour(simulate):
    keys = critics(9, first_session)
    written = sorted(first_session(key) for key in keys)

    def fires(minutes):
        """Return when five of the messages first lie in so many observable minutes (the delay is 3)."""
        return next(t for t in range(2880) if sum(t - 3 - minutes <= m <= t - 4 for m in written) >= 5)

    assert fires(60) < fires(40)
    record = simulate(
        configured(
            reaction__b_write=10.0,
            agency__monitoring_delay_minutes=3,
            policy__rules=[{"move": "clarify", "counter_share": 0.8}],
        ),
        people(9, key=keys, grievance=[1.0] * 9),
        graph(9),
        replicate=0,
    )
    assert list(record.fired) == [fires(60)]
