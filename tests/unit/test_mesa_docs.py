"""The page for Mesa users runs as it stands."""

from __future__ import annotations

import re
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs" / "mesa.md"


def test_the_code_of_the_page_runs(capsys):
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert len(blocks) == 5
    names: dict[str, object] = {}
    for block in blocks:
        exec(block, names)
    assert not names["model"].running
    assert not names["other"].running
    assert names["critic"].grievance > 0.5
    assert names["early"].measures() == names["whole"].measures() != names["model"].measures()
    assert "share_counter" in capsys.readouterr().out


def test_every_attribute_that_the_page_names_exists():
    from sim.agents import Follower
    from sim.model import CampaignModel

    text = PAGE.read_text(encoding="utf-8")
    followers = re.search(r"## Followers\n(.*?)\n", text)[1]
    named = re.findall(r"`(\w+)`", followers)
    assert len(named) == 16
    assert not [name for name in named if not hasattr(Follower, name)]
    model = re.findall(r"`(?:model\.)?(\w+)(?:\(.*?\))?`", re.search(r"## Reading\n(.*?)\n## ", text, re.DOTALL)[1])
    assert not [name for name in model if name not in ("step", "event_log") and not hasattr(CampaignModel, name)]
