"""What stands beside the post: not posting, listening first, a narrower ask, another account, an answer.

Each option is a few changed values of the configuration, run on the luck of the first runs as it is, so
that differences are paired. Not posting needs no run: without a call there is nothing to turn. Not posting and
listening first stand beside every tactic, whatever else is compared.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.agency.named import named_policy
from sim.config.after import WEEKS_A_MONTH
from sim.config.root import Configuration, changed
from sim.outcome.units import UNITS
from sim.study.execution.reduced import COUNTS, FLAGS, WORDS
from sim.study.run.inputs import fields

if TYPE_CHECKING:
    import pandas as pd

LISTENING_MONTHS = 6.0
NOT_POSTED = "not_posted"
"""What stands for a verdict where nothing was posted."""
MOST_MONTHS = 120.0
"""The most that ``agency.listening_months`` can be."""
LOCAL_ACCOUNTS = 20


@dataclass(frozen=True)
class Option:
    """One way of doing it otherwise.

    Attributes
    ----------
    name : str
        ``do_not_post``, ``listen``, ``answer``, ``narrower_ask`` or ``another_account``.
    title : str
        In plain words.
    changes : dict of dotted name to value
        Empty where nothing is run.
    note : str
        What it rests on.
    """

    name: str
    title: str
    changes: dict[str, Any]
    note: str

    def applied(self, configuration: Configuration) -> Configuration:
        """Return a configuration with this option's changes."""
        return changed(configuration, self.changes)


_DO_NOT_POST = Option("do_not_post", "Do not post", {}, "nothing is run: no call, nothing to turn, nothing won either")


def listen_first(configuration: Configuration) -> Option:
    """Return the option of listening for some months (more, if listening is the plan) before the post.

    After an earlier campaign they are at most as many as lie between the two posts.
    """
    months = min(configuration.agency.listening_months + LISTENING_MONTHS, MOST_MONTHS)
    if configuration.earlier and configuration.earlier[-1].posted:
        months = min(months, math.floor(100 * configuration.earlier[-1].weeks / WEEKS_A_MONTH) / 100)
    return Option(
        "listen", f"Listen for {months:g} months first", {"agency.listening_months": months},
        "the size of listening's effect is assumed (agency.effects.listening); its sign is sourced",
    )  # fmt: skip


def always(configuration: Configuration) -> list[Option]:
    """Return what stands beside every tactic: not posting, and listening first (in rounds no sender has a say)."""
    return [_DO_NOT_POST] if configuration.reaction.in_rounds else [_DO_NOT_POST, listen_first(configuration)]


def not_posted(runs: pd.DataFrame) -> pd.DataFrame:
    """Return runs with the same luck in which nothing is posted: nothing happens, at no cost.

    Counts are 0, ``verdict`` is ``not_posted`` (none of the four), all else is undefined; none of them failed.

    Parameters
    ----------
    runs : DataFrame
        One row a run, as :func:`sim.study.sweeping.runs_of` returns them; columns that tell runs apart stay.
    """
    import pandas as pd

    nothing = runs.copy()
    for name in runs.columns:
        if name in COUNTS or name in FLAGS:
            nothing[name] = np.zeros(len(runs), dtype=runs[name].dtype)
        elif name in UNITS or name.startswith("fired_"):
            nothing[name] = pd.array([None] * len(runs), dtype="str") if name in WORDS else np.nan
    nothing["verdict"] = pd.array([NOT_POSTED] * len(runs), dtype="str")
    nothing["failed"] = pd.array([""] * len(runs), dtype="str")
    nothing["seconds"] = 0.0
    return nothing


def answer(configuration: Configuration) -> Option:
    """Return the option of acknowledging the complaint; where that is the plan already, of keeping silent."""
    if any(rule.move == "acknowledge" for rule in configuration.policy.rules):
        return Option(
            "silent", "Post, and keep silent", {"policy": named_policy("silent").model_dump()},
            "the same post without the planned answer",
        )  # fmt: skip
    return Option(
        "answer", "Post, and own the complaint once critics are as many as friends",
        {"policy": named_policy("acknowledge").model_dump()},
        "the size of an answer's effect is assumed (agency.effects); its sign is sourced",
    )  # fmt: skip


def another_account(configuration: Configuration) -> Option:
    """Return the option of other voices: many local accounts for a central one, one central account for many."""
    if configuration.agency.voices != "central":
        return Option(
            "another_account", "Post it from the one central account", {"agency.voices": "central"},
            "the same followers, reached by one account",
        )  # fmt: skip
    trust = next(field for field in fields(configuration) if field.name == "agency.local_trust")
    middle = sum(trust.span) / 2 if trust.span else float(trust.value)
    changes = {
        "agency.voices": "local",
        "agency.local_accounts": max(LOCAL_ACCOUNTS, configuration.agency.local_accounts),
        "agency.local_trust": max(float(trust.value), middle),
    }
    return Option(
        "another_account", f"Post it from {changes['agency.local_accounts']} local accounts", changes,
        f"assumes that people grant their local account {changes['agency.local_trust']:.2g} more appeal",
    )  # fmt: skip


def options(configuration: Configuration) -> list[Option]:
    """Return what stands beside a post, in the order in which it is told; in rounds no sender has a say in it."""
    if configuration.reaction.in_rounds:
        return always(configuration)
    post = configuration.post
    return [
        *always(configuration),
        answer(configuration),
        Option(
            "narrower_ask", "Ask for less: half the openness, half the room",
            {"post.openness": post.openness / 2, "post.room": post.room / 2},
            f"openness {post.openness:g} to {post.openness / 2:g}, room {post.room:g} to {post.room / 2:g}",
        ),
        another_account(configuration),
    ]  # fmt: skip
