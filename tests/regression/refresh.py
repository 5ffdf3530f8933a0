"""Write the kept numbers anew: ``python -m tests.regression.refresh "why they move"``.

The reason goes into the baseline, and as a line into CHANGELOG.md under "Moves results"; a test looks for it
there. A number outside of its plausible range is refused. The version of the model, by which reference tables and
posteriors are known, is a hash of what is kept, and is written too.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from pathlib import Path
from typing import Any

from sim.study.calibration import version
from tests.regression.campaigns import CAMPAIGNS, digest, numbers
from tests.regression.plausible import PLAUSIBLE

BASELINE = Path(__file__).with_name("baseline.json")


def implausible(found: dict[str, dict[str, float | None]]) -> list[str]:
    """Return a sentence for each number outside of its range."""
    return [
        f"{campaign}.{name} is {value}, and plausible is {low} to {high}: {why}"
        for campaign, told in found.items()
        for name, value in told.items()
        for low, high, why in [PLAUSIBLE[campaign][name]]
        if value is not None and not low <= value <= high
    ]


def model_version(campaigns: dict[str, Any]) -> str:
    """Return the version of the model of kept digests and numbers: 8 hexadecimal digits."""
    kept = {name: [told["digest"], {each: line["value"] for each, line in told["numbers"].items()}]
            for name, told in campaigns.items()}  # fmt: skip
    return hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()[:8]


def _write_version(now: str) -> None:
    """Write the version of the model into its module."""
    place = Path(version.__file__)
    text = re.sub(r'^MODEL_VERSION = ".*"$', f'MODEL_VERSION = "{now}"', place.read_text(encoding="utf-8"), flags=re.M)
    place.write_text(text, encoding="utf-8")


def refresh(reason: str) -> None:
    """Measure, check and write."""
    found = {campaign: numbers(campaign) for campaign in CAMPAIGNS}
    wrong = implausible(found)
    if wrong:
        sys.exit("\n".join(wrong))
    told = {
        campaign: {
            "digest": digest(campaign),
            "numbers": {
                name: {"value": value, "plausible": list(PLAUSIBLE[campaign][name][:2])}
                for name, value in values.items()
            },
        }
        for campaign, values in found.items()
    }
    BASELINE.write_text(json.dumps({"reason": reason, "campaigns": told}, indent=1) + "\n", encoding="utf-8")
    _write_version(model_version(told))
    print(f'Add to CHANGELOG.md, under "Moves results": {reason}')


if __name__ == "__main__":
    if len(sys.argv) != 2 or not sys.argv[1].strip():
        sys.exit(__doc__)
    refresh(sys.argv[1].strip())
