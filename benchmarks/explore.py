"""Explore, alone: how long the first estimate takes after a slider's move, on an audience that stands already.

``python -m benchmarks.explore [rows ...]`` (100,000 and 1,000,000) opens the page's line in this process with the
case of #myNYPD, and prints for a move of the post, one of the people, and a drag over the people (ten moves in a
second, timed from the last): seconds to the first estimate, to the first of the audience itself (ten runs, where a
stand-in speaks first), and the peak memory.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Mapping
from itertools import count
from pathlib import Path
from typing import Any

from benchmarks.line import Line, at_most, shown_spread
from benchmarks.rounds import Spread
from tests.warroom.live_page import HOUSE_TOKEN, LIVE, ORIGIN, Browser, war_room

CASE = "my_nypd"
ROWS = (100_000, 1_000_000)
SOON = 1.0
"""Target: seconds from a slider's move to the first estimate."""
DRAG, DRAG_EVERY = 10, 0.1


class Explored:
    """One browser that explores a case at one size."""

    def __init__(self, browser: Browser, rows: int) -> None:
        self._browser, self._rows, self._moves = browser, rows, count(1)

    def choose(self, values: Mapping[str, Any]) -> int:
        """Send a choice and return its number."""
        whole = {"people.n_followers": self._rows, **values}
        return self._browser.send("choose", chosen={"start": CASE, "does": "silent", "values": whole})

    def estimates(self, number: int, begun: float) -> tuple[float, float]:
        """Return seconds until the first estimate of a choice, and until the first of the audience itself."""
        first = None
        while True:
            told = self._browser.hear()
            assert told["t"] != "sorry", told
            if told["t"] == "odds" and told["state"] == number and told["ends"]:
                now = time.perf_counter() - begun
                first = now if first is None else first
                if told["stand_in"] is None:
                    return first, now

    def moved(self, name: str) -> tuple[float, float]:
        """Move one setting to a value that it never had, and return both times."""
        begun = time.perf_counter()
        return self.estimates(self.choose({name: 0.2 + 0.001 * next(self._moves)}), begun)

    def dragged(self, name: str) -> tuple[float, float]:
        """Drag one setting, and return both times from its last place."""
        number = 0
        for place in range(DRAG):
            if place:
                time.sleep(DRAG_EVERY)
            begun = time.perf_counter()
            number = self.choose({name: 0.2 + 0.001 * next(self._moves)})
        return self.estimates(number, begun)


def measure(rows: int, *, rounds: int) -> list[Line]:
    """Return the lines of one size."""
    with tempfile.TemporaryDirectory() as folder, war_room(Path(folder)) as client:
        with client.websocket_connect(LIVE, headers=ORIGIN) as socket:
            browser = Browser(socket, "bench")
            browser.ask("hello", **{"as": "explorer", "token": HOUSE_TOKEN, "page": "bench"})
            explored = Explored(browser, rows)
            begun = time.perf_counter()
            explored.estimates(explored.choose({}), begun)  # builds, and compiles
            explored.moved("people.grievance_mean")
            lines = []
            for what, move in (
                ("a move of the post", lambda: explored.moved("post.openness")),
                ("a move of the people", lambda: explored.moved("people.grievance_mean")),
                ("a drag over the people", lambda: explored.dragged("people.grievance_mean")),
            ):
                found = [move() for _ in range(rounds)]
                first, own = (Spread.of([each[place] for each in found]) for place in (0, 1))
                lines.append(at_most(f"{rows:,} rows, {what}: first estimate", first, SOON, "s"))
                lines.append(Line(f"{rows:,} rows, {what}: first of all {rows:,}", f"{shown_spread(own)} s"))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [*lines, Line(f"{rows:,} rows: peak memory of this process", f"{peak:.0f} MB")]


def main() -> int:
    """Print what was measured; 1 if a target is missed."""
    missed = False
    for rows in [int(word) for word in sys.argv[1:]] or ROWS:
        for line in measure(rows, rounds=5):
            print(f"{line.what}: {line.measured} {line.target}", flush=True)
            missed |= line.holds is False
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
