"""For tests in a browser: Chromium, started once a module, and people who open pages in it."""

from __future__ import annotations

import pytest

from tests.warroom.real_server import Server


@pytest.fixture(scope="module")
def chromium():
    """Start a browser; a module ends it again, for its driver keeps an event loop in this thread."""
    from tests.warroom.real_browser import ARGUMENTS, program

    path = program()
    if path is None:
        pytest.skip("no Chromium on this machine: the live page is tested in it (apt-get install chromium)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def person(chromium):
    """Return a maker of people; when the test is over, nothing may have gone wrong in any of their browsers."""
    from tests.warroom.real_browser import Person

    people = []

    def come(*size, **options):
        people.append(Person(chromium, *size, **options))
        return people[-1]

    yield come
    for each in people:
        each.context.close()
    assert not (faults := [fault for each in people for fault in each.faults]), "\n".join(faults)


@pytest.fixture(scope="module")
def server(chromium, tmp_path_factory):
    """Serve the war room; it must have had nothing to complain about."""
    running = Server(tmp_path_factory.mktemp("served"))
    yield running
    running.stop()
    assert running.complaints() == ""
