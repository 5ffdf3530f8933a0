"""A fit on a table in closed form: what is learned, what is not, what it hangs on, and what is refused."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from sim.cli.main import main
from sim.errors import ConfigError, StudyError
from sim.study import load
from sim.study.calibration import posterior, refit
from sim.study.calibration.evidence import evidence_of
from sim.study.calibration.fit import FitSettings, Fitted, fit
from sim.study.calibration.patterns import all_targets, measured
from sim.study.calibration.shipped import Table
from sim.study.calibration.shipping import write_posterior
from sim.study.calibration.words import fit_lines, growth_of_odds
from tests.small_table import small_table


@pytest.fixture(scope="module")
def table() -> Table:
    return small_table()


@pytest.fixture(scope="module")
def fitted(table: Table) -> Fitted:
    return fit(table, FitSettings(("my_nypd", "participation"), held_out=40), 1)


def learned(found: Fitted, method: str = "regression") -> dict[str, float]:
    own = found.tables["parameters"]
    own = own[own["method"] == method]
    return dict(zip(own["parameter"], own["contraction"], strict=True))


def test_what_moves_a_target_is_identified_and_what_moves_none_is_not(fitted: Fitted) -> None:
    told = learned(fitted)
    assert told["reaction.fatigue"] > 0.3  # the share that acts once follows from it alone
    assert abs(told["newsroom.salience_lift"]) < 0.2
    own = fitted.tables["parameters"].set_index(["parameter", "method"])
    fatigue = own.loc[("reaction.fatigue", "regression")]
    # 0.4 + 0.2 fatigue is 0.617 give or take 0.1
    assert fatigue["mean"] == pytest.approx((0.617 - 0.4) / 0.2, abs=0.15)
    assert fatigue["sd"] == pytest.approx(0.1 / np.sqrt(3) / 0.2, rel=0.35)
    assert fitted.summary["fit"]["contraction"]["regression"] == pytest.approx(told)


def test_observed_numbers_that_the_prior_does_not_reach_are_named(fitted: Fitted) -> None:
    targets = fitted.tables["targets"].set_index("target")
    # the counts of this table grow too fast: by the tenth hour nearly all is out
    assert "my_nypd.messages_by_600 / messages_by_2040" in fitted.summary["outside"]
    assert not targets.loc["my_nypd.messages_by_600 / messages_by_2040", "inside"]
    assert targets.loc["participation.acts_once", ["inside", "posterior_inside"]].all()
    assert "OUTSIDE OF THE PRIOR PREDICTIVE" in "\n".join(fit_lines(fitted.summary, fitted.tables))
    assert fitted.summary["fit_finding"].startswith("The prior does not reach what was observed: my_nypd.messages_by")


def test_a_fit_tells_what_it_hangs_on(fitted: Fitted) -> None:
    left = fitted.tables["left_out"].set_index(["source", "parameter"])
    assert left.loc[("participation", "reaction.fatigue"), "contraction"] < 0.2
    assert left.loc[("my_nypd", "reaction.fatigue"), "contraction"] > 0.2
    families = fitted.tables["families"].set_index("case")
    assert set(families["family"]) == {"police", "bank", "artist"}
    odds = families[["hijacked", "viral_positive", "contested", "fizzled"]]
    assert odds.sum(axis=1).to_numpy() == pytest.approx(1.0)
    assert families.loc["ask_jpm", "probability"] == families.loc["ask_jpm", "hijacked"]
    sizes = fitted.tables["growth"]["draws"].unique().tolist()
    assert sizes == sorted(sizes) and sizes[-1] == 2 * sizes[-2]
    steady = fitted.tables["growth_odds"]
    assert steady["draws"].unique().tolist() == sizes[-2:] and set(steady["case"]) >= set(families.index)
    assert steady[["hijacked", "viral_positive", "contested", "fizzled"]].sum(axis=1).to_numpy() == pytest.approx(1.0)
    one, other = (steady[steady["draws"] == size].set_index("case")["hijacked"] for size in sizes[-2:])
    (bound,) = re.findall(r"by more than ([\d.]+) points", "\n".join(growth_of_odds(steady)))
    assert 0.0 <= float(bound) - 100 * (one - other).abs().max() < 0.1  # a bound is not rounded down


def test_a_table_is_fitted_the_same_twice(table: Table) -> None:
    settings = FitSettings(("participation",), held_out=20)
    one, other = (fit(table, settings, 1).tables["posterior"] for _ in range(2))
    assert one.equals(other)
    assert evidence_of(table, 1).reference.names == tuple(one.columns[2:])


@pytest.mark.parametrize(
    ("sources", "sentence"),
    [
        ((), "fit must name at least one case or pattern; got none"),
        (("trees", "trees"), "trees is there twice"),
        (("ask_bg",), "got 'ask_bg'. There are"),
    ],
)
def test_a_fit_set_that_cannot_be_is_refused(table: Table, sources: tuple[str, ...], sentence: str) -> None:
    with pytest.raises(ConfigError, match=sentence):
        fit(table, FitSettings(sources), 1)


def test_too_few_draws_are_refused(table: Table) -> None:
    with pytest.raises(StudyError, match="at least 400 draws"):
        fit(Table(table.rows.head(100), table.facts), FitSettings(), 1)


def test_every_pattern_has_a_band_a_source_and_a_denominator(table: Table) -> None:
    assert set(measured().fit) - {target.source for target in all_targets(table.facts)} <= {
        "police_twitter_day_november"
    }
    for target in measured().targets:
        assert target.low < target.high and target.reference and " of " in f" {target.told} ", target.name
        assert all(
            f"{campaign}.{target.quantity}" in table.rows
            for campaign in target.campaigns
            if campaign in table.campaigns
        )


def test_a_standing_table_is_fitted_anew_and_its_posterior_travels(
    table: Table, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    monkeypatch.setattr(refit, "shipped_table", lambda: table)
    words = ["calibrate", "from=shipped", "fit=[participation]", "held_out=20", f"results={tmp_path}", "study=f"]
    assert main(words) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == str(tmp_path / "f") and "contraction" in "\n".join(lines)
    study = load(tmp_path / "f")
    with pytest.raises(StudyError, match="of kind 'fit', which has no runs of its own"):
        _ = study.runs
    assert study.kind == "fit" and study.summary["outside"] == []
    page = (tmp_path / "f" / "report.html").read_text()
    assert "What was learned" in page and "not identified" in page
    place = tmp_path / "posterior"
    place.mkdir()
    write_posterior(study, place)
    monkeypatch.setattr(posterior, "home", lambda: place)
    joint = posterior.shipped()
    assert joint.names == tuple(each.name for each in table.universal)
    assert joint.told["settings"]["sources"] == ["participation"] and joint.told["default"] in (
        "rejection",
        "regression",
    )
    capsys.readouterr()
    assert main([*words[:-1], "study=g", "fit=[my_nypd]"]) == 2 and "fit takes one value" in capsys.readouterr().err
    assert main(["calibrate", "from=shipped", "fit=[]", f"results={tmp_path}"]) == 2
    assert "fit must name at least one" in capsys.readouterr().err


def test_a_posterior_of_what_the_prior_does_not_reach_does_not_travel(fitted: Fitted, tmp_path: Path) -> None:
    study = SimpleNamespace(folder=tmp_path, summary=fitted.summary, frames=fitted.tables)
    with pytest.raises(StudyError, match="outside of the prior predictive, so that this posterior does not travel"):
        write_posterior(study, tmp_path)  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []
