"""A session's rules: who may do what when, and that its events alone give it again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sim.errors import ConfigError
from sim.warroom.debrief.desk import sides_of
from sim.warroom.debrief.sentences import when
from sim.warroom.train.clock import due
from sim.warroom.train.events import (
    Asked,
    Closed,
    Confirmed,
    Decided,
    Drafted,
    Ended,
    Event,
    Extended,
    Injected,
    Joined,
    Left,
    Opened,
    Passed,
    Paused,
    Resumed,
    Revealed,
    Settled,
    Shown,
    Skipped,
    Started,
    Taken,
    read_event,
    written,
)  # fmt: skip
from sim.warroom.train.moves import BEFORE, TOLD, label_of
from sim.warroom.train.rules import after, lived
from sim.warroom.train.session import Answer, Refused, Session
from sim.warroom.train.store import Entry, Kept, Seat, Store
from tests.warroom.toy_deck import CONTENT, toy_deck

START = 1000.0


def said(at: float, team: int = 1, decision: str = "first", move: str = "clarify", **more: object) -> Decided:
    words = {"sentence": "We hear you.", "argument": "It is early.", "confidence": 60} | more
    return Decided(at=at, team=team, member=f"m{team}", decision=decision, move=move, **words)


def opened(teams: int = 2, *, laptop: bool = False) -> list[Event]:
    events: list[Event] = [Opened(at=0.0, deck=toy_deck(), teams=teams, laptop=laptop)]
    if not laptop:
        events += [Joined(at=1.0, team=k, member=f"m{k}", name=f"N{k}") for k in range(1, teams + 1)]
    return events


def asked(teams: int = 2, *, laptop: bool = False) -> list[Event]:
    """Until the first decision, at minute 45: 4.5 seconds after the start."""
    return [
        *opened(teams, laptop=laptop),
        Started(at=START),
        Injected(at=START + 2, inject="call"),
        Asked(at=START + 5),
    ]


def refused(session: Session, event: Event, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        after(session, event)


def test_a_sixth_member_and_a_team_that_is_not_there_are_refused_in_a_sentence():
    session = lived(opened())
    for k in range(4):
        session = after(session, Joined(at=2.0, team=1, member=f"x{k}", name="A"))
    refused(session, Joined(at=2.0, team=1, member="x9", name="A"), "Team 1 is full: a team has at most 5")
    refused(session, Joined(at=2.0, team=3, member="x9", name="A"), "There is no team 3: this session has 2")
    refused(session, Joined(at=2.0, team=2, member="x1", name="A"), "has a seat already")
    with pytest.raises(ValueError, match="teams"):
        Opened(at=0.0, deck=toy_deck(), teams=13)
    freed = after(session, Left(at=3.0, member="x1"))
    assert len(after(freed, Joined(at=4.0, team=1, member="x9", name="B")).teams[0].members) == 5


def test_the_clock_runs_stops_at_decisions_and_goes_on_where_it_stood():
    session = lived([*opened(), Started(at=START)])
    assert session.minute_at(START + 3) == 30.0
    assert session.minute_at(START + 99) == 45.0
    paused = after(session, Paused(at=START + 3))
    assert paused.minute_at(START + 999) == 30.0
    resumed = after(paused, Resumed(at=START + 1000))
    assert resumed.minute_at(START + 1001) == 40.0
    refused(resumed, Asked(at=START + 1001), "has not come to the next decision")
    assert due(paused, START + 999) is None


def test_the_clock_brings_injects_decisions_closing_and_the_end_each_in_its_time():
    session, now, seen = lived([*opened(1), Started(at=START)]), START, []
    while session.phase != "ended":
        now += 0.5
        while (event := due(session, now)) is not None:
            seen.append((event.kind, round(session.minute_at(now))))
            session = after(session, event)
        if session.phase == "confirming":
            session = after(session, Settled(at=now))
    assert seen == [
        ("injected", 20), ("asked", 45), ("closed", 45), ("asked", 180), ("closed", 180), ("ended", 360),
    ]  # fmt: skip
    assert [(a.decision, a.move, a.confirmed) for a in session.teams[0].answers] == [
        ("first", None, "silent"), ("second", None, "silent"),
    ]  # fmt: skip


def test_a_decision_can_be_changed_until_it_closes_and_is_what_was_confirmed():
    session = lived([*asked(), said(START + 6), said(START + 7, move="engage"), said(START + 7, team=2, move="silent")])
    assert session.teams[0].answers[0].move == "engage"
    closed = after(session, Closed(at=START + 60))
    refused(closed, said(START + 61), "yours was in time")
    mended = after(closed, Confirmed(at=START + 62, team=1, move="acknowledge"))
    done = after(mended, Settled(at=START + 63))
    assert done.teams[0].history == ((45, "acknowledge"),)
    assert done.teams[0].policy == {"name": "Team 1", "rules": [{"move": "acknowledge", "at_minute": 45}]}
    assert done.teams[1].history == ()
    assert done.minute_at(START + 64) == 55.0


def test_a_late_decision_is_recorded_as_late_and_silence_is_played():
    closed = lived([*asked(), said(START + 6), Closed(at=START + 60)])
    late = after(closed, said(START + 61, team=2, move="engage"))
    answer = late.teams[1].answers[0]
    assert (answer.move, answer.late, answer.confirmed) == ("engage", True, "silent")
    refused(late, Confirmed(at=START + 62, team=2, move="engage"), "silence is played")
    done = after(late, Settled(at=START + 63))
    assert [team.history for team in done.teams] == [((45, "clarify"),), ()]


def test_what_cannot_be_chosen_or_said_is_refused():
    session = lived(asked())
    refused(session, said(START + 6, move="withdraw"), "withdraw cannot be chosen here; choose silent, clarify")
    refused(session, said(START + 6, sentence=""), "Write the sentence")
    refused(session, said(START + 6, decision="second", move="defend"), "closed")
    assert after(session, said(START + 6, sentence="", move="silent")).teams[0].answers[0].move == "silent"
    refused(lived(opened()), said(START), "closed")
    refused(session, Confirmed(at=START + 6, team=1, move="clarify"), "nothing to confirm")


def test_more_time_is_given_and_a_pause_keeps_it():
    session = after(lived(asked()), Extended(at=START + 6, seconds=30))
    assert session.seconds_left(START + 15) == 80.0
    paused = after(session, Paused(at=START + 15))
    assert paused.seconds_left(START + 500) == 80.0
    assert after(paused, Resumed(at=START + 600)).seconds_left(START + 610) == 70.0


def test_a_draft_is_the_teams_own_and_ends_with_the_decision():
    draft = Drafted(at=START + 6, team=1, member="m1", decision="first", sentence="We")
    session = after(lived(asked()), draft)
    assert session.teams[0].draft is not None and session.teams[0].draft.sentence == "We"
    assert session.teams[0].draft.by == "m1"
    closed = after(session, Closed(at=START + 60))
    kept, nothing = (team.answers[0] for team in closed.teams)
    assert (kept.move, kept.confirmed, kept.sentence) == (None, "silent", "")
    assert kept.draft == session.teams[0].draft and nothing.draft is None
    late = after(closed, said(START + 61, move="engage")).teams[0].answers[0]
    assert late.late and late.draft is None
    assert after(closed, Settled(at=START + 61)).teams[0].draft is None


def test_what_is_written_after_the_close_is_kept_as_a_draft_until_the_moves_are_settled():
    first = Drafted(at=START + 6, team=1, member="m1", decision="first", sentence="We")
    more = Drafted(at=START + 61, team=1, member="m1", decision="first", sentence="We hear", move="engage")
    closed = lived([*asked(), first, said(START + 7, team=2), Closed(at=START + 60)])
    kept = after(closed, more).teams[0].answers[0]
    assert kept.draft is not None and (kept.draft.sentence, kept.draft.move) == ("We hear", "engage")
    assert (kept.move, kept.confirmed) == (None, "silent")
    refused(closed, more.model_copy(update={"team": 2, "member": "m2"}), "closed")
    refused(closed, more.model_copy(update={"move": "withdraw"}), "cannot be chosen")
    refused(after(after(closed, more), said(START + 62)), more, "closed")
    refused(after(closed, Settled(at=START + 63)), more, "closed")


def early(*events: Event) -> Session:
    """A session whose first decision comes before the post, until after these events."""
    first, second = CONTENT["decisions"]
    before = first | {"minute": 0, "moves": ["silent", "change_ask", "withdraw"]}
    after_it = second | {"moves": ["silent", "clarify", "acknowledge", "engage", "withdraw", "defend"]}
    deck = toy_deck(decisions=[before, after_it])
    return lived([Opened(at=0.0, deck=deck, teams=2), *events])


def test_a_question_before_the_post_is_before_the_post_until_it_is_settled():
    begun = [Started(at=START), Asked(at=START)]
    assert not early().posted and not early(*begun[:1]).posted and not early(*begun).posted
    closed = [*begun, Closed(at=START + 9)]
    assert not early(*closed).posted
    assert early(*closed, Settled(at=START + 10)).posted
    assert not lived(opened()).posted and lived([*opened(), Started(at=START)]).posted


def test_who_did_not_post_says_so_without_a_sentence_and_is_offered_nothing_about_the_call_afterwards():
    begun = [Started(at=START), Asked(at=START)]
    silent = said(START + 1, move="withdraw", sentence="")
    session = early(*begun, silent, Closed(at=START + 9), Settled(at=START + 10))
    one, two = session.teams
    assert one.unposted and not two.unposted
    first, second = session.deck.decisions
    assert one.choices(first) == first.moves, "what was chosen there stands"
    assert one.choices(second) == ("silent", "acknowledge", "engage") and two.choices(second) == second.moves
    refused(early(*begun), said(START + 1, move="change_ask", sentence=""), "Write the sentence")


def test_a_move_before_the_post_has_a_name_of_its_own_also_in_the_debrief():
    assert (label_of("withdraw", 0), label_of("withdraw", 1)) == ("Do not post", "Withdraw the call")
    assert set(BEFORE) == set(TOLD) and all(set(BEFORE[move]) == set(TOLD[move]) for move in TOLD)
    draft = Drafted(at=START + 1, team=1, member="m1", decision="first", move="withdraw")
    seat = Joined(at=1.0, team=1, member="m1", name="N1")
    session = early(seat, Started(at=START), Asked(at=START), draft, Closed(at=START + 9), Settled(at=START + 10))
    assert sides_of(session)[0].made[0].sentence == "(A draft, not submitted; marked: Do not post.)"
    assert when(0) == "Before the post"


def test_a_call_is_not_offered_to_be_taken_back_twice():
    session = lived([*asked(), Closed(at=START + 60), Settled(at=START + 61)])
    team = replace(session.teams[0], answers=(Answer("first", 45, move="withdraw", confirmed="withdraw"),))
    first, second = session.deck.decisions
    assert team.choices(second) == ("silent", "change_ask", "defend") and not team.unposted
    assert team.choices(first.model_copy(update={"moves": ("silent", "withdraw")})) == ("silent", "withdraw")


def test_the_debrief_tells_a_draft_that_was_not_submitted_as_one():
    draft = Drafted(at=START + 6, team=1, member="m1", decision="first", sentence="We", move="engage", argument="Why?")
    one, two = sides_of(
        lived([*asked(), draft, said(START + 7, team=2), Closed(at=START + 60), Settled(at=START + 61)])
    )
    assert one.made[0].sentence == "(A draft, not submitted; marked: Answer critics.) We" and one.course == ()
    assert (one.made[0].picked, one.made[0].argument, two.made[0].sentence) == (None, "Why?", "We hear you.")


def test_a_confidence_alone_is_no_draft_and_what_was_submitted_stands_whatever_is_written_after():
    touched = Drafted(at=START + 6, team=2, member="m2", decision="first", confidence=70)
    rewritten = Drafted(at=START + 8, team=1, member="m1", decision="first", sentence="Or rather")
    session = lived([*asked(), touched, said(START + 7), rewritten, Closed(at=START + 60)])
    one, two = (team.answers[0] for team in session.teams)
    assert (one.sentence, one.draft) == ("We hear you.", None)
    assert (two.move, two.draft) == (None, None)


def test_one_laptop_goes_from_team_to_team_and_each_has_its_whole_time():
    session = lived(asked(laptop=True))
    assert session.turn == 1 and session.waiting
    assert due(session, START + 500) is None
    refused(session, said(START + 500), "Take the laptop first")
    refused(session, said(START + 500, team=2), "another team's turn")
    first = after(after(session, Taken(at=START + 500, team=1)), said(START + 510))
    handed = after(first, Passed(at=START + 520, team=1))
    assert (handed.turn, handed.waiting, handed.seconds_left(START + 900)) == (2, True, 60.0)
    second = after(handed, Taken(at=START + 900, team=2))
    event = due(second, START + 961)
    assert isinstance(event, Passed)
    closed = after(second, event)
    assert closed.phase == "confirming"
    assert [team.answers[0].confirmed for team in closed.teams] == [None, "silent"]
    refused(session, Joined(at=START, team=1, member="x", name="A"), "on one laptop")


def test_nothing_is_revealed_before_the_end_and_nothing_shown_before_it_is_settled():
    session = lived(asked())
    refused(session, Revealed(at=START + 6), "when the play is over")
    refused(session, Shown(at=START + 6, decision="first"), "Only what has been settled")
    done = after(after(session, Closed(at=START + 60)), Settled(at=START + 61))
    shown = after(done, Shown(at=START + 62, decision="first"))
    assert shown.shown == {"first"}
    assert after(shown, Shown(at=START + 63, decision="first", on=False)).shown == set()
    assert after(after(done, Ended(at=START + 63)), Revealed(at=START + 64)).revealed


def test_ending_in_an_open_decision_settles_it():
    ended = after(lived([*asked(), said(START + 6)]), Ended(at=START + 7))
    assert [team.history for team in ended.teams] == [((45, "clarify"),), ()]


def test_the_facilitators_own_inject_goes_out_once_and_one_of_the_deck_too():
    session = lived(asked())
    refused(session, Injected(at=START + 6, inject="call"), "gone out already")
    refused(session, Injected(at=START + 6, inject="nothing"), "no such inject")
    refused(session, Injected(at=START + 6), "needs a text")
    own = after(session, Injected(at=START + 6, what="rumour", sender="A\u202e caller", text="  Is it true? "))
    assert (own.told[-1].sender, own.told[-1].text, own.told[-1].minute) == ("A caller", "Is it true?", 45)


def test_the_clock_can_be_moved_on_to_the_next_decision():
    session = after(lived([*opened(), Started(at=START)]), Skipped(at=START + 1))
    assert session.minute_at(START + 1) == 45.0
    refused(lived(asked()), Skipped(at=START + 6), "only while it runs")


WHOLE = [
    *asked(), said(START + 6), Closed(at=START + 60), Settled(at=START + 61), Skipped(at=START + 62),
    Asked(at=START + 63), Drafted(at=START + 64, team=2, member="m2", decision="second", sentence="W", move="defend"),
    Paused(at=START + 65),
]  # fmt: skip


def test_an_event_is_written_and_read_the_same():
    assert [read_event(written(event)) for event in WHOLE] == WHOLE


def test_a_store_gives_the_session_again_and_keeps_no_token(tmp_path):
    path = tmp_path / "deep" / "sessions.sqlite"
    store = Store(path)
    store.open("s1", "ABCDEF", WHOLE[0])
    store.admit("s1", Seat("facilitator", "f1"), "host-token")
    for number, event in enumerate(WHOLE[1:], 1):
        if isinstance(event, Joined):
            store.append("s1", number, [Entry(event, Seat("member", event.member), f"token-{event.member}")])
        else:
            store.append("s1", number, [Entry(event)])
    store.alive(["s1"], 4242.0)
    store.close()
    again = Store(path)
    assert again.session("s1") == lived(WHOLE)
    assert again.sessions() == [Kept("s1", "ABCDEF", 4242.0, False)]
    assert again.seat("s1", "host-token") == Seat("facilitator", "f1")
    assert again.seat("s1", "token-m2") == Seat("member", "m2")
    assert again.seat("s1", "m2") is None and again.seat("s2", "host-token") is None and again.session("s2") is None
    again.append("s1", len(WHOLE), [Entry(Resumed(at=4999.0)), Entry(Ended(at=5000.0))])
    assert again.sessions() == [Kept("s1", None, 4242.0, True)]
    again.close()
    kept = b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert b"token-m2" not in kept and b"host-token" not in kept


def test_two_servers_do_not_share_a_file_and_an_event_has_one_place(tmp_path):
    store = Store(tmp_path / "s.sqlite")
    with pytest.raises(ConfigError, match="used by another server"):
        Store(tmp_path / "s.sqlite")
    store.open("s1", "ABCDEF", WHOLE[0])
    with pytest.raises(Exception, match="UNIQUE"):
        store.append("s1", 0, [Entry(WHOLE[1], Seat("member", "m"), "t")])
    assert store.seat("s1", "t") is None
    store.close()
    (tmp_path / "other").write_text("no database")
    with pytest.raises(ConfigError, match="cannot be used"):
        Store(tmp_path / "other")
