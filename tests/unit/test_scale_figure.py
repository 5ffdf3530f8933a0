"""The figure of docs/scale.md: slopes are those of the measured sizes."""

from __future__ import annotations

import pytest

from benchmarks.scale import line, runs_of, seeds_of
from benchmarks.scale_figure import draw


def sizes(power: float) -> list[dict[str, float]]:
    return [
        {
            "rows": rows, "edges": 20 * rows, "build_seconds": 1.0, "build_cpu": 1e-6 * rows**power,
            "build_peak_mb": 1e-3 * rows, "open_seconds": 1e-7 * rows, "run_seconds": 1e-6 * rows,
            "run_cpu": 1e-6 * rows, "run_peak_mb": 2e-3 * rows, "acting": 0.1,
            "runs": runs_of(rows), "seeds": seeds_of(rows), "hijacked": 0.5, "hijacked_lo": 0.4, "hijacked_hi": 0.6,
            "load": 0.1,
        }
        for rows in (10_000, 100_000, 1_000_000, 8_405_837)
    ]  # fmt: skip


def test_slopes_are_those_of_the_sizes_and_the_figure_is_a_picture():
    slopes, picture = draw(sizes(1.25))
    assert slopes["build_cpu"] == pytest.approx(1.25)
    assert [slopes["run_cpu"], slopes["run_peak_mb"]] == pytest.approx([1.0, 1.0])
    assert picture.startswith(b"\x89PNG")


def test_small_sizes_get_many_runs_over_many_seeds_and_a_city_few():
    assert (runs_of(10_000), seeds_of(10_000)) == (400, 10)
    assert 4 < runs_of(8_405_837) < 40 and seeds_of(8_405_837) == 1
    assert "8,405,837" in line(sizes(1.0)[-1])
