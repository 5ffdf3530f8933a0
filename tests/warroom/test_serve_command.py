"""``backfire serve``: what it prints, what it refuses, and how it ends."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from contextlib import contextmanager

import pytest
import yaml

from sim.cli.main import main
from sim.warroom import serve
from tests.architecture.source import CHECKOUT
from tests.warroom.live_page import make_house
from tests.warroom.toy_deck import CONTENT


@contextmanager
def serving(folder, *words):
    """Start the command; yield the process and the lines up to its links."""
    command = [sys.executable, "-m", "sim.cli.main", "serve", "port=0", f"results={folder / 'results'}", *words]
    made = subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        lines = []
        while not lines or "Ctrl-C" not in lines[-1]:
            line = made.stdout.readline()
            assert line, made.stderr.read()
            lines.append(line.rstrip())
        yield made, lines
    finally:
        made.kill()
        made.communicate()


def fetched(url):
    with urllib.request.urlopen(url, timeout=5) as answer:
        return answer.read().decode()


@pytest.mark.parametrize(
    ("sent", "code"), [(signal.SIGINT, 0), pytest.param(signal.SIGTERM, 143, marks=pytest.mark.slow)]
)
def test_it_prints_its_links_serves_and_ends_with_where_sessions_are_kept(tmp_path, sent, code):
    with serving(tmp_path) as (made, lines):
        link = re.search(r"(http://127\.0\.0\.1:\d+)/#home/(\S+)", "\n".join(lines))
        address, token = link.groups()
        assert len(token) >= 43
        assert f"{address}/#join" in "\n".join(lines)
        served = [fetched(address + path) for path in ("/", "/page/js/main.js", "/page/js/connection.js")]
        with pytest.raises(urllib.error.HTTPError):
            fetched(f"{address}/{token}")
        made.send_signal(sent)
        out, err = made.communicate(timeout=120)
        assert made.returncode == code
        assert out.strip().splitlines()[-1].endswith(f"sessions are kept in {tmp_path / 'results' / 'sessions.sqlite'}")
        assert err == "", "no log of who asked for what"
        assert not any(token in text for text in (*served, out, err))
    assert list(tmp_path.iterdir()) == [], "nothing is written before there is a session"


def test_a_taken_port_is_said_in_a_sentence(tmp_path, capsys):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main(["serve", f"port={port}", f"results={tmp_path}"]) == 2
    assert f"{port} is taken" in capsys.readouterr().err


def test_without_the_extra_it_says_how_to_install_it(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(serve, "find_spec", lambda name: None)
    assert main(["serve", "port=0", f"results={tmp_path}"]) == 2
    assert "python -m pip install 'backfire[web]'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        ("port=eighty", "port must be a whole number"),
        ("port=70000", "port must be a whole number"),
        ("host=nowhere.invalid", "host must be an address of this machine"),
        ("host=192.0.2.77", "host must be an address of this machine"),
        ("hots=127.0.0.1", "Did you mean 'host'"),
        ("loud", "serve takes words such as"),
        ("deck=none.yaml", "there is none at 'none.yaml'"),
        ("port=1 port=2", "got it twice"),
    ],
)
def test_a_mistake_is_a_sentence_and_nothing_starts(tmp_path, capsys, monkeypatch, word, sentence):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(serve, "serve", lambda *_: pytest.fail("it started"))
    words = [f"port={0}", *word.split()] if not word.startswith("port") else word.split()
    assert main(["serve", *words]) == 2
    said = capsys.readouterr().err
    assert sentence in said and "Traceback" not in said
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("change", "sentence"),
    [({"title": 3}, "title must be text; got 3"), ({"title": "a" * 161}, "title must have at most 160 characters"),
     ({"title": ""}, "title must not be empty"), ({"best_known": {"words": ["policy=nope"], "study": "x"}}, "policy")],
)  # fmt: skip
def test_a_deck_with_a_mistake_is_told_before_anything_starts(tmp_path, capsys, monkeypatch, change, sentence):
    monkeypatch.setattr(serve, "serve", lambda *_: pytest.fail("it started"))
    (tmp_path / "mine.yaml").write_text(yaml.safe_dump(CONTENT | change), encoding="utf-8")
    assert main(["serve", "port=0", f"results={tmp_path / 'results'}", f"deck={tmp_path / 'mine.yaml'}"]) == 2
    assert sentence in capsys.readouterr().err
    assert not (tmp_path / "results").exists()


def test_a_folder_in_the_place_of_the_sessions_is_refused(tmp_path, capsys):
    assert main(["serve", "port=0", f"sessions={tmp_path}"]) == 2
    assert "sessions must be a file" in capsys.readouterr().err


@pytest.mark.parametrize(("host", "warned"), [("0.0.0.0", True), ("127.0.0.1", False), ("localhost", False)])
def test_everybody_who_can_reach_it_is_warned_of(tmp_path, capsys, monkeypatch, host, warned):
    monkeypatch.setattr(serve, "serve", lambda *_: None)
    assert main(["serve", f"host={host}", "port=0", f"results={tmp_path}"]) == 0
    assert ("Everybody on this network can reach the page" in capsys.readouterr().err) is warned


def test_the_page_of_a_network_is_named_by_an_address_that_others_can_open():
    with serve.listen("0.0.0.0", 0) as open_to_all:
        address = serve.address_of(open_to_all)
    assert re.fullmatch(r"http://[^/]+:\d+", address) and "0.0.0.0" not in address


def test_what_still_computes_does_not_hold_up_the_end(tmp_path):
    house, held = make_house(tmp_path), threading.Event()
    try:
        house.pool.submit(held.wait)
        house.stage.submit(lambda: None)
        house.end()
        assert house.ending.is_set()
        assert house.computes(0.05)
    finally:
        held.set()
    assert not house.computes(5.0)
