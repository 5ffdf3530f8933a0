"""One run of a campaign: from a world and a replicate number to a record."""

from __future__ import annotations

from typing import Literal
from weakref import ref

import numpy as np

from sim.agency.policies import NOT_GIVEN, RULE_MINUTE, RULE_MOVE
from sim.config.agency import MOVES
from sim.engine.bench import Bench
from sim.engine.book import open_book
from sim.engine.calendar import CALENDAR
from sim.engine.kernel import advance
from sim.engine.layout import (
    BENCH,
    BOOSTS,
    CHANGES,
    FAULT,
    FOLLOWS,
    LOOKERS,
    MESSAGES,
    REPLIES,
    S_SESSION,
    SEEN,
    SIGHTS,
    SIGHTS_KEPT,
    STATEMENTS,
    STORE,
)
from sim.engine.luck import draw_anew
from sim.engine.record import TIMELINE, Follows, Messages, RunRecord, Sights
from sim.engine.rounds_run import RoundsRun
from sim.engine.tables import paid_rows, stream_vector
from sim.engine.world import World
from sim.errors import ConfigError

Record = Literal["summary", "log"]


def place_scene(bench: Bench, world: World, replicate: int) -> None:
    """Lead a bench to what its run reads: the world, if it held another one, and the luck of one replicate."""
    paid_start, paid = paid_rows(world.config, world.population.key, replicate)
    scene = {"streams": stream_vector(world.config.seed, replicate), "paid_start": paid_start, "paid": paid}
    if bench.holds is None or bench.holds() is not world:
        accounts = world.accounts
        locals_ = max(1, int(accounts.local.sum()))
        scene |= {
            "start": world.graph.start, "follower": world.graph.follower, "keys": world.keys,
            "profile": world.profile, "list_users": world.list_users, "visible": world.visible,
            "audience_start": accounts.audience_start, "audience": accounts.audience,
            "is_local": accounts.local.astype(np.uint8),
            "locality": (world.population.locality % locals_).astype(np.int32),
            "schedule_minute": accounts.schedule_minute, "schedule_account": accounts.schedule_account,
            "coef": world.coef, "effects": world.effects, "numbers": world.numbers, "sizes": world.sizes,
            "own": world.own.lies,
        }  # fmt: skip
        bench.holds = ref(world)
    for name, array in scene.items():
        bench.place(name, np.ascontiguousarray(array))


class Run:
    """A run in progress: it can be advanced minute by minute or at once.

    Parameters
    ----------
    world : World
    replicate : int
        Which luck.
    record : {"summary", "log"}
        Whether to keep what was seen.
    """

    def __init__(self, world: World, *, replicate: int = 0, record: Record = "summary") -> None:
        if world.config.reaction.in_rounds:
            raise ConfigError(
                f"reaction.rule must be logit for a campaign minute by minute; got {world.config.reaction.rule!r}, "
                f"which runs in rounds: use sim.simulate or sim.engine.run.run_campaign."
            )
        self.world = world.prepare()
        self.replicate = replicate
        self.minute = 0
        self.keeps_sights = record == "log"
        self.bench = world.borrow_bench()
        self.bench.clear(world.population, world.accounts, world.sink, world.ask)
        self.bench.open_stores(record)
        self.bench.place_policy(world.rules)
        place_scene(self.bench, world, replicate)

    def advance(self, until: int) -> None:
        """Live through the minutes before ``until`` (held at the end of the run)."""
        until = min(until, self.world.config.minutes)
        bench = self.bench
        while self.minute < until:
            self.minute = int(advance(open_book(bench.book), self.minute, until))
            if self.minute < until:
                due = int(bench.sessions.counts[self.minute]) + int(bench.arrays["marks"][LOOKERS])
                bench.grow_stores(due + 32 * self.world.accounts.count + 256)

    def act(self, move: str) -> None:
        """Make one of ``MOVES`` in the next minute, after the rules in force."""
        rules, fired = self.bench.arrays["rules"], self.bench.arrays["fired"]
        rule = np.full((1, rules.shape[1]), NOT_GIVEN)
        rule[0, RULE_MOVE], rule[0, RULE_MINUTE] = MOVES.index(move), self.minute
        self.bench.place("rules", np.concatenate([rules, rule]))
        self.bench.place("fired", np.append(fired, np.int32(-1)))

    def twin(self) -> Run:
        """Return a second run in the same state, which goes its own way."""
        twin = Run.__new__(Run)
        twin.world, twin.replicate, twin.minute = self.world, self.replicate, self.minute
        twin.keeps_sights = self.keeps_sights
        twin.bench = self.world.borrow_bench()
        twin.bench.open_stores("log" if self.keeps_sights else "summary")
        place_scene(twin.bench, self.world, self.replicate)
        mine, its = self.bench.arrays, twin.bench.arrays
        for name in BENCH:
            if name not in ("rules", "fired"):
                np.copyto(its[name], mine[name])
        # stores may have grown, rules may have been added, and luck may have changed
        for name in (
            "streams",
            "paid_start",
            "paid",
            "rules",
            "fired",
            *STORE,
            *CHANGES,
            *(SIGHTS_KEPT if self.keeps_sights else ()),
        ):
            twin.bench.place(name, mine[name].copy())
        for part in CALENDAR:
            np.copyto(getattr(twin.bench.sessions, part), getattr(self.bench.sessions, part))
        return twin

    def take_luck(self, replicate: int) -> None:
        """Go on with the luck of another replicate from the present minute on; with the run's own nothing changes."""
        if replicate == self.replicate:
            return
        before = np.uint64(self.bench.arrays["streams"][S_SESSION])
        if self.minute == 0:
            place_scene(self.bench, self.world, replicate)
        else:  # who is paid for, and when, was decided with the post
            self.bench.place("streams", stream_vector(self.world.config.seed, replicate))
            draw_anew(open_book(self.bench.book), before, self.minute)
        self.replicate = replicate

    def close(self) -> None:
        """Give the bench back; the run cannot be advanced any more."""
        self.world.give_back(self.bench)

    def record(self, *, seen: bool = False) -> RunRecord:
        """Return what the run has left behind so far, as arrays of its own.

        Parameters
        ----------
        seen : bool
            With each row's impressions.

        Raises
        ------
        OwnRuleFailed
            A rule of the user's own failed.
        """
        arrays = self.bench.arrays
        marks = arrays["marks"]
        if marks[FAULT]:
            raise self.world.own.fault(int(marks[FAULT]))
        k = int(marks[MESSAGES])
        timeline = arrays["minutes"][:, : self.minute]
        return RunRecord(
            n=self.world.n,
            minutes=self.minute,
            messages=Messages(
                *(arrays[f"message_{name}"][:k].copy()
                  for name in ("minute", "author", "frame", "kind", "parent", "root", "shares"))
            ),
            follows=self._follows(),
            sights=self._sights(),
            timeline={name: timeline[j].copy() for j, name in enumerate(TIMELINE)},
            keys=self.world.population.key,
            fired=arrays["fired"].copy(),
            replies=int(marks[REPLIES]),
            boosts=int(marks[BOOSTS]),
            statements=int(marks[STATEMENTS]),
            replicate=self.replicate,
            seen=arrays["cold_half"][: self.world.rows, SEEN : SEEN + 2].copy() if seen else None,
        )  # fmt: skip

    def _follows(self) -> Follows:
        """Return the changes of following in the canonical order: minute, key of the row."""
        k = int(self.bench.arrays["marks"][FOLLOWS])
        minute, row, gained = (self.bench.arrays[f"change_{name}"][:k] for name in ("minute", "row", "gained"))
        order = np.lexsort((self.world.population.key[row], minute))
        return Follows(minute=minute[order], follower=row[order], gained=gained[order] == 1)

    def _sights(self) -> Sights | None:
        """Return what was seen; kernels keep it in the canonical order."""
        if not self.keeps_sights:
            return None
        k = int(self.bench.arrays["marks"][SIGHTS])
        names = ("minute", "row", "message", "frame", "impressions", "first")
        minute, row, message, frame, impressions, first = (
            self.bench.arrays[f"sight_{name}"][:k].copy() for name in names
        )
        return Sights(minute, row, message, frame, impressions, first.view(np.bool_))


def run_campaign(world: World, *, replicate: int, record: Record = "summary", seen: bool = False) -> RunRecord:
    """Return the record of one replicate, run to its end.

    Parameters
    ----------
    world : World
        Shared by all runs; several threads may run at once.
    replicate : int, at least 0
    record : {"summary", "log"}
    seen : bool
        Keep each row's impressions; runs in rounds have none of the kind.
    """
    in_rounds = world.config.reaction.in_rounds
    run = (RoundsRun if in_rounds else Run)(world, replicate=replicate, record=record)
    try:
        run.advance(world.config.minutes)
        return run.record(seen=True) if isinstance(run, Run) and seen else run.record()
    finally:
        run.close()
