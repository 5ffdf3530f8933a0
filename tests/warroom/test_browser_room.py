"""The room in a real browser: one laptop, the sheets on paper, the wall's own window, and no mouse at all."""

from __future__ import annotations

import re

import pytest

pytest.importorskip("playwright.sync_api", reason="the live page is driven by Playwright (extra dev)")

from playwright.sync_api import Locator, Page, expect

from tests.warroom.browser_session import Facilitator, Team, tiny_deck
from tests.warroom.real_browser import PHONE, WALL, ZOOMED, look, sticking_out, walk
from tests.warroom.real_server import Server
from tests.warroom.toy_deck import SECRET

FIRST = "zq-first-team-zq We answer every question."
PAPER = {"width": 794, "height": 1123}
"""A sheet of A4 at 96 points an inch."""


@pytest.fixture(scope="module")
def served(chromium, tmp_path_factory):
    """Serve the tiny deck."""
    folder = tmp_path_factory.mktemp("room")
    server = Server(folder, f"deck={tiny_deck(folder)}")
    yield server
    server.stop()
    assert server.complaints() == ""


def laptop_of(room: Facilitator) -> Page:
    """Open the teams' page for the shared laptop, as the facilitator does."""
    with room.person.context.expect_page() as coming:
        room.press("Open the teams' page for the shared laptop")
    return room.person.watched(coming.value)


def submit(page: Page, sentence: str, move: str) -> None:
    """Decide by keys alone."""
    expect(page.get_by_label("Your sentence")).to_be_visible()
    page.get_by_label("Your sentence").press_sequentially(sentence)
    radio = page.get_by_role("radio", name=move)
    radio.focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Submit the decision").press("Enter")
    expect(page.locator(".decision .note")).to_contain_text(f"Submitted: {move}")


def test_one_laptop_goes_from_team_to_team_and_shows_nobody_what_another_wrote(served, person):
    room = Facilitator(person(WALL), served.house, teams=2, laptop=True, show=look)
    page = laptop_of(room)
    expect(page.get_by_text("One laptop goes from team to team.").first).to_be_visible()
    heard: list[str] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda text: heard.append(str(text))))
    page.reload()
    expect(page.get_by_text("One laptop goes from team to team.").first).to_be_visible()
    room.start()
    room.skip_to_the_decision()
    page.get_by_role("button", name="We are Team 1: begin").press("Enter")
    submit(page, FIRST, "Answer critics")
    look(room.person, "room-laptop")
    page.get_by_role("button", name="We are done: hand over to Team 2").press("Enter")
    expect(page.get_by_role("heading", name="Hand the laptop to Team 2")).to_be_visible()
    assert FIRST not in page.content()
    heard.clear()
    page.get_by_role("button", name="We are Team 2: begin").press("Enter")
    expect(page.get_by_label("Your sentence")).to_have_value("")
    assert page.get_by_role("radio", checked=True).count() == 0
    submit(page, "We say nothing more.", "Acknowledge")
    assert FIRST not in page.content() and not [text for text in heard if "zq-first-team-zq" in text]
    page.get_by_role("button", name="We are done: close the decision").press("Enter")
    expect(room.page.get_by_role("heading", name="Which move is each sentence?")).to_be_visible()
    expect(room.page.get_by_text(FIRST, exact=True)).to_be_visible()


def test_sheets_on_paper_hold_every_text_on_pages_of_their_own_and_nothing_to_press(served, person):
    room = Facilitator(person(WALL), served.house, teams=2, show=look)
    page = room.page
    page.evaluate("window.print = () => { window.printed = true; }")
    room.press("Print the hand-outs")
    page.wait_for_function("window.printed")
    page.emulate_media(media="print")
    page.set_viewport_size(PAPER)
    shown = page.evaluate(
        """() => [...document.querySelectorAll("body *")]
          .filter((node) => node.checkVisibility() && node.childElementCount === 0 && node.textContent.trim())
          .map((node) => ({in: node.closest(".sheets") !== null, text: node.textContent}))"""
    )
    assert shown and all(each["in"] for each in shown), [each for each in shown if not each["in"]][:5]
    words = " ".join(each["text"] for each in shown)
    assert {"Role cards", "The moves", "Decision 1 of 2", "Decision 2 of 2"} <= {each["text"] for each in shown}
    assert "Head of communications" in words and SECRET not in words
    sheets = page.locator(".sheet")
    breaks = sheets.evaluate_all("(all) => all.map((node) => getComputedStyle(node).breakAfter)")
    assert breaks == ["page"] * (len(breaks) - 1) + ["auto"]
    assert page.locator(".sheets").locator("button, a, input, select, textarea").count() == 0
    assert page.evaluate("[...document.querySelectorAll('button, a, input')].every((node) => !node.checkVisibility())")
    assert sticking_out(page) == []
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4"))) == len(breaks)
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    expect(page.get_by_role("button", name="Print the hand-outs")).to_be_visible()


@pytest.mark.slow
def test_the_wall_has_a_window_of_its_own_without_controls_or_what_teams_may_not_know(served, person):
    room = Facilitator(person(WALL), served.house, teams=2, show=look)
    wall = room.wall.page
    assert room.token not in wall.url
    expect(wall.locator(".wall-code")).to_have_text(room.code)
    assert wall.locator("main").get_by_role("button").count() == 0 and wall.evaluate("window.opener") is None
    room.start()
    room.skip_to_the_decision()
    expect(wall.locator(".wall-question")).to_be_visible()
    expect(wall.locator(".wall-code")).to_be_hidden()
    expect(wall.locator(".wall-left")).to_have_text(re.compile(r"^1[45]:\d\d$"))
    assert SECRET not in wall.content() and "Mind the hour" not in wall.content()
    room.close()
    expect(wall.get_by_text("nothing in time")).to_have_count(2)


def focused(page: Page) -> str:
    """Return what is called where the keyboard is."""
    return page.evaluate(
        "(document.activeElement.getAttribute('aria-label') || document.activeElement.textContent).trim().slice(0, 60)"
    )


@pytest.mark.slow
def test_a_session_is_run_without_a_mouse_and_the_keyboard_is_never_lost(served, person):
    facilitator = person(WALL, reduced_motion="reduce")
    room = Facilitator(facilitator, served.house, teams=2, laptop=True, show=look)
    page = room.page
    stops = walk(page)
    assert len(stops) > 8 and "Print the hand-outs" in stops
    laptop = laptop_of(room)
    expect(page.get_by_role("button", name="Start: the post goes out")).to_be_enabled(timeout=300_000)
    page.get_by_role("button", name="Start: the post goes out").press("Enter")
    page.get_by_role("button", name="Pause", exact=True).press("Enter")
    expect(page.get_by_role("button", name="Resume")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Pause", exact=True)).to_be_focused()
    send = page.get_by_role("button", name="Send now: The commissioner")
    send.focus()
    page.get_by_role("button", name="Skip to the next decision").evaluate("(node) => node.click()")
    expect(page.get_by_role("button", name="Close the decision")).to_be_visible()
    expect(send).to_be_focused()
    laptop.get_by_role("button", name="We are Team 1: begin").press("Enter")
    submit(laptop, "We hear you.", "Acknowledge")
    page.get_by_role("button", name="Close the decision").press("Enter")
    choice = page.get_by_label("Move of Team 1")
    choice.focus()
    page.keyboard.press("ArrowUp")
    expect(choice).to_have_value("clarify")
    page.wait_for_timeout(500)
    expect(choice).to_be_focused()
    page.get_by_role("button", name="Confirm all and go on").press("Enter")
    expect(page.get_by_role("button", name="Skip to the next decision")).to_be_visible()
    assert focused(page) in ("Pause", "Skip to the next decision")


def in_sight(page: Page, tip: Locator) -> bool:
    """Tell whether the whole of a tip's text lies in the window, with nothing over its corners."""
    return tip.evaluate(
        """(node) => {
          const {left, right, top, bottom} = node.getBoundingClientRect();
          return [[left + 4, top + 4], [right - 4, top + 4], [left + 4, bottom - 4], [right - 4, bottom - 4]]
            .every(([x, y]) => node.contains(document.elementFromPoint(x, y)));
        }"""
    )


@pytest.mark.slow
def test_a_team_reads_tips_by_key_and_by_touch_and_loses_nothing_where_all_is_large_or_in_few_colours(served, person):
    facilitator = person(WALL, reduced_motion="reduce", forced_colors="active", color_scheme="dark")
    room = Facilitator(facilitator, served.house, teams=2, show=look)
    team = Team(person(PHONE, has_touch=True, reduced_motion="reduce"), served.address, room.code, 2, "Ann")
    room.start()
    room.skip_to_the_decision()
    page = team.page
    term = page.locator("button.tip").first
    text = page.locator(f"#{term.get_attribute('aria-controls')}")
    term.scroll_into_view_if_needed()
    term.tap()
    expect(text).to_be_visible()
    assert in_sight(page, text)
    page.get_by_role("heading", name="A few of the messages").tap()
    expect(text).to_be_hidden()
    page.keyboard.press("Shift")
    term.focus()
    expect(text).to_be_visible()
    assert in_sight(page, text)
    page.keyboard.press("Escape")
    expect(text).to_be_hidden()
    for each in (page, room.page):
        each.set_viewport_size({"width": ZOOMED[0], "height": ZOOMED[1]})
        assert len(walk(each)) > 8 and sticking_out(each) == []
    grounds = room.page.evaluate(
        """() => ["true", "false"].map((pressed) => {
          const button = document.body.appendChild(document.createElement("button"));
          button.className = "button";
          button.setAttribute("aria-pressed", pressed);
          return getComputedStyle(button).backgroundColor;
        })"""
    )
    assert grounds[0] != grounds[1], "which of them is pressed is told without the page's own colours"
    paper = room.page.evaluate(
        """() => {
          const chart = document.body.appendChild(document.createElement("figure"));
          chart.className = "chart";
          return getComputedStyle(chart).backgroundColor;
        }"""
    )
    assert paper == "rgb(255, 255, 255)", "dark lines of a drawing lie on paper, whatever the system's ground is"
