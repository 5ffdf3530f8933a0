"""A full room: 12 teams of 5 browsers and a facilitator play 10 simulated hours; one browser is slow, one goes.

``python -m benchmarks.warroom_load`` starts ``backfire serve``, plays the deck ``my_nypd`` (50,000 followers) at 12
seconds an hour with every team on moves of its own, and prints: gaps between updates of a browser (95th percentile; ten
a second are 100 ms), how long decisions wait for their answer, the server's peak memory, and whether each decision
that was acknowledged is in the session's record exactly once. Clients and server share the machine. Leaves with 1 if a
target is missed.
"""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from sim.warroom.train.deck import deck_names, read_deck
from sim.warroom.train.events import Decided
from sim.warroom.train.store import Store
from tests.warroom.client import Client

TEAMS, MEMBERS, HOURS, SECONDS_PER_HOUR, DECISION_SECONDS = 12, 5, 10, 12.0, 15
GAP_MS, ANSWER_MS, MEMORY_MB = 100.0, 100.0, 1024.0
"""Targets: updates at the 95th percentile, an answer to a decision, the server's peak memory."""


def write_deck(folder: Path) -> Path:
    """Write the deck to play: the shipped one, ten hours long and quick."""
    assert "my_nypd" in deck_names()
    content = read_deck("my_nypd").model_dump(by_alias=True)
    content |= {"hours": HOURS, "seconds_per_hour": SECONDS_PER_HOUR, "budget_hours": 1000.0}
    content["decisions"] = [
        {**each, "seconds": DECISION_SECONDS} for each in content["decisions"] if each["minute"] < 60 * HOURS
    ]
    content["injects"] = [each for each in content["injects"] if (each["minute"] or 0) < 60 * HOURS]
    path = folder / "deck.yaml"
    path.write_text(yaml.safe_dump(to_plain(content)), encoding="utf-8")
    return path


def to_plain(value: Any) -> Any:
    """Return content with lists for tuples."""
    if isinstance(value, dict):
        return {key: to_plain(part) for key, part in value.items()}
    return [to_plain(part) for part in value] if isinstance(value, list | tuple) else value


class Team:
    """Five browsers; the first two submit, in turn, and keep what was acknowledged."""

    def __init__(self, number: int, members: list[Client]) -> None:
        self.number, self.members = number, members
        self.acknowledged: list[tuple[str, str]] = []
        self.waits: list[float] = []

    async def play(self, decisions: int) -> None:
        """Answer each decision: drafts, a submission, and another member's change of it."""
        for k in range(decisions):
            done = {name for name, _ in self.acknowledged}
            await self.members[0].until(lambda state, done=done: _asked(state, done), 300.0)  # type: ignore[misc]
            asked = self.members[0].state["team"]["decision"]
            for member, word in ((0, "first"), (1, "second")):
                who = self.members[member]
                move = asked["moves"][(self.number + k + member) % len(asked["moves"])]
                said = {"decision": asked["id"], "move": move, "sentence": f"{word} of {self.number}", "argument": "a",
                        "confidence": 50}  # fmt: skip
                await who.ask("draft", **said)
                begun = time.perf_counter()
                await who.ask("decide", **said)
                self.waits.append(time.perf_counter() - begun)
                self.acknowledged.append((asked["id"], said["sentence"]))
                await asyncio.sleep(0.5 + 0.1 * self.number)


def _asked(state: dict[str, Any], done: set[str]) -> bool:
    """Tell whether a decision is open that a team has not answered yet."""
    team = state.get("team") or {}
    return bool(team.get("decision")) and team["decision"]["id"] not in done and state["clock"]["phase"] == "deciding"


async def facilitate(facilitator: Client, decisions: int) -> None:
    """Confirm what was decided, each time, until the play is over."""
    for k in range(decisions):
        await facilitator.until(lambda state, k=k: _read(state, k), 600.0)  # type: ignore[misc]
        await facilitator.ask("settle")
    await facilitator.until(lambda state: state["clock"]["phase"] == "ended", 600.0)


def _read(state: dict[str, Any], decision: int) -> bool:
    room = state.get("room") or {}
    return bool(room.get("asked") == decision + 1 and state["clock"]["phase"] == "confirming")


async def play(address: str, token: str) -> tuple[str, list[Team], list[list[float]], list[float]]:
    """Play a session; return its id, the teams, the times at which each browser heard something, start and end."""
    host = await Client(address).hello("host", token=token)
    opened = await host.ask("open", deck="own", teams=TEAMS)
    session = opened["session"]
    facilitator = await Client(address).hello("facilitator", session=session, token=opened["token"])
    await facilitator.until(lambda state: "room" in state)
    code, teams = facilitator.state["room"]["code"], []
    for number in range(1, TEAMS + 1):
        members = []
        for k in range(MEMBERS):
            door = await Client(address).hello("joiner", code=code)
            seat = await door.ask("join", team=number, name=f"Member {k}")
            await door.close()
            member = Client(address, keep=k == 0)
            members.append(await member.hello("member", session=session, token=seat["token"]))
        teams.append(Team(number, members))
    await facilitator.until(lambda state: state["clock"]["ready"], 120.0)
    slow, gone = teams[0].members[4], teams[1].members[4]
    decisions = len(facilitator.hello_answer["deck"]["decisions"])
    begun = time.perf_counter()
    await facilitator.ask("start")
    slow.read_nothing()
    playing = [asyncio.create_task(team.play(decisions)) for team in teams]
    leading = asyncio.create_task(facilitate(facilitator, decisions))
    await asyncio.sleep(8.0)
    gone.vanish()
    await asyncio.gather(*playing, leading)
    over = time.perf_counter()
    awake = [facilitator, *(member for team in teams for member in team.members if member not in (slow, gone))]
    heard = [[moment for moment in client.beats if begun + 1.0 <= moment <= over] for client in awake]
    for client in [host, *awake]:
        await client.close()
    return session, teams, heard, [begun, over]


def kept_right(store: Store, session: str, teams: list[Team]) -> bool:
    """Tell whether each acknowledged decision is in the record once, in order, and nothing else is."""
    events = [event for event in store.events(session) if isinstance(event, Decided)]
    ended = store.session(session)
    assert ended is not None
    for team in teams:
        if [(e.decision, e.sentence) for e in events if e.team == team.number] != team.acknowledged:
            return False
        last = dict(team.acknowledged)
        if {a.decision: a.sentence for a in ended.team(team.number).answers} != last:
            return False
    return bool(events)


def peak_memory(process: int) -> float:
    """Return a process's peak memory in megabytes."""
    lines = Path(f"/proc/{process}/status").read_text(encoding="utf-8").splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024.0


def main() -> int:
    """Play, measure, print, and return the exit code."""
    before = os.getloadavg()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        words = ["serve", "port=0", f"results={folder}", f"deck={write_deck(folder)}"]
        command = [sys.executable, "-c", "from sim.cli.main import main; raise SystemExit(main())", *words]
        server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert server.stdout is not None
        try:
            link = next(line for line in server.stdout if "/#home/" in line).split()[-1]
            address, _, token = link.partition("/#home/")
            session, teams, heard, (begun, over) = asyncio.run(play(address, token))
            memory = peak_memory(server.pid)
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(30)
        store = Store(folder / "sessions.sqlite")
        right = kept_right(store, session, teams)
        store.close()
    gaps = [np.diff(times) * 1000.0 for times in heard]
    pooled = np.concatenate(gaps)
    worst = max(float(np.quantile(each, 0.95)) for each in gaps)
    waits = np.array([wait for team in teams for wait in team.waits]) * 1000.0
    pasts = len({tuple(sentence for _, sentence in team.acknowledged) for team in teams})
    print(f"{TEAMS} teams x {MEMBERS} browsers and a facilitator, {HOURS} simulated hours in {over - begun:.0f} s")
    print(f"load before {before[0]:.1f}, after {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores, clients included")
    print(f"updates: 95 % of gaps within {np.quantile(pooled, 0.95):.0f} ms (worst browser {worst:.0f} ms), "
          f"median {np.median(pooled):.0f}, longest {pooled.max():.0f} ms; {pooled.size} gaps")  # fmt: skip
    print(f"decisions: {waits.size} acknowledged by {pasts} teams, 95 % within {np.quantile(waits, 0.95):.0f} ms, "
          f"longest {waits.max():.0f} ms; each in the record once: {right}")  # fmt: skip
    print(f"server's peak memory {memory:.0f} MB")
    met = np.quantile(pooled, 0.95) <= GAP_MS and waits.max() <= ANSWER_MS and memory < MEMORY_MB and right
    print("all targets met" if met else "a target is missed")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
