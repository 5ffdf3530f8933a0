"""The follower as a Mesa agent: a view of one row of the engine's arrays.

State lies in arrays, because a million Python objects would take longer to make than a campaign to run; a view holds
nothing but its model and its row. What it shows is what the engine will use next, and grievance and support that are
set here are the ones that the engine reads.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, ClassVar, Literal, NamedTuple

import numpy as np
from mesa.agent import Agent

from sim.config.people import COHORTS, ROLES
from sim.engine.layout import (
    ACK_WAITING,
    ACKNOWLEDGED,
    ACTIVIST,
    ACTS,
    AGENCY_WAITING,
    ALLY,
    ANSWER,
    ANSWERED,
    CALLS_WAITING,
    CANDIDATE,
    CLASS_CALL,
    CLASS_CAMPAIGN,
    CLASS_COUNTER,
    CLOCK,
    DAY,
    FLAGS,
    FOLLOWS_CENTRAL,
    FOLLOWS_LOCAL,
    GRIEVANCE,
    LAST_MESSAGE,
    LOCAL_TRUST,
    NEW_SOURCES,
    REACHED,
    REPLY_WAITING,
    ROLE,
    ROLE_MASK,
    SATURATED,
    SCORE,
    SEEN,
    SOOTHE,
    SOURCES,
    SUPPORT,
    TODAY,
    WAITING,
    WITHDRAWN,
)
from sim.errors import BackfireError, ConfigError
from sim.people.grievance import rounded
from sim.reaction.actions import ACTIONS, CAMPAIGN, COUNTER
from sim.reaction.choice import weights

if TYPE_CHECKING:
    import numpy.typing as npt

    from sim.engine.run import Run

_DAY_MINUTES = 1440
_FOLLOWS = FOLLOWS_CENTRAL | FOLLOWS_LOCAL
_CAMPAIGN, _COUNTER, _CALL = int(CLASS_CAMPAIGN), int(CLASS_COUNTER), int(CLASS_CALL)


class ModelError(BackfireError, RuntimeError):
    """A Mesa model is asked for what it cannot do."""


class Shown(NamedTuple):
    """What a feed would show: pairs are by frame."""

    impressions: tuple[int, int]
    sources: tuple[int, int]
    can_share: tuple[bool, bool]
    from_agency: int = 0
    acknowledged: bool = False
    answered: bool = False


FRESH = {
    "campaign": Shown((1, 0), (1, 0), (True, False)),
    "counter": Shown((0, 1), (0, 1), (False, True)),
    "both": Shown((1, 1), (1, 1), (True, True)),
}
"""One fresh message by somebody new."""


def checked_feeling(name: str, value: object) -> np.float32:
    """Return a grievance or support that was set by hand, rounded to a multiple of 2**-16.

    Raises
    ------
    ConfigError
        It is not a number in [0, 1].
    """
    number = isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool)
    if not number or not 0.0 <= float(value) <= 1.0 or math.isnan(float(value)):  # type: ignore[arg-type]
        raise ConfigError(f"follower.{name} must be a number in [0, 1], got {value!r}.")
    return np.float32(rounded(float(value)))  # type: ignore[arg-type]


def checked_whole(name: str, value: object) -> int:
    """Return a whole number of at least 0 as a plain int.

    Raises
    ------
    ConfigError
        It is none.
    """
    whole = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
    if not whole and isinstance(value, float) and value.is_integer():
        whole = True
    if not whole or int(value) < 0:  # type: ignore[call-overload]
        raise ConfigError(f"{name} must be a whole number of at least 0, got {value!r}.")
    return int(value)  # type: ignore[call-overload]


class Follower(Agent):
    """One row of the audience.

    Views are made by the model when they are first asked for. They cannot be added or removed, and ``step`` is not
    scheduled: followers act when the engine's calendar wakes them.

    Attributes
    ----------
    model : CampaignModel
    unique_id : int
        The row, counted from 0.
    """

    model: Any
    unique_id: int
    pos: ClassVar[None] = None

    @classmethod
    def view(cls, model: Any, row: int) -> Follower:
        """Return a view of a row.

        It goes past ``Agent.__init__``: that one enters an agent in registers of Mesa's, one of which keeps every
        model alive for ever in Mesa 3.3 (its issue 3179).
        """
        follower = cls.__new__(cls)
        follower.model = model
        follower.unique_id = row
        return follower

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.unique_id}: {self.cohort}, {self.community}, {self.role}>"

    def __reduce_ex__(self, protocol: Any) -> Any:
        raise ModelError("a follower is a view of its model and cannot be copied or pickled; keep its row and values.")

    def remove(self) -> None:
        """Refuse: the audience is fixed when the model is made."""
        self.model.deregister_agent(self)

    def step(self) -> None:
        """Refuse: followers act when the engine's calendar wakes them, within ``model.step()``."""
        raise ModelError("followers act when their sessions are due; call model.step(), not the step of a follower.")

    @property
    def _arrays(self) -> dict[str, npt.NDArray[Any]]:
        """The arrays of the run."""
        arrays: dict[str, npt.NDArray[Any]] = self.model.engine.bench.arrays
        return arrays

    @property
    def row(self) -> int:
        """Place in the engine's arrays."""
        return self.unique_id

    @property
    def key(self) -> int:
        """What ties the follower to their luck, wherever the row stands."""
        return int(self.model.population.key[self.unique_id])

    @property
    def cohort(self) -> str:
        """Age band."""
        return COHORTS[self.model.population.cohort[self.unique_id]]

    @property
    def community(self) -> str:
        """Community."""
        people = self.model.population
        return str(people.communities[people.community[self.unique_id]])

    @property
    def role(self) -> str:
        """Member, activist, ally or journalist."""
        return ROLES[self.model.population.role[self.unique_id]]

    @property
    def sessions_a_day(self) -> float:
        """How often they look, on average."""
        return float(self.model.population.sessions_a_day[self.unique_id])

    @property
    def grievance(self) -> float:
        """Standing readiness to turn on the sender, in [0, 1]; can be set."""
        return float(self._arrays["cold_real"][self.unique_id, GRIEVANCE])

    @grievance.setter
    def grievance(self, value: float) -> None:
        self._arrays["cold_real"][self.unique_id, GRIEVANCE] = checked_feeling("grievance", value)
        self.model.note_feelings()

    @property
    def support(self) -> float:
        """Goodwill to the sender, in [0, 1]; can be set."""
        return float(self._arrays["cold_real"][self.unique_id, SUPPORT])

    @support.setter
    def support(self, value: float) -> None:
        self._arrays["cold_real"][self.unique_id, SUPPORT] = checked_feeling("support", value)
        self.model.note_feelings()

    @property
    def followers(self) -> int:
        """How many rows follow this one."""
        start = self.model.graph.start
        return int(start[self.unique_id + 1] - start[self.unique_id])

    @property
    def follows(self) -> int:
        """How many rows this one follows (the sender's accounts are not rows)."""
        return int(self.model.engine.world.followees[self.unique_id])

    @property
    def following(self) -> list[Follower]:
        """Views of the rows that this one follows, by row."""
        start, followed = self.model.followees
        rows = followed[start[self.unique_id] : start[self.unique_id + 1]]
        return [self.model.follower(row) for row in rows.tolist()]

    @property
    def follows_sender(self) -> bool:
        """Whether they follow the sender now."""
        return bool(self._arrays["cold_half"][self.unique_id, ROLE] & _FOLLOWS)

    @property
    def reached(self) -> bool:
        """Whether they have seen anything on the tag."""
        return bool(self._arrays["cold_half"][self.unique_id, ROLE] & REACHED)

    @property
    def acts(self) -> int:
        """Messages of their own so far, originals and shares."""
        return int(self._arrays["cold_half"][self.unique_id, ACTS])

    @property
    def seen_campaign(self) -> int:
        """Impressions of the campaign frame so far."""
        return int(self._arrays["cold_half"][self.unique_id, SEEN + CAMPAIGN])

    @property
    def seen_counter(self) -> int:
        """Impressions of the counter frame so far."""
        return int(self._arrays["cold_half"][self.unique_id, SEEN + COUNTER])

    def odds(self, sees: Literal["campaign", "counter", "both"] | None = None) -> dict[str, float]:
        """Return the probability of each action, by the rule that the engine uses (``sim.reaction.choice``).

        Parameters
        ----------
        sees : {"campaign", "counter", "both"}, optional
            One fresh message of that frame (or of each) by somebody new. Left out: what waits in the feed, as if the
            next session were now; if nothing waits, ignoring is certain.

        Returns
        -------
        dict
            Probabilities that sum to 1, by the names of ``sim.reaction.actions.ACTIONS``.

        Raises
        ------
        ConfigError
            ``sees`` is none of these.
        """
        if sees is not None and sees not in FRESH:
            raise ConfigError(f"sees must be campaign, counter or both, or be left out; got {sees!r}.")
        run = self.model.engine
        if run.world.own.by_kind["reaction"]:
            raise ModelError("a reaction rule of your own gives an action for a draw, and has no chances to tell.")
        shown = waiting(run, self.unique_id) if sees is None else FRESH[sees]
        if sum(shown.impressions) == 0:
            return {name: float(name == "ignore") for name in ACTIONS}
        weight = np.array([1.0, *_weights(run, self.unique_id, shown)])
        return dict(zip(ACTIONS, (weight / weight.sum()).tolist(), strict=True))


def waiting(run: Run, row: int) -> Shown:
    """Return what a row's feed would show at a session now."""
    arrays = run.bench.arrays
    hot = arrays["hot_half"][row]
    flags = int(hot[FLAGS])
    count = [int(hot[WAITING + each]) for each in range(3)]
    sources = [int(hot[NEW_SOURCES + each]) for each in range(3)]
    calls = int(hot[CALLS_WAITING])
    if arrays["marks"][WITHDRAWN] == 1:
        count[_CALL] = sources[_CALL] = calls = 0

    def merit(each: int) -> tuple[float, int]:
        message = arrays["hot"][row, CANDIDATE + each]
        return float(arrays["hot_real"][row, SCORE + each]), int(arrays["message_keys"][message])

    campaign = min((each for each in (_CAMPAIGN, _CALL) if count[each]), key=merit, default=None)
    counter = _COUNTER if count[_COUNTER] else None
    return Shown(
        (count[_CAMPAIGN] + count[_CALL], count[_COUNTER]),
        (sources[_CAMPAIGN] + sources[_CALL], sources[_COUNTER]),
        (_is_new(arrays, row, campaign), _is_new(arrays, row, counter)),
        int(hot[AGENCY_WAITING]) + calls,
        flags & ACK_WAITING != 0,
        flags & REPLY_WAITING != 0,
    )


def _is_new(arrays: dict[str, npt.NDArray[Any]], row: int, each: int | None) -> bool:
    """Tell whether a class has a candidate whose root the row has neither written nor passed on."""
    if each is None:
        return False
    root = arrays["message_root"][arrays["hot"][row, CANDIDATE + each]]
    if arrays["message_author"][root] == row:
        return False
    own = arrays["cold"][row, LAST_MESSAGE]
    while own >= 0:
        if arrays["message_root"][own] == root:
            return False
        own = arrays["message_previous"][own]
    return True


def _weights(run: Run, row: int, shown: Shown) -> tuple[float, ...]:
    """Return the weights of all actions besides ignoring, for a row that takes in what it is shown."""
    arrays = run.bench.arrays
    cold, levels, numbers = arrays["cold_half"][row], arrays["levels"], arrays["numbers"]
    state = int(cold[ROLE])
    hold = 1.0
    if state & ACKNOWLEDGED or shown.acknowledged:
        hold *= 1.0 - levels[SOOTHE]
    if state & ANSWERED or shown.answered:
        hold *= 1.0 - levels[ANSWER]
    day = (run.minute + int(arrays["sizes"][CLOCK])) // _DAY_MINUTES
    today = shown.from_agency + (int(cold[TODAY]) if cold[DAY] == day else 0)
    sources = [min(SATURATED, int(cold[SOURCES + f]) + shown.sources[f]) for f in (CAMPAIGN, COUNTER)]
    seen = [min(SATURATED, int(cold[SEEN + f]) + shown.impressions[f]) for f in (CAMPAIGN, COUNTER)]
    six: tuple[float, ...] = weights(
        arrays["coef"], levels, float(arrays["cold_real"][row, GRIEVANCE]), float(arrays["cold_real"][row, SUPPORT]),
        float(numbers[LOCAL_TRUST]) if state & FOLLOWS_LOCAL else 0.0, float(hold),
        state & ROLE_MASK in (ACTIVIST, ALLY), *sources, *seen, int(cold[ACTS]), min(SATURATED, today),
        *shown.can_share, state & _FOLLOWS != 0,
    )  # fmt: skip
    return six
