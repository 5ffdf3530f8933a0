"""A small deck for tests: two decisions, an inject by the clock and one by hand, and a secret."""

from __future__ import annotations

from typing import Any

from sim.config.root import validated
from sim.warroom.train.deck import Deck

SECRET = "zq-hidden-zq"
"""Stands in every hidden text, so that a test can look for it in whatever was sent."""

CONTENT: dict[str, Any] = {
    "id": "toy",
    "title": "A Q&A",
    "summary": "A department answers questions.",
    "objectives": ["Decide under a clock."],
    "overrides": [
        "post.ask=q_and_a", "post.appeal=0.5", "post.room=0.8", "post.openness=0.9", "post.salience=0.65",
        "post.arousal=0.55", "post.hour=13.95", "people.grievance_mean=0.35", "people.follow_share=1.0",
        "horizon_hours=12",
    ],
    "seed": 5,
    "followers": 8000,
    "hours": 6,
    "seconds_per_hour": 6,
    "budget_hours": 12,
    "roles": [{"name": "Head of communications", "task": "Speaks for the team."}],
    "decisions": [
        {"id": "first", "minute": 45, "seconds": 60, "situation": "Answers come in.", "question": "What now?",
         "moves": ["silent", "clarify", "acknowledge", "engage"]},
        {"id": "second", "minute": 180, "seconds": 60, "situation": "The evening news has it.",
         "question": "And now?", "moves": ["silent", "change_ask", "withdraw", "defend"], "hint": "Mind the hour."},
    ],
    "injects": [
        {"id": "call", "minute": 20, "kind": "press", "from": "A city paper", "text": "Why did you ask for questions?"},
        {"id": "boss", "kind": "boss", "from": "The commissioner", "text": "Is this going well?"},
    ],
    "hidden": [{"id": "why", "title": f"Earlier {SECRET}", "text": f"There had been a complaint. {SECRET}"}],
    "plan": [{"at": 0, "what": "Arrival"}, {"at": 15, "hour": 0, "what": "The post goes out"}],
    "hot_wash": ["What surprised you?"],
    "best_known": {"words": ["policy=acknowledge"], "study": "backfire policies case=my_nypd"},
}  # fmt: skip


def toy_deck(**changes: Any) -> Deck:
    """Return the deck, some of its fields set otherwise."""
    deck: Deck = validated({**CONTENT, **changes}, Deck)
    return deck
