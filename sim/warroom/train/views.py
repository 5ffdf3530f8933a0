"""What each browser of a session is shown: a team its own campaign alone, the facilitator everything.

Pure: bodies of messages from the state of a session. A team is never sent what has not been asked or told yet, what
other teams do, or a hidden fact, before it is revealed; there is nothing to hide on the page.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sim.warroom.train.deck import Decision, Deck
from sim.warroom.train.moves import BEFORE, TOLD
from sim.warroom.train.session import Answer, Session, Team, Told

Body = dict[str, Any]


def clock_body(session: Session, now: float, *, ready: bool, hour: float | None, making: Body | None) -> Body:
    """Return where the clocks stand; ``hour`` is that of the post, ``making`` tells how far the crowd is."""
    left = session.seconds_left(now)
    return {
        "phase": session.phase,
        "paused": session.paused,
        "minute": round(session.minute_at(now), 2),
        "posted": session.posted,
        "left": None if left is None else round(left, 1),
        "waiting": session.waiting,
        "turn": session.turn,
        "ready": ready,
        "making": making,
        "hour": hour,
        "of": session.deck.minutes,
        "elapsed": None if session.started is None else max(0, round(now - session.started)),
        "speed": session.deck.seconds_per_hour,
    }


def brief(deck: Deck) -> Body:
    """Return what everybody may know of a deck from the start."""
    return {
        "title": deck.title,
        "summary": deck.summary,
        "tag": deck.tag,
        "hours": deck.hours,
        "budget": deck.budget_hours,
        "roles": [{"name": role.name, "task": role.task} for role in deck.roles],
        "moves": TOLD,
        "before": BEFORE,
    }


def whole(deck: Deck) -> Body:
    """Return what the facilitator knows of a deck besides."""
    return brief(deck) | {
        "followers": deck.followers,
        "objectives": list(deck.objectives),
        "decisions": [_decision(decision) for decision in deck.decisions],
        "injects": [
            {"id": each.id, "minute": each.minute, "what": each.kind, "sender": each.sender, "text": each.text}
            for each in deck.injects
        ],
        "hidden": [{"title": each.title, "text": each.text} for each in deck.hidden],
        "plan": [
            {"at": row.at, "minute": None if row.hour is None else round(60 * row.hour), "what": row.what}
            for row in deck.plan
        ],
        "hot_wash": list(deck.hot_wash),
    }


def _decision(decision: Decision, team: Team | None = None) -> Body:
    return {
        "id": decision.id, "minute": decision.minute, "situation": decision.situation, "question": decision.question,
        "moves": list(team.choices(decision) if team else decision.moves), "hint": decision.hint,
        "seconds": decision.seconds,
    }  # fmt: skip


def _answer(answer: Answer | None) -> Body | None:
    if answer is None:
        return None
    return {
        "decision": answer.decision, "minute": answer.minute, "sentence": answer.sentence, "move": answer.move,
        "argument": answer.argument, "confidence": answer.confidence, "late": answer.late,
        "confirmed": answer.confirmed,
        "draft": None if answer.draft is None else {
            "sentence": answer.draft.sentence, "move": answer.draft.move, "argument": answer.draft.argument,
            "confidence": answer.draft.confidence,
        },
    }  # fmt: skip


def _told(told: Told) -> Body:
    return {"minute": told.minute, "what": told.what, "sender": told.sender, "text": told.text}


def _named(team: Team, member: str) -> str:
    return next((each.name for each in team.members if each.id == member), "")


def team_body(session: Session, number: int) -> Body:
    """Return what a team sees of itself: its members, draft and answers, what it is asked, what it was told."""
    team, draft = session.team(number), session.team(number).draft
    asked = session.decision if session.phase in ("deciding", "confirming") else None
    return {
        "team": number,
        "name": team.name,
        "members": [member.name for member in team.members],
        "unposted": team.unposted,
        "decision": _decision(asked, team) if asked else None,
        "draft": None if draft is None or asked is None else {
            "decision": draft.decision, "sentence": draft.sentence, "move": draft.move, "argument": draft.argument,
            "confidence": draft.confidence, "by": draft.by, "name": _named(team, draft.by),
        },
        "answers": [_answer(answer) for answer in team.answers],
        "told": [_told(told) for told in session.told],
        "revealed": session.revealed,
    }  # fmt: skip


def laptop_body(session: Session) -> Body:
    """Return what a shared laptop shows: the team that has taken it, or nobody's view between two teams."""
    shared = {"turn": session.turn, "waiting": session.waiting, "teams": len(session.teams)}
    if session.turn is not None and not session.waiting:
        return team_body(session, session.turn) | shared
    return shared | {
        "team": None, "told": [_told(told) for told in session.told], "revealed": session.revealed,
    }  # fmt: skip


def posted_at(deck: Deck) -> int:
    """Return the minute of the plan to which the start belongs: that of the first row with a simulated hour."""
    return next((row.at for row in deck.plan if row.hour is not None), deck.plan[0].at)


def plan_row(session: Session, minute: float) -> int:
    """Return the place of the plan's row at which a session is, however long it took to come there.

    While it is played that is the row of the simulated ``minute``, and so of the decision that is open; afterwards the
    end of the play, and once all is revealed what comes next.
    """
    plan = session.deck.plan
    played = [place for place, row in enumerate(plan) if row.hour is not None]
    if session.phase == "lobby" or not played:
        return 0
    if session.phase == "ended":
        return min(played[-1] + session.revealed, len(plan) - 1)
    return max([place for place in played if round(60 * (plan[place].hour or 0.0)) <= minute] or played[:1])


def wall_body(session: Session, code: str | None, online: dict[str, int], row: int) -> Body:
    """Return what the whole room may see: no sentence and no move, but those that the facilitator shows.

    Parameters
    ----------
    online : dict of str to int
        Open browsers by member.
    row : int
        Of the plan, as :func:`plan_row` gives it.
    """
    now = session.decision if session.phase in ("deciding", "confirming") else None
    plan = session.deck.plan
    return {
        "code": code,
        "decision": {"question": now.question, "situation": now.situation} if now else None,
        "plan": {
            "now": plan[row].what,
            "next": {"at": plan[row + 1].at, "what": plan[row + 1].what} if row + 1 < len(plan) else None,
        },
        "teams": [_on_the_wall(session, team, now, online) for team in session.teams],
        "told": [_told(told) for told in session.told[-2:]],
        "shown": [
            {
                "question": each.question,
                "minute": each.minute,
                "teams": [_choice(team, each.id) for team in session.teams],
            }
            for each in session.deck.decisions
            if each.id in session.shown
        ],
        "revealed": session.revealed,
    }


def _on_the_wall(session: Session, team: Team, now: Decision | None, online: dict[str, int]) -> Body:
    names = [member.name for member in team.members] if session.phase == "lobby" else []
    return _standing(team, now, online) | {"members": names}


def _standing(team: Team, now: Decision | None, online: dict[str, int]) -> Body:
    """Return how far a team is with the open decision, and how many of it are there."""
    answer = team.answer(now.id) if now else None
    return {
        "number": team.number,
        "name": team.name,
        "people": len(team.members),
        "online": sum(online.get(member.id, 0) > 0 for member in team.members),
        "drafting": team.draft is not None and team.draft.begun,
        "submitted": answer is not None and answer.move is not None and not answer.late,
    }


def _choice(team: Team, decision: str) -> Body:
    answer = team.answer(decision)
    if answer is None or answer.move is None or answer.late:
        return {"name": team.name, "move": "silent", "sentence": "", "in_time": False}
    return {"name": team.name, "move": answer.confirmed, "sentence": answer.sentence, "in_time": True}


def room_body(session: Session, code: str | None, online: dict[str, int], seen: dict[int, Body], row: int) -> Body:
    """Return what the facilitator sees: every team, with who is connected and what it has spent.

    Parameters
    ----------
    online : dict of str to int
        Open browsers by member.
    seen : dict of int to dict
        ``spent`` and ``share`` by team, as far as known.
    row : int
        Of the plan, as :func:`plan_row` gives it.
    """
    now = session.decision if session.phase in ("deciding", "confirming") else None
    return {
        "code": code,
        "row": row,
        "asked": session.asked,
        "decision": now.id if now else None,
        "teams": [
            _standing(team, now, online)
            | {
                "members": [{"id": m.id, "name": m.name, "online": online.get(m.id, 0) > 0} for m in team.members],
                "choices": list(team.choices(now)) if now else [],
                "answers": [_answer(answer) for answer in team.answers],
                **seen.get(team.number, {"spent": 0.0, "share": None}),
            }
            for team in session.teams
        ],
        "told": [_told(told) | {"inject": told.inject} for told in session.told],
        "shown": sorted(session.shown),
        "revealed": session.revealed,
    }


def seats_body(session: Session) -> Body:
    """Return what somebody who wants to join sees: the teams, and how many sit in each."""
    return {
        "teams": [{"team": team.number, "name": team.name, "members": len(team.members)} for team in session.teams],
        "over": session.phase == "ended",
    }


def reveal_body(session: Session) -> Body:
    """Return what everybody is told at the end: hidden facts, and what all teams chose; nothing before.

    A draft that was not submitted stays its team's own.
    """
    if not session.revealed:
        return {"hidden": [], "teams": []}
    return {
        "hidden": [{"title": each.title, "text": each.text} for each in session.deck.hidden],
        "teams": [
            {"name": team.name, "answers": [_answer(replace(answer, draft=None)) for answer in team.answers]}
            for team in session.teams
        ],
    }
