"""A campaign as a Mesa model: one step is one minute, the engine does the work, agents are views of its arrays.

One minute: the tag trends or not, newsrooms report, the agency answers, rows whose sessions are due see and react,
messages are put out and land, the minute is recorded (``sim.engine.kernel``). Mesa brings the clock, the agent sets
and the DataCollector; its random generators have no part in what happens.
"""

from __future__ import annotations

import secrets
import weakref
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NoReturn

from sim.aftermath.state import Aftermath, Standing, luck_of, standing_of, starts_anew
from sim.agency.named import named_policy
from sim.agency.policies import rule_table
from sim.agents import Follower, ModelError, checked_whole
from sim.config.agency import MOVES, TRIGGERS, PolicyConfig, RuleConfig
from sim.config.root import Configuration, changed, validated
from sim.engine.run import Record, Run
from sim.engine.world import World, build_world
from sim.errors import ConfigError, unknown_name
from sim.model.reading import Reading
from sim.network.graph import FollowerGraph
from sim.people.population import Population

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd
    from mesa.datacollection import DataCollector

_TRIGGERS = set(TRIGGERS)


class CampaignModel(Reading):
    """One run of a campaign.

    Parameters
    ----------
    configuration : Configuration
        As :func:`sim.load_case` returns it.
    rng : int in [0, 2**63), optional
        The seed, instead of the configuration's; without it one is drawn and kept in ``seed``.
    replicate : int, at least 0
        Other luck for the same people and graph.
    graph : FollowerGraph, optional
        A graph of one's own; its size wins over the configuration's.
    population : Population, optional
        People of one's own, one for each row.
    attributes : pandas.DataFrame, optional
        What is known of the rows of a graph.
    record : {"summary", "log"}
        ``log`` also keeps what was seen, for ``sim.outcome.log.event_log(model.record())``.
    after : Aftermath, optional
        The state that an earlier campaign left (:meth:`aftermath`, some weeks ``.later(8)``): the configuration's post,
        agency, policy and horizon count, people and graph are those of the state.

    Attributes
    ----------
    steps, minute : int
        Minutes lived through.
    time : float
        The same, as Mesa writes it.
    running : bool
        Turns False at the horizon; a step beyond it is refused.
    seed, replicate : int
    configuration : Configuration
        What the run began with, its seed included; later changes of policy do not show in it.

    Raises
    ------
    ConfigError, GraphError
        A value that cannot be.
    """

    def __init__(
        self,
        configuration: Configuration,
        *,
        rng: int | None = None,
        replicate: int = 0,
        graph: FollowerGraph | None = None,
        population: Population | None = None,
        attributes: pd.DataFrame | None = None,
        record: Record = "summary",
        after: Aftermath | None = None,
    ) -> None:
        replicate = checked_whole("replicate", replicate)
        if record not in ("summary", "log"):
            raise unknown_name("record", record, ("summary", "log"))
        if after is not None:
            starts_anew(rng=rng, graph=graph, population=population, attributes=attributes,
                        earlier=configuration.earlier)  # fmt: skip
            standing = after.start(configuration)
        else:
            seed = secrets.randbits(63) if rng is None else checked_whole("rng", rng)
            seeded = changed(configuration, {"seed": seed})
            world = build_world(seeded, graph=graph, population=population, attributes=attributes)
            standing = standing_of(world, replicate)
        run = Run(standing.world, replicate=luck_of(replicate, standing.number), record=record)
        self._begin(run, standing.world.config.policy, standing)

    @classmethod
    def in_world(cls, world: World, *, replicate: int = 0, record: Record = "summary") -> CampaignModel:
        """Return a run among people and in a graph that stand already: many runs read one world, none changes it.

        Parameters
        ----------
        world : World
            ``sim.engine.world.build_world`` makes one; its configuration, seed included, counts.
        replicate, record
            As for the class.
        """
        standing = standing_of(world, checked_whole("replicate", replicate))
        model = cls.__new__(cls)
        run = Run(standing.world, replicate=luck_of(replicate, standing.number), record=record)
        model._begin(run, standing.world.config.policy, standing)
        return model

    def _begin(self, run: Run, policy: PolicyConfig, standing: Standing) -> None:
        """Set up Mesa's side at minute 0, around a run."""
        self._standing = standing
        self._run: Run | None = run
        # the bench goes back to the world when nobody holds the model any more, not at the interpreter's end
        self._end = weakref.finalize(self, World.give_back, run.world, run.bench)
        self._end.atexit = False
        self._policy = policy
        self._acts: list[RuleConfig] = []
        self._made: list[tuple[int, PolicyConfig | str | int]] = []  # minute, and the policy, move or luck set by hand
        self._first_luck = run.replicate
        self._felt: int | None = None  # the first minute in which feelings were set by hand
        self._views: dict[int, Follower] = {}
        self._collectors: list[tuple[DataCollector, int]] = []
        self._winding = False
        self.seed = run.world.config.seed
        self.replicate = run.replicate
        super().__init__(rng=self.seed)
        self.time = 0.0
        self._clocked_step = self.step  # Mesa's: it counts, then calls the class's step
        self.step = self._step_in_time  # type: ignore[method-assign]

    # one minute

    def _step_in_time(self) -> None:
        """Let Mesa take one step, unless the run is over."""
        if self.minute >= self.horizon:
            raise ModelError(
                f"the run ended at minute {self.horizon}, the horizon; "
                f"set horizon_hours for a longer one, or ask model.running before each step."
            )
        self._clocked_step()
        for collector, every in self._collectors:
            if self.minute % every == 0 or self.minute == self.horizon:
                collector.collect(self)

    def step(self) -> None:
        """Live through one minute."""
        if self._winding:  # Mesa's clock alone is being set
            return
        self.engine.advance(self.minute + 1)
        if self.time != self.minute:
            self.time = float(self.minute)
        if self.minute == self.horizon:
            self.running = False

    def run_for(self, minutes: int) -> None:
        """Take so many steps, fewer if the horizon comes first.

        Raises
        ------
        ModelError
            The run is over already.
        """
        left = checked_whole("minutes", minutes)
        if left:
            self.step()
        for _ in range(min(left - 1, self.horizon - self.minute)):
            self.step()

    def run_until(self, end: int | Callable[[CampaignModel], object]) -> None:
        """Step until a minute, or until ``end(model)`` is true (asked before each step), at most to the horizon.

        Raises
        ------
        ModelError
            The minute has passed.
        """
        if callable(end):
            while self.minute < self.horizon and not end(self):
                self.step()
            return
        minute = checked_whole("minute", end)
        if minute < self.minute:
            raise ModelError(f"minute {minute} has passed; the model stands at minute {self.minute}.")
        for _ in range(min(minute, self.horizon) - self.minute):
            self.step()

    # what the sender does

    @property
    def policy(self) -> PolicyConfig:
        """The policy in force; can be set to another, to the name of one in ``conf/policy``, or to a mapping.

        It counts from the next minute on; a mapping's rule without triggers fires in that minute. None of its rules
        has fired, so one with ``at_minute`` in the past fires at once; effects of earlier moves, and standing ones
        (engage, amplify), go on.
        """
        return self._policy

    @policy.setter
    def policy(self, policy: PolicyConfig | Mapping[str, Any] | str) -> None:
        self._must_run("policy")
        self._policy = _checked_policy(policy, self.minute)
        self._made.append((self.minute, self._policy))
        fired = self.engine.bench.arrays["fired"]
        firing = fired[fired.size - len(self._acts) :]
        self._acts = [rule for rule, minute in zip(self._acts, firing, strict=True) if minute < 0]
        self.engine.bench.place_policy(self._rules())

    def act(self, move: str) -> None:
        """Make one move in the next minute, whatever the policy does besides.

        Raises
        ------
        ConfigError
            There is no such move; it lists those that exist.
        ModelError
            The run is over.
        """
        if move not in MOVES:
            raise unknown_name("move", move, MOVES)
        self._must_run(f"act({move!r})")
        self._acts.append(validated({"move": move, "at_minute": self.minute}, RuleConfig))
        self._made.append((self.minute, move))
        self.engine.act(move)

    def _rules(self) -> npt.NDArray[np.float64]:
        """Return the rules in force and the moves made by hand after them: float64[rules, 4]."""
        # model_construct: moves made by hand do not count towards the most rules that a policy may hold
        table: npt.NDArray[np.float64] = rule_table(
            PolicyConfig.model_construct(name=self._policy.name, rules=(*self._policy.rules, *self._acts)),
            self.engine.world.own.policies,
        )
        return table

    def note_feelings(self) -> None:
        """Note that feelings were set by hand in this minute, if they had not been before."""
        if self._felt is None:
            self._felt = self.minute

    def _must_run(self, what: str) -> None:
        if self.minute >= self.horizon:
            raise ModelError(f"{what} comes too late: the run ended at minute {self.horizon}, the horizon.")

    def branch(
        self,
        *,
        minute: int | None = None,
        policy: PolicyConfig | Mapping[str, Any] | str | None = None,
        replicate: int | None = None,
    ) -> CampaignModel:
        """Return a second model, with the same luck or with other, which goes its own way from a minute on.

        With the same luck it is bit for bit the run that had ``policy`` from the start with each rule's ``at_minute``
        no earlier than that minute; with other luck the minutes before stay as they are, bit for bit. Policy, moves
        and feelings set by hand come along; collectors, Mesa's generators and attributes added from outside do not,
        and a subclass's branch is a plain ``CampaignModel``.

        Parameters
        ----------
        minute : int in [0, horizon], optional
            The present if left out. A later one is lived through first, by the branch alone; an earlier one is
            computed again from the start, with what was set by hand before it.
        policy : PolicyConfig, mapping or str, optional
            What is in force from there on, as for :attr:`policy`; that of then if left out.
        replicate : int, at least 0, optional
            Whose luck it has from there on; with the model's own the branch is the same as without it.

        Raises
        ------
        ConfigError
            The minute lies outside the run, or there is no such policy.
        ModelError
            The minute has passed, and feelings were set by hand before it; or the model was closed.
        """
        old = self.engine
        at = old.minute if minute is None else checked_whole("minute", minute)
        last = self.horizon if policy is None else self.horizon - 1
        if at > last:
            raise ConfigError(
                f"minute must be at most {last}: the run ends at minute {self.horizon}"
                f"{', and a policy needs one to act in' if policy is not None else ''}; got {at}."
            )
        if at < old.minute and self._felt is not None and self._felt < at:
            raise ModelError(
                f"minute {at} has passed, and feelings were set by hand in minute {self._felt}, which cannot be "
                f"computed again; call branch(), which starts from the present, before minute {at} passes."
            )
        chosen = None if policy is None else _checked_policy(policy, at)
        luck = None if replicate is None else luck_of(checked_whole("replicate", replicate), self._standing.number)
        twin = CampaignModel.__new__(CampaignModel)
        if at < old.minute:
            run = Run(old.world, replicate=self._first_luck, record="log" if old.keeps_sights else "summary")
            twin._begin(run, run.world.config.policy, self._standing)
            twin._make_again(self._made, at)
        else:
            twin._begin(old.twin(), self._policy, self._standing)
            twin._first_luck = self._first_luck
            twin._acts, twin._made, twin._felt = list(self._acts), list(self._made), self._felt
        twin.engine.advance(at)
        if luck is not None:
            twin._take_luck(luck)
        twin._wind()
        if chosen is not None:
            twin.policy = chosen
        return twin

    def _take_luck(self, luck: int) -> None:
        """Go on with other luck."""
        self.engine.take_luck(luck)
        self.replicate = luck
        self._made.append((self.minute, luck))

    def _make_again(self, made: list[tuple[int, PolicyConfig | str | int]], until: int) -> None:
        """Set what was set by hand before a minute, and make the moves, each at its own."""
        for minute, what in made:
            if minute < until:
                self.engine.advance(minute)
                if isinstance(what, str):
                    self.act(what)
                elif isinstance(what, int):
                    self._take_luck(what)
                else:
                    self.policy = what

    def _wind(self) -> None:
        """Set Mesa's clock to the engine's minute."""
        self._winding = True
        for _ in range(self.minute):
            self._clocked_step()
        self._winding = False
        self.time = float(self.minute)
        self.running = self.minute < self.horizon

    def collect_with(self, collector: DataCollector, every: int = 1) -> None:
        """Let a DataCollector collect now, and after every so many minutes and at the horizon.

        It becomes ``model.datacollector`` too. A subclass may instead collect in its own ``step``, as Mesa's do.
        """
        every = checked_whole("every", every)
        if every == 0:
            raise ConfigError("every must be at least 1 minute, got 0.")
        self.datacollector = collector
        self._collectors.append((collector, every))
        collector.collect(self)

    def close(self) -> None:
        """Give the run's memory back now; otherwise that happens when nothing holds the model any more."""
        self._end()
        self._run = None
        self._drop_views()

    def __reduce_ex__(self, protocol: Any) -> NoReturn:
        raise ModelError(
            "a model cannot be pickled or copied: use model.branch() for a second one in the same state, or keep "
            "model.configuration and model.replicate, which give the same run again, or model.record()."
        )


def _checked_policy(policy: object, minute: int) -> PolicyConfig:
    """Return a policy that is given as itself, as a mapping, or as the name of a file in ``conf/policy``.

    A mapping's rule without triggers is given ``at_minute: minute``.

    Raises
    ------
    ConfigError
        There is none of that name (it lists those that exist), or a rule is broken.
    """
    if isinstance(policy, PolicyConfig):
        return policy
    if isinstance(policy, str):
        return named_policy(policy)
    if not isinstance(policy, Mapping):
        raise ConfigError(f"policy must be a PolicyConfig, a name or a mapping; got {policy!r}.")
    checked: PolicyConfig = validated(_triggered(policy, minute), PolicyConfig)
    return checked


def _triggered(policy: Mapping[str, Any], minute: int) -> dict[str, Any]:
    """Return a policy's mapping in which a rule without triggers is due at a minute."""
    rules = policy.get("rules")
    if not isinstance(rules, (list, tuple)):
        return dict(policy)
    return {**policy, "rules": [
        {**rule, "at_minute": minute} if isinstance(rule, Mapping) and not _TRIGGERS & rule.keys() else rule
        for rule in rules
    ]}  # fmt: skip
