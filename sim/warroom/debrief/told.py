"""The whole debrief as plain values: what the page draws, and what the export writes down.

It is put together from what is known of the futures so far, so that it sharpens while they come in. A team is given
its own decisions in detail, and of the others what stands in the comparison and on the timeline.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sim.config.after import AfterConfig
from sim.report.wording import count
from sim.warroom.debrief.courses import (
    BEST_KNOWN,
    FROM_THE_POST,
    LISTENED,
    NOTHING,
    SILENT,
    Course,
    Made,
    Side,
    Start,
    fork_of,
    runs_of,
    wanted,
)
from sim.warroom.debrief.endings import NOT_POSTED, Curves, Ending
from sim.warroom.debrief.futures import Futures
from sim.warroom.debrief.score import (
    PARTS,
    Stated,
    answered_share,
    brier,
    calibration_part,
    hours_left,
    not_hijacked,
    off_by,
    score,
)
from sim.warroom.debrief.sentences import (
    IF_ASSUMED,
    difference_sentence,
    end_sentence,
    luck_sentence,
    mattered_sentence,
    played_sentence,
    points_told,
    policy_told,
    progress_sentence,
    size_sentence,
    size_told,
    tipped_sentence,
    when,
)
from sim.warroom.debrief.tally import FEELINGS, HIJACKED, better, difference, hours_spent, listening_hours, spread
from sim.warroom.train.deck import Deck
from sim.warroom.train.moves import label_of

CURVE_MINUTES = 15
"""Minutes that one point of a drawn curve stands for."""
SMALL_AUDIENCE = 20_000
"""Below it numbers are told as shapes, not odds: ignition is the chance that one of many sparks catches."""


def debrief(
    deck: Deck, sides: Sequence[Side], futures: Futures, played: int, pace: float | None = None
) -> dict[str, Any]:
    """Return everything that the facilitator sees.

    Parameters
    ----------
    sides : sequence of Side
        The teams, and what they decided.
    futures : Futures
        Of this deck.
    played : int, simulated minutes
        At which the play ended: before the deck's hours are over, where it was ended early.
    pace : float, optional, campaigns a second
        At which those that are missing come in; None: not known.
    """
    needed = wanted(sides, best=deck.best_known is not None)
    rows = [_team_row(deck, side, futures, played) for side in sides]
    rows += _others(deck, futures, played)
    teams = [_team(deck, side, futures, row, played) for side, row in zip(sides, rows, strict=False)]
    plain = futures.campaigns.plain
    after: AfterConfig = plain.after
    points = [point for team in teams for point in _points(team)]
    done, of = futures.done(needed), runs_of(needed, futures.count)
    left = (of - done) / pace if pace else None
    return {
        "title": deck.title, "summary": deck.summary, "followers": deck.followers,
        "length": played_sentence(plain.minutes, deck.minutes, played), "played": played, "seed": deck.seed,
        "replicate": deck.replicate, "futures": futures.count,
        "progress": {"done": done, "of": of, "left": left, "words": progress_sentence(done, of, futures.count, left)},
        "rows": rows, "teams": teams, "calibration": points,
        "hidden": [{"title": fact.title, "text": fact.text} for fact in deck.hidden],
        "hot_wash": list(deck.hot_wash),
        "best": None if deck.best_known is None else {
            "told": _best_told(futures), "study": deck.best_known.study, "note": deck.best_known.note},
        "weights": [{"name": part.name, "title": part.title, "weight": part.weight, "why": part.why} for part in PARTS],
        "assumed": IF_ASSUMED + " How far people drift by what they see is assumed too (its signs are sourced)"
        + (", and set to none here." if after.drift == 0 else "."),
        "shapes": deck.followers < SMALL_AUDIENCE,
        "curve_minutes": CURVE_MINUTES, "budget": float(deck.budget_hours),
    }  # fmt: skip


def _best_told(futures: Futures) -> str:
    return policy_told(futures.campaigns.configuration("best").policy)


def seen_by(told: dict[str, Any], number: int) -> dict[str, Any]:
    """Return what one team sees of a debrief: its own decisions, and of others what is compared."""
    kept = ("number", "name", "curves", "moves", "lived", "end")
    return told | {
        "teams": [
            team if team["number"] == number else {name: team[name] for name in kept} | {"decisions": None}
            for team in told["teams"]
        ],
        "calibration": [point for point in told["calibration"] if point["team"] == number],
        "own": number,
    }


def _lived(ending: Ending | None) -> dict[str, Any] | None:
    """Return how a campaign ended as it was lived."""
    if ending is None:
        return None
    return {
        "verdict": ending.verdict, "hijack_share": ending.hijack_share, "messages": ending.messages,
        "participants": ending.participants, "takeover": ending.takeover, "trust": ending.trust,
        "grievance": ending.grievance, "replies": ending.replies, "followers_lost": ending.followers_lost,
        "trended": ending.trended, "size": count(ending.messages),
    }  # fmt: skip


def _row(
    deck: Deck, names: tuple[str, str], kind: str, start: Start, course: Course, futures: Futures, played: int
) -> dict[str, Any]:
    """Return one row of the comparison: as lived, over lucks, and against silence on the same luck."""
    own, base = futures.endings(start, course), futures.endings(FROM_THE_POST, NOTHING)
    lived, configuration = futures.lived(course, start), futures.campaigns.configuration(start.variant)
    hours = None if lived is None else hours_spent(configuration, course, lived, futures.curves(start, course), played)
    found = spread(own)
    return {
        "name": names[0], "label": names[1], "kind": kind, "lived": _lived(lived),
        "over": None if found is None else {
            **{key: value for key, value in found.items() if key != "strip"}, "size": size_told(found["messages"])},
        "against_silence": None if kind == "silent" else _worded(difference(base, own)),
        "hours": None if hours is None else hours | {"before": listening_hours(configuration)}, "score": None,
        "parts": {
            "trust": better(base, own, "trust", higher=True),
            "grievance": better(base, own, "grievance", higher=False),
            "hours": None if hours is None else hours_left(hours["play"], float(deck.budget_hours)),
        },
    }  # fmt: skip


def _worded(found: dict[str, Any] | None) -> dict[str, Any] | None:
    """Return a difference with its feelings in words as well: ``words``, the mean and its interval."""
    return (
        found
        if found is None
        else found | {name: found[name] | {"words": points_told(found[name])} for name in FEELINGS}
    )


def _team_row(deck: Deck, side: Side, futures: Futures, played: int) -> dict[str, Any]:
    """Return a team's row, with its score."""
    row = _row(deck, (side.name, side.name), "team", FROM_THE_POST, side.course, futures, played)
    known = list(futures.endings(FROM_THE_POST, side.course).values())
    stated = _stated(side, futures)
    found = brier(stated)
    parts = row["parts"] | {
        "answered": answered_share(futures.campaigns.plain, side.made, known),
        "calibration": calibration_part(found),
    }
    ready = row["over"] is not None and (found is not None or all(made.confidence is None for made in side.made))
    return row | {
        "number": side.number, "off": off_by(found), "parts": parts, "score": score(parts) if ready else None,
    }  # fmt: skip


def _others(deck: Deck, futures: Futures, played: int) -> list[dict[str, Any]]:
    """Return what every team is held against; not posting has no run: nothing happens."""
    rows = [
        _row(deck, ("Saying nothing", "Saying nothing"), "silent", FROM_THE_POST, NOTHING, futures, played),
        _row(deck, (f"Listening for {deck.listening_months:g} months first, then saying nothing", "Listening first"),
             "listening", LISTENED, NOTHING, futures, played),
    ]  # fmt: skip
    if deck.best_known is not None:
        names = (f"Best answer known: {_best_told(futures)}", "Best known")
        rows.append(_row(deck, names, "best", BEST_KNOWN, NOTHING, futures, played))
    silence, nothing = futures.endings(FROM_THE_POST, NOTHING), {"mean": 0.0, "lo": 0.0, "hi": 0.0}
    rows.append({
        "name": "Not posting at all", "label": "Not posting", "kind": "not_posted", "lived": None, "score": None,
        "hours": {"play": 0.0, "after": 0.0, "before": 0.0},
        "against_silence": _worded(difference(silence, dict.fromkeys(silence, NOT_POSTED))),
        "over": {"n": None, "verdicts": None, HIJACKED: nothing, "trust": nothing, "grievance": nothing,
                 "replies": nothing, "messages": {"median": 0.0, "lo": 0.0, "hi": 0.0}, "trended": 0,
                 "size": ("0", "0 to 0")},
    })  # fmt: skip
    return rows


def _stated(side: Side, futures: Futures) -> list[Stated]:
    """Return a team's stated confidences that can be held against something yet."""
    lived = futures.lived(side.course)
    found = []
    for made in side.made:
        fork = fork_of(side.course, made.minute)
        endings = futures.endings(fork.start, fork.made)
        share = not_hijacked(endings.values())
        if (
            made.confidence is not None
            and not made.late
            and lived is not None
            and spread(endings) is not None
            and share is not None
        ):
            found.append(Stated(made.confidence / 100, share, lived.verdict != HIJACKED))
    return found


def _team(deck: Deck, side: Side, futures: Futures, row: dict[str, Any], played: int) -> dict[str, Any]:
    """Return a team's decisions in detail, and its timeline."""
    lived = futures.lived(side.course)
    decisions = [_decision(deck, side, made, futures, lived) for made in side.made]
    return {
        "number": side.number, "name": side.name, "decisions": decisions, "lived": row["lived"],
        "tipped": None if lived is None else tipped_sentence(
            lived.takeover, [(made.minute, made.move) for made in side.made], played=played, followers=deck.followers),
        "mattered": mattered_sentence(decisions) if all(each["ready"] for each in decisions) else None,
        "off": row["off"], "score": row["score"], "hours": row["hours"],
        "end": None if row["lived"] is None else end_sentence(row["lived"]),
        "moves": [{"minute": made.minute, "move": made.move, "words": label_of(made.move, made.minute)}
                  for made in side.made],
        "curves": None if lived is None else _drawn(futures.curves(FROM_THE_POST, side.course), played),
    }  # fmt: skip


def _drawn(curves: Curves, played: int) -> Curves:
    """Return a campaign's curves by :data:`CURVE_MINUTES` until the play ended; the last point may hold fewer."""
    starts = range(0, played, CURVE_MINUTES)
    return {
        name: [sum(curves[name][start : min(start + CURVE_MINUTES, played)]) for start in starts]
        for name in ("campaign", "counter", "trending")
    }


def _decision(deck: Deck, side: Side, made: Made, futures: Futures, lived: Ending | None) -> dict[str, Any]:
    """Return one decision: what was done, its futures, and those with silence in its place."""
    asked = next((each for each in deck.decisions if each.id == made.decision), None)
    fork = fork_of(side.course, made.minute)
    with_it, without = futures.endings(fork.start, fork.made), futures.endings(fork.start, fork.silent)
    found = spread(with_it)
    changed = None if made.move == SILENT else difference(without, with_it)
    silent = spread(without) if made.move != SILENT else None
    return {
        "id": made.decision, "minute": made.minute, "when": when(made.minute),
        "question": asked.question if asked else made.decision,
        "move": made.move, "words": label_of(made.move, made.minute), "picked": made.picked,
        "picked_words": label_of(made.picked, made.minute) if made.picked else None, "late": made.late,
        "confidence": made.confidence, "sentence": made.sentence, "argument": made.argument,
        "futures": found, "silent": None if silent is None else {
            name: silent[name] for name in ("n", "strip", HIJACKED, "messages", "trended")},
        "difference": changed,
        "luck": None if found is None or lived is None else luck_sentence(found, lived.verdict),
        "size": None if found is None or lived is None else size_sentence(
            found, {"messages": lived.messages, "trended": lived.trended}),
        "judgement": difference_sentence(made.move, changed),
        "ready": found is not None and (made.move == SILENT or changed is not None),
    }  # fmt: skip


def _points(team: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the points of the calibration chart."""
    lived = team["lived"]
    return [
        {
            "team": team["number"], "name": team["name"], "decision": number + 1,
            "stated": decision["confidence"] / 100, "futures": 1.0 - decision["futures"][HIJACKED]["mean"],
            "lo": 1.0 - decision["futures"][HIJACKED]["hi"], "hi": 1.0 - decision["futures"][HIJACKED]["lo"],
            "lived": lived["verdict"] != HIJACKED,
        }
        for number, decision in enumerate(team["decisions"])
        if decision["confidence"] is not None and not decision["late"]
        and decision["futures"] is not None and lived is not None
    ]  # fmt: skip
