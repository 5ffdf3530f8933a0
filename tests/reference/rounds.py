"""The rules in rounds: independent cascade and linear threshold (docs/model.md 6.7)."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.config.root import Configuration
from sim.engine.record import Kind, RunRecord
from sim.reaction.contagion import is_moved, is_passed, own_threshold
from sim.rng import Stream
from tests.reference.messages import CAMPAIGN, Message, message_key
from tests.reference.recorder import Recorder
from tests.reference.state import Campaign


def simulate_in_rounds(configuration: Configuration, population: Any, graph: Any, *, replicate: int) -> RunRecord:
    """Return the record of one run under a rule in rounds, worked out row by row."""
    campaign = Campaign(configuration, population, graph, replicate)
    recorder = Recorder(campaign.horizon)
    cascade = configuration.reaction.rule == "independent_cascade"
    followed = np.bincount(graph.follower, minlength=campaign.n)
    heard = [0] * campaign.n
    reached: set[int] = set()
    spoken: set[int] = set()
    initial = initial_adopters(campaign)
    new: list[Message] = []
    for minute in range(campaign.horizon):
        seen: dict[int, list[Message]] = {}
        for message in new:
            for row in campaign.followers[message.author]:
                heard[row] += 1
                if not cascade or passes(campaign, message, row):
                    seen.setdefault(row, []).append(message)
        candidates = {row: min(messages, key=lambda m: int(m.key)) for row, messages in seen.items()}
        for row in campaign.by_key:
            if row in seen:
                recorder.sight(minute, row, candidates[row], len(seen[row]), row not in reached)
                if row not in reached:
                    recorder.reached(minute)
                reached.add(row)
        new = []
        for row in campaign.by_key:
            begins = minute == 0 and row in initial
            joins = row in seen and row not in spoken
            if joins and not cascade:
                joins = is_moved(heard[row], int(followed[row]), threshold_of(campaign, row))
            if begins or joins:
                new.append(spoken_by(campaign, minute, row, candidates.get(row)))
                spoken.add(row)
        for message in new:
            message.number = len(campaign.messages)
            campaign.messages.append(message)
            if message.root is not message:
                message.root.shares += 1
            what = "originals" if message.kind == Kind.ORIGINAL else "shares"
            recorder.timeline[f"{what}_campaign"][minute] += 1
    return recorder.record(campaign)


def initial_adopters(campaign: Campaign) -> set[int]:
    """Return the rows that begin."""

    def place(row: int) -> tuple[float, int]:
        if campaign.configuration.reaction.initial == "widest":
            return -len(campaign.followers[row]), int(campaign.key[row])
        return campaign.draws.luck(Stream.INITIAL, campaign.key[row]), int(campaign.key[row])

    return set(sorted(range(campaign.n), key=place)[: campaign.configuration.reaction.initial_adopters])


def passes(campaign: Campaign, message: Message, row: int) -> bool:
    """Tell whether a row sees what an author whom it follows puts out."""
    draw = campaign.draws.luck(Stream.SEEN, message.author_key, campaign.key[row])
    return bool(is_passed(draw, campaign.configuration.reaction.transmission))


def threshold_of(campaign: Campaign, row: int) -> float:
    """Return a row's threshold."""
    reaction = campaign.configuration.reaction
    draw = campaign.draws.setup(Stream.THRESHOLD, campaign.key[row])
    return float(own_threshold(reaction.threshold, reaction.threshold_spread == "uniform", draw))


def spoken_by(campaign: Campaign, minute: int, row: int, parent: Message | None) -> Message:
    """Return a row's message: an original in minute 0, a share of its parent later."""
    key = campaign.key[row]
    return Message(
        minute, row, key, CAMPAIGN, Kind.ORIGINAL if parent is None else Kind.SHARE, message_key(key, minute),
        parent=parent, head=None if parent is None else parent.root,
    )  # fmt: skip
