"""Over real sockets: one that never reads holds nobody up, giants are cut off, and lines end with the server."""

from __future__ import annotations

import json
import logging
import socket
import threading
import time
from contextlib import contextmanager

import pytest
import uvicorn
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from sim.warroom.app import make_app
from sim.warroom.serve import listen, server_of
from tests.warroom.live_page import make_house
from tests.warroom.toy_desk import ToyDesk


@contextmanager
def listening(folder, **limits):
    """Run a server of toys on a free port; yield its port, its desk and its server."""
    made = listen("127.0.0.1", 0)
    port = made.getsockname()[1]
    house, desk = make_house(folder, **limits), ToyDesk()
    server: uvicorn.Server = server_of(make_app(house, port, {"toy": desk}), house.limits)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [made]})
    thread.start()
    try:
        yield port, desk, server
    finally:
        server.should_exit = True
        thread.join(10)
        made.close()
        assert not thread.is_alive()


@contextmanager
def line(port, page, **options):
    """Open a greeted line."""
    with connect(f"ws://127.0.0.1:{port}/live", origin=f"http://127.0.0.1:{port}", compression=None, max_size=None,
                 close_timeout=0.2, **options) as made:  # fmt: skip
        made.send(json.dumps({"t": "hello", "n": 1, "as": "toy", "page": page}))
        assert json.loads(made.recv(5))["t"] == "done"
        yield made


def deaf(port):
    """Open a greeted line by hand that takes a little and then never reads again."""
    made = socket.create_connection(("127.0.0.1", port))
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    made.sendall(
        f"GET /live HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
        "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode()
    )
    assert b"101" in made.recv(4096)
    hello = json.dumps({"t": "hello", "n": 1, "as": "toy", "page": "deaf"}).encode()
    # a frame of a browser: final text, its length, masked with zeros
    made.sendall(bytes([0x81, 0x80 | len(hello), 0, 0, 0, 0]) + hello)
    return made


def until(holds, seconds=10.0):
    """Wait until something holds."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_one_that_never_reads_holds_nobody_up_and_is_given_up(tmp_path):
    with listening(tmp_path, send_seconds=0.4) as (port, desk, _):
        never = deaf(port)
        until(lambda: len(desk.lines) == 1)
        slow = desk.lines[0]
        with never, line(port, "pourer") as pourer, line(port, "watcher") as watcher:
            pourer.send(json.dumps({"t": "pour", "n": 2, "times": 60}))
            numbers, slowest = [], 0.0
            for n in range(2, 22):
                begun = time.monotonic()
                watcher.send(json.dumps({"t": "count", "n": n}))
                while (heard := json.loads(watcher.recv(5))).get("n") != n:
                    numbers.append(heard["number"])
                slowest = max(slowest, time.monotonic() - begun)
            assert desk.counted == 20
            assert slowest < 2.0, "others are answered while twelve megabytes wait for one that never reads"
            assert numbers == sorted(numbers)
            until(lambda: not slow.is_open and slow not in desk.lines)
            watcher.send(json.dumps({"t": "count", "n": 30}))
            while json.loads(watcher.recv(5)).get("n") != 30:
                pass
        until(lambda: not desk.lines)


def test_a_giant_is_cut_off_and_others_go_on(tmp_path):
    with listening(tmp_path) as (port, desk, _), line(port, "calm") as calm:
        with line(port, "giant") as giant, pytest.raises(ConnectionClosed):
            giant.send("x" * 5_000_000)
            giant.recv(5)
        with line(port, "long") as long:
            for letters in ("x" * 20_000, "ü" * 9_000):
                long.send(json.dumps({"t": "echo", "n": 2, "text": letters}, ensure_ascii=False))
                assert "at most 16384 bytes" in json.loads(long.recv(5))["say"]
        calm.send(json.dumps({"t": "count", "n": 2}))
        assert json.loads(calm.recv(5))["counted"] == 1
        until(lambda: len(desk.lines) == 1)


def test_letters_that_are_none_end_a_line_without_a_word_in_the_log(tmp_path, caplog):
    with caplog.at_level(logging.INFO), listening(tmp_path) as (port, desk, _):
        made = deaf(port)
        with made:
            until(lambda: len(desk.lines) == 1)
            made.sendall(bytes([0x81, 0x82, 0, 0, 0, 0]) + b"\xff\xfe")
            until(lambda: not desk.lines)
        assert [record for record in caplog.records if record.name.startswith("uvicorn")] == []


def test_browsers_are_sent_away_when_the_server_ends(tmp_path):
    with listening(tmp_path) as (port, _, server), line(port, "stays") as stays:
        server.should_exit = True
        with pytest.raises(ConnectionClosed) as gone:
            stays.recv(5)
        assert gone.value.rcvd is not None and gone.value.rcvd.code == 1012
