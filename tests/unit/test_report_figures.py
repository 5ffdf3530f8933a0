"""Figures: there as pixels and as outlines, the same every time, whatever a tag or a user's settings hold."""

from __future__ import annotations

import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import matplotlib
import numpy as np
import pandas as pd
import pytest

from sim.errors import StudyError
from sim.report.canvas import house_style
from sim.report.draw_cascade import MOST_NODES, _angles, draw_cascade
from sim.report.draw_people import participation_finding, starters_finding
from sim.report.figures import drawings
from sim.report.run_study import COLUMNS, Mark, RunStudy
from tests.unit import report_example

FIGURES = {"timeline", "participation", "starters", "cascade", "spread"}


@pytest.fixture(scope="module")
def study() -> RunStudy:
    return report_example.full()


@pytest.fixture(scope="module")
def drawn(study):
    return drawings(study)


def test_a_full_study_has_every_figure(drawn):
    assert set(drawn) == FIGURES


@pytest.mark.parametrize("name", sorted(FIGURES))
def test_a_figure_is_a_picture_and_a_well_formed_vector(drawn, name):
    figure = drawn[name]
    assert figure.png.startswith(b"\x89PNG")
    assert ElementTree.fromstring(figure.svg).tag.endswith("svg")
    assert b"<dc:date>" not in figure.svg
    assert figure.finding


def test_the_settings_of_a_user_reach_no_figure_and_come_back_afterwards(study, drawn):
    with matplotlib.rc_context({"font.size": 31, "svg.hashsalt": "theirs", "axes.facecolor": "black"}):
        again = drawings(study)
        assert matplotlib.rcParams["font.size"] == 31
    assert {name: figure.svg for name, figure in again.items()} == {name: figure.svg for name, figure in drawn.items()}


def test_two_threads_draw_what_one_draws(study, drawn):
    with ThreadPoolExecutor(2) as pool:
        both = list(pool.map(drawings, [study, study]))
    assert all(figures["spread"].png == drawn["spread"].png for figures in both)
    assert all(figures["timeline"].svg == drawn["timeline"].svg for figures in both)


def test_a_report_is_drawn_without_the_global_current_figure():
    code = (
        "import sys\nfrom tests.unit import report_example\nfrom sim.report.figures import drawings\n"
        "drawings(report_example.full())\nsys.exit('matplotlib.pyplot' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_report_imports_matplotlib_only_when_it_draws():
    code = "import sys\nimport sim.report.html\nsys.exit('matplotlib' in sys.modules or 'jinja2' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    "name", ["50 $ off $x_y$", "\N{PARTY POPPER}\N{CJK UNIFIED IDEOGRAPH-4E2D}", "<b>&amp;", "\\alpha"]
)
def test_any_name_of_a_community_or_a_mark_can_be_drawn(study, name):
    crowd = study.participation.replace({"group": {"affected": name}})
    figures = drawings(replace(study, participation=crowd, marks=[Mark(name, 0.7, 15, 9, 31)]))
    assert {"participation", "timeline"} <= set(figures)


def test_one_replicate_of_one_hour_is_drawn(study):
    short = replace(
        study,
        runs=study.runs.iloc[:1],
        timeline=study.timeline[study.timeline["minute"] < 60],
        marks=[Mark("takeover", 1.0, 12, None, None)],
        cascade=None,
    )
    assert {"timeline", "spread"} <= set(drawings(short))


def test_each_subtree_has_a_sector_of_its_own_as_wide_as_its_leaves():
    #      0
    #    1   2      leaves: 3, 4 below 1; 5 below 2
    parent = np.array([-1, 0, 0, 1, 1, 2])
    assert np.allclose(_angles(parent) / (2 * np.pi), [1 / 2, 1 / 3, 5 / 6, 1 / 6, 1 / 2, 5 / 6])


def test_a_tree_larger_than_can_be_read_is_drawn_up_to_a_number_and_counted_whole():
    nodes = 3 * MOST_NODES
    chain = pd.DataFrame({
        "node": np.arange(nodes), "parent": np.maximum(np.arange(nodes) // 2 - 1, 0), "minute": np.arange(nodes) // 10,
        "frame": "counter",
    })  # fmt: skip
    chain.loc[0, "parent"] = -1
    with house_style():
        drawing = draw_cascade(chain)
    assert drawing is not None
    assert "12,000 messages" in drawing.finding


@pytest.mark.parametrize("nodes", [0, 1, 4])
def test_a_tree_too_small_for_a_shape_is_not_drawn(nodes):
    tiny = pd.DataFrame(
        {"node": range(nodes), "parent": [-1] * nodes, "minute": [0] * nodes, "frame": ["counter"] * nodes}
    )
    assert draw_cascade(tiny) is None


def test_findings_name_the_group_that_leads(study):
    assert "18–24" in participation_finding(study.participation)
    assert starters_finding(study.starters).startswith("Of the first 50 counter messages 37 come from members")


@pytest.mark.parametrize("frame", sorted(COLUMNS))
def test_a_study_that_lacks_a_column_is_refused_by_its_name(study, frame):
    column = COLUMNS[frame][-1]
    with pytest.raises(StudyError, match=rf"{frame} lacks {column}"):
        replace(study, **{frame: getattr(study, frame).drop(columns=column)})


def test_a_lone_run_with_a_message_among_silent_ones_is_told_as_such(study):
    runs = pd.DataFrame({"verdict": ["fizzled"] * 3, "messages": [0, 1, 0], "hijack_share": [None, 0.0, None]})
    silent = study.timeline.assign(campaign_hi=0.0, counter_hi=0.0)
    figures = drawings(replace(study, runs=runs, timeline=silent))
    assert figures["spread"].finding.startswith("Only 1 of 3 runs had a message: 1 message,")
    assert "timeline" not in figures
