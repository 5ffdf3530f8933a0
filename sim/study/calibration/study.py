"""``backfire calibrate``: the reference table: a row a draw of what is not known, every campaign run once under it.

A draw takes one value of each universal parameter and one of each campaign's inputs from the prior. People, graph and
luck are the draw's own: people and graphs of a few seeds by turns, so that no one graph is conditioned on, and another
luck each time; campaigns of one size share their graphs. Draws are carried out in portions, in the order of their
numbers, so that a table that is cut short is a table of fewer draws, and one of more draws begins with the same rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.config.root import Configuration, changed
from sim.errors import BackfireError
from sim.outcome.units import UNITS
from sim.study.calibration.campaigns import Campaign, from_plain, point_of
from sim.study.calibration.fit import FitSettings, fit
from sim.study.calibration.prior import Spread, column_of, drawn_columns
from sim.study.calibration.shipped import Table
from sim.study.calibration.told import finding, predictive
from sim.study.calibration.version import MODEL_VERSION
from sim.study.planned import MORE, Found, as_plain, bases_of
from sim.study.run.draws import other_seed
from sim.study.store.parted import Parted
from sim.study.store.rows import rules_in, unpacked
from sim.study.sweeping import OpenStudy, complete_each

if TYPE_CHECKING:
    import pandas as pd

PORTION = 200
"""Draws that are asked for at a time."""
DRAW, GRAPH = "draw", "graph"
TABLE = "table"


@dataclass(frozen=True)
class Plan:
    """What a reference table is made of.

    Attributes
    ----------
    campaigns : tuple of Campaign
    universal : tuple of Spread
    graphs : int
        Sets of people and graph that draws take by turns.
    draws : int
    seed : int
    """

    campaigns: tuple[Campaign, ...]
    universal: tuple[Spread, ...]
    graphs: int
    draws: int
    seed: int

    @classmethod
    def of(cls, question: Mapping[str, Any]) -> Plan:
        """Return the plan of a question."""
        bases = bases_of(question)
        campaigns = tuple(from_plain(each, bases[each["name"]]) for each in question["campaigns"])
        universal = tuple(Spread(**each) for each in question["universal"])
        return cls(campaigns, universal, question["graphs"], question[MORE]["draws"], campaigns[0].base.seed)

    @property
    def spreads(self) -> Mapping[str, Sequence[Spread]]:
        """What is drawn, by campaign; the universal parameters stand first, under no campaign."""
        return {"": self.universal} | {each.name: each.spreads for each in self.campaigns}

    @cached_property
    def _seeded(self) -> dict[str, list[Configuration]]:
        """Return each campaign's configuration with the seed of each set of people and graph."""
        seeds = [other_seed(self.seed, number) for number in range(self.graphs)]
        return {each.name: [changed(each.base, {"seed": seed}) for seed in seeds] for each in self.campaigns}

    @cached_property
    def _host(self) -> dict[str, str]:
        """Return the campaign on whose follower graphs each runs: the first that can have the same."""
        hosts: dict[Any, str] = {}
        for each in self.campaigns:
            hosts.setdefault(_graph_of(each), each.name)
        return {each.name: hosts[_graph_of(each)] for each in self.campaigns}

    def graph_of(self, draw: int) -> int:
        """Return the number of the set of people and graph that a draw has."""
        return draw % self.graphs

    def living_on(self, campaign: Campaign, draw: int) -> Configuration:
        """Return the configuration on whose follower graph a campaign runs in a draw."""
        return self._seeded[self._host[campaign.name]][self.graph_of(draw)]

    def points(self, numbers: Sequence[int]) -> list[list[Configuration]]:
        """Return the configurations of some draws, one list a draw, campaigns in order."""
        columns = drawn_columns(self.spreads, numbers, self.seed)
        found = []
        for place, draw in enumerate(numbers):
            universal = {each.name: float(columns[each.name][place]) for each in self.universal}
            of_draw = []
            for campaign in self.campaigns:
                values = dict(universal)
                for source in dict.fromkeys((campaign.inputs_of, campaign.name)):
                    for each in self.spreads[source]:
                        values[each.name] = float(columns[column_of(source, each.name)][place])
                of_draw.append(point_of(self._seeded[campaign.name][self.graph_of(draw)], values))
            found.append(of_draw)
        return found

    def facts(self) -> dict[str, Any]:
        """Return what a reader of the table must know, plain."""
        return {
            "model_version": MODEL_VERSION, "seed": self.seed, "graphs": self.graphs,
            "universal": [each.plain() for each in self.universal],
            "campaigns": {
                each.name: {
                    "standing": each.standing, "rows": each.base.people.n_followers, "case_rows": each.case_rows,
                    "represents": each.base.people.represents, "inputs_of": each.inputs_of,
                    "inputs": [spread.plain() for spread in each.spreads],
                }
                for each in self.campaigns
            },
        }  # fmt: skip


def _graph_of(campaign: Campaign) -> Any:
    """Return what a follower graph cannot do without: shares of groups may change on one, its rows may not."""
    people, network = campaign.base.people, campaign.base.network
    return people.n_followers, people.table, network.model_dump_json()


def found(study: OpenStudy, question: Mapping[str, Any]) -> Found:
    """Carry out the draws, or what of them is missing, and put the table together.

    Parameters
    ----------
    study : OpenStudy
    question : mapping
        ``bases`` (by campaign), ``campaigns`` and ``universal`` (plain), ``graphs``, ``more`` (``draws``).
    """
    import pandas as pd

    plan = Plan.of(question)
    parts: list[pd.DataFrame] = []
    runs = Parted(study.place)
    for _ in runs.through(_portions(study, plan, parts)):
        pass
    table = pd.concat(parts, ignore_index=True)
    told = predictive(table, [each.name for each in plan.campaigns])
    summary = as_plain(plan.facts()) | {
        "case": "reference table", "draws": plan.draws, "predictive": told,
        "finding": finding(plan.draws, len(plan.universal), told),
        "intervals_over": "draws of what is not known, and luck",
    }  # fmt: skip
    study.progress.stage("fit")
    try:
        fitted = fit(Table(table, plan.facts()), FitSettings(), plan.seed)
    except BackfireError as problem:  # a table of few draws, or of no campaign that has a target, is one all the same
        runs_alone = {"fit": None, "not_fitted": str(problem)}
        return Found({TABLE: table}, summary | runs_alone, units_of(plan, table), runs)
    units = fitted.units | units_of(plan, table)
    return Found({TABLE: table} | fitted.tables, summary | as_plain(fitted.summary), units, runs)


def _portions(study: OpenStudy, plan: Plan, parts: list[pd.DataFrame]) -> Iterator[pd.DataFrame]:
    """Carry out the draws portion by portion, keep the table's parts, and yield a row a run of each portion."""
    import pandas as pd

    for begin in range(0, plan.draws, PORTION):
        numbers = range(begin, min(begin + PORTION, plan.draws))
        points = plan.points(numbers)
        flat = [point for several in points for point in several]
        luck = [[draw] for draw in numbers for _ in plan.campaigns]
        bases = [plan.living_on(each, draw) for draw in numbers for each in plan.campaigns]
        keys = complete_each(study, flat, luck, bases)
        columns: dict[str, Any] = {DRAW: np.array(numbers, np.int32)}
        columns[GRAPH] = np.array([plan.graph_of(draw) for draw in numbers], np.int16)
        columns |= {name: _narrow(values) for name, values in drawn_columns(plan.spreads, numbers, plan.seed).items()}
        told = []
        for place, campaign in enumerate(plan.campaigns):
            own = keys[place :: len(plan.campaigns)]
            outcomes, rows = _outcomes_of(study, own, numbers)
            columns |= {column_of(campaign.name, name): _narrow(values) for name, values in outcomes.items()}
            told.append(rows.assign(point=[study.asked[key] for key in own], campaign=campaign.name))
        parts.append(pd.DataFrame(columns))
        yield pd.concat(told, ignore_index=True)


def _outcomes_of(
    study: OpenStudy, keys: Sequence[bytes], numbers: Sequence[int]
) -> tuple[dict[str, Any], pd.DataFrame]:
    """Return the outcomes of one campaign at some draws, by name, and what became of each run, a row a run."""
    import pandas as pd

    rows = [study.ledger.rows(key, [draw])[0] for key, draw in zip(keys, numbers, strict=True)]
    names = study.ledger.outcomes() or list(UNITS)  # where every run has failed, nobody has seen an outcome yet
    fired = rules_in(study.ledger.longest(), names)
    outcomes = unpacked([row.outcome for row in rows], names, fired, gaps=True)
    runs = pd.DataFrame({
        "point": 0, "campaign": "", "replicate": list(numbers),
        "failed": pd.array([row.failed or "" for row in rows], dtype="str"),
        "seconds": [np.nan if row.seconds is None else row.seconds for row in rows],
    })  # fmt: skip
    return {name: outcomes[name] for name in names}, runs


def _narrow(values: Any) -> Any:
    """Return numbers in single precision, of which a table has many; words as they are."""
    return values.astype(np.float32) if getattr(values, "dtype", None) == np.float64 else values


def units_of(plan: Plan, table: pd.DataFrame) -> dict[str, str]:
    """Return the unit of each column of a table."""
    found = {GRAPH: "name", "campaign": "name"}
    for campaign, several in plan.spreads.items():
        found |= {column_of(campaign, each.name): each.unit for each in several}
    for each in plan.campaigns:
        units = UNITS | each.base.outcomes
        found |= {column_of(each.name, name): unit for name, unit in units.items()}
    return {name: unit for name, unit in found.items() if name in table or name == "campaign"}
