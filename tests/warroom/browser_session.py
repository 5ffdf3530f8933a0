"""A training session in real browsers: what a facilitator and a team do with their hands."""

from __future__ import annotations

import re
from pathlib import Path

import yaml
from playwright.sync_api import Page, expect

from tests.warroom.real_browser import Person, inspect
from tests.warroom.toy_deck import CONTENT

HOSTILE_NAME = '"><img src=x onerror=1>'
TURNED_NAME = "שלום \u202eמהפך"
LONG_NAME = "W" * 24
HOSTILE = "<img src=x onerror=alert(1)> \"two\" 'one' & <script>alert(2)</script> {{7*7}} مرحبا بالعالم " + "w" * 150
FORMULA = "=1+1 We answer every question, one by one."
"""What people may write to break a page, a spreadsheet or a layout."""


def tiny_deck(folder: Path) -> Path:
    """Write a deck that is played by skipping from decision to decision, and return its file."""
    decisions = [{**each, "seconds": 900} for each in CONTENT["decisions"]]
    content = {**CONTENT, "followers": 2000, "hours": 4, "seconds_per_hour": 900, "budget_hours": 40}
    place = folder / "tiny_deck.yaml"
    place.write_text(yaml.safe_dump({**content, "decisions": decisions}, allow_unicode=True), encoding="utf-8")
    return place


class Facilitator:
    """Whoever runs the session, at the room's desk."""

    def __init__(self, person: Person, house: str, teams: int, *, laptop: bool = False, show=inspect) -> None:
        self.person = person
        page = person.go(house.replace("#home", "#lobby"))
        page.get_by_label("Number of teams").fill(str(teams))
        page.get_by_label("One laptop").set_checked(laptop)
        show(person, "lobby")
        self.press("Open a session")
        with person.context.expect_page() as opening:
            page.get_by_role("link", name="Open the wall").click()
        self.wall = Person.beside(person, opening.value)
        self.wall.connected()
        if not laptop:
            expect(self.wall.page.locator(".wall-code")).to_have_text(re.compile("^[A-Z2-9]{6}$"))
            self.code = self.wall.page.locator(".wall-code").inner_text()
        self.token, self.wall_token = page.url.split("/")[-1], self.wall.page.url.split("/")[-1]

    @property
    def page(self) -> Page:
        return self.person.page

    def press(self, name: str) -> None:
        """Press the button of this name; the page may ask whether it is meant."""
        with self.person.agreeing():
            self.page.get_by_role("button", name=name, exact=True).click()

    def start(self) -> None:
        """Let the post go out, once the crowd is made (kernels may have to be compiled for it)."""
        expect(self.page.get_by_role("button", name="Start: the post goes out")).to_be_enabled(timeout=300_000)
        self.press("Start: the post goes out")

    def skip_to_the_decision(self) -> None:
        """Let the clock jump."""
        self.press("Skip to the next decision")
        expect(self.page.get_by_role("button", name="Close the decision")).to_be_visible()

    def close(self) -> None:
        """Close the decision, and wait until sentences can be read."""
        self.press("Close the decision")
        expect(self.page.get_by_role("heading", name="Which move is each sentence?")).to_be_visible()


class Team:
    """Somebody with a phone who decides for a team."""

    def __init__(self, person: Person, address: str, code: str, number: int, name: str) -> None:
        self.person, self.number = person, number
        page = self.page
        page.goto(f"{address}/#join")
        page.get_by_label("Code").fill(f"{code[:3].lower()}-{code[3:]} ")
        page.keyboard.press("Enter")
        person.connected()
        page.get_by_role("radio", name=f"Team {number}").check()
        page.get_by_label("A name for").fill(name)
        if number == 1:
            inspect(person, "join")
        page.get_by_role("button", name="Take a seat").click()
        expect(page.get_by_role("heading", name="Your roles")).to_be_visible()
        self.token = page.url.split("/")[-1]

    @property
    def page(self) -> Page:
        return self.person.page

    def write(self, sentence: str, move: str, argument: str, confidence: int) -> None:
        """Fill in the decision."""
        page = self.page
        page.get_by_label("Your sentence").fill(sentence)
        page.get_by_role("radio", name=move).check()
        page.get_by_label("Why?").fill(argument)
        page.get_by_label("How sure are you").fill(str(confidence))

    def submit(self, told: str = "Submitted:") -> None:
        """Submit it, and wait until the page says that it was taken."""
        self.page.locator("button[type=submit]").click()
        expect(self.page.locator(".decision .note")).to_contain_text(told)
