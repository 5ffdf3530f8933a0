"""The table of past posts: counts are read, everything else is passed over, and what cannot be is refused."""

from __future__ import annotations

import numpy as np
import pytest

from sim.errors import ConfigError
from sim.study.intake.history import COLUMNS, read_history
from sim.study.intake.likelihood import ENOUGH, beta_binomial, log_likelihood, weights_of

HEAD = ",".join(COLUMNS)
POST = "statement,9,4000,12,8,2"


def table(tmp_path, *lines, head=HEAD, name="posts.csv"):
    place = tmp_path / name
    place.write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    return place


def test_posts_are_read_whatever_the_order_and_case_of_their_columns(tmp_path):
    head = "Critical replies;Replies;text;HOUR;impressions;shares;ask;closeness"
    lines = ["2;8;a; b;14:30;4000;12;Q&A;near", "0;1;c;7.5;1,200;0;photo call;", "0;0;d;24;900;0;statement;far"]
    history = read_history(table(tmp_path, *(line.replace("a; b", "a") for line in lines), head=head))
    assert history.ask == ("q_and_a", "photo_call", "statement") and history.closeness == ("near", "", "far")
    assert history.hour.tolist() == [14.5, 7.5, 0.0]
    assert history.impressions.tolist() == [4000, 1200, 900] and history.critical.tolist() == [2, 0, 0]
    assert history.passed_over == 1 and len(history.kinds) == 3


BAD = [
    ([POST] * 3, HEAD.replace("critical_replies", "critics"), "has no column critical_replies"),
    ([POST] * 3, HEAD + ",shares", "has 2 columns shares"),
    ([POST, "statement,9,4000,many,8,2", POST], HEAD, "line 3: shares must be a whole number, 0 or more; got 'many'"),
    ([POST, "statement,9,4000,1.5,8,2", POST], HEAD, "line 3: shares must be a whole number"),
    ([POST, "statement,9,4000,-1,8,2", POST], HEAD, "line 3: shares must be a whole number"),
    ([POST, "statement,9,4000,,8,2", POST], HEAD, "line 3: shares must be a whole number, 0 or more; got ''"),
    ([POST, "statement,9,4000,12,8,9", POST], HEAD, "line 3: critical_replies must not be more than replies"),
    ([POST, "statement,9,0,0,0,0", POST], HEAD, "line 3: impressions must be at least 1"),
    ([POST, "statement,9,19,12,8,2", POST], HEAD, "no fewer than shares and replies together; got 19 impressions"),
    ([POST, POST], HEAD, "needs at least 3 posts, better 10 to 50; "),
    ([], HEAD, "has 0. So few cannot tell what is usual"),
    (
        [POST, "poll,9,4000,12,8,2", POST],
        HEAD,
        "line 3: ask must be one of open_question, photo_call, q_and_a, statement",
    ),
    ([POST, "statement,25,4000,12,8,2", POST], HEAD, "line 3: hour must be an hour of the day"),
    ([POST + ",close"] * 3, HEAD + ",closeness", "closeness must be one of at, far, near"),
]


@pytest.mark.parametrize(("lines", "head", "sentence"), BAD, ids=[sentence[:60] for _, _, sentence in BAD])
def test_a_bad_history_is_refused_with_its_line_and_rule(tmp_path, lines, head, sentence):
    with pytest.raises(ConfigError) as problem:
        read_history(table(tmp_path, *lines, head=head))
    told = str(problem.value)
    assert sentence in told and told.startswith("people.history") and "\n" not in told


def test_files_that_are_no_tables_are_refused(tmp_path):
    (tmp_path / "book.xlsx").write_bytes(b"PK\x03\x04")
    (tmp_path / "empty.csv").write_text("")
    for name, sentence in (
        ("book.xlsx", "save the sheet as CSV"),
        ("empty.csv", "is empty"),
        ("none.csv", "can be read"),
    ):
        with pytest.raises(ConfigError, match=sentence):
            read_history(tmp_path / name)


def test_the_beta_binomial_is_a_distribution():
    from scipy.special import comb

    trials, successes = 12, np.arange(13)
    chances = comb(trials, successes) * np.exp(beta_binomial(successes, np.full(13, trials), 1.7, np.array(4.2)))
    assert chances.sum() == pytest.approx(1.0)
    assert chances @ successes == pytest.approx(trials * 1.7 / 5.9)


def test_more_critical_replies_make_more_critical_audiences_likelier(tmp_path):
    rates = np.array([[[0.002, 0.002, 0.002 * odds]] for odds in (0.1, 0.3, 1.0, 3.0)])
    for critical, likeliest in ((2, 0), (10, 1), (20, 2), (30, 3)):
        history = read_history(table(tmp_path, *[f"statement,9,9000,20,40,{critical}"] * 12))
        assert int(log_likelihood(history, rates).argmax()) == likeliest


def test_the_level_of_shares_and_replies_says_nothing_within_a_factor_of_a_few(tmp_path):
    rates = np.array([[[level, level, 0.3 * level]] for level in (0.001, 0.002, 0.004)])
    found = log_likelihood(read_history(table(tmp_path, *["statement,9,9000,18,24,6"] * 12)), rates)
    assert np.ptp(found) < 0.2


def test_counts_that_hardly_any_draw_is_like_weigh_less_so_that_enough_draws_are_left():
    distance = np.linspace(0.0, 40.0, 4000)
    mild, whole = weights_of(-0.05 * distance**2)
    assert (
        whole == 1.0
        and mild.sum() == pytest.approx(1.0)
        and mild[0] / mild[100] == pytest.approx(np.exp(0.05 * distance[100] ** 2))
    )
    sharp, power = weights_of(-50_000.0 * distance**2)
    assert 0.0 < power < 0.1 and 1.0 / (sharp @ sharp) == pytest.approx(ENOUGH, rel=1e-3)
    assert sharp.argmax() == 0 and (np.diff(sharp) <= 0).all()
