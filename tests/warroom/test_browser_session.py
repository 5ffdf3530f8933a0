"""A whole training session in four real browsers: cut lines, a reload, a crash of the server, a late decision."""

from __future__ import annotations

import pytest

pytest.importorskip("playwright.sync_api", reason="the live page is driven by Playwright (extra dev)")

from contextlib import ExitStack

from playwright.sync_api import expect

from tests.warroom.browser_session import (
    FORMULA,
    HOSTILE,
    HOSTILE_NAME,
    LONG_NAME,
    TURNED_NAME,
    Facilitator,
    Team,
    tiny_deck,
)
from tests.warroom.real_browser import LINE_LOST, WALL, inspect, look
from tests.warroom.real_server import Server, Wire
from tests.warroom.toy_deck import SECRET


@pytest.fixture
def served(chromium, tmp_path):
    """Serve the tiny deck, and a line to it that can be cut."""
    server = Server(tmp_path, f"deck={tiny_deck(tmp_path)}")
    wire = Wire(server.port)
    yield server, wire
    server.stop()
    wire.close()
    assert server.complaints() == ""


def test_three_teams_play_a_session_to_its_debrief_whatever_breaks_on_the_way(served, person, tmp_path):
    server, wire = served
    room = Facilitator(person(WALL), server.house, teams=3)
    names = (HOSTILE_NAME, TURNED_NAME, LONG_NAME)
    addresses = (server.address, wire.address, server.address)
    one, two, three = (
        Team(person(), address, room.code, number, name)
        for number, (address, name) in enumerate(zip(addresses, names, strict=True), 1)
    )
    first_decision(room, one, two, three, wire)
    second_decision(room, one, two, three, server)
    the_end(room, one, two, three)
    debrief(
        room,
        one,
        person,
        tmp_path,
        secrets=[room.code, room.token, room.wall_token, one.token, two.token, three.token, server.house_token],
    )


def first_decision(room, one, two, three, wire):
    """Team 1 writes what could break a page, team 2 loses its line while it writes, team 3 comes too late."""
    people = room.page.get_by_role("region", name="Teams").get_by_role("table")
    for name in (HOSTILE_NAME, TURNED_NAME.replace("\u202e", ""), LONG_NAME):
        expect(people.get_by_text(name, exact=True).first).to_be_visible()
    look(room.person, "room-desk-lobby")
    assert room.token not in room.wall.page.url
    look(room.wall, "room-wall-lobby")
    look(one.person, "team-lobby")
    room.start()
    expect(two.page.get_by_text("The clock runs")).to_be_visible()
    room.skip_to_the_decision()
    one.write(HOSTILE, "Answer critics", f"Because {HOSTILE}", 70)
    one.submit()
    with two.person.pardon(LINE_LOST):
        wire.cut()
        expect(two.page.locator("#line")).to_have_attribute("data-state", "lost")
        two.write(FORMULA, "Acknowledge", "", 35)
        two.page.locator("button[type=submit]").click()
        wire.mend()
        two.person.connected()
        expect(two.page.locator(".decision .note")).to_contain_text("Submitted: Acknowledge")
    three.page.get_by_label("Your sentence").fill("We are still writing")
    expect(room.wall.page.get_by_role("listitem").filter(has_text="Team 3")).to_contain_text("writing")
    inspect(one.person, "team-decision")
    look(three.person, "team-writing")
    look(room.person, "room-desk-decision")
    room.close()
    unsent = room.page.get_by_role("listitem").filter(has_text="A draft, not submitted")
    expect(unsent).to_contain_text("We are still writing")
    look(room.person, "room-desk-draft")
    three.write("We were too slow", "Clarify", "", 90)
    three.submit("Kept as late")
    late = room.page.get_by_role("listitem").filter(has_text="Chosen: Clarify; silence is played instead.")
    expect(late).to_contain_text("Team 3")
    expect(room.page.get_by_text(HOSTILE, exact=True)).to_be_visible()
    room.page.get_by_label("Move of Team 2").select_option("engage")
    inspect(room.person, "room-desk-confirming")
    look(three.person, "team-late")
    room.press("Confirm all and go on")
    expect(two.page.locator(".past")).to_contain_text("Answer critics")


def second_decision(room, one, two, three, server):
    """A page is loaded again, then the server dies in the middle of a decision and comes back."""
    one.page.reload()
    expect(one.page.locator(".past")).to_contain_text(HOSTILE)
    assert one.page.url.endswith(one.token)
    look(one.person, "team-running")
    room.page.get_by_role("button", name="Show the choices").click()
    expect(room.wall.page.get_by_role("cell", name=HOSTILE)).to_be_visible()
    inspect(room.wall, "room-wall-choices")
    room.page.get_by_role("button", name="Take off the wall").click()
    expect(room.wall.page.get_by_role("cell", name=HOSTILE)).to_be_hidden()
    room.press("Send now: The commissioner")
    expect(three.page.get_by_text("Is this going well?")).to_be_visible()
    room.skip_to_the_decision()
    one.write("We change the call.", "Change the call", "It went wrong.", 60)
    one.submit()
    with ExitStack() as outage:
        for each in (room, one, two, three):
            outage.enter_context(each.person.pardon(LINE_LOST))
        server.kill()
        expect(one.page.locator("#line")).to_have_attribute("data-state", "lost")
        server.start()
        for each in (room, one, two, three):
            each.person.connected()
    expect(one.page.locator(".decision .note")).to_contain_text("Submitted: Change the call")
    room.press("Resume")
    two.write("", "Say nothing", "Nothing to add.", 50)
    two.submit()
    three.write("We close the questions.", "Withdraw the call", "", 20)
    three.submit()
    room.close()
    room.press("Confirm all and go on")


def the_end(room, one, two, three):
    """Nobody is shown what is hidden before it is revealed; then everybody is."""
    room.press("End the play")
    expect(one.page.get_by_role("heading", name="The play is over")).to_be_visible()
    look(one.person, "team-over")
    for page in (one.page, two.page, three.page, room.wall.page):
        assert SECRET not in page.content()
    room.press("Reveal")
    for page in (one.page, two.page, three.page, room.wall.page):
        expect(page.get_by_text(f"There had been a complaint. {SECRET}")).to_be_visible()
    inspect(one.person, "team-revealed")


def debrief(room, one, person, folder, secrets):
    """The facilitator's debrief and a team's; what is saved opens offline and gives nothing away."""
    one.page.get_by_role("link", name="To the debrief").click()
    room.wall.page.get_by_role("link", name="To the debrief").click()
    expect(room.wall.page.get_by_role("heading", name="Debrief: A Q&A")).to_be_visible(timeout=120_000)
    room.page.get_by_role("link", name="To the debrief").click()
    for each in (room, one):
        expect(each.page.get_by_text("other campaigns have been run: 200 futures of every decision")).to_be_visible(
            timeout=120_000
        )
        each.page.get_by_role("navigation", name="Contents").get_by_role("button", name="All teams").click()
        expect(each.page.get_by_role("table").first).to_contain_text("Team 3")
    for each in (room, one):
        expect(each.page.get_by_text("The first 3 h of it were played (4 h were planned)")).to_be_visible()
        expect(each.page.get_by_label("Time since the post")).to_have_attribute("aria-valuetext", "3 h after the post")
        expect(each.page.get_by_text("messages in the median future").first).to_be_visible()
    inspect(room.person, "debrief-facilitator")
    inspect(one.person, "debrief-team")
    saved = []
    for button, name in (("Save as a page", "debrief.html"), ("Save as a table", "debrief.csv")):
        with room.page.expect_download() as coming:
            room.press(button)
        coming.value.save_as(folder / name)
        saved.append((folder / name).read_text(encoding="utf-8"))
    written = "".join(saved)
    assert not [secret for secret in secrets if secret in written]
    assert f"'{FORMULA}" in saved[1]
    reader = person(WALL, offline=True, java_script_enabled=True)
    page = reader.page
    page.goto((folder / "debrief.html").as_uri())
    expect(page.get_by_text(HOSTILE, exact=True).first).to_be_visible()
    assert page.locator("script").count() == 0 and page.locator("img[onerror]").count() == 0
    inspect(reader, "export")
