"""Raw sockets against the real server: halves of requests, huge ones, paths that lead elsewhere, too many lines."""

from __future__ import annotations

import json
import socket
import threading
import time
from contextlib import contextmanager

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from sim.warroom import serve
from sim.warroom.app import make_app
from sim.warroom.home import HomeDesk
from tests.warroom.live_page import make_house

PATIENCE = 30.0
ELSEWHERE = (
    "/page/%00", "/page/..%2f..%2fapp.py", "/page/....//app.py", "/page/%2e%2e/%2e%2e/app.py", "//etc/passwd",
    "/page//etc/passwd", "/page/" + "a" * 5000, "/page/js", "/live", "/page/%ff%fe",
)  # fmt: skip


@contextmanager
def serving(folder, **limits):
    """Run a server that takes visitors alone; yield its port."""
    house = make_house(folder, **limits)
    with serve.listen("127.0.0.1", 0) as listening:
        port = listening.getsockname()[1]
        server = serve.server_of(make_app(house, port, {"visitor": HomeDesk(house)}), house.limits)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield port
        finally:
            server.should_exit = True
            thread.join(PATIENCE)
    assert not thread.is_alive()


def asked(port, text):
    """Send something, and return the first line of what comes back: empty, if the connection was ended."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as line:
        try:
            line.sendall(text)
            return line.recv(4096).partition(b"\r\n")[0].decode()
        except OSError:  # it was ended in the middle of what was sent
            return ""


def request(port, path, *headers):
    """Return a request as bytes."""
    lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", *headers, "", ""]
    return "\r\n".join(lines).encode("latin-1")


def line_to(port):
    """Open a line as the server's own page does."""
    return connect(f"ws://127.0.0.1:{port}/live", origin=f"http://127.0.0.1:{port}", open_timeout=PATIENCE)


def greeted(line, page):
    """Say hello and return the answer's type."""
    line.send(json.dumps({"t": "hello", "n": 1, "as": "visitor", "page": page}))
    return json.loads(line.recv(PATIENCE))["t"]


def test_who_asks_for_nothing_is_let_go_and_who_has_a_line_stays(tmp_path, monkeypatch):
    monkeypatch.setattr(serve, "_REQUEST_SECONDS", 0.3)
    with serving(tmp_path) as port, line_to(port) as line:
        whole = request(port, "/page/mark.svg")
        for begun in (b"", whole[:30], whole + whole[:30]):
            with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as silent:
                silent.sendall(begun)
                while silent.recv(65536):
                    pass
        time.sleep(0.7)
        assert greeted(line, "stays") == "done"


def test_requests_that_are_huge_none_or_lead_elsewhere_are_answered_and_survived(tmp_path, capfd):
    with serving(tmp_path) as port:
        for path in ELSEWHERE:
            assert asked(port, request(port, path)).split()[1] in ("400", "403", "404", "405", "307"), path
        assert asked(port, request(port, "/", "X-Long: " + "x" * 200_000)).split()[1:2] in ([], ["400"], ["431"])
        assert asked(port, request(port, "/", *[f"X-{n}: 1" for n in range(20_000)])).split()[1:2] in (
            [],
            ["400"],
            ["431"],
        )
        for text in (b"\x00\x01\x02\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"\x16\x03\x01\x02\x00\x01"):
            asked(port, text + b"\r\n\r\n")
        double = request(port, "/").replace(b"\r\n\r\n", b"\r\nHost: evil.example\r\n\r\n")
        assert asked(port, double).split()[1:2] in ([], ["400"], ["403"])
        assert asked(port, request(port, "http://evil.example/page/mark.svg")).split()[1] == "404"
        assert asked(port, request(port, "/page/mark.svg")).split()[1] == "200"
    assert capfd.readouterr().err == ""


def test_one_address_takes_no_more_than_its_share_of_the_lines(tmp_path):
    with serving(tmp_path, lines_an_address=2) as port:
        with line_to(port) as one, line_to(port) as two:
            assert greeted(one, "a") == greeted(two, "b") == "done"
            with line_to(port) as three, pytest.raises(ConnectionClosed) as gone:
                three.recv(PATIENCE)
            assert gone.value.rcvd.code == 1013
        for _ in range(100):
            with line_to(port) as again:
                try:
                    assert greeted(again, "c") == "done"
                    break
                except ConnectionClosed:  # the server has yet to see that the others left
                    time.sleep(0.1)
        else:
            pytest.fail("the places of those who left are not free")
