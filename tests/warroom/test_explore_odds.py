"""The odds as they stream in: soon, of the newest choice alone, and at the end those of ``backfire run``."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import numpy as np
import pytest

from sim.config.root import changed
from sim.study.run.simulate import simulate
from sim.warroom.explore import runs as runs_module
from sim.warroom.explore import setting
from sim.warroom.explore import stream as stream_module
from sim.warroom.explore.phase import AXES, CELLS, coarse_first, crossing, finding
from sim.warroom.explore.runs import Runs, lived
from sim.warroom.explore.setting import Chosen, setting_of
from sim.warroom.explore.stream import Explorer, View
from sim.warroom.explore.worlds import Audiences
from tests.warroom.live_page import HOUSE_TOKEN, LIVE, ORIGIN, Browser, war_room

ROWS = 2000
HEATED = {"people.n_followers": ROWS, "post.openness": 0.9, "people.grievance_mean": 0.45, "horizon_hours": 12.0}
"""A call of which some runs end hijacked, others not."""


@pytest.fixture(scope="module")
def audiences():
    made = Audiences(Event())
    made.world(chosen().configuration).result()
    return made


@pytest.fixture(autouse=True)
def small_diagram(monkeypatch):
    """Fill each cell of the diagram once, not twenty times."""
    monkeypatch.setattr(stream_module, "ROUNDS", (2,))
    monkeypatch.setattr(stream_module, "FULL_ROUNDS", (1,))


def chosen(does="silent", **values):
    named = {name.replace("__", "."): value for name, value in values.items()}
    return setting_of(Chosen(start="own.photo_call", does=does, values={**HEATED, **named}))


def worked_off(view):
    """Carry out a view's work in this thread and return what it told last, by kind."""
    told = {}
    while True:
        piece = view.next()
        if piece is None:
            coming = view.coming()
            if not coming:
                break
            for each in coming:
                each.result()
            continue
        told |= dict(view.carry_out(piece))
    return told | dict(view.news(last=True))


def test_when_all_runs_are_in_the_odds_are_those_of_simulate(audiences):
    setting = chosen()
    told = worked_off(View(1, setting, audiences, AXES, replicates=24))["odds"]
    summary = simulate(setting.configuration, replicates=24)
    assert told["done"] and told["runs"] == 24 and told["stand_in"] is None
    assert {name: end["p"] for name, end in told["ends"].items()} == summary["verdict"]
    assert {name: [end["lo"], end["hi"]] for name, end in told["ends"].items()} == summary["verdict_interval"]
    assert 0 < summary["verdict"]["hijacked"] < 1, "this tells nothing of luck"


def test_intervals_narrow_as_runs_come_in(audiences):
    view = View(1, chosen(), audiences, AXES, replicates=40)
    widths = {}
    while not view.runs.done:
        piece = view.next()
        if piece is None:
            view.coming()[0].result()
            continue
        piece()
        own = view.runs.so_far()
        if own:
            ends = stream_module.telling.odds(own, ROWS)
            widths[len(own)] = max(end["hi"] - end["lo"] for end in ends.values())
    first, last = widths[min(widths)], widths[max(widths)]
    assert max(widths) == 40 and last < 0.6 * first


def test_only_runs_without_a_gap_before_them_are_told(audiences):
    several = Runs(audiences, chosen().configuration, 6, Event())
    if (coming := several.coming) is not None:
        coming.result()
    pieces = []
    while (piece := several.next()) is not None:
        pieces.append(piece)
    assert len(pieces) > 1
    for piece in pieces[:0:-1]:
        piece()
        assert several.so_far() == []
    pieces[0]()
    assert len(several.so_far()) == 6


def test_a_stale_run_ends_in_its_middle_and_gives_its_bench_back(audiences, monkeypatch):
    world = audiences.world(chosen().configuration).result()
    whole = lived(world, 3, lambda: False)
    monkeypatch.setattr(runs_module, "_WHOLE_ROWS", 0)
    asked = []

    def after_a_while():
        asked.append(len(asked))
        return len(asked) > 5

    assert lived(world, 3, after_a_while) is None
    assert len(asked) == 6, "it went on after it was told"
    free = {size: len(benches) for size, benches in world._benches.items()}
    in_slices = lived(world, 3, lambda: False)
    assert in_slices.outcome == whole.outcome and np.array_equal(in_slices.timeline, whole.timeline)
    assert {size: len(benches) for size, benches in world._benches.items()} == free


def test_a_dropped_view_hands_out_nothing_and_tells_nothing(audiences):
    view = View(1, chosen(), audiences, AXES, replicates=24)
    for each in view.coming():  # none where another view has had them made
        each.result()
    pieces = [view.next(), view.next()]
    view.drop()
    assert all(piece is not None for piece in pieces)
    assert [view.carry_out(piece) for piece in pieces] == [[], []]
    assert view.runs.so_far() == []
    assert view.next() is None and view.coming() == [] and view.news(last=True) == []


def test_the_newest_choice_is_told_within_a_second_and_no_other(audiences):
    """On a world that stands, a move of people or post is answered at once; what was asked before is silent then."""

    async def moves():
        told = []
        with ThreadPoolExecutor(2) as pool:
            explorer = Explorer(lambda kind, body: told.append((time.perf_counter(), kind, body)), pool)
            waits = []
            for number, changes in enumerate([{"post__openness": 0.7}, {"people__grievance_mean": 0.5}, {}], start=1):
                begun = time.perf_counter()
                explorer.show(View(number, chosen(**changes), audiences, AXES, replicates=200))
                while not any(kind == "odds" and body["state"] == number and body["ends"] for _, kind, body in told):
                    await asyncio.sleep(0.002)
                waits.append(time.perf_counter() - begun)
                seen = len(told)
                explorer.show(View(number + 100, chosen(post__arousal=0.1), audiences, AXES))
                assert {body["state"] for _, _, body in told[seen:]} <= {number + 100}
            explorer.close()
            seen = len(told)
            await asyncio.sleep(0.05)
            assert len(told) == seen
        return waits, told

    waits, told = asyncio.run(moves())
    assert max(waits) < 1.0
    numbers = [body["state"] for _, _, body in told]
    last_of = {number: max(place for place, each in enumerate(numbers) if each == number) for number in (1, 2, 3)}
    assert last_of[1] < numbers.index(2) and last_of[2] < numbers.index(3)


def test_a_stand_in_speaks_first_is_marked_and_gives_way(audiences, monkeypatch):
    monkeypatch.setattr(stream_module, "STAND_IN_ROWS", 500)
    monkeypatch.setattr(stream_module, "SMALL_ROWS", 1000)
    view = View(1, chosen(), audiences, AXES, replicates=20)
    heard = []
    while True:
        piece = view.next()
        if piece is None:
            if not view.coming() and view.is_settled:
                break
            for each in view.coming():
                each.result()
            continue
        heard += view.carry_out(piece)
    heard += view.news(last=True)
    told = [body for kind, body in heard if kind == "odds" and body["ends"]]
    assert (
        told[0]["stand_in"] == {"rows": 500, "runs": told[0]["stand_in"]["runs"]}
        and "stand-in of 500" in told[0]["said"]
    )
    assert told[-1]["stand_in"] is None and told[-1]["runs"] == 20 and f"{ROWS:,} people" in told[-1]["said"]
    assert all(body["stand_in"] is None for body in told if body["runs"] >= stream_module.ENOUGH)
    maps = [body for kind, body in heard if kind == "phase"]
    assert maps[0]["rows"] == 500 and f"on all {ROWS:,} people" not in maps[0]["note"]
    assert maps[-1]["rows"] == ROWS and maps[-1]["note"].endswith(f"on all {ROWS:,} people.")


def test_only_what_fixes_the_graph_builds_another(audiences):
    base = audiences.world(chosen().configuration).result()
    for same in (
        {"post__room": 0.1},
        {"people__support_mean": 0.2},
        {"agency__skill": 0.9},
        {"reaction__b_social": 0.5},
    ):
        other = audiences.world(chosen(**same).configuration).result()
        assert other.whole is base.whole
    assert audiences.stands(chosen(post__room=0.2).configuration)
    for another in ({"people__n_followers": 1500}, {"people__community_share": 0.4}, {"seed": 2}):
        assert not audiences.stands(chosen(**another).configuration)


def test_not_posting_and_listening_stand_beside_every_choice_on_the_same_luck(audiences):
    rows = worked_off(View(1, chosen("acknowledge"), audiences, AXES, replicates=20))["beside"]["rows"]
    assert [row["option"] for row in rows] == ["as_is", "do_not_post", "listen"]
    assert rows[1]["hijacked"] == 0.0 and rows[1]["difference"] == -rows[0]["hijacked"]
    months = changed(chosen("acknowledge").configuration, {"agency.listening_months": 6.0})
    assert rows[2]["hijacked"] == simulate(months, replicates=rows[2]["runs"])["verdict"]["hijacked"]


def test_nothing_is_run_where_nothing_is_posted(audiences):
    view = View(1, chosen("do_not_post"), audiences, AXES)
    assert view.next() is None and view.coming() == []


def test_the_diagram_holds_the_odds_of_its_points_and_stays_while_only_its_axes_move(audiences):
    first = View(1, chosen(horizon_hours=2.0), audiences, AXES, replicates=4)
    told = worked_off(first)["phase"]
    hits, counts = np.array(told["hits"]), np.array(told["runs"])
    assert counts.shape == (CELLS, CELLS) and (counts == 2).all()
    for x, y in ((8, 8), (2, 6), (0, 0)):
        values = {
            name: phase_values[place]
            for name, phase_values, place in zip(AXES, first.phases[0].values, (x, y), strict=True)
        }
        point = changed(first.setting.configuration, values)
        assert hits[y, x] / 2 == simulate(point, replicates=2)["verdict"]["hijacked"]
    moved = View(2, chosen(horizon_hours=2.0, post__openness=0.2), audiences, AXES, before=first.phases)
    assert moved.phases[0] is first.phases[0]
    other = View(3, chosen(horizon_hours=2.0, post__room=0.2), audiences, AXES, before=moved.phases)
    assert other.phases[0] is not first.phases[0] and first.phases[0].stale.is_set()


def test_the_diagram_s_cells_come_coarse_first_and_each_once():
    order = coarse_first(CELLS)
    assert len(set(order)) == CELLS * CELLS
    assert set(order[:9]) == {(x, y) for x in (0, 4, 8) for y in (0, 4, 8)}


def test_the_diagram_says_where_its_line_is_crossed():
    assert crossing([0.0, 0.5, 1.0], [0.0, 0.25, 0.75], 0.9) == pytest.approx(0.75)
    assert crossing([0.0, 0.5, 1.0], [0.0, 0.1, 0.2], 0.9) is None
    assert crossing([0.0, 1.0, 2.0, 3.0], [0.0, 1.0, 0.0, 1.0], 2.8) == pytest.approx(2.5)
    line = np.linspace(0.0, 1.0, CELLS)
    shares = np.tile(line, (CELLS, 1))  # the line depends on x alone
    said = finding(shares, [line.tolist(), line.tolist()], [0.8, 0.3], ["openness", "grievance"])
    assert said == (
        "With grievance as it is, the odds of a hijack pass one half at openness 0.50; you stand at 0.8, above it. "
        "Whatever grievance is, they stay above one half."
    )


def test_a_browser_chooses_over_its_line_and_hears_of_its_own_choice(tmp_path, monkeypatch):
    monkeypatch.setattr(setting, "_predicted", frozenset)  # as before the predictions of fresh cases were frozen
    with war_room(tmp_path) as client, client.websocket_connect(LIVE, headers=ORIGIN) as socket:
        browser = Browser(socket, "a-page")
        offer = browser.ask("hello", **{"as": "explorer", "token": HOUSE_TOKEN, "page": "a-page"})
        assert {"do_not_post", "listen_first"} <= {each["does"] for each in offer["does"]}
        assert browser.ask("begin", start="own.photo_call")["axes"]
        assert "kept for validation" in browser.ask("begin", start="qantas_luxury")["say"]
        refused = browser.ask("choose", chosen={"start": "qantas_luxury"})
        assert refused["t"] == "sorry" and "kept for validation" in refused["say"]
        wrong = browser.ask("choose", chosen={"start": "own.photo_call", "values": {"post.openness": 2}})
        assert wrong["t"] == "sorry" and "post.openness" in wrong["say"]
        answer = browser.ask("choose", chosen={"start": "own.photo_call", "values": HEATED}, axes=list(AXES))
        assert answer["command"].startswith("backfire run post=photo_call people.n_followers=2000")
        while True:
            told = browser.wait_for("odds")
            if told["ends"]:
                break
        assert told["state"] == answer["n"] and told["runs"] > 0
        nothing = browser.ask("choose", chosen={"start": "own.photo_call", "does": "do_not_post", "values": HEATED})
        assert nothing["posted"] is False and nothing["command"] == ""


def test_whoever_lacks_the_house_link_is_not_let_in(tmp_path):
    with war_room(tmp_path) as client, client.websocket_connect(LIVE, headers=ORIGIN) as socket:
        answer = Browser(socket, "a-page").ask("hello", **{"as": "explorer", "token": "another", "page": "a-page"})
        assert answer["t"] == "sorry" and answer["final"]
