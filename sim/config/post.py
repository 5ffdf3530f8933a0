"""What is posted: the ask and how it reads, when it goes out, and what is paid for its reach."""

from __future__ import annotations

from typing import Literal

from sim.config.fields import Real, Section, Whole, param

Ask = Literal["statement", "photo_call", "open_question", "q_and_a"]


class PostConfig(Section):
    """The sender's call."""

    ask: Ask = param("statement", "name", "What is asked of people", role="lever")
    appeal: Real = param(
        0.4, "0 to 1", "How much it draws the sender's friends", low=0, high=1, role="uncertainty", span=(0.2, 0.6)
    )
    room: Real = param(0.3, "0 to 1", "How far people are asked for words of their own", low=0, high=1, role="lever")
    openness: Real = param(
        0.3, "0 to 1", "How far the ask opens a topic that it did not name", low=0, high=1, role="lever"
    )
    salience: Real = param(
        0.3, "0 to 1", "How near the topic lies to the grievance", low=0, high=1, role="uncertainty", span=(0.1, 0.5)
    )
    arousal: Real = param(
        0.3, "0 to 1", "How much it stirs (anger above all)", low=0, high=1, role="uncertainty", span=(0.1, 0.5)
    )
    media: Real = param(0.0, "0 to 1", "Warmth of a picture or film that comes with it", low=0, high=1, role="lever")
    hour: Real = param(12.0, "hour of day", "Local time of the post", low=0, high=23.999, role="lever")
    repeats: Whole = param(1, "posts per account", "How often each account posts", low=1, high=500, role="lever")
    spread_hours: Real = param(
        0.0, "hours", "Over how long accounts and repeats spread their posts", low=0, high=72, role="lever"
    )
    paid_reach: Real = param(
        0.0, "share of rows", "Share of the audience reached by paid promotion", low=0, high=1, role="lever"
    )
    paid_hours: Real = param(
        2.0, "hours", "Over how long paid impressions are delivered", above=0, high=72, role="lever"
    )
