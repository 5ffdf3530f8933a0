"""The campaigns of a debrief, lived in small pieces beside the session: what is known already is never lived again.

One piece is a start, some lucks, and every course from there. The state of a start is lived once in each piece (with
the session's own luck, up to its minute) and every future of the piece goes on from a copy of it: no state has to be
kept. Pieces come in an order in which all decisions sharpen together. What a run came to is kept on disk
(``sim.warroom.debrief.kept``), so that a server that starts again goes on where it was.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from sim.aftermath.state import Standing, luck_of, standing_of
from sim.config.root import Configuration, changed
from sim.engine.run import Run
from sim.engine.world import World, build_world
from sim.warroom.debrief.courses import FROM_THE_POST, Course, Start, Variant, Wanted, lucks
from sim.warroom.debrief.endings import Before, Curves, Ending, curves_of, ending_of, live_all
from sim.warroom.debrief.kept import Kept, Place, campaign_fingerprint
from sim.warroom.train.deck import Deck, configuration_of

FUTURES = 200
BLOCK = 10
"""Lucks by which all courses sharpen together."""
RUNS_AT_ONCE = 20
"""Runs of a piece, about: what shares the threads with it waits for no more."""


@dataclass(frozen=True)
class Campaigns:
    """The configurations that a debrief runs; all are of the same people and graph.

    Attributes
    ----------
    plain : Configuration
    listening : Configuration
        The same after some months of listening.
    best : Configuration or None
        Under the best policy known.
    replicate : int
        The luck that the session was played with.
    """

    plain: Configuration
    listening: Configuration
    best: Configuration | None
    replicate: int

    @classmethod
    def of(cls, deck: Deck) -> Campaigns:
        """Return the campaigns of a deck."""
        plain = configuration_of(deck)
        listening = changed(plain, {"agency.listening_months": deck.listening_months})
        best = configuration_of(deck, deck.best_known.words) if deck.best_known else None
        return cls(plain, listening, best, deck.replicate)

    def configuration(self, variant: Variant) -> Configuration:
        """Return the configuration of a variant."""
        found = {"plain": self.plain, "listening": self.listening, "best": self.best}[variant]
        if found is None:
            raise ValueError("this deck names no best policy")
        return found

    def fingerprints(self) -> dict[Variant, str]:
        """Return by what each variant's futures are kept; all are told against the people of the plain one."""
        known: dict[Variant, Configuration | None] = {"plain": self.plain, "listening": self.listening,
                                                      "best": self.best}  # fmt: skip
        return {
            variant: campaign_fingerprint((self.plain, configuration), self.replicate)
            for variant, configuration in known.items() if configuration is not None
        }  # fmt: skip


@dataclass(frozen=True)
class Piece:
    """One task: courses from a start, under some lucks."""

    start: Start
    courses: tuple[Course, ...]
    lucks: tuple[int, ...]


class Futures:
    """What is known of the futures of one session; several threads may live pieces of it at once.

    Parameters
    ----------
    campaigns : Campaigns
    count : int
        Futures of each course.
    stopped : threading.Event, optional
        Once it is set, pieces end after the run that they are in; what is known stays.
    kept : Kept, optional
        Where what is known is kept, and read from to begin with.
    """

    def __init__(
        self,
        campaigns: Campaigns,
        *,
        count: int = FUTURES,
        stopped: threading.Event | None = None,
        kept: Kept | None = None,
    ) -> None:
        self.campaigns, self.count = campaigns, count
        self.lucks = lucks(campaigns.replicate, count)
        self._endings: dict[Place, dict[int, Ending]] = {}
        self._curves: dict[Place, Curves] = {}
        self._kept = kept
        self._keys: dict[Variant, str] = {}
        if kept is not None:
            self._keys = campaigns.fingerprints()
            for key in self._keys.values():
                self._endings |= kept.endings(key)
                self._curves |= kept.curves(key)
        self._worlds: dict[Variant, World] = {}
        self._standings: dict[tuple[Variant, int], Standing] = {}
        self._before: Before | None = None
        self._building, self._stopped = threading.Lock(), stopped or threading.Event()

    def pieces(self, needed: Wanted) -> Iterator[Piece]:
        """Return what is still to be lived: the campaigns as they were played first, then luck by luck."""
        own = (self.campaigns.replicate,)
        blocks = [own, *(tuple(self.lucks[at : at + BLOCK]) for at in range(0, len(self.lucks), BLOCK))]
        for block in blocks:
            for start, courses in needed.items():
                if start.minute > 0 and block is own:
                    continue
                missing = tuple(course for course in courses if not self._has(start, course, block))
                some = max(1, RUNS_AT_ONCE // max(1, len(missing)))
                for at in range(0, len(block) if missing else 0, some):
                    yield Piece(start, missing, block[at : at + some])

    def _has(self, start: Start, course: Course, block: tuple[int, ...]) -> bool:
        return self._endings.get((start, course), {}).keys() >= set(block)

    def live(self, piece: Piece) -> None:
        """Live through a piece, unless all work was stopped; what is done before that is kept."""
        before, start, courses = self._before_of(), piece.start, piece.courses
        missing = [luck for luck in piece.lucks if not all(self._has(start, course, (luck,)) for course in courses)]
        found = []
        for luck, standing, run in self._runs(start, missing):
            ended = live_all(run, courses, partial(ending_of, standing=standing, before=before))
            for course, ending in ended.items():
                self._endings.setdefault((start, course), {})[luck] = ending
                found.append((course, luck, ending))
        if found and self._kept is not None:
            self._kept.keep(self._keys[start.variant], start, found)

    def _runs(self, start: Start, lucks: Sequence[int]) -> Iterator[tuple[int, Standing, Run]]:
        """Give for each luck a run in the state of a start that goes on with that luck, until all work is stopped."""
        if start.minute == 0:
            for luck in lucks:
                if self._stopped.is_set():
                    return
                standing = self._standing(start.variant, luck)
                yield luck, standing, Run(standing.world, replicate=luck_of(luck, standing.number))
            return
        standing = self._standing(start.variant, self.campaigns.replicate)
        state = self._state(start, standing)
        try:
            for luck in lucks:
                if self._stopped.is_set():
                    return
                run = state.twin()
                run.take_luck(luck_of(luck, standing.number))
                yield luck, standing, run
        finally:
            state.close()

    def _state(self, start: Start, standing: Standing) -> Run:
        """Return a run that has come to a start, with the session's own luck."""
        run = Run(standing.world, replicate=luck_of(self.campaigns.replicate, standing.number))
        for minute, move in start.past:
            run.advance(minute)
            run.act(move)
        run.advance(start.minute)
        return run

    def _world(self, variant: Variant) -> World:
        """Return the world of a variant, built once."""
        with self._building:
            if "plain" not in self._worlds:
                self._worlds["plain"] = build_world(self.campaigns.plain)
            if variant not in self._worlds:
                self._worlds[variant] = self._worlds["plain"].with_config(self.campaigns.configuration(variant))
            return self._worlds[variant]

    def _standing(self, variant: Variant, replicate: int) -> Standing:
        """Return where a variant's campaign starts in a replicate: the same for all, if none came before."""
        world = self._world(variant)
        key = (variant, replicate if world.config.earlier else 0)
        found = self._standings.get(key)
        if found is None:
            found = self._standings[key] = standing_of(world, replicate)
        return found

    def _before_of(self) -> Before:
        if self._before is None:
            self._before = Before.of(self._world("plain").population)
        return self._before

    def curves(self, start: Start, course: Course) -> Curves:
        """Return a campaign from its post on, as it was lived with the session's luck."""
        found = self._curves.get((start, course))
        if found is None:
            standing = self._standing(start.variant, self.campaigns.replicate)
            run = Run(standing.world, replicate=luck_of(self.campaigns.replicate, standing.number))
            try:
                found = self._curves[start, course] = curves_of(run, (*start.past, *course))
            finally:
                run.close()
            if self._kept is not None:
                self._kept.keep_curves(self._keys[start.variant], start, course, found)
        return found

    def endings(self, start: Start, course: Course) -> dict[int, Ending]:
        """Return the endings under other luck that are known so far, by luck."""
        known = dict(self._endings.get((start, course), {}))
        return {luck: known[luck] for luck in self.lucks if luck in known}

    def lived(self, course: Course, start: Start = FROM_THE_POST) -> Ending | None:
        """Return how a course from the post ended with the session's own luck, once that is known."""
        return self._endings.get((start, course), {}).get(self.campaigns.replicate)

    def done(self, needed: Wanted) -> int:
        """Return how many of the runs that are needed are known."""
        total = 0
        for start, courses in needed.items():
            for course in courses:
                total += len(self.endings(start, course))
                total += start.minute == 0 and self.lived(course, start) is not None
        return total
