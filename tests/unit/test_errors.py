"""What is said of a name that does not exist: short enough to be read."""

from __future__ import annotations

from sim.errors import unknown_name


def test_a_few_names_are_all_listed() -> None:
    assert str(unknown_name("case", "ask", ["first", "second"])) == ("case must be one of first, second; got 'ask'.")


def test_of_many_names_the_nearest_are_listed() -> None:
    known = [f"people.number_{number}" for number in range(99)] + ["post.openness"]
    sentence = str(unknown_name("vary", "post.opennes", known))
    assert "100 names, such as post.openness" in sentence and "Did you mean 'post.openness'?" in sentence
    assert len(sentence) < 300


def test_where_nothing_is_near_the_first_names_show_what_is_meant() -> None:
    sentence = str(unknown_name("vary", "QQQQ", [f"people.number_{number:02}" for number in range(99)]))
    assert "such as people.number_00, people.number_01" in sentence and len(sentence) < 300
