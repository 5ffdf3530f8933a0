"""The kept numbers of two small campaigns: nothing moves them unnoticed, and none of them is implausible."""

from __future__ import annotations

import json

import pytest

from sim.errors import StudyError
from sim.study.calibration.version import MODEL_VERSION, check_version
from tests.regression.campaigns import CAMPAIGNS, digest, numbers
from tests.regression.plausible import PLAUSIBLE
from tests.regression.refresh import BASELINE, implausible, model_version

KEPT = json.loads(BASELINE.read_text(encoding="utf-8"))
HINT = 'if it was meant to move: python -m tests.regression.refresh "why", and a line in CHANGELOG.md'


def kept(campaign: str, part: str) -> dict[str, object]:
    return {name: line[part] for name, line in KEPT["campaigns"][campaign]["numbers"].items()}


@pytest.mark.parametrize("campaign", CAMPAIGNS)
def test_numbers_are_those_that_were_kept(campaign):
    assert numbers(campaign) == kept(campaign, "value"), HINT


@pytest.mark.parametrize("campaign", CAMPAIGNS)
def test_event_logs_are_those_that_were_kept(campaign):
    assert digest(campaign) == KEPT["campaigns"][campaign]["digest"], HINT


def test_kept_numbers_are_plausible_and_their_ranges_stand_beside_them():
    assert not implausible({campaign: kept(campaign, "value") for campaign in CAMPAIGNS})
    for campaign, ranges in PLAUSIBLE.items():
        assert kept(campaign, "plausible") == {name: list(line[:2]) for name, line in ranges.items()}


def test_the_version_of_the_model_is_that_of_the_kept_numbers():
    assert model_version(KEPT["campaigns"]) == MODEL_VERSION, HINT
    check_version("The posterior", MODEL_VERSION)
    with pytest.raises(StudyError, match="The posterior was made with version 0 of the model, and this is version"):
        check_version("The posterior", "0")


def test_a_number_outside_its_range_is_named():
    assert implausible({"hijacked": {"hijack_share": 0.3}}) == [
        "hijacked.hijack_share is 0.3, and plausible is 0.65 to 0.99: an open question to the aggrieved: "
        "Q&A calls end at 0.92 to 0.99"
    ]


def test_the_change_log_gives_the_reason_for_the_kept_numbers():
    log = BASELINE.parents[2] / "CHANGELOG.md"
    assert KEPT["reason"] in " ".join(log.read_text(encoding="utf-8").split())
