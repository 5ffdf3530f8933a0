"""Hello comes first, and whoever says it is told what may be done here."""

from __future__ import annotations

import pytest

from tests.warroom.live_page import HOUSE_TOKEN, browser, war_room


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    with war_room(tmp_path_factory.mktemp("room")) as client:
        yield client


def test_the_page_is_served_with_its_policy_and_is_not_kept(room):
    answer = room.get("/")
    assert answer.status_code == 200
    assert "no-store" in answer.headers["cache-control"]
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert "unsafe" not in answer.headers["content-security-policy"]


def test_the_house_link_makes_the_owner_and_nothing_else_does(room):
    with browser(room) as owner:
        assert owner.hello("visitor", token=HOUSE_TOKEN)["owner"] is True
    for token in (None, "", HOUSE_TOKEN[:-1], HOUSE_TOKEN + "x"):
        with browser(room) as visitor:
            assert visitor.hello("visitor", token=token)["owner"] is False


def test_nothing_is_heard_before_hello(room):
    with browser(room) as early:
        assert early.ask("play")["t"] == "sorry"
        assert early.hello("visitor")["t"] == "done"


def test_an_unknown_desk_is_named_with_those_that_exist(room):
    with browser(room) as lost:
        assert "visitor" in lost.hello("emperor")["say"]
