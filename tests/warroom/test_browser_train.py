"""What desk, wall and team page tell at each turn of a session, drawn from what the server sends there."""

from __future__ import annotations

import re

import pytest

pytest.importorskip("playwright.sync_api", reason="the live page is driven by Playwright (extra dev)")

from playwright.sync_api import expect

from sim.warroom.train.events import Asked, Closed, Confirmed, Decided, Drafted, Ended, Revealed, Settled
from tests.warroom.drawn_views import ADDRESS, START, View, early_deck, events, serve
from tests.warroom.real_browser import PHONE, WALL, look


def said(team: int, at: float = START + 6, decision: str = "first", move: str = "clarify", **more: object) -> Decided:
    words = {"sentence": f"Sentence of {team}.", "argument": f"Argument of {team}.", "confidence": 60} | more
    return Decided(at=at, team=team, member=f"m{team}", decision=decision, move=move, **words)


def draft(team: int, at: float = START + 7, **more: object) -> Drafted:
    return Drafted(at=at, team=team, member=f"m{team}", decision="first", **more)


CLOSED, SETTLED = Closed(at=START + 65), Settled(at=START + 70)


def test_the_desk_tells_who_has_submitted_who_writes_and_who_is_away(person):
    somebody = person(WALL)
    happened = [*events(4), said(1), draft(2, sentence="We")]
    view = View(somebody.page, "room", happened)
    view.show(happened, online={"m1": 1, "m2": 1, "m3": 1})
    who = view.page.get_by_role("group", name="Who has submitted")
    expect(who).to_contain_text("1 of 4 submitted")
    states = who.get_by_role("listitem").all_inner_texts()
    assert states == ["Team 1: submitted", "Team 2: writing", "Team 3: reading", "Team 4: away"]
    look(somebody, "desk-who")
    view.show([*happened, CLOSED])
    expect(who).to_be_hidden()


def test_what_came_too_late_and_what_was_never_submitted_stay_on_the_desk(person):
    somebody = person(WALL)
    happened = [*events(3), draft(3, sentence="Only a draft.", argument="Why not."), CLOSED,
                said(1, START + 66, move="engage")]  # fmt: skip
    view = View(somebody.page, "room", happened)
    late = view.page.get_by_role("listitem").filter(has_text="Came too late")
    for words in (
        "Team 1",
        "Chosen: Answer critics; silence is played instead.",
        "Sentence of 1.",
        "Argument of 1.",
        "60 % sure",
    ):
        expect(late).to_contain_text(words)
    look(somebody, "desk-late")
    expect(view.page.get_by_text("Once you have confirmed the moves of a decision")).to_be_visible()
    view.show([*happened, SETTLED])
    view.page.get_by_text("What they wrote").click()
    for words in (
        "Sentence of 1.",
        "Argument of 1.",
        "Only a draft.",
        "Why not.",
        "Nothing in time: silence is played.",
    ):
        expect(view.page.get_by_text(words)).to_be_visible()
    view.show([*happened, SETTLED, Asked(at=START + 99)])
    expect(view.page.get_by_text("Sentence of 1.")).to_be_visible()
    look(somebody, "desk-past")


def test_a_team_keeps_its_late_words_and_is_told_of_a_move_that_the_facilitator_changed(person):
    somebody = person(PHONE)
    happened = [*events(2), CLOSED, said(1, START + 66, move="engage"), SETTLED]
    view = View(somebody.page, "team", happened)
    past = view.page.locator(".past")
    for words in (
        "It came too late: you chose “Answer critics”, and silence is played instead.",
        "Sentence of 1.",
        "Argument of 1.",
    ):
        expect(past).to_contain_text(words)
    happened = [*events(2), said(1), CLOSED]
    view.show(happened)
    told = view.page.get_by_text("The facilitator changed your move")
    expect(told).to_have_count(0)
    happened.append(Confirmed(at=START + 67, team=1, move="acknowledge"))
    words = "you picked “Clarify”, your sentence is taken as “Acknowledge”."
    for more in ([], [SETTLED]):
        view.show([*happened, *more])
        expect(view.page.get_by_role("status").filter(has_text=words).first).to_be_visible()
    look(somebody, "team-changed")
    view.show([*happened, SETTLED, Asked(at=START + 99)])
    expect(view.page.locator(".past")).to_contain_text(words)


@pytest.mark.slow
def test_before_the_post_nothing_speaks_of_a_post_that_is_out(person):
    somebody, other, third = person(WALL), person(PHONE), person(WALL)
    happened = events(2, **early_deck())
    desk = View(somebody.page, "room", happened[:-2])
    expect(desk.page.get_by_role("button", name="Start: the first decision, before the post")).to_be_visible()
    views = [desk, View(other.page, "team", happened), View(third.page, "wall", happened)]
    for view in views:
        view.show(happened)
        expect(view.page.get_by_text(re.compile("before the post")).first).to_be_visible()
        assert "after the post" not in view.page.inner_text("main")
    team = views[1].page
    for words in ("Post it as it stands", "Post it narrower", "Do not post"):
        expect(team.get_by_role("radio", name=words)).to_be_visible()
    assert "Withdraw" not in team.inner_text("main")
    look(other, "team-before")
    look(third, "wall-before")
    team.get_by_role("radio", name="Do not post").check()
    team.get_by_role("button", name="Submit the decision").click()
    assert team.evaluate("window.sent.at(-1)")[1] | {"argument": ""} == {
        "decision": "first", "sentence": "", "move": "withdraw", "argument": "", "confidence": 50,
    }  # fmt: skip
    happened += [said(1, move="withdraw", sentence=""), CLOSED, SETTLED]
    views[1].show(happened)
    expect(team.get_by_text("you did not post")).to_be_visible()
    views[0].show(happened)
    expect(desk.page.get_by_role("cell", name="Do not post")).to_be_visible()
    assert "the call goes out as it stands" in desk.page.locator("main").text_content()
    expect(desk.page.get_by_text("after the post)")).to_be_visible()
    views[1].show([*happened, Asked(at=START + 99)])
    assert team.get_by_role("radio").count() == 2
    look(other, "team-unposted")


@pytest.mark.slow
def test_the_desk_and_the_wall_point_at_the_row_of_the_open_decision_however_long_it_took(person):
    rows = [{"at": 0, "what": "Arrival"}, {"at": 15, "hour": 0, "what": "The post goes out"},
            {"at": 16, "hour": 0.75, "what": "Decision 1"}, {"at": 20, "hour": 3, "what": "Decision 2"},
            {"at": 25, "hour": 6, "what": "End of play"}, {"at": 27, "what": "Reveal"}]  # fmt: skip
    somebody = person(WALL)
    happened = events(1, plan=rows)
    view = View(somebody.page, "room", happened)
    now = view.page.locator("tr[aria-current=step]")
    view.show(happened, now=START + 3000)
    expect(now).to_contain_text("Decision 1")
    look(somebody, "desk-plan")
    view.show([*happened, CLOSED, SETTLED], now=START + 71)
    expect(now).to_contain_text("Decision 1")
    view.show([*happened, CLOSED, SETTLED, Ended(at=START + 72)], now=START + 9999)
    expect(now).to_contain_text("End of play")
    view.show([*happened, CLOSED, SETTLED, Ended(at=START + 72), Revealed(at=START + 73)], now=START + 9999)
    expect(now).to_contain_text("Reveal")
    wall = View(person(WALL).page, "wall", [*happened, CLOSED, SETTLED])
    wall.show([*happened, CLOSED, SETTLED], now=START + 3000)
    expect(wall.page.locator(".wall-plan")).to_have_text(re.compile("Session minute 65: Decision 2"))


def test_the_controls_fold_what_only_latecomers_need_once_the_play_runs(person):
    somebody = person((1440, 900))
    view = View(somebody.page, "room", events(4, asked=False)[:-1])
    expect(view.page.get_by_text("ABC234")).to_be_visible()
    happened = events(4)
    view.show(happened)
    expect(view.page.get_by_text("ABC234")).to_be_hidden()
    assert view.page.locator(".desk-controls").bounding_box()["height"] < 900 / 3
    view.page.get_by_text("For whoever comes late").click()
    expect(view.page.get_by_text("ABC234")).to_be_visible()


def test_an_inject_of_ones_own_begins_with_a_sender_that_fits_its_kind(person):
    view = View(person(WALL).page, "room", events())
    view.page.get_by_text("One of your own").click()
    kind, sender = view.page.get_by_label("Kind"), view.page.get_by_label("From")
    assert (kind.input_value(), sender.input_value()) == ("press", "A reporter")
    kind.select_option("boss")
    expect(sender).to_have_value("Head office")
    sender.fill("The mayor")
    kind.select_option("phone")
    expect(sender).to_have_value("The mayor")


def test_sheets_are_printed_once_each_however_often_the_button_was_pressed(person):
    view = View(person(WALL).page, "room", events())
    view.page.evaluate(
        """() => {
          window.printed = 0;
          window.print = () => { window.printed += 1; };
          const sheet = (title) => ({title, to: "every team", parts: [{kind: "words", text: title}]});
          window.answer.sheets = {sheets: [sheet("One"), sheet("Two")]};
        }"""
    )
    for times in (1, 2, 3):
        view.page.get_by_role("button", name="Print the hand-outs").click()
        view.page.wait_for_function(f"window.printed === {times}")
        assert view.page.locator(".sheet").count() == 2
    view.page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert view.page.locator(".sheet").count() == 0


def test_the_tour_of_a_team_that_waits_is_more_than_its_clock(person):
    somebody = person(PHONE)
    view = View(somebody.page, "team", events(1, asked=False)[:-1])
    view.page.locator("#tour").click()
    expect(view.page.locator(".tour-count")).to_have_text("1 of 3")
    for title in ("Your case", "Your roles"):
        view.page.get_by_role("button", name="Next").click()
        expect(view.page.get_by_role("dialog", name=title)).to_be_visible()


def test_how_long_the_crowd_takes_fits_how_long_it_has_taken(person):
    view = View(person(WALL).page, "room", events(asked=False)[:-1])
    view.page.evaluate("import('/page/js/train/words.js').then((all) => { window.words = all.makingWords; })")
    view.page.wait_for_function("window.words !== undefined")
    for seconds, words in ((3, "That takes some seconds."), (167, "It takes longer than usual")):
        making = {"step": "trial", "first": False, "seconds": seconds}
        told = view.page.evaluate("(making) => window.words({making}, 5000)", making)
        assert words in told and f"{seconds} s so far" in told
        assert "some seconds" not in told or seconds < 20


@pytest.mark.parametrize("name", ["team", "debrief"])
def test_a_page_says_that_it_opens_while_its_parts_are_on_their_way(person, name):
    page = person(PHONE).page

    def slowly(route):
        if f"/views/{name}.js" not in route.request.url:  # that one never comes
            serve(route, whole=True)

    page.route(f"{ADDRESS}/**", slowly)
    with page.expect_request(lambda request: f"/views/{name}.js" in request.url):
        page.goto(f"{ADDRESS}/#{name}/s1/token", wait_until="commit")
    expect(page.locator("main")).to_have_text("Opening the session ...")
    page.goto("about:blank")
