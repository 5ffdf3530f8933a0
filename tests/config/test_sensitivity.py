"""``backfire sensitivity`` as it is used: what varies, what is written, what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim.cli.main import main
from sim.cli.sensitivity import asked
from sim.errors import BackfireError
from sim.report.sensitivity_page import _split_table
from sim.study import load
from sim.study.design.points import Point
from sim.study.sensitivity.indices import indices
from sim.study.sensitivity.runs import USUAL, checked_outcomes, quantity, scale_of, title_of, with_luck
from sim.study.sensitivity.words import split_finding
from sim.study.sweeping import open_study
from tests.unitless import unitless

SMALL = ["case=my_nypd", "people.n_followers=400", "reaction.b_write=-4.0", "reaction.b_share=-4.0", "horizon_hours=2"]
STUDY = [
    *SMALL, "post.openness=interval(0,1)", "vary=[people.grievance_mean,reaction.b_room]", "trajectories=3", "stars=4",
    "top=2", "replicates=2", "outcomes=hijacked,messages,takeover_minutes", "study=s",
]  # fmt: skip


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished sensitivity study."""
    results = tmp_path_factory.mktemp("moved")
    assert main(["sensitivity", *STUDY, f"results={results}"]) == 0
    return results / "s"


def test_a_sensitivity_study_leaves_tables_and_a_page_and_is_replayed(finished: Path, capsys: Any) -> None:
    study = load(finished)
    assert unitless(study) == []
    assert sorted(study.frames) == ["indices", "inputs", "outcomes", "points", "runs", "screening"]
    assert study.frames["inputs"]["input"].tolist() == ["people.grievance_mean", "post.openness", "reaction.b_room"]
    assert len(study.frames["screening"]) == 2 * 3 and len(study.frames["indices"]) == 2 * 2
    points = study.frames["points"]
    assert len(points) == 3 * 4 + 4 * 4 and study.summary["split"] == [
        name for name in study.frames["inputs"]["input"] if name in set(study.frames["indices"]["input"])
    ]
    # each trajectory and each star has luck of its own, which its points share
    lucks = study.runs.merge(points[["point", "stage", "block"]], on="point")
    for (stage, block), own in lucks.groupby(["stage", "block"]):
        first = 2 * (block + (3 if stage == "indices" else 0))
        assert set(own["replicate"]) >= {first, first + 1}
    assert set(study.summary["left_out"]) == {"takeover_minutes"}
    assert "undefined in" in study.summary["left_out"]["takeover_minutes"]
    page = (finished / "report.html").read_text()
    assert study.summary["finding"].replace("'", "&#39;") in page and "takeover minutes is left out" in page
    assert main(["replay", str(finished)]) == 0 and "the same content" in capsys.readouterr().out


def test_all_that_is_not_known_varies_but_what_is_given_a_value() -> None:
    question, keys = asked(["case=my_nypd"])
    names = [item["name"] for item in question["inputs"]]
    assert {"people.grievance_mean", "reaction.b_write", "network.mean_degree"} <= set(names)
    assert question["outcomes"] == list(USUAL) and keys.place.name.startswith("my_nypd-sensitivity-")
    fewer, _ = asked(["case=my_nypd", "people.grievance_mean=0.3"])
    assert [item["name"] for item in fewer["inputs"]] == [name for name in names if name != "people.grievance_mean"]
    more, _ = asked(["case=my_nypd", "vary=[all,post.openness]"])
    assert {item["name"] for item in more["inputs"]} == {*names, "post.openness"}
    alone, _ = asked(["case=my_nypd", "post.openness=interval(0.2,0.4)"])
    assert [(item["name"], item["low"], item["high"]) for item in alone["inputs"]] == [("post.openness", 0.2, 0.4)]


@pytest.mark.parametrize(
    "words, said",
    [
        (["vary=[people.sessions_sigma]"], "is a constant"),
        (["vary=[post.ask]"], "is no number"),
        (["vary=[people.grievance]"], "people.grievance_mean"),
        (["vary=[post.room]", "post.room=interval(0,1)"], "named twice"),
        (["policy=silent,withdraw"], "over a span"),
        (["method=fast"], "method must be one of both, morris, sobol"),
        (["outcomes=joy"], "outcomes must be one of"),
        (["outcomes=hijacked,hijacked"], "each once"),
        (["replicates=1"], "replicates must lie in"),
        (["stars=one"], "stars must be a whole number"),
        (["trajectories=1"], "trajectories must lie in"),
        (["top=3", "top=4"], "once"),
        (["graphs=2"], "leave graphs and record out"),
    ],
)
def test_what_cannot_be_is_one_sentence(words: list[str], said: str, tmp_path: Path) -> None:
    with pytest.raises(BackfireError, match=said.replace("[", r"\[")):
        asked(["case=my_nypd", *words, f"results={tmp_path}/r"])
    assert not (tmp_path / "r").exists()


def test_a_dry_run_tells_points_and_runs(capsys: Any, tmp_path: Path) -> None:
    assert main(["sensitivity", *STUDY, f"results={tmp_path}/r", "--dry-run"]) == 0
    told = capsys.readouterr().out
    assert (
        "12 (morris) + 16 (sobol) points x 2 replicates = 56 runs" in told
        and "expected: " in told
        and "post.openness: 0 to 1" in told
    )
    assert not (tmp_path / "r").exists()


def test_blocks_share_luck_inside_and_never_between() -> None:
    from sim.cli.spans import varied_by

    base, _, items = varied_by([*SMALL, "post.room=interval(0,1)"], {})
    points = [Point({"post.room": room}, base) for room in (0.1, 0.9, 0.1)]
    with open_study(None, {}, workers=1) as study:
        blocks = list(with_luck(study, [points, points[:1]], 2, first=4))
    assert [runs["replicate"].tolist() for _, runs in blocks] == [[4, 5, 4, 5, 4, 5], [6, 7]]
    assert blocks[0][0][0] == blocks[0][0][2] == blocks[1][0][0]  # the same content, in two blocks
    first = blocks[0][1]
    for name in ("messages", "hijack_share", "takeover"):
        values = quantity(first, name)
        assert np.array_equal(values[:2], values[4:]) and not np.isnan(values).any()
    assert checked_outcomes(["hijacked"]) == ["hijacked"] and title_of("hijacked") == "P(hijacked)"
    assert scale_of("takeover") == "probability" and scale_of("messages") == "log10(1 + messages)"


@pytest.mark.parametrize("failing", [3, None])
def test_blocks_with_a_failed_run_are_left_out_and_said(
    failing: int | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    from sim.study.execution import job

    carried_out = job._run_of

    def broken(asked: Any, world: Any, replicate: int) -> Any:
        if failing is None or replicate == failing:
            raise ValueError("no luck")
        return carried_out(asked, world, replicate)

    monkeypatch.setattr(job, "_run_of", broken)
    assert main(["sensitivity", *STUDY, f"results={tmp_path}"]) == 1
    study = load(tmp_path / "s")
    assert "runs failed; the others are whole" in capsys.readouterr().err
    if failing is None:
        assert "could not be split" in study.summary["finding"] and len(study.frames["indices"]) == 0
    else:
        assert study.summary["failed"] == 4 and len(study.frames["screening"]) == 2 * 3


def test_where_no_run_differs_from_another_no_share_of_luck_is_told() -> None:
    nothing = indices(np.zeros((3, 4, 2)), seed=1)
    said = split_finding("hijacked", nothing, [])
    assert "nan" not in said and "no run differs from another" in said
    ends = {f"{part}{end}": np.nan for part in ("total", "first") for end in ("", "_lo", "_hi")}
    row = {"outcome": "hijacked", "input": "a", "floor": nothing.floor[0], "uncorrected": np.nan} | ends
    table = _split_table({"indices": pd.DataFrame([row])}, {"a": "a"})
    assert table is not None and not any("nan" in str(cell) for cell in table.rows[0])
