"""People at real browsers: headless Chromium, watched for every error and for every request that leaves this machine.

Screenshots of all views are written where ``BACKFIRE_SCREENSHOTS`` says, for somebody to look at.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--no-zygote",
]  # fmt: skip
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
PHONE, WALL = (390, 844), (1920, 1080)
ZOOMED = (320, 512)
"""What a window of 1280 by 2048 points shows at 400 %: more than the rules' 200 %."""
PATIENCE = 90_000
"""Milliseconds until what is waited for counts as missing: a test machine may be busy."""
LINE_LOST = "WebSocket connection to"
expect.set_options(timeout=PATIENCE)


def program() -> str | None:
    """Return the path of a Chromium of this machine."""
    return next((path for name in PROGRAMS if (path := shutil.which(name))), None)


class Person:
    """Somebody with a browser of their own (nothing is shared with the others' but the machine).

    Attributes
    ----------
    faults : list of str
        Errors and warnings of the page's console, uncaught errors, requests to elsewhere.
    """

    def __init__(self, chromium: Browser, size: tuple[int, int] = PHONE, **options: Any) -> None:
        self.faults: list[str] = []
        self._pardoned: list[str] = []
        self._agrees = False
        self.context = chromium.new_context(viewport={"width": size[0], "height": size[1]}, **options)
        self.context.set_default_timeout(PATIENCE)
        self.context.on("request", lambda request: self._asked_for(request.url))
        self.page = self.watched(self.context.new_page())

    @classmethod
    def beside(cls, person: Person, page: Page) -> Person:
        """Return the same person at another window of the same browser."""
        other = copy(person)
        page.set_viewport_size(person.page.viewport_size or {"width": WALL[0], "height": WALL[1]})
        other.page = other.watched(page)
        return other

    def watched(self, page: Page) -> Page:
        """Watch a page."""
        page.on("pageerror", lambda error: self.faults.append(f"uncaught: {error}"))
        page.on("console", lambda told: self._told(told.type, told.text))
        page.on("websocket", lambda socket: self._asked_for(socket.url))
        page.on("dialog", lambda dialog: self._asked(dialog))
        return page

    def _asked(self, dialog: Any) -> None:
        if self._agrees and dialog.type == "confirm":
            dialog.accept()
            return
        self.faults.append(f"a {dialog.type} opened: {dialog.message}")
        dialog.dismiss()

    def _told(self, kind: str, text: str) -> None:
        if kind in ("error", "warning") and not any(part in text for part in self._pardoned):
            self.faults.append(f"console {kind}: {text}")

    def _asked_for(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob", "file") and parts.hostname != "127.0.0.1":
            self.faults.append(f"a request left this machine: {url}")

    @contextmanager
    def pardon(self, part: str) -> Iterator[None]:
        """Let errors of the console pass that hold this text: Chromium notes each connection that fails."""
        self._pardoned.append(part)
        try:
            yield
        finally:
            self._pardoned.remove(part)

    @contextmanager
    def agreeing(self) -> Iterator[None]:
        """Say yes when the page asks whether it is meant."""
        self._agrees = True
        try:
            yield
        finally:
            self._agrees = False

    def go(self, url: str) -> Page:
        """Open an address, and return the page once its line stands."""
        self.page.goto(url)
        self.connected()
        return self.page

    def connected(self) -> None:
        """Wait until the page's line stands."""
        expect(self.page.locator("#line")).to_have_attribute("data-state", "open")


def accessible(page: Page) -> list[str]:
    """Return what breaks a rule of WCAG 2.2 AA on a page as it stands: rule, element, and what to do."""
    options = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
    found = Axe().run(page, options=options).response["violations"]
    return [
        f"{each['id']} at {node['target']}: {node['failureSummary']} in {node['html'][:200]}"
        for each in found
        for node in each["nodes"]
    ]


def sticking_out(page: Page) -> list[str]:
    """Return what is wider than the screen: a page must not be moved sideways."""
    return page.evaluate(
        """() => {
          const wide = document.documentElement.clientWidth;
          if (document.documentElement.scrollWidth <= wide) return [];
          return [...document.querySelectorAll("main *, header *")]
            .filter((node) => node.getBoundingClientRect().right > wide + 1 && node.checkVisibility())
            .map((node) => `${node.tagName}.${node.className}: ${node.textContent.slice(0, 60)}`);
        }"""
    )


def shoot(page: Page, name: str) -> None:
    """Keep a picture of the whole page, where somebody wants them."""
    folder = os.environ.get("BACKFIRE_SCREENSHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.evaluate("window.scrollTo(0, 0)")  # what sticks to the top would stand in the middle of the picture
        wide = page.viewport_size["width"] if page.viewport_size else 0
        page.screenshot(path=Path(folder) / f"{name}-{wide}.png", full_page=True)


def look(person: Person, name: str) -> None:
    """Look at a state of a view of which another one is inspected."""
    inspect(person, name, rules=bool(os.environ.get("BACKFIRE_SCREENSHOTS")))


def inspect(
    person: Person, name: str, sizes: tuple[tuple[int, int], ...] = (PHONE, WALL), *, rules: bool = True
) -> None:
    """Look at a view at these sizes: rules of accessibility, nothing wider than the screen, a picture of each."""
    page, before = person.page, person.page.viewport_size
    wrong = []
    for wide, tall in sizes:
        page.set_viewport_size({"width": wide, "height": tall})
        shoot(page, name)
        wrong += [f"{name} at {wide}: {each}" for each in [*(accessible(page) if rules else []), *sticking_out(page)]]
    if before:
        page.set_viewport_size(before)
    assert not wrong, "\n".join(wrong)


_FROM_THE_TOP = """() => {
  const top = document.createElement("span");
  top.tabIndex = -1;
  document.body.prepend(top);
  top.focus();
  top.remove();
}"""
_STOP = """() => {
  const node = document.activeElement;
  if (!node || node === document.body || node.dataset.walked) return null;
  node.dataset.walked = "yes";
  const look = getComputedStyle(node), box = node.getBoundingClientRect();
  const outlined = look.outlineStyle !== "none" && parseFloat(look.outlineWidth) >= 2;
  const inHeight = box.bottom > 0 && box.top < innerHeight, inWidth = box.right > 0 && box.left < innerWidth;
  const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  const covered = top !== null && !node.contains(top) && !top.contains(node);
  const label = node.labels && node.labels[0] ? node.labels[0].textContent : "";
  const name = node.getAttribute("aria-label") || label || node.textContent || node.tagName;
  const ring = outlined || look.boxShadow !== "none", seen = inHeight && inWidth && !covered;
  const where = `${box.left} ${box.top} ${box.right} ${box.bottom}, under ${top && top.className}`;
  return {name: name.trim().slice(0, 60), ring, seen, where};
}"""
_FORGET = "document.querySelectorAll('[data-walked]').forEach((node) => delete node.dataset.walked)"


def walk(page: Page, most: int = 200) -> list[str]:
    """Go through a page with the Tab key alone, and return the names of the stops.

    Each must be in sight and ringed: whoever has no mouse must see where they are.
    """
    page.evaluate(_FROM_THE_TOP)
    stops: list[str] = []
    for _ in range(most):
        page.keyboard.press("Tab")
        stop = page.evaluate(_STOP)
        if stop is None:
            break
        assert stop["ring"], f"no ring around {stop['name']!r}"
        assert stop["seen"], f"{stop['name']!r} is focused out of sight: {stop['where']}"
        stops.append(stop["name"])
    page.evaluate(_FORGET)
    return stops


def still(page: Page) -> bool:
    """Tell whether nothing moves by itself on a page, and nothing glides."""
    return bool(
        page.evaluate(
            "document.getAnimations().length === 0"
            " && getComputedStyle(document.documentElement).scrollBehavior === 'auto'"
        )
    )
