"""The user's own rules of a configuration, compiled, as the engine finds them (``docs/extending.md``).

Here stands what a function of each kind is given, by name, and what is told of a run whose rule failed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.config.agency import MOVES
from sim.config.own import chosen
from sim.config.root import Configuration
from sim.engine.layout import FIRST_OWN_POLICY, OWN_NEWSROOM, OWN_REACTION
from sim.engine.own_calls import NEWSROOM_FAILED, NO_ACTION, NOT_OPEN, POLICY_FAILED, REACTION_FAILED
from sim.errors import BackfireError
from sim.extensions.entries import Interface, address
from sim.extensions.files import Own, owns
from sim.reaction.actions import ACTIONS, ASK, COEFFICIENTS

REACTION = Interface(
    "reaction",
    "an action such as IGNORE or SHARE_COUNTER",
    {
        "coef": "reals", "ask": "reals", "own": "reals", "grievance": "real", "support": "real",
        "extra_appeal": "real", "hold": "real", "draw": "real", "committed": "flag", "sources_campaign": "whole",
        "sources_counter": "whole", "seen_campaign": "whole", "seen_counter": "whole", "acts": "whole",
        "today": "whole", "can_share_campaign": "flag", "can_share_counter": "flag", "follows": "flag",
    },
    {"coef": len(COEFFICIENTS), "ask": len(ASK)},
    {name: ("coef", place) for place, name in enumerate(COEFFICIENTS)}
    | {name: ("ask", place) for place, name in enumerate(ASK)},
)  # fmt: skip
NEWSROOM = Interface(
    "newsroom",
    "the minute of the report, or NEVER",
    {
        "own": "reals", "minute": "whole", "newsroom": "whole", "campaign": "whole", "counter": "whole",
        "first_trend": "whole", "journalist_saw": "flag", "pick_draw": "real", "lag_draw": "real", "pick_up": "real",
        "lag_median_minutes": "real", "lag_sigma": "real",
    },
    {},
    {},
)  # fmt: skip
POLICY = Interface(
    "policy",
    "a move such as SILENT or ACKNOWLEDGE",
    {
        "own": "reals", "minute": "whole", "campaign": "whole", "counter": "whole", "trending": "flag",
        "moves_made": "whole", "last_move": "whole",
    },
    {},
    {},
)  # fmt: skip
INTERFACES = {"reaction": REACTION, "newsroom": NEWSROOM, "policy": POLICY}


class OwnRuleFailed(BackfireError):
    """A rule of the user's own failed in a run, which has no result."""


@dataclass(frozen=True, eq=False)
class OwnRules:
    """What a run calls.

    Attributes
    ----------
    lies : int64[2 + policies, 2]
        Addresses of the rule and of its parameters, in the order of ``sim.engine.layout``; 0 for built-in rules.
    policies : tuple of str
        Names of the policies that a rule's ``when`` can name.
    by_kind : dict of str to list of Own
    """

    lies: npt.NDArray[np.int64]
    policies: tuple[str, ...]
    by_kind: dict[str, list[Own]]
    _parameters: list[npt.NDArray[np.float64]]  # kept alive for those who hold their addresses

    def fault(self, fault: int) -> OwnRuleFailed:
        """Return the error for what ``marks[FAULT]`` says."""
        kind = {NEWSROOM_FAILED: "newsroom", POLICY_FAILED: "policy"}.get(fault, "reaction")
        own = self.by_kind[kind][0]
        if fault >= NOT_OPEN:
            action = ACTIONS[fault - NOT_OPEN]
            asks = action.replace("share", "can_share") if action.startswith("share") else "follows"
            said = f"gave {action} where that is not open; ask {asks} first"
        elif fault == NO_ACTION:
            said = f"gave a number that is no action; give one of 0 to {len(ACTIONS) - 1}"
        elif fault == POLICY_FAILED:
            said = (
                f"raised an error, or made a move that moves=(...) does not name; name it, or one of {', '.join(MOVES)}"
            )
        else:
            assert fault in (REACTION_FAILED, NEWSROOM_FAILED)
            said = f"raised an error; give {INTERFACES[kind].gives} whatever it is given"
        return OwnRuleFailed(str(own.wrong(f"{own.name} {said}.")))


def own_rules(configuration: Configuration) -> OwnRules:
    """Return the user's own rules of a configuration, compiled.

    Raises
    ------
    ConfigError
        One of them cannot be compiled, or is not given what it asks for.
    """
    raw, files = configuration.model_dump(), configuration.extensions
    by_kind = {kind: chosen(raw, kind, files) if files else [] for kind in INTERFACES}
    policies = list(owns(files, "policy").values())  # all of them: in mid-run another one can be put in force
    lies = np.zeros((FIRST_OWN_POLICY + len(policies), 2), dtype=np.int64)
    kept: list[npt.NDArray[np.float64]] = []
    places = [(OWN_REACTION, "reaction"), (OWN_NEWSROOM, "newsroom")]
    placed = [(place, own) for place, kind in places for own in by_kind[kind]]
    placed += [(FIRST_OWN_POLICY + number, own) for number, own in enumerate(policies)]
    for place, own in placed:
        kind = own.mark.kind
        given = getattr(configuration, kind).own
        values = [given.get(name, field.default) for name, field in own.mark.parameters.items()]
        kept.append(np.array(values or [0.0], dtype=np.float64))
        lies[place] = address(own, INTERFACES[kind]), kept[-1].ctypes.data
    return OwnRules(lies, tuple(own.name for own in policies), by_kind, kept)
