"""Every figure of one configuration's report."""

from __future__ import annotations

from sim.report.canvas import Drawing, house_style
from sim.report.draw_cascade import draw_cascade
from sim.report.draw_people import draw_participation, draw_starters
from sim.report.draw_spread import draw_spread
from sim.report.draw_timeline import draw_timeline
from sim.report.run_study import Pictured


def drawings(study: Pictured) -> dict[str, Drawing]:
    """Draw every figure that has something to show, by name."""
    with house_style():
        drawn = (
            draw_timeline(study),
            draw_participation(study.participation),
            draw_starters(study.starters),
            draw_cascade(study.cascade),
            draw_spread(study.runs, study.configuration.people.represents),
        )
    return {drawing.name: drawing for drawing in drawn if drawing is not None}
