"""What is told of endings: differences with their intervals, the score, and sentences that claim no more."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from sim import CampaignModel
from sim.config.agency import PolicyConfig
from sim.config.root import changed
from sim.study.compare.cost import hours_of_moves
from sim.study.compare.paired import paired_difference, paired_odds
from sim.warroom.debrief.courses import FROM_THE_POST, Made
from sim.warroom.debrief.draw import against, sizes
from sim.warroom.debrief.export import page
from sim.warroom.debrief.futures import Campaigns, Futures
from sim.warroom.debrief.score import (
    PARTS,
    Stated,
    answered_share,
    brier,
    calibration_part,
    hours_left,
    off_by,
    score,
)
from sim.warroom.debrief.sentences import (
    about,
    against_sentence,
    calibration_sentence,
    difference_sentence,
    end_sentence,
    luck_sentence,
    mattered_sentence,
    played_sentence,
    points_told,
    policy_told,
    progress_sentence,
    size_finding,
    size_sentence,
    tipped_sentence,
)
from sim.warroom.debrief.tally import BINS, better, bin_of, difference, hours_spent, listening_hours, spread
from sim.warroom.train.deck import configuration_of
from sim.warroom.train.sights import hours_spent as in_the_room
from tests.warroom.debriefed import PLAYED, SIDES, ending, known, told
from tests.warroom.toy_deck import toy_deck


def ends(verdicts, trust=0.0):
    return {luck: ending(verdict=verdict, trust=trust + luck / 1000) for luck, verdict in enumerate(verdicts)}


SILENT = ends(["hijacked"] * 30 + ["contested"] * 10)
HELPED = ends(["contested"] * 20 + ["hijacked"] * 10 + ["contested"] * 10, trust=0.01)


def test_differences_are_those_of_compare():
    found = difference(SILENT, HELPED)
    hits = [[each.verdict == "hijacked" for each in side.values()] for side in (SILENT, HELPED)]
    assert {name: found["hijacked"][name] for name in ("mean", "lo", "hi")} == {
        name: paired_odds(*hits)[name] for name in ("mean", "lo", "hi")
    }
    trust = [[each.trust for each in side.values()] for side in (SILENT, HELPED)]
    assert found["trust"]["mean"] == paired_difference(*trust)["mean"] == pytest.approx(0.01)
    assert found["hijacked"]["told"] and found["trust"]["told"] and not found["grievance"]["told"]


def test_nothing_is_told_of_few_futures_or_of_what_is_the_same():
    few = dict(list(SILENT.items())[:19])
    assert spread(few) is None and difference(few, HELPED) is None and better(few, HELPED, "trust", higher=True) is None
    same = difference(SILENT, dict(SILENT))
    moved = {luck: replace(each, fired=(45,)) for luck, each in SILENT.items()}
    assert difference(SILENT, moved)["same"]  # a move was made, and nothing came of it
    assert same["same"] and not any(same[name]["told"] for name in ("hijacked", "trust", "grievance"))
    hair = {luck: ending(verdict=each.verdict, trust=each.trust + 5e-5) for luck, each in SILENT.items()}
    assert not difference(SILENT, hair)["trust"]["told"]
    assert better(SILENT, hair, "trust", higher=True) == 0.5


LARGE = {luck: ending(messages=30_000 + luck, trended=True) for luck in range(40)}
SMALL = {luck: ending(messages=300 + luck, trended=luck < 10) for luck in range(40)}


def test_two_decisions_that_are_hijacked_alike_are_told_apart_by_their_size():
    large, small = spread(LARGE), spread(SMALL)
    assert large["hijacked"]["mean"] == small["hijacked"]["mean"] == 1.0
    assert small["messages"] == {"median": 319.5, "lo": pytest.approx(301.95), "hi": pytest.approx(337.05)}
    assert (large["trended"], small["trended"]) == (40, 10)
    lived = {"messages": 312, "trended": False}
    assert size_sentence(small, lived) == (
        "320 messages in the median future, 302 to 337 in 9 of 10; yours had 312: luck has little part in how large it "
        "grows. The tag trends in 10 of 40 futures; in yours it did not."
    )
    mixed = spread({luck: (LARGE if luck % 2 else SMALL)[luck] for luck in range(40)})
    assert "luck has a large part in how large it grows" in size_sentence(mixed, lived)
    found = difference(LARGE, SMALL)
    assert found["messages"] == {"before": 30_019.5, "after": 319.5, "told": True}
    assert "messages in all change from 30,000 with silence to 320" in difference_sentence("change_ask", found)
    hair = difference(SMALL, {luck: replace(each, messages=each.messages + luck % 2) for luck, each in SMALL.items()})
    assert "messages in all hardly change (320 in the median" in difference_sentence("change_ask", hair)
    alike = difference(LARGE, {luck: replace(each, messages=30_039 - luck) for luck, each in LARGE.items()})
    assert "messages in all cannot be told apart (30,000 with silence, 30,000" in difference_sentence("clarify", alike)


def test_how_many_messages_there_are_stands_beside_the_critical_share_and_is_drawn():
    lived = {"verdict": "hijacked", "hijack_share": 0.9, "messages": 30_123, "trended": True}
    assert end_sentence(lived) == (
        "ended hijacked, 90\u00a0% of 30,100 messages critical, and the tag trended")  # fmt: skip
    rows = [("Team 1", spread(SMALL)), ("Team 2", spread(LARGE)), ("Saying nothing", spread(LARGE))]
    assert size_finding(rows) == (
        "In the median future from 320 with Team 1 to 30,000 with Team 2, 30,000 with silence")  # fmt: skip
    assert size_finding(rows[1:]) == "In the median future 30,000 with Team 2, 30,000 with silence"
    line = {"label": "Team 1", "messages": spread(SMALL)["messages"], "often": False, "lived": 312}
    assert sizes([line], "").count("<path") == 1 and "<path" not in sizes([line | {"lived": None}], "")


def test_a_strip_holds_every_future_once_and_cut_offs_are_edges_of_bins():
    assert [bin_of(share) for share in (0.0, 0.349, 0.35, 0.6499, 0.65, 1.0)] == [0, 13, 14, 25, 26, BINS - 1]
    mixed = dict(SILENT) | {100: ending(verdict="fizzled", hijack_share=0.9), 101: ending(hijack_share=None)}
    strip = spread(mixed)["strip"]
    assert sum(strip["bins"]) == 40 and strip["fizzled"] == 2


def test_better_counts_pairs_and_ties_as_half():
    assert better(SILENT, HELPED, "trust", higher=True) == 1.0
    assert better(SILENT, HELPED, "trust", higher=False) == 0.0
    assert better(SILENT, HELPED, "grievance", higher=False) == 0.5


def test_brier_is_held_against_futures_and_the_lived_end():
    found = brier([Stated(0.9, 0.7, True), Stated(0.2, 0.6, False)])
    assert found["futures"] == pytest.approx((0.04 + 0.16) / 2)
    assert found["lived"] == pytest.approx((0.01 + 0.04) / 2)
    assert found["both"] == pytest.approx((0.1 + 0.025) / 2)
    assert brier([]) is None and calibration_part(None) == 0.0
    assert calibration_part({"both": 0.0}) == 1.0 and calibration_part({"both": 0.4}) == 0.0


def test_weights_are_a_hundred_points_and_a_part_that_cannot_be_judged_is_left_out():
    assert sum(part.weight for part in PARTS) == 100
    full = dict.fromkeys((part.name for part in PARTS), 1.0)
    assert score(full)["total"] == 100.0
    without = full | {"answered": None, "trust": 0.5}
    assert score(without)["total"] == pytest.approx(100 * (15 + 30 + 15 + 10) / 85)
    assert score(without)["points"]["answered"] is None


def test_the_number_of_critics_alone_moves_no_part_of_the_score():
    loud = {luck: ending(verdict=each.verdict, trust=each.trust, critics=8000, messages=9000, hijack_share=0.99)
            for luck, each in HELPED.items()}  # fmt: skip
    for name, higher in (("trust", True), ("grievance", False)):
        assert better(SILENT, loud, name, higher=higher) == better(SILENT, HELPED, name, higher=higher)


def test_answers_are_counted_out_of_those_whom_the_staff_could_answer():
    configuration = configuration_of(toy_deck())
    capacity = configuration.agency.replies_an_hour * (configuration.minutes - 45) / 60
    made = [Made("first", 45, "engage")]
    assert answered_share(configuration, made, [ending(critics=10, replies=5)] * 3) == 0.5
    assert answered_share(configuration, made, [ending(critics=10**6, replies=27)]) == pytest.approx(27 / capacity)
    assert answered_share(configuration, made, [ending(critics=0)]) is None
    assert answered_share(configuration, [], [ending()]) is None


def test_hours_of_the_play_are_those_that_the_room_counted_and_what_goes_on_afterwards_stands_apart():
    course = ((45, "engage"), (180, "withdraw"))
    futures = Futures(Campaigns.of(toy_deck()), count=1)
    futures.live(next(futures.pieces({FROM_THE_POST: (course,)})))
    configuration, lived = futures.campaigns.plain, futures.lived(course)
    curves = futures.curves(FROM_THE_POST, course)
    model = CampaignModel(configuration, rng=configuration.seed)
    for minute, move in course:
        model.run_until(minute)
        model.act(move)
    for played in (181, PLAYED, 300):
        model.run_until(played)
        found = hours_spent(configuration, course, lived, curves, played)
        assert found["play"] == pytest.approx(in_the_room(model, course)) and found["play"] > 1.0
        whole = hours_of_moves(configuration.agency, course, lived.replies, lived.boosts)
        assert found["after"] == pytest.approx(whole - found["play"]) and found["after"] > 1.0
    assert hours_spent(configuration, (), lived, curves, 0)["play"] == 0.0


def test_moves_of_the_best_policy_are_counted_once_they_are_made_and_hours_are_left_of_the_budget():
    configuration = configuration_of(toy_deck(), ["policy=acknowledge"])
    none = {"replies": [0] * 720, "boosts": [0] * 720}
    cost = configuration.agency.costs.message
    early, late = (
        hours_spent(configuration, (), ending(fired=(minute,)), none, PLAYED) for minute in (PLAYED - 1, PLAYED)
    )
    assert early == {"play": cost, "after": 0.0} and late == {"play": 0.0, "after": cost}
    assert hours_spent(configuration, (), ending(fired=(-1,)), none, PLAYED) == {"play": 0.0, "after": 0.0}
    listened = changed(configuration, {"agency.listening_months": 2})
    assert listening_hours(listened) == 2 * configuration.agency.costs.listening_month
    assert listening_hours(configuration) == 0.0
    assert hours_left(3.0, 12.0) == 0.75 and hours_left(20.0, 12.0) == 0.0
    assert hours_left(0.0, 0.0) == 1.0 and hours_left(0.1, 0.0) == 0.0


def test_luck_and_judgement_are_told_apart():
    few = spread(ends(["hijacked"] * 5 + ["contested"] * 45))
    assert "5 of 50 futures end hijacked" in luck_sentence(few, "hijacked")
    assert "luck decided" in luck_sentence(few, "hijacked")
    assert "luck had little part" in luck_sentence(few, "contested")
    assert "Yours did not, like 45 of them" in luck_sentence(few, "contested")


def test_a_difference_within_its_interval_is_said_to_be_none_and_every_claim_has_its_if():
    helped = difference_sentence("clarify", difference(SILENT, HELPED))
    assert helped.startswith("If moves work as assumed") and "changes how many campaigns end hijacked by" in helped
    noise = difference(SILENT, ends(["hijacked"] * 29 + ["contested"] * 11))
    assert "cannot be told apart from silence" in difference_sentence("clarify", noise)
    assert "changed nothing" in difference_sentence("clarify", difference(SILENT, dict(SILENT)))
    assert difference_sentence("silent", None).startswith("Silence was played")


def test_what_mattered_most_is_told_only_where_it_can_be():
    sure = {"move": "clarify", "difference": difference(SILENT, HELPED)}
    hardly = {"move": "clarify", "difference": difference(SILENT, ends(["hijacked"] * 30 + ["contested"] * 10, 3e-4))}
    assert mattered_sentence([hardly]).startswith("Decision 1 mattered most, and little, if moves work as assumed")
    noise = {"move": "clarify", "difference": difference(SILENT, ends(["hijacked"] * 29 + ["contested"] * 11))}
    assert mattered_sentence([noise, sure]).startswith("Decision 2 mattered most")
    assert "cannot be told apart" in mattered_sentence([noise])
    assert "cannot be told apart from decision 1" in mattered_sentence([sure, sure]) or "decision 2" in (
        mattered_sentence([sure, sure]))  # fmt: skip
    assert mattered_sentence([{"move": "silent", "difference": None}]).startswith("No move was made")


def test_what_tipping_means_is_said_and_the_minute_is_placed_among_the_decisions():
    made, place = [(20, "clarify"), (60, "silent")], {"played": 244, "followers": 8000}
    never = tipped_sentence(None, made, **place)
    assert never.startswith("It never tipped") and "at least 10" in never
    assert "at least 11" in tipped_sentence(None, made, played=244, followers=1_000_001)
    assert "before the first decision" in tipped_sentence(10, made, **place)
    later = tipped_sentence(65, made, **place)
    assert "It tipped 1 h 05 min after the post, after decision 2" in later
    assert "more than half of the messages of the last 30 minutes were critical, and stayed so for an hour" in later
    assert "after the play had ended" in tipped_sentence(244, made, **place)


def test_how_much_was_played_is_said_as_it_was():
    assert played_sentence(1440, 480, 244) == (
        "The campaign lasts 24 h. The first 4 h 04 min of it were played (8 h were planned); the rest goes on with "
        "what stood.")  # fmt: skip
    assert "planned" not in played_sentence(1440, 480, 480) and "8 h of it were played" in (
        played_sentence(1440, 480, 480))  # fmt: skip
    assert played_sentence(1440, 1440, 1440) == "The campaign lasts 24 h, and all of it was played."
    assert told()["length"].startswith("The campaign lasts 12 h. The first 4 h 04 min of it were played (6 h were")


def test_curves_end_with_the_play_and_hold_all_its_messages():
    whole = known().curves(FROM_THE_POST, SIDES[0].course)
    drawn = told()["teams"][0]["curves"]
    assert all(len(line) == 17 for line in drawn.values())  # four hours, and four minutes
    assert sum(drawn["counter"]) == sum(whole["counter"][:PLAYED]) < sum(whole["counter"])
    assert sum(whole["campaign"]) + sum(whole["counter"]) == known().lived(SIDES[0].course).messages


def test_a_policy_is_told_by_the_names_of_its_moves():
    def words(*rules):
        return policy_told(PolicyConfig(rules=rules)).replace("\u00a0", " ")

    assert words() == "Say nothing"
    assert words({"move": "withdraw", "at_minute": 20}) == "Withdraw the call, 20 min after the post"
    assert words({"move": "withdraw", "at_minute": 0}) == "Withdraw the call, before it goes out"
    loud = {"move": "acknowledge", "counter_share": 0.5, "messages_an_hour": 100}
    assert words({"move": "engage", "at_minute": 90}, loud) == (
        "Answer critics, 1 h 30 min after the post; Acknowledge, once 50 % of an hour's messages are seen to be "
        "critical and once 100 messages an hour are seen"
    )  # fmt: skip


def test_how_much_is_missing_and_for_how_long_is_said():
    assert progress_sentence(9, 9, 200, None) == "All 9 other campaigns have been run: 200 futures of every decision."
    assert "1,000 of 5,000" in progress_sentence(1000, 5000, 200, 200.0)
    assert [about(seconds) for seconds in (3, 80, 95, 400)] == [
        "about a minute", "about a minute", "about 2 minutes", "about 7 minutes"]  # fmt: skip


def test_a_drawing_names_the_teams_that_differ_from_silence_and_which_way():
    up, down, none = ({"mean": mean, "told": told} for mean, told in ((0.1, True), (-0.2, True), (0.3, False)))
    found = [("Team 1", up), ("Team 2", down), ("Team 3", down), ("Team 4", none)]
    said = against_sentence("hijacked", found)
    assert said == (
        "If moves work as assumed, against saying nothing: fewer campaigns end hijacked with Team 2 and Team 3; more "
        "with Team 1; Team 4 cannot be told apart"
    )
    assert against_sentence("trust", found[1:3]).endswith(": less trust is left with Team 2 and Team 3")
    assert against_sentence("grievance", found[-1:]).endswith("nothing: Team 4 cannot be told apart")
    assert against_sentence("grievance", [(f"Team {k}", none) for k in range(3)]).endswith(
        "nothing: none of the 3 teams can be told apart")  # fmt: skip
    assert against_sentence("hijacked", [(f"Team {k}", down) for k in range(3)]).endswith("hijacked with all 3 teams")


def test_stated_chances_lie_above_below_or_within_the_interval_of_the_futures_and_those_outside_are_named():
    points = [
        {"name": f"Team {1 + place // 3}", "decision": 1 + place % 3, "stated": stated, "lo": 0.4, "hi": 0.6}
        for place, stated in enumerate((0.9, 0.5, 0.7, 0.1, 0.4, 0.8))
    ]
    assert calibration_sentence(points) == (
        "Stated too high: Team 1 (decisions 1 and 3), Team 2 (decision 3); stated too low: Team 2 (decision 1); "
        "2 of 6 stated chances within the interval of what the futures hold"
    )
    assert calibration_sentence(points[1:2]).startswith("1 of 1 stated chance within")
    assert calibration_sentence(points[:1]).endswith(
        "none of 1 stated chance within the interval of what the futures hold"
    )
    assert off_by(brier([Stated(0.5, 0.7, True)])) == {"futures": pytest.approx(20), "lived": pytest.approx(50)}
    assert off_by(None) is None


@pytest.mark.parametrize(
    ("mean", "low", "high", "words"),
    [
        (0.000_01, 0.000_009, 0.000_012, ("no difference", "less than 0.01")),
        (0.0, 0.0, 0.0, ("no difference", "less than 0.01")),
        (0.0031, 0.0028, 0.0034, ("+0.31", "+0.28 to +0.34")),
        (0.000_51, 0.000_49, 0.000_52, ("+0.05", "\u00b10.01 at most")),
        (-0.012, -0.016, -0.008, ("\u22121.2", "\u22121.6 to \u22120.8")),
        (0.034, -0.012, 0.08, ("+3", "\u22121 to +8")),
        (0.000_04, -0.0002, 0.000_28, ("0", "\u22120.02 to +0.03")),
    ],
)
def test_a_difference_is_written_as_finely_as_it_is_known(mean, low, high, words):
    assert points_told({"mean": mean, "lo": low, "hi": high}) == words


def test_no_difference_of_trust_is_said_in_words_and_drawn_small():
    hair = difference(SILENT, {luck: replace(each, trust=each.trust + 1e-6) for luck, each in SILENT.items()})
    said = "trust a week later shows no difference (less than 0.01 points of 100)"
    assert said in difference_sentence("clarify", hair)
    tiny = {"label": "Team 1", "difference": {"mean": 1e-6, "lo": 1e-7, "hi": 2e-6, "told": False}}
    assert "+0.02" in against([tiny], "points of 100", 0.04, "") and "0.000" not in against([tiny], "", 0.04, "")
    assert not re.search(r"[+\u2212]0\.0+ |0\.0\d\d points", page(told()))


def test_a_chance_that_was_stated_too_late_is_not_drawn_among_the_others():
    late = [made for side in SIDES for made in side.made if made.late]
    assert late and all(made.confidence is not None for made in late)
    assert {(point["team"], point["decision"]) for point in told()["calibration"]} == {(1, 1), (1, 2)}
