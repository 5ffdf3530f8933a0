"""The rules of a training session: ``after(session, event)`` gives where it stands after something has happened.

Pure: no clock, no socket, no chance. An event that is not allowed now raises :class:`Refused` with a sentence for the
person who asked. Between decisions the simulated clock runs; at a decision it stops, teams submit until it is closed,
the facilitator confirms which move each sentence is, and it runs on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from sim.warroom.train.deck import Decision
from sim.warroom.train.events import (
    MOST_MEMBERS,
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
)
from sim.warroom.train.session import MOST_TOLD, SILENT, WITHDRAW, Answer, Draft, Member, Refused, Session, Team, Told


def _must(fact: bool, sentence: str) -> None:
    if not fact:
        raise Refused(sentence)


def _joined(session: Session, event: Joined) -> Session:
    _must(not session.laptop, "This session is played on one laptop; nobody joins it from another browser.")
    _must(session.phase != "ended", "This session is over.")
    team = session.team(event.team)
    _must(len(team.members) < MOST_MEMBERS, f"{team.name} is full: a team has at most {MOST_MEMBERS} members.")
    _must(session.seat(event.member) is None, "This browser has a seat already.")
    return session.with_team(replace(team, members=(*team.members, Member(event.member, event.name))))


def _left(session: Session, event: Left) -> Session:
    found = session.seat(event.member)
    if found is None:
        raise Refused("Nobody has that seat.")
    team, member = found
    return session.with_team(replace(team, members=tuple(each for each in team.members if each != member)))


def _started(session: Session, event: Started) -> Session:
    _must(session.phase == "lobby", "The session has started already.")
    return replace(session, phase="running", started=event.at, since=event.at)


def _paused(session: Session, event: Paused) -> Session:
    _must(session.phase in ("running", "deciding"), "No clock is running now.")
    _must(not session.paused, "The session is paused already.")
    left = session.seconds_left(event.at)
    stopped = replace(session, paused=True, minute=session.minute_at(event.at), since=event.at, ticking=None)
    return stopped if left is None else replace(stopped, left=left)


def _resumed(session: Session, event: Resumed) -> Session:
    _must(session.paused, "The session is not paused.")
    ticks = session.phase == "deciding" and not session.waiting
    return replace(session, paused=False, since=event.at, ticking=event.at if ticks else None)


def _skipped(session: Session, event: Skipped) -> Session:
    _must(session.phase == "running", "The clock can be moved on only while it runs between decisions.")
    return replace(session, minute=float(session.next_stop), since=event.at)


def _asked(session: Session, event: Asked) -> Session:
    _must(session.phase == "running" and not session.paused, "The clock is not running.")
    _must(session.asked < len(session.deck.decisions), "There are no more decisions.")
    _must(session.minute_at(event.at) >= session.next_stop, "The clock has not come to the next decision yet.")
    decision = session.deck.decisions[session.asked]
    return replace(
        session, phase="deciding", minute=float(decision.minute), since=event.at, asked=session.asked + 1,
        left=float(decision.seconds), ticking=None if session.laptop else event.at,
        turn=1 if session.laptop else None, waiting=session.laptop,
        teams=tuple(replace(team, draft=Draft(decision.id)) for team in session.teams),
    )  # fmt: skip


def _open(session: Session, decision: str, team: int) -> Decision:
    """Return the open decision that somebody speaks of."""
    now = session.decision
    if now is None or session.phase != "deciding" or now.id != decision:
        raise Refused("This decision is closed.")
    _must(not session.laptop or session.turn == team, "It is another team's turn.")
    return now


def _drafted(session: Session, event: Drafted) -> Session:
    team, now = session.team(event.team), session.decision
    draft = Draft(event.decision, event.sentence, event.move, event.argument, event.confidence, event.member)
    answer = team.answer(event.decision)
    if session.phase == "confirming" and now is not None and now.id == event.decision and not session.laptop:
        # whoever was still writing when the time ran out goes on: it is kept for the talk, silence is played
        if answer is None or answer.move is not None:
            raise Refused("This decision is closed.")
        _allowed(now, event.move)
        team = team.having(replace(answer, draft=draft if draft.begun else None))
    else:
        _allowed(_open(session, event.decision, event.team), event.move)
    return session.with_team(replace(team, draft=draft))


def _allowed(decision: Decision, move: str | None) -> None:
    _must(move is None or move in decision.moves, f"{move} cannot be chosen here; choose {_listed(decision.moves)}.")


def _listed(moves: tuple[str, ...]) -> str:
    return " or ".join([", ".join(moves[:-1]), moves[-1]])


def _decided(session: Session, event: Decided) -> Session:
    team, late = session.team(event.team), session.phase != "deciding"
    decision = session.decision
    if decision is None or decision.id != event.decision or session.phase in ("lobby", "ended"):
        raise Refused("This decision is closed.")
    wordless = event.move == SILENT or (event.move == WITHDRAW and decision.minute == 0)
    _must(bool(event.sentence) or wordless, "Write the sentence that you would put out, or stay silent.")
    _allowed(decision, event.move)
    before = team.answer(decision.id)
    if late:
        _must(before is not None and (before.move is None or before.late), "The decision is closed; yours was in time.")
    else:
        _open(session, event.decision, event.team)
        _must(not session.waiting, "Take the laptop first; then the time runs.")
    answer = Answer(
        decision.id, decision.minute, event.sentence, event.move, event.argument, event.confidence, late=late,
        confirmed=SILENT if late else None, by=event.member, at=event.at,
    )  # fmt: skip
    return session.with_team(team.having(answer))


def _taken(session: Session, event: Taken) -> Session:
    _must(session.laptop and session.phase == "deciding", "There is no laptop to take now.")
    _must(session.turn == event.team, "It is another team's turn.")
    _must(not session.paused, "The session is paused.")
    return replace(session, waiting=False, ticking=event.at) if session.waiting else session


def _passed(session: Session, event: Passed) -> Session:
    decision = session.decision
    if decision is None or not session.laptop or session.phase != "deciding":
        raise Refused("There is no laptop to hand over now.")
    _must(session.turn == event.team, "It is another team's turn.")
    if event.team == len(session.teams):
        return _closed(session, event)
    return replace(session, turn=event.team + 1, waiting=True, left=float(decision.seconds), ticking=None)


def _extended(session: Session, event: Extended) -> Session:
    _must(session.phase == "deciding", "No decision is open.")
    return replace(session, left=session.left + event.seconds)


def _closed(session: Session, event: Event) -> Session:
    decision = session.decision
    if decision is None or session.phase != "deciding":
        raise Refused("No decision is open.")
    teams = tuple(team if team.answer(decision.id) else team.having(_silence(decision, team)) for team in session.teams)
    return replace(
        session,
        phase="confirming",
        teams=teams,
        paused=False,
        left=0.0,
        ticking=None,
        turn=None,
        waiting=False,
        since=event.at,
    )


def _silence(decision: Decision, team: Team) -> Answer:
    """Return the answer of a team that has submitted none; what it had written is kept as a draft."""
    written = team.draft if team.draft is not None and team.draft.begun else None
    return Answer(decision.id, decision.minute, confirmed=SILENT, draft=written)


def _confirmed(session: Session, event: Confirmed) -> Session:
    decision, team = session.decision, session.team(event.team)
    if decision is None or session.phase != "confirming":
        raise Refused("There is nothing to confirm now.")
    answer = team.answer(decision.id)
    if answer is None or answer.move is None or answer.late:
        raise Refused(f"{team.name} did not submit in time: silence is played.")
    _allowed(decision, event.move)
    return session.with_team(team.having(replace(answer, confirmed=event.move)))


def _settled(session: Session, event: Settled) -> Session:
    decision = session.decision
    if decision is None or session.phase != "confirming":
        raise Refused("There is nothing to confirm now.")
    teams = []
    for team in session.teams:
        answer = team.answer(decision.id)
        if answer is not None and answer.confirmed is None:
            team = team.having(replace(answer, confirmed=answer.move))
        teams.append(replace(team, draft=None))
    return replace(session, phase="running", teams=tuple(teams), since=event.at)


def _injected(session: Session, event: Injected) -> Session:
    _must(session.phase not in ("lobby", "ended"), "Injects go out while the session is played.")
    _must(len(session.told) < MOST_TOLD, f"A session holds at most {MOST_TOLD} injects.")
    minute = int(session.minute_at(event.at))
    if event.inject is None:
        if event.text is None:
            raise Refused("An inject needs a text.")
        return replace(session, told=(*session.told, Told(minute, event.what, event.sender, event.text)))
    found = next((each for each in session.deck.injects if each.id == event.inject), None)
    if found is None:
        raise Refused("The deck has no such inject.")
    _must(all(told.inject != found.id for told in session.told), "This inject has gone out already.")
    due = minute if found.minute is None else min(minute, found.minute)  # the clock may have been moved on past it
    return replace(session, told=(*session.told, Told(due, found.kind, found.sender, found.text, found.id)))


def _shown(session: Session, event: Shown) -> Session:
    past = {decision.id for decision in session.deck.decisions[: session.asked]}
    open_now = session.decision.id if session.decision and session.phase in ("deciding", "confirming") else None
    _must(event.decision in past and event.decision != open_now, "Only what has been settled can be shown.")
    return replace(session, shown=session.shown | {event.decision} if event.on else session.shown - {event.decision})


def _ended(session: Session, event: Ended) -> Session:
    _must(session.phase not in ("lobby", "ended"), "The session is not being played.")
    ready = _closed(session, event) if session.phase == "deciding" else session
    if ready.phase == "confirming":
        ready = _settled(ready, Settled(at=event.at))
    minute = session.minute_at(event.at)
    return replace(ready, phase="ended", paused=False, minute=minute, since=event.at)


def _revealed(session: Session, event: Revealed) -> Session:
    _must(session.phase == "ended", "Reveal when the play is over; end it first.")
    return replace(session, revealed=True)


def _not_again(session: Session, event: Opened) -> Session:
    raise Refused("The session is open already.")


_RULES: dict[type[Event], Callable[[Session, Any], Session]] = {
    Opened: _not_again, Joined: _joined, Left: _left, Started: _started, Paused: _paused, Resumed: _resumed,
    Skipped: _skipped, Asked: _asked, Drafted: _drafted, Decided: _decided, Taken: _taken, Passed: _passed,
    Extended: _extended, Closed: _closed, Confirmed: _confirmed, Settled: _settled, Injected: _injected,
    Shown: _shown, Ended: _ended, Revealed: _revealed,
}  # fmt: skip


def after(session: Session, event: Event) -> Session:
    """Return the session after an event.

    Raises
    ------
    Refused
        The rules do not allow it now; nothing has changed.
    """
    return _RULES[type(event)](session, event)


def lived(events: Iterable[Event]) -> Session:
    """Return the session of its events, the first of which opened it."""
    first, *rest = events
    if not isinstance(first, Opened):
        raise Refused("A session begins by being opened.")
    session = Session.opened_by(first)
    for event in rest:
        session = after(session, event)
    return session
