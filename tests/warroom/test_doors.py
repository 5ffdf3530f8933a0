"""Secrets, codes, and where a page may come from."""

from __future__ import annotations

import hmac

import pytest

from sim.warroom import doors
from sim.warroom.doors import Bucket, Doors, Limits, Refused, admit, digest, new_code, new_token, tidy_code


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


def test_tokens_and_codes_do_not_repeat_and_codes_are_easy_to_type():
    assert len({new_token() for _ in range(200)}) == 200
    codes = {new_code() for _ in range(200)}
    assert len(codes) == 200
    assert all(len(code) == 6 and not set(code) & set("O0I1L") for code in codes)
    assert tidy_code(" kx-m 4rt ") == "KXM4RT"


def test_secrets_are_compared_in_constant_time_and_kept_as_digests(monkeypatch):
    compared = []
    monkeypatch.setattr(hmac, "compare_digest", lambda one, two: compared.append((one, two)) or one == two)
    token = new_token()
    admit(token, digest(token), "no")
    with pytest.raises(Refused, match="^no$"):
        admit(token[:-1], digest(token), "no")
    assert len(compared) == 2
    assert all(token not in pair for pair in compared)


@pytest.mark.parametrize("given", [None, "", "x", "ü\ud800", "x" * 100_000])
def test_what_is_no_secret_opens_nothing(given):
    for kept in (digest("the secret"), None):
        with pytest.raises(Refused):
            admit(given, kept, "no")


def test_every_code_is_compared_whichever_is_right(monkeypatch):
    seen = []
    monkeypatch.setattr(doors, "same", lambda given, kept: seen.append(kept) or given == kept)
    guard = Doors(Limits(), Clock())
    kept = {"a": "AAAAAA", "b": "BBBBBB", "c": "CCCCCC"}
    assert guard.opened_by("room", "aaa aaa", kept) == "a"
    assert seen == list(kept.values())


def test_codes_cannot_be_found_by_trying():
    clock = Clock()
    guard = Doors(Limits(guesses_a_minute=5, all_guesses_a_minute=12), clock)
    kept = {"mine": digest("KXM4RT")}
    for _ in range(5):
        with pytest.raises(Refused, match="No session has this code"):
            guard.opened_by("there", "AAAAAA", kept)
    with pytest.raises(Refused, match="wait a minute"):
        guard.opened_by("there", "KXM4RT", kept)
    assert guard.opened_by("here", "KXM4RT", kept) == "mine"  # others go on
    clock.now += 60.0
    assert guard.opened_by("there", "KXM4RT", kept) == "mine"
    for number in range(12):
        with pytest.raises(Refused):
            guard.opened_by(f"bot {number}", "AAAAAA", kept)
    with pytest.raises(Refused, match="wait a minute"):  # many addresses share one measure
        guard.opened_by("another bot", "AAAAAA", kept)


def test_right_codes_use_nothing_up():
    guard = Doors(Limits(guesses_a_minute=3, all_guesses_a_minute=3), Clock())
    assert {guard.opened_by("room", "KXM4RT", {"it": digest("KXM4RT")}) for _ in range(50)} == {"it"}


def test_a_bucket_fills_with_time_and_tells_how_long_to_wait():
    clock = Clock()
    bucket = Bucket(2.0, 3.0, clock)
    assert [bucket.take() for _ in range(4)] == [True, True, True, False]
    assert bucket.owe() == pytest.approx(0.5)
    clock.now += 100.0
    assert [bucket.owe() for _ in range(4)] == [0.0, 0.0, 0.0, pytest.approx(0.5)]


@pytest.mark.parametrize(
    "host", ["127.0.0.1:8765", "localhost:8765", "LOCALHOST:8765", "[::1]:8765", "192.168.1.20:8765"]
)
def test_the_machine_is_known_by_its_addresses_and_its_own_names(host):
    assert doors.host_allowed(host, doors.host_names(8765))


@pytest.mark.parametrize(
    "host", [None, "", "evil.example", "evil.example:8765", "localhost:80", "127.0.0.1.evil.example:8765", "localhost",
             "127.0.0.1:8765@evil.example", "0x7f.1:8765", ":8765", "[::1"]
)  # fmt: skip
def test_a_name_that_others_can_point_here_is_refused(host):
    assert not doors.host_allowed(host, doors.host_names(8765))


@pytest.mark.parametrize("origin", [None, "null", "http://evil.example", "https://127.0.0.1:8765", "http://127.0.0.1:1",
                                    "http://localhost:8765", "http://127.0.0.1:8765.evil.example"])  # fmt: skip
def test_only_the_page_of_this_address_talks_with_it(origin):
    assert doors.origin_allowed("http://127.0.0.1:8765", "127.0.0.1:8765")
    assert not doors.origin_allowed(origin, "127.0.0.1:8765")
