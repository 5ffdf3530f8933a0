"""Explore in a real browser: settings and odds, the phase diagram, a campaign played and branched, by keys alone."""

from __future__ import annotations

import re

import pytest

pytest.importorskip("playwright.sync_api", reason="the live page is driven by Playwright (extra dev)")

from playwright.sync_api import Page, expect

from tests.warroom.real_browser import PHONE, WALL, ZOOMED, Person, inspect, still, walk

FIRST_RUNS = 300_000
"""Milliseconds until the first run of all: kernels may have to be compiled for it."""
ALL_IN = re.compile(r"^\d+ runs$")
SOON = 15.0
"""Seconds to a first estimate after a setting was moved; about one on a machine that does nothing else."""

_WATCH_THE_ODDS = """() => {
  window.told = [];
  const strip = document.querySelector(".strip");
  const note = () => {
    const [wide, badge] = [".wide", ".badge"].map((part) => strip.querySelector(part).textContent);
    if (!document.querySelector(".stale")) window.told.push({at: performance.now(), wide, badge});
  };
  new MutationObserver(note).observe(strip, {subtree: true, childList: true, characterData: true});
}"""


def small(visitor: Person, server) -> Page:
    """Open Explore by the house link, with a small audience, by keys alone."""
    page = visitor.go(server.house)
    page.get_by_role("link", name="Explore").press("Enter")
    page.get_by_label("Start from").select_option("own.photo_call")
    command = page.locator("code.command")
    expect(command).to_contain_text("post=photo_call")
    for setting, value, word in (
        ("Size of the audience", "2000", "people.n_followers=2000"),
        ("Grievance against you", "0.4", "people.grievance_mean=0.4"),
        ("Share of the audience that follows you", "1", "people.follow_share=1"),
    ):
        put(page, setting, value)
        expect(command).to_contain_text(word)
    all_runs_are_in(page)
    return page


def all_runs_are_in(page: Page) -> None:
    """Wait until the odds are those of what is chosen now, of all its runs."""
    expect(page.locator(".stale")).to_have_count(0, timeout=FIRST_RUNS)
    expect(page.locator(".strip .badge")).to_have_text(ALL_IN, timeout=FIRST_RUNS)


def put(page: Page, setting: str, value: str) -> None:
    """Type a value for a setting, wherever it is folded away."""
    field = page.get_by_label(f"{setting}, as a number")
    for fold in page.locator("details").filter(has=field).all():
        fold.evaluate("(node) => { node.open = true; }")
    field.fill(value)
    field.press("Enter")


def width(interval: str) -> float:
    """Return how wide an interval is that the page tells."""
    low, high = (float(number) for number in re.findall(r"[\d.]+", interval)[:2])
    return high - low


def test_a_setting_moved_by_a_key_gives_new_odds_soon_and_they_narrow(server, person):
    visitor = person(WALL)
    page = small(visitor, server)
    page.evaluate(_WATCH_THE_ODDS)
    slider = page.get_by_label("How wide the question is open", exact=True)
    slider.focus()
    began = page.evaluate("performance.now()")
    page.keyboard.press("End")
    expect(page.locator("code.command")).to_contain_text("post.openness=1")
    all_runs_are_in(page)
    told = [each for each in page.evaluate("window.told") if each["wide"]]
    first, last = told[0], told[-1]
    assert (first["at"] - began) / 1000 < SOON
    assert ALL_IN.match(last["badge"]) and not ALL_IN.match(first["badge"])
    assert width(last["wide"]) < width(first["wide"])
    expect(page.locator("table.phase td.unknown")).to_have_count(0)
    expect(page.locator("table.phase + .here, .phase-hold .here")).to_be_visible()
    page.locator("table.phase tbody tr").last.locator("td").first.click()
    expect(page.locator("code.command")).not_to_contain_text("post.openness=1 ")
    expect(page.get_by_role("img", name="Messages an hour over time")).to_be_visible()
    inspect(visitor, "explore-odds")


@pytest.mark.slow
def test_a_campaign_is_played_stepped_and_branched_by_keys_alone(server, person):
    visitor = person(PHONE, reduced_motion="reduce")
    page = small(visitor, server)
    page.get_by_role("button", name="Play this campaign").press("Enter")
    clock = page.locator(".live-clock")
    expect(clock).to_contain_text("minute 0")
    page.get_by_label("Speed").focus()
    page.keyboard.press("End")
    page.get_by_role("button", name="Play", exact=True).press("Enter")
    expect(clock).not_to_contain_text("minute 0")
    page.get_by_role("button", name="Pause").press("Enter")
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    minute = lambda: int(re.search(r"minute ([\d,]+)", clock.inner_text())[1].replace(",", ""))  # noqa: E731
    stood = minute()
    assert stood > 0
    page.get_by_role("button", name="One minute").press("Enter")
    expect(clock).to_contain_text(f"minute {stood + 1:,}")
    page.get_by_label("Minute looked at").press("Home")
    expect(clock).to_contain_text("minute 0")
    page.get_by_role("button", name="Back to now").press("Enter")
    page.get_by_role("button", name="Branch at minute").press("Enter")
    expect(page.get_by_text("B: as A,")).to_be_visible()
    assert page.locator(".live-runs canvas").count() > 1
    page.get_by_role("button", name="To the end").press("Enter")
    expect(page.get_by_role("button", name="To the end")).to_be_disabled()
    expect(page.get_by_text("B: as A,")).to_be_visible()
    inspect(visitor, "explore-branched")
    inspect(visitor, "explore-zoomed", sizes=(ZOOMED,), rules=False)
    stops = walk(page)
    assert {"Start from", "What you do", "How wide the question is open", "Minute looked at"} <= set(stops)
    assert still(page)
