"""The way in: who opens the page by which link, by mouse, by keyboard alone, on a phone and on the wall."""

from __future__ import annotations

import pytest

pytest.importorskip("playwright.sync_api", reason="the live page is driven by Playwright (extra dev)")

from playwright.sync_api import expect

from tests.warroom.real_browser import LINE_LOST, WALL, ZOOMED, inspect, still, walk
from tests.warroom.real_server import Wire


def test_the_house_link_opens_every_door_and_another_one_only_the_teams(server, person):
    owner = person(WALL).go(server.house)
    expect(owner.get_by_role("link", name="Explore")).to_have_attribute("href", f"#explore/{server.house_token}")
    expect(owner.get_by_role("link", name="Choose a deck")).to_have_attribute("href", f"#lobby/{server.house_token}")
    passer = person().go(server.address)
    expect(passer.get_by_role("button", name="Join")).to_be_visible()
    assert passer.get_by_role("link", name="Explore").count() == 0
    assert server.house_token not in passer.content()


def test_the_start_is_accessible_and_fits_a_phone_and_a_wall(server, person):
    owner = person()
    owner.go(server.house).get_by_role("link", name="Explore").wait_for()
    inspect(owner, "home-owner")
    passer = person()
    passer.go(server.address).get_by_role("button", name="Join").wait_for()
    inspect(passer, "home-team")


def test_nothing_is_lost_where_everything_is_four_times_as_large(server, person):
    owner = person(ZOOMED)
    page = owner.go(server.house)
    for words in ("Explore", "Choose a deck"):
        page.get_by_role("link", name=words).scroll_into_view_if_needed()
        expect(page.get_by_role("link", name=words)).to_be_in_viewport()
    inspect(owner, "home-zoomed", sizes=(ZOOMED,))


def test_the_keyboard_alone_gets_everywhere_and_is_seen_where_it_is(server, person):
    page = person(WALL).go(server.house)
    page.get_by_role("link", name="Explore").wait_for()
    stops = walk(page)
    assert stops[0] == "Skip to the content"
    assert {"Explore", "Choose a deck", "Code", "Join"} <= set(stops)
    assert len(stops) == len(set(stops))


def test_a_code_is_typed_without_a_mouse_and_a_wrong_one_is_told(server, person):
    page = person().go(server.address)
    page.get_by_role("textbox", name="Code").focus()
    page.keyboard.type("abc-2 3d")
    page.keyboard.press("Enter")
    page.wait_for_url("**/#join/ABC23D")
    expect(page.get_by_role("heading", name="This code does not open a session")).to_be_visible()
    page.get_by_role("link", name="Type another code").press("Enter")
    expect(page.get_by_role("button", name="Go on")).to_be_visible()


def test_the_tour_is_walked_by_keys_and_gives_the_focus_back(server, person):
    page = person(WALL, reduced_motion="reduce").go(server.house)
    tour = page.get_by_role("button", name="tour")
    tour.focus()
    page.keyboard.press("Enter")
    card = page.get_by_role("dialog")
    told = []
    while card.count():
        told.append(card.get_by_role("heading").inner_text())
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('[role=dialog]') !== null")
        page.keyboard.press("ArrowRight")
    assert {"Explore, alone", "Train, together", "Join"} < set(told)
    expect(tour).to_be_focused()
    assert still(page)


def test_a_line_that_breaks_is_told_and_comes_back_by_itself(server, person):
    wire, owner = Wire(server.port), person()
    try:
        page = owner.go(server.house.replace(server.address, wire.address))
        with owner.pardon(LINE_LOST):
            wire.cut()
            expect(page.get_by_role("status")).to_have_text("Connection lost, trying again")
            wire.mend()
            owner.connected()
    finally:
        wire.close()
