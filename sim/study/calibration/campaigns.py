"""Which campaigns each draw of the reference table runs: documented ones at their own inputs, and one of any kind.

Documented campaigns are those that were fitted or seen. Fresh ones, which no hand and no fit has touched, are never
among them: they are for validation. The generic campaign is what a user's own may be: its inputs are drawn from nearly
nothing to nearly everything, and it runs twice on the same luck, silent and with an acknowledgement at a drawn minute.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sim.config.case import CaseConfig
from sim.config.root import Configuration, changed
from sim.errors import ConfigError
from sim.study.calibration.prior import Spread, own_spreads
from sim.study.run.inputs import fields

GENERIC, ANSWERED = "generic", "generic_answered"
AT_MINUTE = "at_minute"
"""The input of the answered campaign: when it is answered."""
ROWS = {"my_nypd": 250_000}
"""Audiences at which a campaign's ignition is that of larger ones, where 100,000 rows are too few."""
ROWS_OTHERWISE = 100_000
"""Audience of all other campaigns, and of none more than its case's own."""
_WIDE = {
    "people.grievance_mean": (0.03, 0.55, "nearly nobody minds, or half of all feelings are sore"),
    "people.community_share": (0.0, 0.4, "no community is touched most, or two in five people are of it"),
    "people.community_grievance_shift": (0.0, 2.0, "alike in both communities, or seven times the odds"),
    "people.support_mean": (0.1, 0.8, "few like the sender, or nearly all do"),
    "people.copula_correlation": (-0.7, -0.3, "as in the parameter table"),
    "people.follow_share": (0.01, 0.6, "a sender whom few follow, or most"),
    "people.activist_share": (0.0005, 0.005, "as in the parameter table"),
    "post.appeal": (0.05, 0.95, "dull, or what everybody likes"),
    "post.room": (0.0, 1.0, "nothing is asked, or one's own words and nothing else"),
    "post.openness": (0.0, 1.0, "one named topic, or any question"),
    "post.salience": (0.0, 1.0, "far from the grievance, or the grievance itself"),
    "post.arousal": (0.0, 1.0, "it calms, or it stirs as much as can be"),
    "post.media": (0.0, 1.0, "no picture, or a picture that is the post"),
    "post.hour": (0.0, 23.999, "any hour"),
}
"""Inputs of the generic campaign: from, to, and what the ends mean. All else is as in the parameter table."""
_ANSWER_MINUTES = (15.0, 1440.0)


@dataclass(frozen=True)
class Campaign:
    """What each draw runs once.

    Attributes
    ----------
    name : str
        What its columns begin with.
    base : Configuration
        Its configuration at central values; its follower graph is that of all draws.
    spreads : tuple of Spread
        Its own inputs.
    inputs_of : str
        The campaign whose drawn inputs it has, its own name mostly.
    case_rows : int
        Rows of the case as it stands in the catalogue.
    standing : str
        Of the case: ``fitted``, ``seen`` or ``own``.
    """

    name: str
    base: Configuration
    spreads: tuple[Spread, ...]
    inputs_of: str
    case_rows: int
    standing: str = "own"

    def plain(self) -> dict[str, Any]:
        """Return it as plain values but for the configuration; :func:`from_plain` reads them."""
        return {
            "name": self.name, "spreads": [each.plain() for each in self.spreads], "inputs_of": self.inputs_of,
            "case_rows": self.case_rows, "standing": self.standing,
        }  # fmt: skip


def from_plain(plain: Mapping[str, Any], base: Configuration) -> Campaign:
    """Return a campaign from its plain values and its configuration."""
    return Campaign(
        plain["name"], base, tuple(Spread(**each) for each in plain["spreads"]), plain["inputs_of"],
        plain["case_rows"], plain["standing"],
    )  # fmt: skip


def documented(case: Configuration, rows: int | None = None) -> Campaign:
    """Return the campaign of a case.

    Parameters
    ----------
    case : Configuration
    rows : int, optional
        Its audience; what :data:`ROWS` says if left out.

    Raises
    ------
    ConfigError
        The case is fresh.
    """
    name, case_rows = case.case.id, case.people.n_followers
    refuse_fresh(case.case)
    size = min(case_rows, ROWS.get(name, ROWS_OTHERWISE)) if rows is None else rows
    base = changed(case, {"people.n_followers": size})
    return Campaign(name, _bare(base, name), tuple(own_spreads(base)), name, case_rows, case.case.standing)


def refuse_fresh(case: CaseConfig) -> None:
    """Refuse a case that is kept for validation.

    Raises
    ------
    ConfigError
    """
    if case.standing == "fresh":
        raise ConfigError(
            f"campaigns must name cases that are fitted or seen, got {case.id!r}, which is fresh: nothing that is "
            "fitted may have run it; backfire validate does, once its predictions are frozen."
        )


def generic(base: Configuration) -> list[Campaign]:
    """Return the generic campaign, silent and answered.

    Parameters
    ----------
    base : Configuration
        The parameter table, with what the command's words change in it.
    """
    known = {field.name: field for field in fields(base)}
    spreads = tuple(
        Spread(name, low, high, float(known[name].value), known[name].title, known[name].unit, f"assumed: {why}")
        for name, (low, high, why) in _WIDE.items()
    )
    minute = Spread(
        AT_MINUTE, *_ANSWER_MINUTES, 60.0, "Minute of the acknowledgement", "minutes",
        "assumed: from the first quarter of an hour to a day, early minutes as often as late ones", log=True,
    )  # fmt: skip
    rows = base.people.n_followers
    answered = changed(base, answer_at(60.0))
    return [
        Campaign(GENERIC, _bare(base, GENERIC), spreads, GENERIC, rows),
        Campaign(ANSWERED, _bare(answered, GENERIC), (minute,), GENERIC, rows),
    ]


def answer_at(minute: float) -> dict[str, Any]:
    """Return the change that has the sender acknowledge at a minute."""
    return {"policy.name": "acknowledge", "policy.rules": [{"move": "acknowledge", "at_minute": int(minute)}]}


def _bare(base: Configuration, name: str) -> Configuration:
    """Return a configuration whose case says its name alone: what else it tells moves no run."""
    return base.model_copy(update={"case": CaseConfig(id=name)})


def point_of(base: Configuration, values: Mapping[str, float]) -> Configuration:
    """Return a campaign's configuration at drawn values, checked.

    Parameters
    ----------
    base : Configuration
        At central values, with the seed of the draw's people and graph.
    values : mapping
        By dotted name: universal parameters and inputs.
    """
    changes: dict[str, Any] = {name: value for name, value in values.items() if name != AT_MINUTE}
    if AT_MINUTE in values:
        changes |= answer_at(values[AT_MINUTE])
    return changed(base, changes)
