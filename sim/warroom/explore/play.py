"""One explorer's campaign, played minute by minute, and its branch beside it on the same luck.

This is a plain object without a clock, a socket or a thread of its own: it is told how many seconds have passed, and
asked what is new. What it keeps is two runs at most, of one audience; closing gives their memory back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sim.config.agency import MOVES
from sim.config.people import COHORTS
from sim.config.root import Configuration, changed
from sim.engine.world import World
from sim.errors import ConfigError, unknown_name
from sim.model.campaign import CampaignModel
from sim.warroom.explore.feed import account, feed_of_account, feed_of_band
from sim.warroom.explore.lived import MINUTE_COLUMNS, Lived
from sim.warroom.explore.paired import difference
from sim.warroom.explore.plain import DOES
from sim.warroom.explore.shown import REAL_GRAPH, choose
from sim.warroom.train.moves import TOLD

SLOWEST, FASTEST = 1.0, 480.0
"""Minutes of the campaign in a second."""
_LAG = 0.25
"""Seconds that a slow machine may catch up with; the rest of a delay is let go."""
MOST_ADDED = 200


@dataclass(frozen=True)
class Otherwise:
    """What a branch does otherwise: one of these.

    Attributes
    ----------
    policy : str
        Another policy, from the branch's minute on.
    move : str
        A move in the branch's minute.
    dropped : int
        A simulated account that does not exist, from the start.
    added : int
        How many committed critics are there besides, from the start.
    followers : int
        How many follow each of those.
    """

    policy: str = ""
    move: str = ""
    dropped: int = -1
    added: int = 0
    followers: int = 100

    def __post_init__(self) -> None:
        chosen = [bool(self.policy), bool(self.move), self.dropped >= 0, self.added > 0]
        if sum(chosen) > 1:
            raise ConfigError("a branch differs in one thing: a policy, a move, an account dropped, or critics added.")

    @property
    def from_the_start(self) -> bool:
        """Whether it makes another audience, which must be lived through from minute 0."""
        return self.dropped >= 0 or self.added > 0

    def configured(self, configuration: Configuration) -> Configuration:
        """Return a configuration with the account dropped or the critics added.

        Raises
        ------
        ConfigError
            The account does not exist.
        """
        people = configuration.people
        if self.dropped >= 0:
            return changed(configuration, {"people.dropped": [*people.dropped, self.dropped]})
        return changed(configuration, {
            "people.added_activists": people.added_activists + self.added, "people.added_followers": self.followers,
        })  # fmt: skip

    def said(self, minute: int) -> str:
        """Return what is otherwise, for a sentence."""
        if self.policy:
            title = DOES.get(self.policy, self.policy.replace("_", " "))
            return f'with the policy "{title}" from minute {minute:,} on'
        if self.move:
            return f'with the move "{TOLD[self.move]["label"]}" in minute {minute:,}'
        if self.dropped >= 0:
            return f"without the simulated account {self.dropped:,}, from the start"
        if self.added:
            critics = "one critic" if self.added == 1 else f"{self.added:,} critics"
            return f"with {critics} more, each followed by {self.followers:,}, from the start"
        return f"unchanged so far, from minute {minute:,} on"


class Play:
    """A campaign that is played before somebody's eyes.

    Parameters
    ----------
    world : World
        The audience; shared with others, changed by none.
    replicate : int
        Which luck.
    nodes : int in [2000, 5000]
        How many accounts to show.

    Attributes
    ----------
    a, b : Lived, Lived or None
    minute : int
        Lived through, by both.
    """

    def __init__(self, world: World, *, replicate: int = 0, nodes: int = 3_000) -> None:
        world = world.with_own_benches()  # they grow with what is kept for the feed
        self.world, self.replicate = world, replicate
        self.real = world.whole.origin == "loaded"
        shown = None if self.real else choose(world, nodes)
        self.a = Lived(CampaignModel.in_world(world, replicate=replicate, record="log"), shown)
        self.b: Lived | None = None
        self.speed, self.playing = 20.0, False
        self._owed = 0.0
        self._otherwise, self._branched_at = Otherwise(), 0

    # the clock

    @property
    def minute(self) -> int:
        """Minutes lived through."""
        return self.a.model.minute

    @property
    def over(self) -> bool:
        """Whether the campaign is at its end."""
        return self.minute >= self.a.model.horizon

    def play(self, speed: float) -> None:
        """Go on at so many minutes a second."""
        if not SLOWEST <= speed <= FASTEST:
            raise ConfigError(f"speed must lie in [{SLOWEST:g}, {FASTEST:g}] minutes a second, got {speed}.")
        self.speed, self.playing, self._owed = speed, not self.over, 0.0

    def pause(self) -> None:
        """Stand still."""
        self.playing = False

    def pass_time(self, seconds: float) -> None:
        """Live through what so much time is worth, if it plays."""
        if not self.playing:
            return
        self._owed += min(seconds, _LAG) * self.speed
        whole = int(self._owed)
        self._owed -= whole
        self.advance(self.minute + whole)

    def advance(self, until: int) -> None:
        """Live through the minutes before ``until``."""
        for lived in self._runs():
            lived.advance(until)
        if self.over:
            self.playing = False

    # what is done by hand

    def act(self, run: str, move: str) -> None:
        """Make a move now, in one of the runs."""
        if move not in MOVES:
            raise unknown_name("move", move, MOVES)
        self._run(run).act(move)

    def change_policy(self, run: str, policy: str) -> None:
        """Put another policy in force now, in one of the runs."""
        self._run(run).change_policy(policy)

    def branch(self, minute: int, otherwise: Otherwise) -> None:
        """Let B part from A at a minute (or from the start), and live it up to the present.

        Raises
        ------
        ConfigError
            The minute was not lived yet, or what is otherwise cannot be.
        """
        if not 0 <= minute <= self.minute:
            raise ConfigError(f"minute must lie in [0, {self.minute}], what was lived so far; got {minute}.")
        if (otherwise.policy or otherwise.move) and minute >= self.a.model.horizon:
            raise ConfigError(f"minute {minute} is the end of the campaign; go back to an earlier one to branch there.")
        if otherwise.from_the_start and self.real:
            raise ConfigError(REAL_GRAPH)
        if otherwise.dropped >= self.world.n:
            raise ConfigError(f"dropped must lie in [0, {self.world.n}), got {otherwise.dropped}.")
        if otherwise.from_the_start:
            twin = self.a.lived_again(self.world.with_config(otherwise.configured(self.world.config)), self.replicate)
        else:
            twin = self.a.branched(minute)
        try:
            if otherwise.policy:
                twin.change_policy(otherwise.policy)
            if otherwise.move:
                twin.act(otherwise.move)
            twin.advance(self.minute)
        except Exception:
            twin.close()
            raise
        self.leave_branch()
        self.b, self._otherwise = twin, otherwise
        self._branched_at = 0 if otherwise.from_the_start else minute

    def leave_branch(self) -> None:
        """Forget B."""
        if self.b is not None:
            self.b.close()
        self.b = None

    def close(self) -> None:
        """Give the memory back."""
        self.leave_branch()
        self.a.close()

    def has_account(self, row: int) -> bool:
        """Tell whether one of the runs has a simulated account of this number."""
        return any(row < lived.model.engine.world.rows for lived in self._runs())

    # what is told

    def opening(self) -> dict[str, Any]:
        """Return what a page must know once: the sample, the horizon, the words."""
        config, shown = self.world.config, self.a.shown
        return {
            "horizon": self.a.model.horizon, "hour": config.post.hour, "rows": self.world.n,
            "title": config.case.title or config.case.id, "policy": config.policy.name, "seed": config.seed,
            "replicate": self.replicate, "columns": list(MINUTE_COLUMNS), "cohorts": list(COHORTS),
            "nodes": None if shown is None else shown.told(), "real": REAL_GRAPH if self.real else "",
        }  # fmt: skip

    def frame(self) -> dict[str, Any]:
        """Return what is new since the last frame."""
        told: dict[str, Any] = {"m": self.minute, "on": self.playing, "a": self.a.news()}
        if self.b is not None:
            told["b"] = self.b.news()
        return told

    def aside(self, cohort: str, row: int | None) -> dict[str, Any]:
        """Return what may be told more rarely: the feed, what is new of the age bands, and how B differs.

        Parameters
        ----------
        cohort : str
            Whose feed.
        row : int or None
            One simulated account's feed instead; empty in a run that has no such account.
        """
        told: dict[str, Any] = {"m": self.minute}
        for name, lived in zip("ab", self._runs(), strict=False):
            told[name] = lived.new_readings()
            if not self.real:
                model = lived.model
                told[name]["feed"] = feed_of_band(model, cohort) if row is None else feed_of_account(model, row)
                told[name]["account"] = None if row is None or row >= model.engine.world.rows else account(model, row)
        if self.b is not None:
            by = self._otherwise.said(self._branched_at)
            told["difference"] = difference(self.a.model, self.b.model, by)
        return told

    def branch_told(self) -> dict[str, Any] | None:
        """Return what B is, for the page; None without one."""
        if self.b is None:
            return None
        shown = self.b.shown
        return {
            "minute": self._branched_at, "by": self._otherwise.said(self._branched_at),
            "nodes": shown.told() if shown is not None and self._otherwise.added else None,
        }  # fmt: skip

    def look_from_the_start(self) -> None:
        """Let the next frame tell everything again."""
        for lived in self._runs():
            lived.look_from_the_start()

    def _runs(self) -> list[Lived]:
        return [self.a] if self.b is None else [self.a, self.b]

    def _run(self, name: str) -> Lived:
        if name == "b" and self.b is None:
            raise ConfigError("there is no branch B now; branch first.")
        chosen = self.b if name == "b" else self.a
        assert chosen is not None
        return chosen
