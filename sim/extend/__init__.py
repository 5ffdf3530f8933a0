"""What a file of your own imports: marks for functions, and what they are made of (``docs/extending.md``).

A mark changes nothing of a function, so it can be called and tested as it stands. The name of the function is
its name in the configuration; its arguments are those that it asks for, by name.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeVar

import numpy as np

from sim.agency.policies import (
    ACKNOWLEDGE,
    AMPLIFY,
    CHANGE_ASK,
    CLARIFY,
    DEFEND,
    ENGAGE,
    POST_ELSE,
    SILENT,
    WITHDRAW,
)
from sim.compiled import kernel
from sim.config.agency import MOVES
from sim.config.fields import param as parameter
from sim.errors import ConfigError
from sim.extensions.files import MARK, Mark
from sim.mathx import exp, log, log1p_count, lognormal_quantile
from sim.newsroom.pickup import NEVER, report_minute
from sim.reaction.actions import (
    FOLLOW,
    IGNORE,
    SHARE_CAMPAIGN,
    SHARE_COUNTER,
    UNFOLLOW,
    WRITE_CAMPAIGN,
    WRITE_COUNTER,
)
from sim.reaction.choice import choose, climate_of, held, pull_campaign, pull_counter, weight_of
from sim.rng import fold, uniform

__all__ = [
    "ACKNOWLEDGE", "AMPLIFY", "CHANGE_ASK", "CLARIFY", "DEFEND", "ENGAGE", "FOLLOW", "IGNORE", "NEVER", "POST_ELSE",
    "SHARE_CAMPAIGN", "SHARE_COUNTER", "SILENT", "UNFOLLOW", "WITHDRAW", "WRITE_CAMPAIGN", "WRITE_COUNTER", "another",
    "choose", "climate_of", "compiled", "exp", "held", "log", "log1p_count", "lognormal_quantile", "network",
    "newsroom", "outcome", "parameter", "policy", "pull_campaign", "pull_counter", "reaction_rule", "report_minute",
    "weight_of",
]  # fmt: skip

Function = TypeVar("Function", bound=Callable[..., Any])
_BITS = 2.0**53


@kernel(inline=True)
def another(draw: float, number: int) -> float:
    """Return a further draw in [0, 1) that belongs to the same decision.

    Parameters
    ----------
    draw : float in [0, 1)
        What the function is given.
    number : int from 1 on
        Which further one.
    """
    return uniform(fold(np.uint64(draw * _BITS), np.uint64(number)))


compiled = partial(kernel, inline=True, keep=False)
"""Mark of a function that a rule calls: it is compiled with the rule."""


def _marked(kind: str, parameters: dict[str, Any], **facts: Any) -> Callable[[Function], Function]:
    """Return a decorator that marks a function and leaves it as it is."""
    for name, each in parameters.items():
        if not hasattr(each, "json_schema_extra"):
            raise ConfigError(
                f"{name}={each!r} is no parameter; write {name}=parameter(DEFAULT, UNIT, TITLE, low=..., high=...)."
            )

    def mark(function: Function) -> Function:
        setattr(function, MARK, Mark(kind, parameters, facts))
        return function

    return mark


def _bare(kind: str, function: Any, parameters: dict[str, Any]) -> Any:
    """Mark a function under ``@mark`` as under ``@mark(...)``."""
    return _marked(kind, parameters) if function is None else _marked(kind, parameters)(function)


def reaction_rule(function: Any = None, /, **parameters: Any) -> Any:
    """Mark a function that gives the action of a row at a session: ``reaction.rule=NAME``.

    Parameters
    ----------
    **parameters
        Its own, each a :func:`parameter`; set as ``reaction.own.NAME=VALUE``.
    """
    return _bare("reaction", function, parameters)


def newsroom(function: Any = None, /, **parameters: Any) -> Any:
    """Mark a function that gives the minute in which a newsroom reports: ``newsroom.rule=NAME``."""
    return _bare("newsroom", function, parameters)


def network(function: Any = None, /, **parameters: Any) -> Any:
    """Mark a function that gives a follower graph as arrays (follower, followed): ``network.kind=NAME``."""
    return _bare("network", function, parameters)


def policy(*, moves: Sequence[str], **parameters: Any) -> Callable[[Function], Function]:
    """Mark a function that gives the move of a minute: ``policy=NAME``.

    Parameters
    ----------
    moves : sequence of str
        The moves that it makes, each once at most.
    """
    if isinstance(moves, str) or not moves or not set(moves) <= set(MOVES):
        raise ConfigError(f"moves must be a list of moves ({', '.join(MOVES)}); got {moves!r}.")
    allowed = sorted({SILENT, *(MOVES.index(move) for move in moves)})
    return _marked("policy", parameters, moves=tuple(dict.fromkeys(moves)), allowed=tuple(allowed))


def outcome(*, unit: str) -> Callable[[Function], Function]:
    """Mark a function that measures a run: ``outcomes=[NAME]``, a column of ``runs.parquet``.

    Parameters
    ----------
    unit : str
        Of the number that it gives; ``1`` for shares and ratios.
    """
    if not isinstance(unit, str) or not unit:
        raise ConfigError(f"unit must be text such as 'minutes', or '1' for shares; got {unit!r}.")
    return _marked("outcome", {}, unit=unit)
