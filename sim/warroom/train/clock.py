"""What the clock of a session calls for: decisions that come up, injects that fall due, time that runs out.

Pure as the rules are: the server asks again and again what is due at its present time, and makes that happen.
"""

from __future__ import annotations

from sim.warroom.train.events import Asked, Closed, Ended, Event, Injected, Passed
from sim.warroom.train.session import MOST_TOLD, Session


def due(session: Session, now: float) -> Event | None:
    """Return the next event that the clock brings about by ``now``, None if nothing is due.

    Injects come before a decision of the same minute. Ask again after it has happened: more may be due.
    """
    if session.paused:
        return None
    if session.phase == "running":
        minute = session.minute_at(now)
        inject = _next_inject(session, minute)
        if inject is not None:
            return Injected(at=now, inject=inject)
        if minute >= session.next_stop:
            return Asked(at=now) if session.asked < len(session.deck.decisions) else Ended(at=now)
    if session.phase == "deciding" and session.ticking is not None and session.seconds_left(now) == 0.0:
        return Passed(at=now, team=session.turn) if session.turn is not None else Closed(at=now)
    return None


def _next_inject(session: Session, minute: float) -> str | None:
    """Return the first inject of the deck whose minute has come and that has not gone out yet."""
    gone = {told.inject for told in session.told}
    waiting = [each for each in session.deck.injects if each.minute is not None and each.id not in gone]
    come = [each for each in waiting if each.minute is not None and each.minute <= minute]
    if not come or len(session.told) >= MOST_TOLD:
        return None
    return min(come, key=lambda each: each.minute or 0).id
