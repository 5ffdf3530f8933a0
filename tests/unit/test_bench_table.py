"""The benchmarks' own book-keeping: turns, ratios, targets, and the block in the README."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from benchmarks.line import Line, at_least, at_most
from benchmarks.rounds import Spread, ratios, take_turns
from benchmarks.table import BEGIN, END, README, Measured, kept, lines_table, main, text, write
from sim.report.between import put_between


class Stub:
    """An engine that writes down when it ran."""

    def __init__(self, name: str, diary: list[str]) -> None:
        self.name, self.diary = name, diary

    def run(self, replicate: int) -> None:
        self.diary.append(f"{self.name}{replicate}")

    def work(self) -> float:
        return 2.0


def test_engines_take_turns_in_a_rotating_order_and_each_warms_up():
    diary: list[str] = []
    costs = take_turns({name: Stub(name, diary) for name in "abc"}, rounds=2, seconds=0.0)
    assert diary == ["a0", "a1", "b0", "b1", "c0", "c1", "b2", "b3", "c2", "c3", "a2", "a3"]
    assert [len(values) for values in costs.values()] == [2, 2, 2]


def test_ratios_are_taken_within_rounds():
    spread = ratios({"slow": [2.0, 30.0, 8.0], "quick": [1.0, 10.0, 2.0]}, "slow", "quick")
    assert spread == Spread(median=3.0, low=2.0, high=4.0)


def test_a_line_says_whether_its_target_is_met():
    spread = Spread(median=1.4, low=1.0, high=2.0)
    assert at_least("a", spread, 1.5).holds is False
    assert at_least("a", spread, 1.4).holds is True
    assert at_most("a", spread, 1.3, "s").holds is False
    assert at_most("a", spread, 1.5, "s").holds is True
    assert at_least("a", spread, None).holds is None


def test_a_missed_target_is_told():
    told = lines_table([Measured((Line("x", "1", "2", False), Line("y", "3", "2", True)), (0.5, 1.0), "here")])
    assert "| x | 1 | 2 | **missed** | 0.5 to 1.0 |" in told
    assert "| y | 3 | 2 | met | 0.5 to 1.0 |" in told


def test_a_section_that_is_measured_anew_leaves_the_others_as_they_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "README.md"
    page.write_text(f"{BEGIN}{END}", encoding="utf-8")
    monkeypatch.setattr("benchmarks.table.README", page)
    monkeypatch.setattr("benchmarks.table.KEPT", tmp_path / "measured.json")
    write({name: Measured((Line(f"old {name}", "1"),), (1.0, 2.0), "here") for name in ("mesa", "studies")})
    write({"studies": Measured((Line("new studies", "2"),), (3.0, 4.0), "here")})
    told = page.read_text(encoding="utf-8")
    assert "old mesa" in told and "new studies" in told and "old studies" not in told
    assert told.count("here.") == 1 and "| 3.0 to 4.0 |" in told


def test_the_readme_shows_what_was_found_last() -> None:
    assert text(kept()) in README.read_text(encoding="utf-8")


def test_only_what_stands_between_the_marks_is_replaced():
    page = f"before\n{BEGIN}\nold\n{END}\nafter\n"
    assert put_between(page, "new", BEGIN, END) == f"before\n{BEGIN}\n\nnew\n\n{END}\nafter\n"
    assert put_between(put_between(page, "new", BEGIN, END), "new", BEGIN, END) == put_between(page, "new", BEGIN, END)


@pytest.mark.parametrize("page", ["nothing", f"{BEGIN} alone", f"{END} first {BEGIN}", f"{BEGIN}{END}{BEGIN}{END}"])
def test_a_page_without_its_marks_is_refused(page):
    with pytest.raises(ValueError, match="each once"):
        put_between(page, "new", BEGIN, END)


def test_the_readme_has_the_marks():
    assert re.search(re.escape(BEGIN) + ".+" + re.escape(END), README.read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.slow
def test_the_quick_form_goes_through_all_sections_and_writes_nothing(capsys):
    before = README.read_bytes()
    main(["--quick"])
    told = capsys.readouterr().out
    for word in ("numba kernel", "shuffle_do", "Part 1", "--help", "load"):
        assert word in told
    assert README.read_bytes() == before
