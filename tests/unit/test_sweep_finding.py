"""What a sweep finds, worked by hand: where the odds pass one half, which factor moves them, which figure fits."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim.outcome.verdict import VERDICTS, odds_interval
from sim.report.sweep_look import look_of
from sim.report.sweep_page import drawings, sections
from sim.study.sweep.finding import crossing, finding, spoken
from sim.study.sweep.marginals import along, counted, reach

RUNS = 50
NONE: dict[str, Any] = {"kind": None, "axes": []}


def table(factors: dict[str, list[Any]], hijacked: list[float]) -> pd.DataFrame:
    """Return a table of points; what is not hijacked fizzled."""
    rows = []
    for odds in hijacked:
        row: dict[str, Any] = {"runs": RUNS, "failed": 0}
        for verdict in VERDICTS:
            hits = round(RUNS * {"hijacked": odds, "fizzled": 1 - odds}.get(verdict, 0.0))
            row |= dict(
                zip([verdict, f"{verdict}_lo", f"{verdict}_hi"], [hits / RUNS, *odds_interval(hits, RUNS)], strict=True)
            )
        rows.append(row)
    return pd.concat([pd.DataFrame({"point": range(len(hijacked)), **factors}), pd.DataFrame(rows)], axis=1)


def summary(points: pd.DataFrame, factors: list[str], design: str = "grid", **more: Any) -> dict[str, Any]:
    said = finding(points, factors, {}, design)
    return {"factors": factors, "design": design, "figure": NONE, "centre": {}, "finding": said, "case": "c",
            "replicates": RUNS} | more  # fmt: skip


AXIS = table({"post.openness": [0.0, 0.2, 0.4, 0.6]}, [0.0, 0.2, 0.6, 0.9])
MAP = table(
    {"people.grievance_mean": [0.1, 0.2, 0.3] * 3, "post.openness": [0.2] * 3 + [0.5] * 3 + [0.8] * 3},
    [0.0, 0.0, 0.0, 0.0, 0.2, 0.8, 0.1, 0.7, 1.0],
)
MILD = table({"people.grievance_mean": [0.1, 0.3, 0.2], "post.openness": [0.2, 0.5, 0.8]}, [0.5, 0.4, 0.54])
WORDS = table({"policy": ["silent", "withdraw"]}, [0.8, 0.1])
BOTH = table({"post.openness": [0.0, 0.5, 1.0] * 2, "policy": ["a"] * 3 + ["b"] * 3}, [0.0, 0.2, 0.9, 0.0, 0.0, 0.1])


def test_the_odds_pass_one_half_between_two_points_and_the_ends_of_their_interval_do_so_too() -> None:
    found = crossing(AXIS["post.openness"].tolist(), AXIS)
    assert found is not None and found.rising and found.at == pytest.approx(0.2 + 0.2 * 0.3 / 0.4)
    low, high = (AXIS[f"hijacked_{end}"].to_numpy() for end in ("lo", "hi"))
    assert found.low == pytest.approx(0.2 + 0.2 * (0.5 - high[1]) / (high[2] - high[1]))
    assert found.high == pytest.approx(0.4 + 0.2 * (0.5 - low[2]) / (low[3] - low[2]))
    falling = table({"x": [0.0, 1.0, 2.0]}, [1.0, 0.9, 0.1])
    down = crossing(falling["x"].tolist(), falling)
    assert down is not None and not down.rising and 1.0 < down.at < 2.0
    assert crossing([0.0, 1.0], table({"x": [0.0, 1.0]}, [0.1, 0.4])) is None
    late = table({"x": [0.0, 1.0, 2.0]}, [0.0, 0.1, 0.52])
    open_ended = crossing([0.0, 1.0, 2.0], late)
    assert open_ended is not None and open_ended.high is None


def test_a_dip_below_one_half_counts_only_from_its_end_on() -> None:
    dip = table({"x": [0.0, 1.0, 2.0, 3.0]}, [0.0, 0.6, 0.4, 0.8])
    found = crossing(dip["x"].tolist(), dip)
    assert found is not None and 2.0 < found.at < 3.0


@pytest.mark.parametrize(
    ("points", "factors", "centre", "design", "sentence"),
    [
        (AXIS, ["post.openness"], {}, "grid", "Hijacked in most runs from openness 0.35 (95 %: 0.29 to 0.42) on."),
        (MAP, ["people.grievance_mean", "post.openness"], {"post.openness": 0.45}, "grid",
         "At openness 0.5, hijacked in most runs from mean grievance 0.25 (95 %: 0.23 to 0.27) on; most runs at 3 of 9 "
         "points."),
        (WORDS, ["policy"], {}, "grid",
         "Hijacked in 80 of 100 runs (67 to 89) at policy silent; in 10 of 100 runs (4 to 21) at policy withdraw."),
        (BOTH, ["post.openness", "policy"], {}, "grid",
         "Hijacked in most runs from openness 0.71 (95 %: 0.64 to 0.79) on with a; nowhere with b."),
        (MAP.iloc[[0, 2, 4, 8]].reset_index(drop=True), ["people.grievance_mean", "post.openness"], {}, "sobol",
         "Openness moves the odds most: hijacked in 0 of 100 runs (0 to 4) at 0.2, in 100 of 100 runs (93 to 100) "
         "at 0.8, the others counted together."),
        (MILD, ["people.grievance_mean", "post.openness"], {}, "sobol",
         "No factor alone moves the odds by more than chance might: the widest is mean grievance, hijacked in 40 of "
         "100 runs (28 to 54) at 0.3, in 54 of 100 runs (40 to 67) at 0.2. More replicates may tell."),
        (AXIS.assign(runs=0), ["post.openness"], {}, "grid", "No run came to an end."),
    ],
)  # fmt: skip
def test_the_finding_says_where_it_tips_with_numbers(
    points: pd.DataFrame, factors: list[str], centre: dict[str, Any], design: str, sentence: str
) -> None:
    assert finding(points, factors, centre, design) == sentence


def test_runs_are_counted_together_over_what_is_not_on_the_axes() -> None:
    line = counted(MAP, ["post.openness"])
    assert line["runs"].tolist() == [150, 150, 150] and line["hijacked"].tolist() == pytest.approx([0, 1 / 3, 0.6])
    assert [line["hijacked_lo"][1], line["hijacked_hi"][1]] == odds_interval(50, 150)
    assert reach(line) == pytest.approx(0.6) and counted(WORDS, ["policy"])["policy"].tolist() == ["silent", "withdraw"]
    many = table({"x": [float(v) for v in np.random.default_rng(1).permutation(80)]}, [0.5] * 80)
    binned = along(many, "x", ["x"])
    assert binned["runs"].tolist() == [500] * 8 and binned["x"].tolist() == [4.5 + 10 * k for k in range(8)]
    alone = table({"x": [1, 2, 1], "y": [5, 5, 6]}, [0.0, 1.0, 0.5])
    assert along(alone, "x", ["x", "y"], one_at_a_time=True)["runs"].tolist() == [50, 50]


@pytest.mark.parametrize(
    ("points", "factors", "more", "kind"),
    [
        (AXIS, ["post.openness"], {}, "curves"),
        (MAP, ["people.grievance_mean", "post.openness"], {}, "map"),
        (MAP, ["people.grievance_mean", "post.openness"], {"design": "sobol"}, "marginals"),
        (MAP, ["people.grievance_mean", "post.openness"],
         {"figure": {"kind": "curves", "axes": ["post.openness", "people.grievance_mean"]}}, "curves"),
        (WORDS, ["policy"], {}, "dots"),
        (BOTH, ["post.openness", "policy"], {}, "curves"),
        (BOTH, ["post.openness", "policy"], {"design": "one_at_a_time"}, "marginals"),
    ],
)  # fmt: skip
def test_the_figure_follows_from_what_varies_and_is_drawn_with_its_finding(
    points: pd.DataFrame, factors: list[str], more: dict[str, Any], kind: str
) -> None:
    told = summary(points, factors, **more)
    tables = {"points": points}
    if points is MAP:
        tables["theory"] = MAP[factors].assign(
            first_response=MAP["hijacked"], reproduction_eigenvalue=2 * MAP["hijacked"]
        )
    assert look_of(points, told).kind == kind
    (drawing,) = drawings(tables, told)
    assert drawing.name == kind and len(drawing.png) > 5_000
    assert drawing == drawings(tables, told)[0]  # byte for byte
    assert len(sections(tables, told)[-1].table.rows) == len(points)  # type: ignore[union-attr]


def test_where_no_run_came_to_an_end_nothing_is_drawn() -> None:
    empty = AXIS.assign(runs=0, hijacked=float("nan"))
    assert drawings({"points": empty}, summary(empty, ["post.openness"])) == []


def test_names_are_said_in_words() -> None:
    assert spoken("people.grievance_mean") == "mean grievance" and spoken("post.hour") == "hour"


def test_a_single_point_is_not_compared_with_others() -> None:
    said = finding(table({"post.openness": [0.5]}, [0.5]), ["post.openness"], {}, "latin_hypercube")
    assert said.startswith("Hijacked in 50 of 100 runs") and "other point" not in said
