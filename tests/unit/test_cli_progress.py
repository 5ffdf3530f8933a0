from __future__ import annotations

import io

from sim.cli.progress import Told


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def work(stream: io.StringIO) -> str:
    with Told(stream) as progress:
        progress.stage("people and graph")
        progress.stage("the campaign as it is", 3)
        for _ in range(3):
            progress.done(1)
        progress.note("[odd] brackets stay")
    return stream.getvalue()


def test_piped_progress_is_one_plain_line_a_stage() -> None:
    lines = work(io.StringIO()).splitlines()
    assert [line[line.index("]") + 2 :] for line in lines[:2]] == [
        "people and graph", "the campaign as it is: 3 runs"]  # fmt: skip
    assert lines[2:] == ["[odd] brackets stay"]


def test_a_terminal_gets_a_bar_that_leaves_nothing_but_notes_behind() -> None:
    drawn = work(Terminal())
    assert "the campaign as it is" in drawn and "[odd] brackets stay" in drawn
    assert "\x1b[?25h" in drawn  # the cursor is shown again
