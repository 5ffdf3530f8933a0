"""The audience as Mesa sees it: views of the engine's rows in agent sets, made when they are first asked for."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NoReturn

import numpy as np
from mesa.agent import Agent, AgentSet
from mesa.model import Model

from sim.agents import Follower, ModelError, checked_whole
from sim.engine.run import Run
from sim.errors import ConfigError
from sim.network.graph import FollowerGraph
from sim.people.population import Population

if TYPE_CHECKING:
    import numpy.typing as npt

_FIXED = (
    "the audience is fixed when the model is made: {what}; "
    "set people.n_followers, or hand CampaignModel a graph and a population of your own."
)


class Crowd(Model):
    """A Mesa model whose agents are the rows of an engine's run."""

    follower_class: type[Follower] = Follower
    """The class of the views; a subclass can add properties of its own."""

    _run: Run | None
    _views: dict[int, Follower]

    @property
    def engine(self) -> Run:
        """The engine's run; its arrays are what the views show."""
        if self._run is None:
            raise ModelError("the model was closed; make another one, its configuration and seed give the same run.")
        return self._run

    @property
    def population(self) -> Population:
        """The audience as it was made."""
        return self.engine.world.population

    @property
    def graph(self) -> FollowerGraph:
        """Who follows whom."""
        return self.engine.world.graph

    @cached_property
    def followees(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32]]:
        """Whom each row follows: int64[n + 1] starts and int32[m] rows."""
        return self.graph.followees()

    def follower(self, row: int) -> Follower:
        """Return the view of one row, without making those of all."""
        view = self._views.get(row)
        if view is None:
            number = checked_whole("row", row)
            if number >= self.engine.world.rows:
                raise ConfigError(f"row must lie in [0, {self.engine.world.rows}), got {row!r}.")
            view = self._views[number] = self.follower_class.view(self, number)
        return view

    @cached_property
    def _followers(self) -> list[Follower]:
        """All views: agent sets hold them weakly, so the model keeps them."""
        return [self.follower(row) for row in range(self.engine.world.rows)]

    @cached_property
    def _all(self) -> AgentSet:
        # a set takes the model's generator, for shuffling, from its first agent; Mesa's own is empty and has it too
        return AgentSet(self._followers) if self._followers else super().agents

    @cached_property
    def _by_type(self) -> dict[type[Agent], AgentSet]:
        return {self.follower_class: AgentSet(self._followers)} if self._followers else {}

    @property
    def agents(self) -> AgentSet:
        """Views of all rows, by row; made when first asked for."""
        return self._all

    @agents.setter
    def agents(self, agents: object) -> NoReturn:
        raise ModelError(_FIXED.format(what="model.agents cannot be set"))

    @property
    def agents_by_type(self) -> dict[type[Agent], AgentSet]:
        """The agent set of each class of agents; there is one class."""
        return self._by_type

    @property
    def agent_types(self) -> list[type]:
        """The classes of agents."""
        return list(self._by_type)

    def register_agent(self, agent: Agent) -> NoReturn:
        """Refuse: agents are views of the engine's rows."""
        raise ModelError(_FIXED.format(what="no agent can be added"))

    def deregister_agent(self, agent: Agent) -> NoReturn:
        """Refuse: a row stays."""
        raise ModelError(_FIXED.format(what="no agent can be removed"))

    def remove_all_agents(self) -> NoReturn:
        """Refuse: the rows stay."""
        raise ModelError(_FIXED.format(what="no agent can be removed"))

    def _drop_views(self) -> None:
        """Forget all views."""
        for made in ("followees", "_followers", "_all", "_by_type"):
            self.__dict__.pop(made, None)
        self._views.clear()
