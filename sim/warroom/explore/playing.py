"""What the lower half of Explore asks of the server: a campaign that is played, looked at and branched.

Each browser has one campaign at most, and at most one branch of it. Frames go out twenty times a second while it plays;
a browser that takes them slowly gets fewer, with more in each. Leaving frees everything.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from functools import partial
from typing import Annotated, Any, Literal

from pydantic import Field

from sim.config.agency import MOVES
from sim.config.people import COHORTS
from sim.config.root import Configuration
from sim.errors import BackfireError, ConfigError
from sim.warroom.doors import Refused
from sim.warroom.explore.play import FASTEST, MOST_ADDED, SLOWEST, Otherwise, Play
from sim.warroom.explore.setting import Chosen, setting_of
from sim.warroom.explore.shown import FEWEST, MOST
from sim.warroom.explore.worlds import Audiences, Dropped
from sim.warroom.house import House
from sim.warroom.lines import Line
from sim.warroom.train.moves import TOLD
from sim.warroom.words import Hello, Mark, Vocabulary, Word, vocabulary

TICK = 0.05
"""Seconds between two frames."""
_BEHIND = 4
"""Frames that may come late, one soon after the other; those that are later still are let go."""
_ASIDE, _ASIDE_PART = 0.5, 10.0
"""Least seconds between two tellings of feed and age bands, and how many times their cost lies between them."""
MOST_ROWS = 2_400_000
"""Rows of all campaigns and branches that are played at once: some 600 MB."""
MOST_PLAYED = 12
_LUCKS = 1_000_000
_STEP = 30
"""Minutes that are lived through as fast as a step."""
Run = Literal["a", "b"]
Cohort = Annotated[str, Field(max_length=5)]


class LiveOpen(Word):
    """Asks for a campaign to play; ``live_open`` follows when it is there."""

    t: Literal["live_open"]
    chosen: Chosen
    replicate: int = Field(default=0, ge=0, lt=_LUCKS)
    nodes: int = Field(default=3_000, ge=FEWEST, le=MOST)


class LivePlay(Word):
    """Goes on, at so many minutes of the campaign a second."""

    t: Literal["live_play"]
    speed: float = Field(ge=SLOWEST, le=FASTEST)


class LivePause(Word):
    """Stands still."""

    t: Literal["live_pause"]


class LiveTo(Word):
    """Lives through the minutes before this one, and stands still."""

    t: Literal["live_to"]
    minute: int = Field(ge=0, le=50_000)


class LiveMove(Word):
    """Makes a move now."""

    t: Literal["live_move"]
    run: Run
    move: Mark


class LivePolicy(Word):
    """Puts another policy in force now."""

    t: Literal["live_policy"]
    run: Run
    policy: Mark


class LiveBranch(Word):
    """Lets B part from A at a minute that was lived."""

    t: Literal["live_branch"]
    minute: int = Field(ge=0, le=50_000)
    policy: Mark | None = None
    move: Mark | None = None
    dropped: int | None = Field(default=None, ge=0, lt=2**31)
    added: int = Field(default=0, ge=0, le=MOST_ADDED)
    followers: int = Field(default=100, ge=0, le=100_000)


class LiveSingle(Word):
    """Forgets B."""

    t: Literal["live_single"]


class LiveLook(Word):
    """Chooses whose feed to see: an age band's, or one simulated account's."""

    t: Literal["live_look"]
    cohort: Cohort
    account: int | None = Field(default=None, ge=0, lt=2**31)


class LiveLeave(Word):
    """Forgets the campaign."""

    t: Literal["live_leave"]


class Player:
    """One browser's campaign in time.

    Parameters
    ----------
    house : House
    long : Executor
        Where what takes longer than a step is done.
    line : Line
    rows : int
        Of the audience.
    """

    def __init__(self, house: House, long: Executor, line: Line, rows: int) -> None:
        self._house, self._long, self._line = house, long, line
        self.rows, self.runs = rows, 1
        self.play: Play | None = None
        self.cohort = COHORTS[1]
        self.account: int | None = None
        self.gone = False
        self._lock = asyncio.Lock()
        self._driving: asyncio.Task[None] | None = None
        self._next_aside = 0.0

    async def begin(self, making: Callable[[], Play]) -> None:
        """Make the campaign and tell how it looks."""
        async with self._lock:
            self.play = await asyncio.get_running_loop().run_in_executor(self._long, making)
        if self.gone:
            await self.leave()
        else:
            self._line.tell("live_open", await self._with(self._there().opening))
            await self.tell_all()

    async def change(self, what: Callable[[Play], None], *, long: bool = False) -> Play:
        """Do something to the campaign, then tell what is new.

        Parameters
        ----------
        long : bool
            Whether it may take longer than a step.
        """
        play = self._there()
        await self._with(partial(what, play), long=long)
        await self.tell_all()
        return play

    def drive(self) -> None:
        """See to it that somebody lets time pass while it plays."""
        if self._driving is None or self._driving.done():
            self._driving = self._house.start(self._drive())

    async def _drive(self) -> None:
        """Let time pass; a campaign that is left meanwhile has none."""
        try:
            await self._let_pass()
        except Refused:
            if not self.gone:
                raise

    async def _let_pass(self) -> None:
        loop = asyncio.get_running_loop()
        last = due = loop.time()
        while not self.gone and self._line.is_open and self.play is not None and self.play.playing:
            due = max(due + TICK, loop.time() - _BEHIND * TICK)
            await asyncio.sleep(max(0.0, due - loop.time()))
            now = loop.time()
            play, seconds, last = self.play, now - last, now
            told = not self._line.holds("live_frame")
            frame = await self._with(partial(_tick, play, seconds, told=told))
            if frame is not None:
                self._line.put("live_frame", frame)
            if loop.time() >= self._next_aside and not self._line.holds("live_aside"):
                self._line.put("live_aside", await self._aside())
        if not self.gone and self.play is not None:
            await self.tell_all()

    async def tell_all(self) -> None:
        """Tell everything that is new; what waits to be sent is sent before it."""
        self._line.tell("live_frame", await self._with(self._there().frame))
        await self.tell_aside()

    async def tell_aside(self) -> None:
        """Tell what changes more slowly."""
        self._line.tell("live_aside", await self._aside())

    async def _aside(self) -> dict[str, Any]:
        loop = asyncio.get_running_loop()
        before = loop.time()
        body: dict[str, Any] = await self._with(partial(self._there().aside, self.cohort, self.account))
        self._next_aside = loop.time() + max(_ASIDE, _ASIDE_PART * (loop.time() - before))
        return body

    async def leave(self) -> None:
        """Forget the campaign; its memory is given back."""
        self.gone = True
        async with self._lock:
            play, self.play = self.play, None
            if play is not None:
                play.close()

    @property
    def minute(self) -> int:
        """Minutes lived through."""
        return self._there().minute

    def has_account(self, row: int) -> bool:
        """Tell whether there is a simulated account of this number."""
        return self._there().has_account(row)

    def _there(self) -> Play:
        if self.play is None or self.gone:
            raise Refused("There is no campaign to play yet; press Begin, and wait until it is there.")
        return self.play

    async def _with(self, what: Callable[[], Any], *, long: bool = False) -> Any:
        """Do something with the campaign while nobody else does."""
        async with self._lock:
            self._there()
            executor = self._long if long else self._house.stage
            return await asyncio.get_running_loop().run_in_executor(executor, what)


def _tick(play: Play, seconds: float, *, told: bool) -> dict[str, Any] | None:
    """Let time pass; return what is new, if the browser took what was told before."""
    play.pass_time(seconds)
    return play.frame() if told else None


class LiveDesk:
    """Plays one campaign for each browser that asks.

    Parameters
    ----------
    house : House
    audiences : Audiences
    """

    words: Vocabulary = vocabulary(
        LiveOpen, LivePlay, LivePause, LiveTo, LiveMove, LivePolicy, LiveBranch, LiveSingle, LiveLook, LiveLeave
    )

    def __init__(self, house: House, audiences: Audiences) -> None:
        self._house, self._audiences = house, audiences
        self._players: dict[Line, Player] = {}
        # a thread of their own: the odds keep the pool busy, and whoever plays waits before the page
        self._long = ThreadPoolExecutor(1, thread_name_prefix="live")
        house.when_ending(lambda: self._long.shutdown(wait=False, cancel_futures=True))

    async def opened(self, line: Line, hello: Hello) -> Mapping[str, Any]:
        """Say what one may do with a campaign that is played."""
        moves = [{"move": move, "label": TOLD[move]["label"], "assumed": TOLD[move]["assumed"]} for move in MOVES]
        return {"moves": moves, "cohorts": list(COHORTS), "most_added": MOST_ADDED}

    async def said(self, line: Line, message: Any) -> Mapping[str, Any] | None:
        """Do what a browser asks of its campaign."""
        if isinstance(message, LiveOpen):
            return await self._open(line, message)
        player = self._players.get(line)
        if isinstance(message, LiveLeave):
            await self.closed(line)
            return None
        if player is None:
            raise Refused("There is no campaign to play yet; press Begin.")
        if isinstance(message, LiveBranch):
            return await self._branch(player, message)
        return await _SAID[type(message)](player, message)

    async def closed(self, line: Line) -> None:
        """Forget a browser's campaign."""
        player = self._players.pop(line, None)
        if player is not None:
            await player.leave()

    async def _open(self, line: Line, message: LiveOpen) -> Mapping[str, Any]:
        """Begin to make a campaign."""
        await self.closed(line)
        setting = await asyncio.to_thread(setting_of, message.chosen, most_rows=self._house.limits.audience)
        if not setting.posted:
            raise Refused("Nothing is posted, so there is nothing to play; choose something else to do.")
        rows = setting.configuration.people.n_followers
        self._make_room(rows, players=1)
        player = self._players[line] = Player(self._house, self._long, line, rows)
        self._house.start(self._begin(line, player, message, setting.configuration))
        return {"rows": rows, "waits": not self._audiences.stands(setting.configuration)}

    async def _begin(self, line: Line, player: Player, message: LiveOpen, configuration: Configuration) -> None:
        """Make a campaign in the background; say so if it cannot be made."""
        try:
            world = await asyncio.wrap_future(self._audiences.world(configuration, lambda: not player.gone))
            await player.begin(partial(Play, world, replicate=message.replicate, nodes=message.nodes))
        except (BackfireError, MemoryError, Dropped) as problem:
            if player.gone:
                return
            self._players.pop(line, None)
            said = str(problem) if isinstance(problem, BackfireError) else "memory ran out; choose a smaller audience"
            line.tell("live_closed", {"say": f"This cannot be played: {said}"})

    async def _branch(self, player: Player, message: LiveBranch) -> Mapping[str, Any] | None:
        otherwise = Otherwise(
            policy=message.policy or "", move=message.move or "",
            dropped=-1 if message.dropped is None else message.dropped, added=message.added,
            followers=message.followers,
        )  # fmt: skip
        if player.runs == 1:
            self._make_room(player.rows)
        player.runs = 2
        try:
            play = await player.change(lambda play: play.branch(message.minute, otherwise), long=True)
        finally:
            player.runs = 1 if player.play is None or player.play.b is None else 2
        return play.branch_told()

    def _make_room(self, rows: int, players: int = 0) -> None:
        """Refuse what would be too much at once."""
        if len(self._players) + players > MOST_PLAYED:
            raise Refused(f"{MOST_PLAYED} campaigns are being played on this server already; wait until one is left.")
        taken = sum(player.rows * player.runs for player in self._players.values())
        if taken + rows > MOST_ROWS:
            raise Refused(
                f"This server plays {MOST_ROWS:,} people at once, all campaigns and branches together, and "
                f"{taken:,} are taken: choose a smaller audience, or close another page."
            )


async def _play(player: Player, message: LivePlay) -> None:
    await player.change(lambda play: play.play(message.speed))
    player.drive()


async def _pause(player: Player, message: LivePause) -> None:
    await player.change(Play.pause)


async def _to(player: Player, message: LiveTo) -> None:
    def go(play: Play) -> None:
        play.pause()
        play.advance(message.minute)

    await player.change(go, long=message.minute > player.minute + _STEP)


async def _move(player: Player, message: LiveMove) -> None:
    await player.change(lambda play: play.act(message.run, message.move))


async def _policy(player: Player, message: LivePolicy) -> None:
    await player.change(lambda play: play.change_policy(message.run, message.policy))


async def _single(player: Player, message: LiveSingle) -> None:
    await player.change(Play.leave_branch)
    player.runs = 1


async def _look(player: Player, message: LiveLook) -> None:
    if message.cohort not in COHORTS:
        raise ConfigError(f"cohort must be one of {', '.join(COHORTS)}; got {message.cohort!r}.")
    if message.account is not None and not player.has_account(message.account):
        raise ConfigError(f"account must lie in [0, {player.rows}), got {message.account}.")
    player.cohort, player.account = message.cohort, message.account
    await player.tell_aside()


_SAID: Mapping[type[Word], Callable[[Player, Any], Any]] = {
    LivePlay: _play, LivePause: _pause, LiveTo: _to, LiveMove: _move, LivePolicy: _policy, LiveSingle: _single,
    LiveLook: _look,
}  # fmt: skip
