"""What a seed fixes: people, graph, accounts and tables, read by all runs and changed by none."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from sim.agency.accounts import Accounts, create_accounts
from sim.agency.policies import effect_vector, rule_table
from sim.config.root import REAL_GRAPHS_STAY, Configuration
from sim.engine.bench import Bench
from sim.engine.own import OwnRules, own_rules
from sim.engine.rounds import Rounds, RoundsBench, lay_out
from sim.engine.tables import number_vector, size_vector
from sim.errors import ConfigError
from sim.feed.exposure import sinking_speeds, usual_followees, visibility_table
from sim.network.edited import edited_graph
from sim.network.generated import graph_of, people_of
from sim.network.graph import FollowerGraph
from sim.network.shelf import Shelf, user_shelf
from sim.people.edited import dropped_rows, edited_people, unedited
from sim.people.population import Population, create_population
from sim.people.scores import Scores, draw_scores
from sim.people.sessions import profile_table
from sim.reaction.actions import ask_vector, coefficient_vector

_TABLES = ("keys", "sink", "list_users", "profile", "visible", "coef", "ask", "effects", "own", "rules", "numbers",
           "sizes")  # fmt: skip
SCORED_ROWS = 2_000_000
"""Audiences up to this size keep their scores, 24 bytes a row, once people are made anew."""


@dataclass(eq=False)
class World:
    """People, graph and everything derived from them and the configuration.

    Attributes
    ----------
    config : Configuration
    population : Population
    graph : FollowerGraph
    accounts : Accounts
    followees : int32[rows]
        How many rows each row follows.
    whole : FollowerGraph
        The graph before anybody was added or dropped: ``graph`` itself if nobody was.
    attributes : pandas.DataFrame or None
        What came with a loaded graph.
    """

    config: Configuration
    population: Population
    graph: FollowerGraph
    accounts: Accounts
    followees: np.ndarray
    whole: FollowerGraph
    attributes: object = None
    _benches: dict[tuple[int, ...], list[Bench]] = field(default_factory=dict, repr=False)
    _rounds_benches: dict[tuple[int, ...], list[RoundsBench]] = field(default_factory=dict, repr=False)

    def __getstate__(self) -> dict[str, object]:
        """Leave out what holds addresses, benches and own rules: in another process they lead nowhere."""
        kept = {name: value for name, value in self.__dict__.items() if name != "own"}
        return kept | {"_benches": {}, "_rounds_benches": {}}

    @cached_property
    def n(self) -> int:
        """Rows of the audience before anybody was added or dropped: what every threshold is relative to."""
        return self.whole.n

    @property
    def rows(self) -> int:
        """Rows that there are, dropped ones included."""
        return self.graph.n

    @cached_property
    def keys(self) -> np.ndarray:
        """Keys of the rows (uint64[n]); empty where each key is its row's number."""
        rows = np.arange(self.rows, dtype=np.uint64)
        if np.array_equal(rows, self.population.key):
            return np.zeros(0, dtype=np.uint64)
        return self.population.key

    @cached_property
    def _scores(self) -> Scores | None:
        """Scores that people of other parameters are made from; None where they would take much room."""
        return draw_scores(self.config.seed, self.population.key[: self.n]) if self.n <= SCORED_ROWS else None

    @cached_property
    def sink(self) -> np.ndarray:
        """Sinking speed of each row's feed, float32[n]."""
        crowding = float(self.config.feed.crowding)
        if self.whole is self.graph:
            return sinking_speeds(self.followees, crowding)
        before = self.whole.out_degree
        followees = np.concatenate([before, self.followees[self.n :]])
        return sinking_speeds(followees, crowding, int(usual_followees(before)))

    @cached_property
    def list_users(self) -> np.ndarray:
        """Rows that use trending lists, ascending: int32[k]."""
        return np.flatnonzero(self.population.looks_at_lists).astype(np.int32)

    @cached_property
    def profile(self) -> np.ndarray:
        """The day's profile, for sessions and looks."""
        return profile_table(self.config.people.circadian, self.config.post.hour)

    @cached_property
    def visible(self) -> np.ndarray:
        """Probability of being seen by feed age, float64[65536]."""
        return visibility_table(self.config.feed)

    @cached_property
    def coef(self) -> np.ndarray:
        """Coefficients of the reaction rule, float64[13]."""
        return coefficient_vector(self.config.reaction)

    @cached_property
    def ask(self) -> np.ndarray:
        """What the post asks at minute 0, float64[6]."""
        return ask_vector(self.config.post)

    @cached_property
    def effects(self) -> np.ndarray:
        """Sizes of the moves' effects, float64[11]."""
        return effect_vector(self.config.agency)

    @cached_property
    def own(self) -> OwnRules:
        """The user's own rules, compiled."""
        return own_rules(self.config)

    @cached_property
    def rules(self) -> np.ndarray:
        """The policy, float64[rules, 5]."""
        return rule_table(self.config.policy, self.own.policies)

    @cached_property
    def numbers(self) -> np.ndarray:
        """Float parameters of the engine."""
        return number_vector(self.config, self.n, float(self.accounts.skill.mean()))

    @cached_property
    def sizes(self) -> np.ndarray:
        """Integer parameters of the engine."""
        return size_vector(self.config)

    @cached_property
    def rounds(self) -> Rounds:
        """What the rules in rounds read."""
        return lay_out(self.config, self.graph, self.keys, self.followees)

    def prepare(self) -> World:
        """Compute every table now, so that threads find them ready; returns itself."""
        if self.config.reaction.in_rounds:
            for name in ("keys", "rounds"):
                getattr(self, name)
            return self
        for name in _TABLES:
            getattr(self, name)
        return self

    def with_people(self, population: Population) -> World:
        """Return the same world with other feelings, and other followers of the sender, of the same rows."""
        made = replace(self, population=population, accounts=create_accounts(self.config, population))
        # none of the tables hangs on what people feel or whether they follow
        made.__dict__.update({name: self.__dict__[name] for name in _TABLES if name in self.__dict__})
        return made

    @cached_property
    def _bench_sizes(self) -> tuple[int, ...]:
        """What a bench's arrays depend on: worlds of the same sizes share benches."""
        config = self.config
        return (
            self.rows, self.graph.follower.size, int(np.diff(self.graph.start).max(initial=0)), self.accounts.count,
            config.minutes, config.feed.trending.list_size, config.newsroom.newsrooms,
            math.ceil(config.agency.replies_an_hour),
        )  # fmt: skip

    def borrow_bench(self) -> Bench:
        """Return a bench that no other run uses."""
        try:
            return self._benches.setdefault(self._bench_sizes, []).pop()
        except IndexError:
            return Bench(*self._bench_sizes)

    def give_back(self, bench: Bench) -> None:
        """Take a bench back for the next run."""
        self._benches.setdefault(self._bench_sizes, []).append(bench)

    def drop_other_benches(self) -> None:
        """Let go of the benches of other sizes than this world's: of a million rows one takes 150 MB."""
        for sizes in [each for each in self._benches if each != self._bench_sizes]:
            self._benches.pop(sizes, None)

    def with_own_benches(self) -> World:
        """Return the same world with benches that it shares with no other, and that go when it goes."""
        return replace(self, _benches={}, _rounds_benches={})

    @cached_property
    def _rounds_sizes(self) -> tuple[int, int, int, bool]:
        by_threshold = self.config.reaction.rule == "linear_threshold"
        return self.rows, self.rounds.largest, self.config.minutes, by_threshold

    def borrow_rounds_bench(self) -> RoundsBench:
        """Return a bench for a run in rounds that no other run uses."""
        try:
            return self._rounds_benches.setdefault(self._rounds_sizes, []).pop()
        except IndexError:
            return RoundsBench(*self._rounds_sizes)

    def give_back_rounds_bench(self, bench: RoundsBench) -> None:
        """Take a bench back for the next run in rounds."""
        self._rounds_benches.setdefault(self._rounds_sizes, []).append(bench)

    def with_config(self, config: Configuration) -> World:
        """Return the world of another configuration, with the same graph and the same people's draws.

        Raises
        ------
        ConfigError
            If the configurations differ in what fixes the graph, or somebody is to be added to or dropped from a
            real one.
        """
        if config.people.edited and self.whole.origin == "loaded":
            raise ConfigError(f"{REAL_GRAPHS_STAY}.")
        for name in ("seed", "network", "people.n_followers", "people.table"):
            if _dotted(config, name) != _dotted(self.config, name):
                raise ConfigError(f"{name} fixes the follower graph; build another world to change it.")
        if _people_from(config) == _people_from(self.config):
            return replace(self, config=config, accounts=create_accounts(config, self.population))
        people = create_population(
            unedited(config), n=self.n, keys=self.population.key[: self.n], attributes=self.attributes,
            everybody_follows=self.whole.origin == "loaded", scores=self._scores,
        )  # fmt: skip
        followees = self.followees if self.whole is self.graph else self.whole.out_degree.astype(np.int32)
        world = _world(config, people, self.whole, followees, attributes=self.attributes)
        return replace(world, _benches=self._benches, _rounds_benches=self._rounds_benches)


def _people_from(config: Configuration) -> tuple[object, ...]:
    """Return all that people follow from, besides the seed and their number."""
    return config.people, config.agency, config.feed.trending.users_share, config.newsroom.newsrooms


def _world(
    config: Configuration,
    population: Population,
    graph: FollowerGraph,
    followees: np.ndarray,
    *,
    attributes: object,
) -> World:
    """Return the world of people and graph as they were made, with those added and without those dropped."""
    whole, people = graph, config.people
    if people.edited:
        gone = dropped_rows(config, population)
        population = edited_people(config, population)
        graph = edited_graph(
            whole, seed=config.seed, added=population.key[whole.n :], followers=people.added_followers,
            follows=people.added_follows, dropped=gone,
        )  # fmt: skip
        followees = graph.out_degree.astype(np.int32)
    return World(
        config=config, population=population, graph=graph, accounts=create_accounts(config, population),
        followees=followees, whole=whole, attributes=attributes,
    )  # fmt: skip


def _dotted(config: Configuration, name: str) -> object:
    value: object = config
    for part in name.split("."):
        value = getattr(value, part)
    return value


def build_world(
    config: Configuration,
    *,
    n: int | None = None,
    graph: FollowerGraph | None = None,
    population: Population | None = None,
    attributes: object = None,
    shelf: Shelf | None = None,
) -> World:
    """Return people, graph and accounts of a configuration.

    Parameters
    ----------
    config : Configuration
    n : int
        Rows of a generated audience, instead of ``people.n_followers``.
    graph : FollowerGraph
        A graph of one's own; its size wins over the configuration's.
    population : Population
        People of one's own, one for each row of the graph.
    attributes : pandas.DataFrame
        What is known of the rows of a graph.
    shelf : Shelf
        Where big generated audiences are kept; the user's own by default.

    Raises
    ------
    ConfigError, GraphError
        If population and graph differ in size, the graph cannot be read, or somebody is to be added to or dropped
        from people and graph of one's own.
    """
    if config.people.edited and not (graph is None and population is None and attributes is None):
        raise ConfigError(f"{REAL_GRAPHS_STAY}.")
    if graph is None and config.network.from_file:
        from sim.network.readers import read_network

        graph, attributes = read_network(config.network)
    loaded = graph is not None and graph.origin == "loaded"
    rows = graph.n if graph is not None else (config.people.n_followers if n is None else n)
    shelf = user_shelf() if shelf is None else shelf
    if population is None and graph is None and attributes is None:
        population = people_of(unedited(config), rows, shelf)
    elif population is None:
        keys = None if graph is None else graph.keys
        population = create_population(config, n=rows, keys=keys, attributes=attributes, everybody_follows=loaded)
    if graph is None:
        graph, followees = graph_of(config, population, shelf)
    else:
        followees = graph.out_degree.astype(np.int32)
    if graph.n != population.key.size:
        raise ConfigError(f"the graph has {graph.n} rows and the population {population.key.size}; they must agree.")
    return _world(config, population, graph, followees, attributes=attributes)
