"""What a run leaves behind (docs/model.md 6.6, ``sim/engine/record.py``)."""

from __future__ import annotations

import numpy as np

from sim.engine.record import FRAMES, TIMELINE, Follows, Kind, Messages, RunRecord, Sights
from tests.reference import agency
from tests.reference.messages import Message
from tests.reference.state import Campaign

STATEMENTS = (Kind.STATEMENT, Kind.ACKNOWLEDGEMENT)


class Recorder:
    """The book of one run: what happened in each minute, in canonical order."""

    def __init__(self, minutes: int) -> None:
        self.timeline = {name: np.zeros(minutes, dtype=np.int32) for name in TIMELINE}
        self.sights: list[tuple[int, int, int, int, int, bool]] = []
        self.follows: list[tuple[int, int, bool]] = []

    def sight(self, minute: int, row: int, message: Message, impressions: int, first: bool) -> None:
        """Note what a row saw of one frame; ``message`` is the one that it would pass on."""
        self.sights.append((minute, row, message.number, message.frame, impressions, first))
        self.timeline[f"impressions_{FRAMES[message.frame]}"][minute] += impressions

    def reached(self, minute: int) -> None:
        """Note a row's first impression."""
        self.timeline["reached"][minute] += 1

    def follow(self, minute: int, row: int, *, gained: bool) -> None:
        """Note a follower of the sender gained or lost."""
        self.follows.append((minute, row, gained))
        self.timeline["followed" if gained else "unfollowed"][minute] += 1

    def minute(self, campaign: Campaign, minute: int, new: list[Message]) -> None:
        """Note the minute's messages and whether the tag trended."""
        self.timeline["trending"][minute] = campaign.trending
        for message in new:
            if message.by_people:
                what = "originals" if message.kind == Kind.ORIGINAL else "shares"
                self.timeline[f"{what}_{FRAMES[message.frame]}"][minute] += 1
                self.timeline[f"observed_{FRAMES[agency.reading(campaign, message)]}"][minute] += 1
            else:
                self.timeline["agency_messages" if message.by_agency else "stories"][minute] += 1

    def record(self, campaign: Campaign) -> RunRecord:
        """Return the whole run."""
        log = campaign.messages
        kinds = [message.kind for message in log]
        extra = sum(message.kind == Kind.POST and not message.is_call for message in log)
        return RunRecord(
            n=campaign.audience,
            minutes=campaign.horizon,
            messages=Messages(
                minute=np.array([m.minute for m in log], dtype=np.int32),
                author=np.array([m.author for m in log], dtype=np.int32),
                frame=np.array([m.frame for m in log], dtype=np.int8),
                kind=np.array(kinds, dtype=np.int8),
                parent=np.array([-1 if m.parent is None else m.parent.number for m in log], dtype=np.int32),
                root=np.array([m.root.number for m in log], dtype=np.int32),
                shares=np.array([m.shares for m in log], dtype=np.int32),
            ),
            follows=Follows(
                minute=np.array([f[0] for f in self.follows], dtype=np.int32),
                follower=np.array([f[1] for f in self.follows], dtype=np.int32),
                gained=np.array([f[2] for f in self.follows], dtype=bool),
            ),
            sights=Sights(
                minute=np.array([s[0] for s in self.sights], dtype=np.int32),
                follower=np.array([s[1] for s in self.sights], dtype=np.int32),
                message=np.array([s[2] for s in self.sights], dtype=np.int32),
                frame=np.array([s[3] for s in self.sights], dtype=np.int8),
                impressions=np.array([s[4] for s in self.sights], dtype=np.int32),
                first=np.array([s[5] for s in self.sights], dtype=bool),
            ),
            timeline=self.timeline,
            keys=np.array(campaign.key, dtype=np.uint64),
            fired=np.array(campaign.fired, dtype=np.int32),
            replies=kinds.count(Kind.REPLY),
            boosts=kinds.count(Kind.BOOST),
            statements=sum(kind in STATEMENTS for kind in kinds) + extra,
        )
