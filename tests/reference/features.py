"""Which parts of the model a random campaign reaches: an exact twin proves little of what never happens."""

from __future__ import annotations

from collections import Counter

import numpy as np

from sim.config.agency import MOVES
from sim.engine.record import FRAMES, Kind
from tests.reference.changes import Change
from tests.reference.run import PlainRun
from tests.reference.strategies import Example

NOTED = (
    "own cascade refused", "withdrawn before it lands", "withdrawn while it waits", "its source is lost",
    "early wake-up moves an entry", "next session beyond the run", "source counted before",
    "session and look in one minute", "look while something waits", "counter held at its end", "passed on before",
    "soothed or answered", "more wanted than the budget has", "tie at the end of the list",
    "story of a tag that trends no more", "withdrawn share kept off the list",
)  # fmt: skip
"""What the reference notes by itself, since the log does not tell."""


def told(example: Example, made: tuple[Change, ...], run: PlainRun) -> Counter[str]:
    """Return which features a run reached, each counted once."""
    record, config = run.record(), example.configuration
    found = {name for name, count in run.campaign.noted.items() if count}
    kind, frame, parent = record.messages.kind, record.messages.frame, record.messages.parent
    for k in Kind:
        for f, name in enumerate(FRAMES):
            if ((kind == k) & (frame == f)).any():
                found.add(f"{name} {k.name.lower()}")
    passed = kind[parent[kind == Kind.SHARE]]
    found |= {f"share of a {Kind(k).name.lower()}" for k in np.unique(passed)}
    provoked = kind[parent[(kind == Kind.ORIGINAL) & (parent >= 0)]]
    found |= {f"original after a {Kind(k).name.lower()}" for k in np.unique(provoked)}
    turns = np.diff(record.timeline["trending"], prepend=0)
    found |= {"trending"} if (turns > 0).any() else set()
    found |= {"trending ends"} if (turns < 0).any() else set()
    found |= {"trending begins again"} if (turns > 0).sum() > 1 else set()
    found |= {"follow" if gained else "unfollow" for gained in record.follows.gained}
    for row in np.unique(record.follows.follower):
        found |= {"both follow and unfollow"} if (record.follows.follower == row).sum() > 1 else set()
    if config.post.paid_reach and not run.campaign.withdrawn:
        found.add("paid to the end")
    accounts = record.messages.author[(kind != Kind.STORY) & (record.messages.author < 0)]
    at = record.messages.minute[(kind != Kind.STORY) & (record.messages.author < 0)]
    found |= {"several messages of an account in a minute"} if len({*zip(accounts, at)}) < at.size else set()  # noqa: B905
    found |= {f"{change.what} in mid-run" for change in made if change.when > 0.0}
    found |= {config.feed.ranking, f"voices {config.agency.voices}", "keys" if example.scrambled else "rows"}
    found.add("newsrooms" if config.newsroom.newsrooms else "no newsrooms")
    found.add("lists" if config.feed.trending.on else "no lists")
    return Counter(found)


FEATURES = (
    *NOTED,
    *(move for move in MOVES), *(f"{move}, trending" for move in MOVES),
    *(f"{f} {k.name.lower()}" for f in FRAMES for k in (Kind.ORIGINAL, Kind.SHARE, Kind.BOOST, Kind.STORY)),
    *(f"campaign {k.name.lower()}" for k in (Kind.POST, Kind.STATEMENT, Kind.ACKNOWLEDGEMENT, Kind.REPLY)),
    *(f"share of a {k.name.lower()}" for k in Kind), *(f"original after a {k.name.lower()}" for k in Kind),
    "trending", "trending ends", "trending begins again", "follow", "unfollow", "both follow and unfollow",
    "paid to the end", "several messages of an account in a minute", "newsrooms", "no newsrooms", "lists", "no lists",
    *(f"{what} in mid-run" for what in ("policy", "act", "branch", "feel", "wear")),
    "chronological", "engagement", "voices central", "voices local", "voices both", "keys", "rows",
)  # fmt: skip
"""All that a good lot of examples must reach."""
