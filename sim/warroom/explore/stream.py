"""The odds of what is chosen, as replicates stream in; whatever is chosen next ends the work for what was before.

A view is one choice: runs of the audience as it is; of a stand-in, while the audience is large or not yet built; of
what stands beside the choice; and the phase diagram. They share two threads by time spent. What is told is always of
the newest choice, at most some times a second, and each body bears the number of its choice.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from functools import partial
from threading import Event, Lock
from typing import Any

from sim.config.root import changed
from sim.errors import BackfireError
from sim.study.run.options import always
from sim.study.run.plan import plan
from sim.warroom.explore import telling
from sim.warroom.explore.phase import FULL_ROUNDS, ROUNDS, Phase, phase_key
from sim.warroom.explore.runs import Piece, Runs
from sim.warroom.explore.setting import Setting
from sim.warroom.explore.sliders import settings_of
from sim.warroom.explore.worlds import SMALL_ROWS, Audiences

STAND_IN_ROWS = 20_000
STAND_IN_RUNS = 60
ENOUGH = 10
"""Runs from which the audience itself speaks, and its stand-in falls silent: intervals are near their coverage then."""
SIDE_BY_SIDE = 2
SETTLED = 0.25
"""Seconds that a choice must stand before a large audience is made for it: who drags a slider waits for no such."""
EVERY = {"odds": 0.1, "timeline": 0.4, "phase": 0.25, "beside": 0.4}
"""Seconds between two tellings of a kind."""

Send = Callable[[str, dict[str, Any]], None]
Bodies = list[tuple[str, dict[str, Any]]]


class View:
    """The work for one choice. Its methods may be called from any thread.

    Parameters
    ----------
    number : int
        Of the choice.
    setting : Setting
    audiences : Audiences
    axes : (str, str)
        Of the phase diagram.
    before : sequence of Phase
        The diagrams of the choice before, which go on if they still hold.
    replicates : int, optional
        Instead of those that ``backfire run`` makes.
    """

    def __init__(
        self,
        number: int,
        setting: Setting,
        audiences: Audiences,
        axes: tuple[str, str],
        *,
        before: Sequence[Phase] = (),
        replicates: int | None = None,
    ) -> None:
        self.number, self.setting, self.stale = number, setting, Event()
        configuration = setting.configuration
        rows = configuration.people.n_followers
        planned = plan(rows, generated=True, uncertainty="none", replicates=replicates)
        small = changed(configuration, {"people.n_followers": min(rows, STAND_IN_ROWS)})
        self.is_building, self.is_warm = not audiences.stands(configuration), audiences.is_warm
        self.runs = Runs(audiences, configuration, planned.replicates, self.stale, weight=3.0)
        self.stand_in: Runs | None = None
        if rows > STAND_IN_ROWS and (rows > SMALL_ROWS or self.is_building):
            self.stand_in = Runs(audiences, small, STAND_IN_RUNS, self.stale, weight=1.0)
        self.others = [
            (option, Runs(audiences, option.applied(configuration), planned.option_replicates, self.stale)
             if option.changes else None)
            for option in always(configuration)
        ]  # fmt: skip
        kept = {each.key: each for each in before}
        sizes = [(small, ROUNDS), (configuration, FULL_ROUNDS)][: 1 if rows <= STAND_IN_ROWS else 2]
        self.phases: list[Phase] = []
        for size, rounds in sizes:
            key = phase_key(size, axes)
            self.phases.append(kept.pop(key) if key in kept else Phase(audiences, size, axes, rounds))
        for phase in kept.values():
            phase.stale.set()
        self._under_way: set[Piece] = set()
        self._begun = time.monotonic()
        self._telling = Lock()
        self._told: dict[str, tuple[float, Any]] = {}

    @property
    def first_look(self) -> Runs:
        """The runs that the first estimate comes from."""
        return self.stand_in or self.runs

    @property
    def is_settled(self) -> bool:
        """Whether the choice has stood long enough for the audience itself."""
        return self.runs.rows <= SMALL_ROWS or time.monotonic() - self._begun >= SETTLED

    def drop(self) -> None:
        """End the work; the phase diagram may live on."""
        self.stale.set()

    def _parts(self) -> list[Runs | Phase]:
        """Return what may be worked at now: at first nothing but the first estimate."""
        if not self.setting.posted or self.stale.is_set():
            return []
        if not self.first_look.runs:
            return [self.first_look]
        parts: list[Runs | Phase] = [*([self.runs] if self.is_settled else []), self.phases[0]]
        if self.stand_in is not None and len(self.runs.runs) < min(ENOUGH, self.runs.goal):
            parts.append(self.stand_in)
        if len(self.runs.runs) >= min(ENOUGH, self.runs.goal):
            parts += [runs for _, runs in self.others if runs is not None]
        return parts

    def next(self) -> Piece | None:
        """Return the next piece of work: of the part that had the least time for its weight."""
        for part in sorted(self._parts(), key=lambda part: part.spent / part.weight):
            piece = part.next()
            if piece is not None:
                self._under_way.add(piece)
                return piece
        if self._under_way or self.stale.is_set() or not self.runs.done or len(self.phases) < 2:
            return None
        piece = self.phases[1].next()  # long, and for who stays: it leaves one processor to everything else
        if piece is not None:
            self._under_way.add(piece)
        return piece

    def coming(self) -> list[Future[Any]]:
        """Return the audiences that are being made and that work waits for."""
        parts = [part for part in self._parts() if not part.done]
        if self.runs.done and not self.stale.is_set():
            parts += [phase for phase in self.phases[1:] if not phase.done]
        return [future for part in parts if (future := part.coming) is not None]

    def carry_out(self, piece: Piece) -> Bodies:
        """Do a piece of work and return what there is to tell."""
        try:
            piece()
        finally:
            self._under_way.discard(piece)
        return self.news()

    def news(self, *, last: bool = False) -> Bodies:
        """Return what there is to tell and is due.

        Parameters
        ----------
        last : bool
            Whether all is done, so that nothing waits for its time.
        """
        if not self._telling.acquire(blocking=last):
            return []
        try:
            return [] if self.stale.is_set() else [
                (kind, {"state": self.number, **tell()}) for kind, tell in self._due(last)
            ]  # fmt: skip
        finally:
            self._telling.release()

    def _due(self, last: bool) -> list[tuple[str, Callable[[], dict[str, Any]]]]:
        """Return the kinds that have changed since they were told, and whose time has come."""
        own = self.runs.so_far()
        stand_in = [] if self.stand_in is None else self.stand_in.so_far()
        others = [] if len(own) < min(ENOUGH, self.runs.goal) else [
            (option, [] if runs is None else runs.so_far()) for option, runs in self.others
        ]  # fmt: skip
        kinds: list[tuple[str, Any, Callable[[], dict[str, Any]]]] = [
            ("odds", (len(own), len(stand_in)), partial(self._odds, own, stand_in)),
            ("timeline", len(own), partial(telling.timeline, own, self.setting.configuration)),
            ("beside", (len(own), [len(runs) for _, runs in others]),
             lambda: {"rows": telling.beside(own, others)}),
            ("phase", [int(phase.so_far()[1].sum()) for phase in self.phases], partial(self._phase, own)),
        ]  # fmt: skip
        now, due = time.monotonic(), []
        for kind, version, tell in kinds:
            at, told = self._told.get(kind, (0.0, None))
            nothing_yet = (kind == "timeline" and not own) or (kind == "beside" and not others)
            if version == told or nothing_yet or (not last and now - at < EVERY[kind]):
                continue
            self._told[kind] = (now, version)
            due.append((kind, tell))
        return due

    def _odds(self, own: list[Any], stand_in: list[Any]) -> dict[str, Any]:
        """Return the odds: of the audience, or of its stand-in until enough runs are there."""
        configuration, goal = self.setting.configuration, self.runs.goal
        rows = configuration.people.n_followers
        borrowed = len(own) < min(ENOUGH, goal) and bool(stand_in)
        used = stand_in if borrowed else own
        if not used:
            return {"ends": None, "runs": 0, "of": goal, "rows": rows, "stand_in": None, "done": False}
        at = STAND_IN_ROWS if borrowed else rows
        ends = telling.odds(used, at)
        return {
            "ends": ends, "runs": len(own), "of": goal, "rows": rows, "done": len(own) >= goal,
            "stand_in": {"rows": STAND_IN_ROWS, "runs": len(stand_in)} if borrowed else None,
            "said": telling.headline(ends, len(used), goal, at, stand_in=borrowed),
            "volumes": telling.volumes(own, configuration) if own else [],
            "shapes": telling.SHAPES if rows < telling.SMALL_ROWS else "",
        }  # fmt: skip

    def _phase(self, own: list[Any]) -> dict[str, Any]:
        """Return the phase diagram with one's own place in it: the audience's own as soon as it is drawn."""
        shown = next((phase for phase in reversed(self.phases) if phase.is_drawn), self.phases[0])
        offered = settings_of(self.setting.configuration)
        told = shown.told([float(offered[name].value) for name in shown.axes])
        stands_in = shown.rows < self.runs.rows
        if stands_in and told["finding"]:
            told["finding"] = (
                f"On a stand-in of {shown.rows:,} people: {told['finding'][:1].lower()}{told['finding'][1:]}"
            )
        note = telling.map_note(told, own if stands_in else [], self.runs.rows)
        if stands_in and self.runs.done:
            note += f" Their map is on its way: {self.phases[1].points} of {shown.runs.size} points."
        return {**told, "note": note}


def _heard(future: asyncio.Future[Any]) -> None:
    """Take note of how a future ended; who needs its result asks again."""
    if not future.cancelled():
        future.exception()


class Explorer:
    """One browser's exploring: of its choices the newest is worked at, and no other.

    Parameters
    ----------
    send : callable
        Takes kind and body of a state, in the event loop.
    pool : Executor
        Where pieces are carried out.
    start : callable
        Runs a coroutine beside everything else.
    """

    def __init__(
        self, send: Send, pool: Executor, start: Callable[[Any], asyncio.Task[Any]] = asyncio.ensure_future
    ) -> None:
        self._send, self._pool, self._start = send, pool, start
        self.view: View | None = None
        self._driving: asyncio.Task[None] | None = None
        self._told_building: str | None = None

    def show(self, view: View) -> None:
        """Work at a view from now on."""
        self.stop()
        self.view, self._told_building = view, None
        self._driving = self._start(self._drive(view))

    def stop(self) -> None:
        """Drop what is being worked at."""
        if self.view is not None:
            self.view.drop()
        if self._driving is not None:
            self._driving.cancel()
            self._driving = None

    def close(self) -> None:
        """Drop everything."""
        self.stop()
        for phase in [] if self.view is None else self.view.phases:
            phase.stale.set()

    async def _drive(self, view: View) -> None:
        """Hand out pieces and send what they bring, until all is done."""
        loop = asyncio.get_running_loop()
        flying: set[asyncio.Future[Bodies]] = set()
        waiting: dict[Future[Any], asyncio.Future[Any]] = {}
        self._building(view)
        try:
            while not view.stale.is_set():
                while len(flying) < SIDE_BY_SIDE and (piece := view.next()) is not None:
                    flying.add(loop.run_in_executor(self._pool, view.carry_out, piece))
                for future in view.coming():
                    if future not in waiting:
                        waiting[future] = asyncio.wrap_future(future)
                        waiting[future].add_done_callback(_heard)
                awaited = [each for each in waiting.values() if not each.done()]
                if not flying and not awaited:
                    if view.is_settled or not view.setting.posted:
                        break
                    await asyncio.sleep(SETTLED)
                    continue
                await asyncio.wait([*flying, *awaited], timeout=SETTLED, return_when=asyncio.FIRST_COMPLETED)
                landed = {each for each in flying if each.done()}
                flying -= landed
                for each in landed:
                    self._tell(each.result())
                self._building(view)
            self._tell(await loop.run_in_executor(self._pool, partial(view.news, last=True)))
        except asyncio.CancelledError:
            view.drop()  # another choice took its place, or the server ends
            raise
        except (BackfireError, MemoryError) as problem:
            said = "memory ran out; choose a smaller audience" if isinstance(problem, MemoryError) else str(problem)
            self._send("building", {"state": view.number, "say": f"This cannot be computed: {said}."})

    def _tell(self, bodies: Bodies) -> None:
        for kind, body in bodies:
            self._send(kind, body)

    def _building(self, view: View) -> None:
        """Say while people and follower graph are being built, and when they are there."""
        say = ""
        if view.setting.posted and view.is_building and not view.runs.stands:
            rows = view.setting.configuration.people.n_followers
            say = f"Building an audience of {rows:,} people, and who follows whom."
            if not view.is_warm:
                say += " The first time after an update all is compiled besides, which takes a minute or two."
            elif view.stand_in is not None:
                say += " Until it stands, the odds are those of a stand-in."
        if say != self._told_building:
            self._told_building = say
            self._send("building", {"state": view.number, "say": say})
