"""The facilitator prints from the room; nobody else is sent the sheets."""

from __future__ import annotations

import json

from tests.warroom.session_room import playing
from tests.warroom.toy_deck import SECRET


def test_the_facilitator_is_sent_the_sheets_without_what_is_hidden_and_a_team_is_not(tmp_path):
    with playing(tmp_path / "room") as room:
        facilitator, _, code = room.open(teams=1)
        team, _ = room.join(code, 1, "Ada")
        sheets = facilitator.ask("sheets")["sheets"]
        assert [sheet["title"] for sheet in sheets] == ["Role cards", "The moves", "Decision 1 of 2", "Decision 2 of 2"]
        assert {part["kind"] for sheet in sheets for part in sheet["parts"]} == {"words", "table", "cards", "lines"}
        assert SECRET not in json.dumps(sheets)
        assert team.ask("sheets")["t"] == "sorry"
