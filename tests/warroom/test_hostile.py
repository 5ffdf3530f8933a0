"""Whatever a browser sends is answered and survived, and nobody else notices."""

from __future__ import annotations

import json
import random
import time
from contextlib import contextmanager

import pytest
from starlette.websockets import WebSocketDisconnect

from sim.warroom.app import desks_of, make_app
from tests.warroom.live_page import HERE, LIVE, ORIGIN, Browser, browser, make_house, served
from tests.warroom.toy_desk import ToyDesk

FRAMES = 2000
BAD_TEXTS = [
    "", "hello", "count", "\x00", "\ud800", "'; drop table events; --", "<img src=x onerror=alert(1)>",
    "../../etc/passwd", "__proto__", "constructor", "\u202eabc", "😀" * 50, "x" * 5000,
]  # fmt: skip


@contextmanager
def toys(folder, **limits):
    """Run the war room with a desk of toys beside its own; yield the client and that desk."""
    house, desk = make_house(folder, **limits), ToyDesk()
    with served(make_app(house, 8765, desks_of(house) | {"toy": desk})) as client:
        yield client, desk


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    with toys(tmp_path_factory.mktemp("room")) as both:
        yield both


def grown(draw, depth=0):
    """Return something that JSON can hold, or nearly."""
    kind = draw.randrange(9 if depth < 4 else 6)
    if kind == 0:
        return draw.choice([None, True, False, float("nan"), float("inf"), -0.0, 1e308, 2**63, -1, 0, 10**30])
    if kind == 1:
        return draw.choice(BAD_TEXTS)
    if kind in (2, 3):
        return draw.randrange(-5, 50)
    if kind in (4, 5):
        return "".join(chr(draw.randrange(1, 0x500)) for _ in range(draw.randrange(20)))
    if kind == 6:
        return [grown(draw, depth + 1) for _ in range(draw.randrange(4))]
    return {str(grown(draw, 9)): grown(draw, depth + 1) for _ in range(draw.randrange(4))}


def frame(draw):
    """Return one hostile frame: text or bytes."""
    kind = draw.randrange(10)
    if kind == 0:
        return bytes(draw.randrange(256) for _ in range(draw.randrange(60)))
    if kind == 1:
        return draw.choice(["[", '{"a":', "[[", "{"]) * draw.choice([1, 100, 4000])
    if kind == 2:
        return "".join(chr(draw.randrange(32, 0x2000)) for _ in range(draw.randrange(200)))
    if kind == 3:
        return json.dumps(
            {"t": "echo", "n": draw.randrange(1, 10), "text": "x" * draw.choice([400, 401, 17_000, 60_000])}
        )
    if kind == 4:
        return json.dumps(grown(draw))
    body = {
        "t": draw.choice(["hello", "count", "echo", "break", "forbid", "pour", "sing", grown(draw, 9)]),
        "n": grown(draw, 9),
    }
    for name in draw.sample(["as", "page", "token", "text", "by", "times", "t", "n", "constructor"], draw.randrange(4)):
        body[name] = grown(draw, 2)
    if body["t"] == "pour":
        body["times"] = draw.choice(["3", 0, -1, 1e9, None])
    text = json.dumps(body)
    return text[: draw.randrange(1, len(text))] if draw.random() < 0.2 else text


@pytest.fixture
def noted(monkeypatch):
    """The faults that the server notes."""
    faults = []
    monkeypatch.setattr("sim.warroom.live.note_fault", lambda where, problem: faults.append(type(problem)))
    return faults


def test_thousands_of_hostile_frames_are_answered_and_survived(tmp_path, noted):
    draw = random.Random(20140422)
    answered = ended = opened = 0
    with toys(tmp_path, messages_a_second=1e9, messages_at_once=1e9) as (client, desk), browser(client, "good") as good:
        assert good.hello("toy")["welcome"]
        left = FRAMES
        while left:
            opened += 1
            greeted = draw.random() < 0.7
            with client.websocket_connect(LIVE, headers=ORIGIN) as socket:
                bad = Browser(socket, f"bad-{opened}")
                if greeted:
                    assert bad.hello("toy")["t"] == "done"
                try:
                    while left:
                        left -= 1
                        sent = frame(draw)
                        socket.send_bytes(sent) if isinstance(sent, bytes) else socket.send_text(sent)
                        if json.loads(socket.receive_text())["t"] in ("done", "sorry", "echo"):
                            answered += 1
                except WebSocketDisconnect as gone:
                    ended += 1
                    assert gone.code == 1008
            if opened % 10 == 0:
                assert good.ask("count")["t"] == "done"
        assert good.ask("count")["t"] == "done"
    assert answered + ended >= FRAMES
    assert ended > 10, "lines that go on with it are ended"
    assert set(noted) <= {RuntimeError}, "only the fault that the toy makes itself"
    assert desk.lines == []


def test_a_line_that_goes_on_with_nonsense_is_told_and_ended(room):
    client, _ = room
    with client.websocket_connect(LIVE, headers=ORIGIN) as socket:
        for _ in range(31):
            socket.send_text("nonsense")
        said = []
        with pytest.raises(WebSocketDisconnect) as gone:
            while True:
                said.append(json.loads(socket.receive_text()))
    assert gone.value.code == 1008
    assert [message["t"] for message in said] == ["sorry"] * 32
    assert said[-1]["final"]


def test_a_fault_at_a_desk_ends_one_message_and_tells_nothing(room, capsys, monkeypatch):
    monkeypatch.delenv("BACKFIRE_DEBUG", raising=False)
    client, _ = room
    with browser(client, "faulty") as one:
        one.hello("toy")
        answer = one.ask("break")
        assert answer["t"] == "sorry" and "s3cr3t" not in answer["say"]
        assert one.ask("forbid")["say"] == "toy.rule must hold."
        assert one.ask("echo", text="still here")["t"] == "done"
    noted = capsys.readouterr().err
    assert "RuntimeError" in noted and "s3cr3t" not in noted


@pytest.mark.parametrize(("token", "sentence"), [("refuse", "Not you."), ("break", "Something went wrong here")])
def test_who_is_not_taken_is_told_why_and_let_go(room, token, sentence):
    client, desk = room
    with browser(client, "refused") as one:
        answer = one.hello("toy", token=token)
        assert answer["t"] == "sorry" and answer["say"].startswith(sentence) and answer["final"]
        with pytest.raises(WebSocketDisconnect):
            one.hear()
    assert desk.lines == []


def test_a_message_that_is_sent_again_is_done_once(room):
    client, desk = room
    with browser(client, "again") as one:
        one.hello("toy")
        before = one.ask("count", n=5)["counted"]
        assert one.ask("count", n=5)["counted"] == before
    with browser(client, "again") as back:  # the page comes back on a new line, with the answer it may have missed
        back.hello("toy", n=9)
        assert back.ask("count", n=5)["counted"] == before
        assert back.ask("count", n=6)["counted"] == before + 1
    with browser(client, "another") as other:
        other.hello("toy")
        assert other.ask("count", n=5)["counted"] == before + 2
    assert desk.counted == before + 2


def test_a_page_that_comes_back_takes_the_place_of_its_broken_line(room):
    client, desk = room
    with browser(client, "twice") as first:
        first.hello("toy")
        held = desk.lines[-1]
        with browser(client, "twice") as second:
            second.hello("toy")
            assert held in desk.closed_lines and len(desk.lines) == 1
            assert second.ask("count")["t"] == "done"
            with pytest.raises(WebSocketDisconnect):
                first.ask("count")
    assert desk.closed_lines.count(held) == 1


def test_one_that_sends_too_fast_is_read_more_slowly_and_loses_nothing(tmp_path):
    with toys(tmp_path, messages_a_second=50.0, messages_at_once=5.0) as (client, desk):
        with browser(client, "fast") as fast, browser(client, "calm") as calm:
            fast.hello("toy")
            calm.hello("toy")
            begun = time.monotonic()
            for _ in range(20):
                fast.send("count")
            assert calm.ask("echo", text="hello")["t"] == "done"
            while True:
                if fast.hear().get("counted") == 20:
                    break
            assert time.monotonic() - begun > 0.25
        assert desk.counted == 20


def test_nobody_who_keeps_silent_holds_a_place(tmp_path):
    with toys(tmp_path, hello_seconds=0.05) as (client, _), browser(client) as silent:
        with pytest.raises(WebSocketDisconnect) as gone:
            silent.hear()
        assert gone.value.code == 1008


def test_no_more_browsers_than_there_is_room_for(tmp_path):
    with toys(tmp_path, lines=2) as (client, _):
        with browser(client, "a") as one, browser(client, "b") as two:
            assert one.hello("toy")["t"] == two.hello("toy")["t"] == "done"
            with browser(client, "c") as three, pytest.raises(WebSocketDisconnect) as gone:
                three.hear()
            assert gone.value.code == 1013
        with browser(client, "d") as four:
            assert four.hello("toy")["t"] == "done"


@pytest.mark.parametrize("headers", [{}, {"origin": "null"}, {"origin": "http://evil.example"}, {"origin": "http://localhost:8765"},
                                     {"origin": HERE, "host": "evil.example:8765"}])  # fmt: skip
def test_a_line_from_another_page_or_under_another_name_is_refused(room, headers):
    client, _ = room
    with pytest.raises(WebSocketDisconnect), client.websocket_connect(LIVE, headers=headers):
        pass


def test_a_request_under_another_name_or_to_write_is_refused(room):
    client, _ = room
    assert client.get("/", headers={"host": "evil.example:8765"}).status_code == 403
    assert client.post("/").status_code == 403
    assert client.get("/page/../app.py").status_code == 404
    assert client.get("/page/%2e%2e/app.py").status_code == 404
    assert client.get("/openapi.json").status_code == client.get("/docs").status_code == 404
    for answer in (client.get("/nothing"), client.get("/page/js/main.js"), client.post("/")):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cache-control"] == "no-cache"
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert "server" not in answer.headers
