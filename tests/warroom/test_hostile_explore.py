"""An opened campaign and opened odds under thousands of hostile frames: answered, survived, and nobody else harmed."""

from __future__ import annotations

import gc
import json
import os
import random
from itertools import count

import pytest
from starlette.websockets import WebSocketDisconnect

from sim import CampaignModel
from sim.config.agency import MOVES
from sim.config.people import COHORTS
from sim.warroom.explore import stream
from sim.warroom.explore.setting import Chosen, setting_of
from tests.warroom.live_page import HOUSE_TOKEN, browser, war_room

CHOSEN = {"start": "ask_jpm", "values": {"people.n_followers": 2000, "horizon_hours": 6.0}}
HORIZON = 360
ODDS = {"start": "own.photo_call", "values": {"people.n_followers": 2000, "horizon_hours": 6.0}}
ABSURD = [
    None, True, -1, 0, 10**30, -(10**30), 1e308, -0.5, "NaN", "Infinity", "-1", "", "x" * 500, "../..", "\u202e", [],
    {}, [[1]], {"$ne": 1}, 2**31 - 1, 2**31, 50_000, "__proto__", "no_such",
]  # fmt: skip
POLICIES = ["silent", "acknowledge", "answer", "withdraw_when_loud", "no_such", "..", "acknowledge_when_loud"]
SETTINGS = ["post.openness", "people.grievance_mean", "people.n_followers", "horizon_hours", "post.hour", "post.ask",
            "network.kind", "no.such", "seed", "reaction.rule"]  # fmt: skip
PAGES = count(1)


def chosen(draw):
    """Return a choice: legal, absurd or none."""
    values = dict(ODDS["values"])
    for _ in range(draw.randrange(3)):
        values[draw.choice(SETTINGS)] = draw.choice([0.0, 0.3, 1, 1.0, 2500, 1e-300, *ABSURD])
    return {"start": draw.choice(["own.photo_call", "ask_jpm", "own.no_such", "..", "my_nypd"]), "values": values,
            "does": draw.choice(["silent", "do_not_post", "listen_first", *POLICIES])}  # fmt: skip


BODIES = {
    "live_to": lambda draw: {"minute": draw.choice([0, 1, 30, 90, HORIZON, 50_000])},
    "live_play": lambda draw: {"speed": draw.choice([1.0, 20, 480.0])},
    "live_pause": lambda draw: {},
    "live_move": lambda draw: {"run": draw.choice("ab"), "move": draw.choice(MOVES)},
    "live_policy": lambda draw: {"run": draw.choice("ab"), "policy": draw.choice(POLICIES)},
    "live_branch": lambda draw: {
        "minute": draw.randrange(0, 400),
        **draw.choice([{}, {"move": draw.choice(MOVES)}, {"policy": draw.choice(POLICIES)}, {"added": 3},
                       {"dropped": draw.randrange(2100)}, {"added": 200, "followers": 100_000}]),
    },
    "live_single": lambda draw: {},
    "live_look": lambda draw: {"cohort": draw.choice([*COHORTS, "0-17"]), "account": draw.choice([None, 0, 2000])},
    "live_leave": lambda draw: {},
    "live_open": lambda draw: {
        "chosen": CHOSEN if draw.random() < 0.5 else chosen(draw), "nodes": draw.choice([2000, 5000, 1]),
    },
    "begin": lambda draw: {"start": draw.choice(["ask_jpm", "own.photo_call", "..", "no_such"])},
    "choose": lambda draw: {"chosen": chosen(draw), "axes": draw.choice([["post.openness", "people.grievance_mean"],
                                                                       ["post.openness"] * 2, ["seed", "post.hour"]])},
}  # fmt: skip
OFTEN = {
    "live_to": 4, "live_branch": 5, "live_move": 4, "live_policy": 3, "live_look": 3, "live_single": 2,
    "live_leave": 0.3, "choose": 0.5,
}  # fmt: skip


def frame(draw):
    """Return the type and the body of a frame: as it may be, or with something in it that may not."""
    kind = draw.choices(list(BODIES), [OFTEN.get(kind, 1) for kind in BODIES])[0]
    body = BODIES[kind](draw)
    if draw.random() < 0.3:
        body[draw.choice([*body, "minute", "run", "extra"])] = draw.choice(ABSURD)
    return kind, body


@pytest.fixture
def faults(monkeypatch):
    """What the server noted as faults of its own."""
    noted = []
    for module in ("live", "house"):
        monkeypatch.setattr(
            f"sim.warroom.{module}.note_fault", lambda where, problem: noted.append((where, repr(problem)))
        )
    return noted


def opened(line):
    """Open a campaign on a line that said hello."""
    assert line.hello("explorer", token=HOUSE_TOKEN)["t"] == "done"
    assert line.ask("live_open", chosen=CHOSEN, nodes=2000)["t"] == "done"
    line.wait_for("live_open")


def campaigns():
    """Return how many campaigns are in memory."""
    gc.collect()
    return sum(isinstance(each, CampaignModel) for each in gc.get_objects())


def attacked(client, draw, frames):
    """Send frames on lines with an opened campaign, a new line whenever one is shown out; return the answers."""
    answers = []
    while frames:
        with browser(client, f"bad-{next(PAGES)}") as line:
            opened(line)
            try:
                while frames:
                    frames -= 1
                    kind, body = frame(draw)
                    answer = line.ask(kind, **body)
                    while kind == "live_open" and answer["t"] == "done":  # it is there, or cannot be
                        if line.hear()["t"] in ("live_open", "live_closed"):
                            break
                    line.heard.clear()
                    assert answer["t"] == "done" or answer["say"].endswith((".", "?")), answer
                    answers.append(answer["t"])
            except WebSocketDisconnect as gone:
                assert gone.code == 1008
    return answers


def test_an_opened_campaign_and_opened_odds_survive_what_is_said_to_them(tmp_path, faults, monkeypatch):
    monkeypatch.setattr(stream, "ROUNDS", (1,))
    survive(tmp_path, faults, 300)


@pytest.mark.slow
def test_an_opened_campaign_and_opened_odds_survive_thousands_of_frames(tmp_path, faults):
    survive(tmp_path, faults, 3000)


def survive(folder, faults, frames):
    """Attack, while somebody else plays a campaign: theirs is the plain model's to the last count."""
    configuration = setting_of(Chosen(**CHOSEN)).configuration
    plain = CampaignModel(configuration, rng=configuration.seed)
    plain.run_until(HORIZON)
    seen = plain.timeline["reached"].tolist()
    plain.close()
    draw = random.Random(20140422)
    with war_room(folder, messages_a_second=1e9, messages_at_once=1e9) as client, browser(client, "calm") as calm:
        opened(calm)
        before = campaigns()
        answers = []
        for part in range(1, 6):
            answers += attacked(client, draw, frames // 5)
            assert calm.ask("live_to", minute=part * HORIZON // 5)["t"] == "done"
        assert campaigns() <= before + 1, "who has left keeps nothing"
        told = [message for message in calm.heard if message["t"] == "live_frame"]
        assert [count for one in told for count in one["a"]["minutes"]][2::6] == seen
    assert min(answers.count("done"), answers.count("sorry")) > frames // 10
    assert faults == []


def test_what_is_done_to_a_campaign_that_was_left_is_refused(tmp_path, faults):
    with war_room(tmp_path) as client, browser(client) as line:
        opened(line)
        assert line.ask("live_leave")["t"] == "done"
        draw = random.Random(1)
        for kind in ("live_to", "live_play", "live_pause", "live_move", "live_branch", "live_single", "live_look"):
            answer = line.ask(kind, **BODIES[kind](draw))
            assert answer["t"] == "sorry" and answer["say"].startswith("There is no campaign to play yet")
    assert faults == []


def resident():
    """Return the memory that this process holds, in MB."""
    with open("/proc/self/statm") as told:
        return int(told.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


@pytest.mark.slow
def test_two_thousand_branches_leave_no_memory_behind(tmp_path, faults):
    draw = random.Random(2)
    with war_room(tmp_path, messages_a_second=1e9, messages_at_once=1e9) as client, browser(client) as line:
        opened(line)
        line.ask("live_to", minute=HORIZON)
        held = []
        for number in range(2000):
            answer = line.ask("live_branch", minute=draw.randrange(HORIZON), move=draw.choice(MOVES))
            assert answer["t"] == "done", answer
            line.heard.clear()
            if number % 200 == 199:
                held.append(resident())
                assert campaigns() <= 3
        assert held[-1] < held[1] + 40, f"grows: {json.dumps(held)}"
    assert faults == []
