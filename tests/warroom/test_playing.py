"""Playing over a browser's line: what is asked is answered, frames hold what is new, and leaving frees everything."""

from __future__ import annotations

import gc
import weakref
from itertools import count

import pytest

from sim import CampaignModel
from sim.warroom.explore.play import Play
from sim.warroom.explore.playing import MOST_ROWS
from sim.warroom.explore.setting import Chosen, setting_of
from tests.warroom.live_page import HOUSE_TOKEN, browser, war_room

CHOSEN = {"start": "ask_jpm", "values": {"people.n_followers": 3000, "horizon_hours": 12.0}}
MINUTE = 6
PAGES = count(1)


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    with war_room(tmp_path_factory.mktemp("played")) as client:
        yield client


@pytest.fixture
def page(room):
    # a page that gives itself a name known already is answered as it was before
    with browser(room, f"player-{next(PAGES)}") as line:
        line.hello("explorer", token=HOUSE_TOKEN)
        yield line


def opened(page, **changes):
    answer = page.ask("live_open", **{"chosen": CHOSEN, "nodes": 2000, **changes})
    assert answer["t"] == "done", answer
    return page.wait_for("live_open")


def frames(page):
    """Return the frames that came and were not taken yet."""
    taken = [message for message in page.heard if message["t"] == "live_frame"]
    page.heard = [message for message in page.heard if message["t"] != "live_frame"]
    return taken


def counted(told, run="a"):
    return [value for frame in told for value in frame[run]["minutes"]] if told else []


def plain(until):
    configuration = setting_of(Chosen(**CHOSEN)).configuration
    model = CampaignModel(configuration, rng=configuration.seed)
    model.run_until(until)
    return model


def test_what_is_played_over_the_line_is_the_plain_models_timeline(page):
    told = opened(page)
    assert told["rows"] == 3000 and len(told["nodes"]["rows"]) == 2000 and told["horizon"] == 720
    assert page.ask("live_to", minute=60)["t"] == "done"
    assert page.ask("live_play", speed=480.0)["t"] == "done"
    seen = frames(page)
    while seen[-1]["m"] < 720:
        seen.append(page.wait_for("live_frame"))
    told_so_far = counted(seen)
    timeline = plain(720).timeline
    assert told_so_far[1::MINUTE] == (timeline["originals_counter"] + timeline["shares_counter"]).tolist()
    assert told_so_far[2::MINUTE] == timeline["reached"].tolist()


def test_a_branch_over_the_line_is_the_models_branch(page):
    opened(page)
    page.ask("live_to", minute=90)
    answer = page.ask("live_branch", minute=30, move="withdraw")
    assert answer["t"] == "done" and "Withdraw the call" in answer["by"] and answer["minute"] == 30
    page.ask("live_to", minute=200)
    told = [frame for frame in frames(page) if "b" in frame]
    model = plain(30)
    model.act("withdraw")
    model.run_until(200)
    timeline = model.timeline
    assert counted(told, "b")[1::MINUTE] == (timeline["originals_counter"] + timeline["shares_counter"]).tolist()
    assert [30, "withdraw"] in [move for frame in told for move in frame["b"]["moves"]]
    aside = [message for message in page.heard if message["t"] == "live_aside"][-1]
    assert "one run on one luck" in aside["difference"]
    assert page.ask("live_single")["t"] == "done"
    assert "b" not in frames(page)[-1]


def test_a_feed_is_of_whom_one_asks_for(page):
    opened(page)
    page.ask("live_to", minute=240)
    assert page.ask("live_look", cohort="35-49")["t"] == "done"
    feed = [message for message in page.heard if message["t"] == "live_aside"][-1]["a"]["feed"]
    assert feed and all(item["text"] for item in feed)
    page.ask("live_look", cohort="35-49", account=17)
    account = [message for message in page.heard if message["t"] == "live_aside"][-1]["a"]["account"]
    assert account["row"] == 17


@pytest.mark.parametrize(
    ("kind", "body", "said"),
    [
        ("live_play", {"speed": 1e9}, "speed"),
        ("live_branch", {"minute": 500}, "what was lived so far"),
        ("live_branch", {"minute": 0, "policy": "no_such"}, "policy"),
        ("live_branch", {"minute": 0, "dropped": 3000}, "dropped"),
        ("live_branch", {"minute": 0, "move": "withdraw", "added": 2}, "one thing"),
        ("live_move", {"run": "b", "move": "withdraw"}, "no branch B"),
        ("live_move", {"run": "c", "move": "withdraw"}, "run"),
        ("live_look", {"cohort": "12"}, "cohort"),
        ("live_look", {"cohort": "18-24", "account": 3000}, "account"),
    ],
)
def test_what_cannot_be_is_answered_with_a_sentence_and_the_campaign_goes_on(page, kind, body, said):
    opened(page)
    answer = page.ask(kind, **body)
    assert answer["t"] == "sorry" and said in answer["say"]
    assert page.ask("live_look", cohort="18-24")["t"] == "done"
    assert page.ask("live_to", minute=2)["t"] == "done"


def test_nothing_can_be_played_that_is_not_posted_or_was_not_begun(page):
    assert "press Begin" in page.ask("live_play", speed=20.0)["say"]
    assert "Nothing is posted" in page.ask("live_open", chosen={**CHOSEN, "does": "do_not_post"})["say"]


def test_a_server_plays_so_many_people_at_once_and_no_more(room, monkeypatch):
    monkeypatch.setattr("sim.warroom.explore.playing.MOST_ROWS", 7000)
    with browser(room, "one") as one, browser(room, "two") as two:
        for line in (one, two):
            line.hello("explorer", token=HOUSE_TOKEN)
            opened(line)
        assert "7,000 people at once" in one.ask("live_branch", minute=0)["say"]
        assert two.ask("live_leave")["t"] == "done"
        assert one.ask("live_branch", minute=0)["t"] == "done"
    assert MOST_ROWS > 2_000_000


def test_leaving_frees_the_campaign(room, monkeypatch):
    made = []
    kept = Play.__init__

    def noting(self, *args, **named):
        kept(self, *args, **named)
        made.append(weakref.ref(self))

    monkeypatch.setattr(Play, "__init__", noting)
    with browser(room, "leaver") as line:
        line.hello("explorer", token=HOUSE_TOKEN)
        opened(line)
        line.ask("live_to", minute=60)
        line.ask("live_branch", minute=10)
        bench = weakref.ref(made[0]().a.model.engine.bench)
        opened(line)
        assert len(made) == 2
        line.ask("live_leave")
    gc.collect()
    assert [each() for each in made] == [None, None] and bench() is None


def test_only_the_owner_plays(room):
    with browser(room, "stranger") as line:
        assert line.hello("explorer", token="guess")["t"] == "sorry"
