"""The campaigns that the teams of a session live through: one model for each distinct past.

Teams that made the same moves at the same minutes share a model: same crowd, same luck, same moves give the same
campaign. A model is branched when teams part ways, so nobody waits for a past to be computed twice.
"""

from __future__ import annotations

from collections.abc import Iterable

from sim.config.root import Configuration
from sim.model.campaign import CampaignModel

History = tuple[tuple[int, str], ...]
"""Moves made, each with its minute, in order; silence is no move."""


class Campaigns:
    """The models of one session, all of one world.

    Parameters
    ----------
    configuration : Configuration
        Of the deck; nobody answers in it.
    replicate : int
        Which luck.
    like : Campaigns, optional
        Others of the same crowd, whose state these begin with.
    """

    def __init__(self, configuration: Configuration, replicate: int = 0, *, like: Campaigns | None = None) -> None:
        self.configuration = configuration
        self._root = (
            CampaignModel(configuration, rng=configuration.seed, replicate=replicate)
            if like is None else like.model(()).branch()
        )  # fmt: skip
        self._models: dict[History, CampaignModel] = {(): self._root}

    def follow(self, histories: Iterable[History], minute: int) -> None:
        """Bring the models of these pasts to a minute, make those that are missing, and close those that nobody has.

        Parameters
        ----------
        histories : iterable of History
            Moves of minutes up to ``minute``; those made in it show in the minute after.
        """
        wanted = set(histories)
        for history in sorted(wanted, key=len):
            if history not in self._models:
                self._models[history] = self._branched(history)
        for history in [each for each in self._models if each not in wanted and each]:
            self._models.pop(history).close()
        for history in wanted:
            model = self._models[history]
            model.run_until(max(minute, model.minute))

    def _branched(self, history: History) -> CampaignModel:
        """Return a model of a past that none has yet, branched off the one that it shares most with."""
        known = max((past for past in self._models if history[: len(past)] == past), key=len)
        model = self._models[known]
        for minute, move in history[len(known) :]:
            model = model.branch(minute=minute)
            model.act(move)
        return model

    def model(self, history: History) -> CampaignModel:
        """Return the model of a past that :meth:`follow` was asked for."""
        return self._models[history]

    @property
    def count(self) -> int:
        """How many models there are."""
        return len(self._models)

    def close(self) -> None:
        """Give the memory back."""
        for model in self._models.values():
            model.close()
        self._models.clear()
