"""The table that travels, as intake reads it: inputs are drawn again, failed runs are left out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.errors import StudyError
from sim.outcome.verdict import VERDICTS
from sim.study.calibration import posterior
from sim.study.calibration.prior import Spread, column_of, drawn_columns
from sim.study.calibration.shipped import write_table
from sim.study.calibration.version import MODEL_VERSION
from sim.study.intake import reference
from sim.study.intake.reference import shipped_campaigns

ROWS = 40
B_SHARE = Spread("reaction.b_share", -9.0, -7.0, -8.0, "", "", "")
OPENNESS = Spread("post.openness", 0.0, 1.0, 0.5, "", "", "")


def kept(path: Path, **facts: object) -> Path:
    """Write a made-up table and return its path."""
    ended = [VERDICTS[number % 4] for number in range(ROWS)]
    frame = pd.DataFrame({"draw": np.arange(ROWS, dtype=np.int32), "generic.verdict": ended,
                          "generic_answered.verdict": ["contested"] * (ROWS - 1) + [None]})  # fmt: skip
    common = {"standing": "own", "rows": 70_000, "case_rows": 70_000, "represents": 1.0, "inputs_of": "generic"}
    campaigns = {"generic": {**common, "inputs": [OPENNESS.plain()]}, "generic_answered": {**common, "inputs": []}}
    told = {
        "model_version": MODEL_VERSION,
        "seed": 3,
        "graphs": 1,
        "universal": [B_SHARE.plain()],
        "campaigns": campaigns,
    }
    write_table(frame, told | facts, path)
    return path


def test_inputs_and_coefficients_of_the_generic_campaign_are_those_that_were_drawn(tmp_path):
    campaigns = shipped_campaigns(kept(tmp_path / "table.parquet"))
    assert campaigns.followers == 70_000 and sorted(campaigns.columns) == ["post.openness", "reaction.b_share"]
    drawn = drawn_columns({"": [B_SHARE], "generic": [OPENNESS]}, range(ROWS - 1), 3)
    assert campaigns.columns["post.openness"] == pytest.approx(drawn[column_of("generic", "post.openness")])
    assert campaigns.columns["reaction.b_share"] == pytest.approx(drawn["reaction.b_share"])
    # the last row's answered run failed, so the row is left out
    assert campaigns.verdict.tolist() == [number % 4 for number in range(ROWS - 1)]
    assert set(campaigns.answered) == {VERDICTS.index("contested")}


def test_a_table_of_another_version_of_the_model_is_refused(tmp_path):
    with pytest.raises(StudyError, match="was made with version 12345678 of the model"):
        shipped_campaigns(kept(tmp_path / "table.parquet", model_version="12345678"))
    with pytest.raises(StudyError, match="There is no reference table"):
        shipped_campaigns(tmp_path / "none.parquet")


def test_without_a_posterior_of_this_version_there_is_no_answer(tmp_path, monkeypatch):
    made_up = shipped_campaigns(kept(tmp_path / "table.parquet"))
    monkeypatch.setattr(reference, "shipped_campaigns", lambda: made_up)
    monkeypatch.setattr(posterior, "is_shipped", lambda: False)
    with pytest.raises(StudyError, match="none of this version of the model ships"):
        reference.shipped()
