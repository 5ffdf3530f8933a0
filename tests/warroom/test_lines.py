"""What waits for a browser: the newest state of each kind, and all that was told, in order."""

from __future__ import annotations

import asyncio
import json

import pytest

from sim.warroom.doors import Limits
from sim.warroom.lines import FULL, Line, Page, Pages, Sheet


def sent(play, **limits):
    """Return what a browser is sent after ``play(line)``, and the code of the line's end."""

    async def go():
        line, got = Line("here", Limits(**limits)), []

        async def send(text):
            got.append(json.loads(text))

        play(line)
        line.close()
        return got, (await line.write(send))[0]

    return asyncio.run(go())


def test_a_newer_state_takes_the_place_of_one_that_was_not_sent():
    def play(line):
        for minute in range(1000):
            line.put("clock", {"minute": minute})
            line.put("odds", {"share": minute})

    got, _ = sent(play)
    assert got == [{"t": "clock", "minute": 999}, {"t": "odds", "share": 999}]


def test_what_is_told_is_never_dropped_nor_overtaken_by_a_later_state():
    def play(line):
        line.put("clock", {"minute": 1})
        line.tell("phase", {"now": "paused"})
        line.put("clock", {"minute": 2})
        line.tell("phase", {"now": "over"})

    got, _ = sent(play)
    assert got == [{"t": "phase", "now": "paused"}, {"t": "clock", "minute": 2}, {"t": "phase", "now": "over"}]


def test_a_state_that_is_put_all_the_time_does_not_hold_up_others():
    async def go():
        line, got = Line("here", Limits()), []

        async def send(text):
            got.append(json.loads(text)["t"])
            line.put("busy")
            if len(got) == 20:
                line.close()

        for kind in ("busy", "one", "two"):
            line.put(kind)
        await line.write(send)
        return got

    assert {"one", "two"} <= set(asyncio.run(go())[:4])


@pytest.mark.parametrize("limits", [{"waiting_messages": 50}, {"waiting_bytes": 5000}])
def test_a_browser_for_which_too_much_waits_is_gone(limits):
    def play(line):
        for number in range(200):
            line.tell("news", {"number": number, "text": "x" * 40})

    got, code = sent(play, **limits)
    assert (got, code) == ([], FULL)


def test_waiting_bytes_are_counted_down_again():
    def play(line):
        for number in range(5000):
            line.put("state", {"number": number, "text": "x" * 100})

    got, code = sent(play, waiting_bytes=400)
    assert [message["number"] for message in got] == [4999]
    assert code != FULL


def test_a_browser_that_takes_nothing_is_given_up():
    async def go():
        line = Line("here", Limits(send_seconds=0.01))

        async def send(text):
            await asyncio.Event().wait()

        line.tell("news")
        with pytest.raises(TimeoutError):
            await line.write(send)
        line.tell("news")  # nobody is there any more: nothing waits
        return line.is_open, len(line._waiting)

    assert asyncio.run(go()) == (False, 0)


@pytest.mark.parametrize("body", [{"share": float("nan")}, {"when": object()}])
def test_what_json_does_not_know_fails_where_it_is_put(body):
    with pytest.raises((ValueError, TypeError)):
        Sheet("state", body)


class Kept:
    """A line that keeps what it is told."""

    def __init__(self):
        self.told = []

    def tell_text(self, text):
        self.told.append(json.loads(text))


def test_a_message_that_comes_again_gets_the_answer_that_it_got():
    page, first, second = Page(), Kept(), Kept()
    page.line = first
    assert page.first_time(1)
    assert not page.first_time(1)  # under way: its answer is still to come
    page.line = second
    page.answer(1, Sheet("done", {"n": 1, "what": "this"}).text)
    assert not page.first_time(1)
    assert first.told == []
    assert second.told == [{"t": "done", "n": 1, "what": "this"}] * 2


def test_a_message_that_comes_again_far_too_late_is_not_carried_out():
    page, line = Page(), Kept()
    page.line = line
    for n in range(1, 200):
        assert page.first_time(n)
        page.answer(n, Sheet("done", {"n": n}).text)
    assert not page.first_time(1)
    assert line.told[-1]["t"] == "sorry"


def test_long_answers_are_not_kept_for_long():
    page, line = Page(), Kept()
    page.line = line
    for n in range(1, 40):
        assert page.first_time(n)
        page.answer(n, Sheet("done", {"n": n, "table": "x" * 50_000}).text)
    assert sum(map(len, page._answers.values())) < 250_000
    assert not page.first_time(39)
    assert line.told[-1]["n"] == 39 and line.told[-1]["t"] == "done"
    assert not page.first_time(2)
    assert line.told[-1]["t"] == "sorry"


def test_pages_are_told_apart_by_their_right_and_old_ones_forgotten():
    pages = Pages()
    mine = pages.page("p", "member", "s", "digest")
    assert pages.page("p", "member", "s", "digest") is mine
    assert pages.page("p", "member", "s", "another") is not mine
    for number in range(3000):
        pages.page(str(number))
    assert pages.page("p", "member", "s", "digest") is not mine
