"""The ledger: a run is there once, claims end with their owner, and what cannot be written is one sentence."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from sim.errors import StudyError
from sim.study.store.folder import LEDGER, MANIFEST
from sim.study.store.ledger import FinishedMeanwhile, Ledger, Row, at_work, finished_runs, unfinished
from sim.study.store.locks import held, held_for_life, locked

OWN = {"configuration_hash": "a", "settings_hash": "b", "backfire": "c", "code": "d"}
ONE, TWO = b"1" * 16, b"2" * 16


def row(key: bytes, number: int, failed: str | None = None) -> Row:
    return Row(key, number, 0.5, failed, None if failed else bytes(8))


@pytest.mark.parametrize("place", [None, "s"])
def test_what_is_claimed_or_done_is_not_claimed_again(place: str | None, tmp_path: Path) -> None:
    with Ledger(None if place is None else tmp_path / place, OWN) as ledger:
        assert ledger.claim([(ONE, [0, 1, 2]), (TWO, [5])]) == [([0, 1, 2], []), ([5], [])]
        ledger.commit([row(ONE, 0), row(ONE, 2)], ["messages"])
        assert ledger.claim([(ONE, [0, 1, 2, 3])]) == [([1, 3], [])]
        assert ledger.done(ONE, [0, 1, 2]) == 2 and ledger.done(TWO, [5]) == 0
        assert [each.replicate for each in ledger.rows(ONE, [2, 1, 0])] == [2, 0]
        assert ledger.outcomes() == ["messages"]


def test_two_owners_share_the_work_and_what_one_leaves_the_other_takes(tmp_path: Path) -> None:
    place = tmp_path / "s"
    with Ledger(place, OWN) as one:
        assert one.claim([(ONE, [0, 1])]) == [([0, 1], [])]
        with Ledger(place, OWN) as two:
            assert two.claim([(ONE, [0, 1, 2])]) == [([2], [0, 1])]
            one.commit([row(ONE, 0)], ["messages"])
            assert two.claim([(ONE, [0, 1, 2])]) == [([2], [1])]
        assert one.claim([(ONE, [1, 2])]) == [([1, 2], [])]
        assert at_work(place)
    assert unfinished(place) and not at_work(place) and finished_runs(place) == 1


def test_claims_of_the_dead_are_free(tmp_path: Path) -> None:
    script = (
        "import os, signal, sys; from pathlib import Path; from sim.study.store.ledger import Ledger\n"
        f"with Ledger(Path(sys.argv[1]), {OWN!r}) as ledger:\n"
        f"    ledger.claim([({ONE!r}, [0, 1])]); print('claimed', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen([sys.executable, "-c", script, str(tmp_path / "s")], stdout=subprocess.PIPE,
                          stdin=subprocess.PIPE, text=True) as other:  # fmt: skip
        assert other.stdout is not None and other.stdout.readline() == "claimed\n"
        with Ledger(tmp_path / "s", OWN) as ledger:
            assert ledger.claim([(ONE, [0, 1, 2])]) == [([2], [0, 1])]
            other.send_signal(signal.SIGKILL)
            other.wait(timeout=60)
            assert ledger.claim([(ONE, [0, 1, 2])]) == [([0, 1, 2], [])]


def test_a_run_that_is_written_twice_is_there_once(tmp_path: Path) -> None:
    with Ledger(tmp_path / "s", OWN) as ledger:
        ledger.commit([row(ONE, 0), row(ONE, 0)], ["messages"])
        ledger.commit([row(ONE, 0)], ["messages"])
        assert len(ledger.rows(ONE, [0])) == 1


def test_what_failed_is_tried_again_when_nobody_else_is_at_work(tmp_path: Path) -> None:
    with Ledger(tmp_path / "s", OWN) as ledger:
        ledger.commit([row(ONE, 0), row(ONE, 1, "it broke")], ["messages"])
        assert ledger.failures() == 1
        with Ledger(tmp_path / "s", OWN) as joined:
            assert joined.failures() == 1
    with Ledger(tmp_path / "s", OWN) as ledger:
        assert ledger.failures() == 0 and ledger.done(ONE, [0, 1]) == 1


def test_the_ledger_of_another_study_is_refused(tmp_path: Path) -> None:
    with Ledger(tmp_path / "s", OWN):
        pass
    for name, said in (("configuration_hash", "of another configuration"), ("settings_hash", "with other"),
                       ("code", "of another version")):  # fmt: skip
        with pytest.raises(StudyError, match=f"holds a study {said}.*fresh=true"):
            Ledger(tmp_path / "s", OWN | {name: "x"}).__enter__()


def test_a_folder_that_is_removed_or_replaced_is_told(tmp_path: Path) -> None:
    for again in (False, True):
        place = tmp_path / f"s{again}"
        with Ledger(place, OWN) as ledger:
            shutil.rmtree(place)
            if again:
                Ledger(place, OWN).__enter__().__exit__(None, None, None)
            with pytest.raises(StudyError, match="was removed or replaced while the study ran.*same command again"):
                ledger.commit([row(ONE, 0)], ["messages"])
            if not again:
                with pytest.raises(StudyError, match="was removed"), ledger.finishing():
                    pass
    assert not (tmp_path / "sFalse" / LEDGER).exists()


def test_a_full_disk_is_told_and_what_was_committed_stays(tmp_path: Path) -> None:
    with Ledger(tmp_path / "s", OWN) as ledger:
        ledger.commit([row(ONE, 0)], ["messages"])
        ledger._base.execute("PRAGMA max_page_count = 12")
        with pytest.raises(StudyError, match="the disk is full. Make room or name another folder"):
            ledger.commit([Row(TWO, number, 0.1, None, bytes(4000)) for number in range(40)], ["messages"])
        ledger._base.execute("PRAGMA max_page_count = 100000")
        assert ledger.done(TWO, range(40)) == 0 and ledger.done(ONE, [0]) == 1


def test_a_damaged_ledger_is_told(tmp_path: Path) -> None:
    with Ledger(tmp_path / "s", OWN):
        pass
    (tmp_path / "s" / LEDGER / "runs.sqlite").write_bytes(b"no ledger at all" * 300)
    with pytest.raises(StudyError, match="was damaged or edited.*fresh=true"):
        Ledger(tmp_path / "s", OWN).__enter__()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_place_without_permission_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(StudyError, match="no permission"):
        Ledger(tmp_path / "s", OWN).__enter__()


def test_a_study_is_finished_once(tmp_path: Path) -> None:
    place = tmp_path / "s"
    with Ledger(place, OWN) as one, Ledger(place, OWN) as two:
        with one.finishing() as ours:
            assert ours
            (place / MANIFEST).write_text("{}")
            one.remove()
        with two.finishing() as ours:
            assert not ours
    assert not (place / LEDGER).exists() and (place / MANIFEST).is_file()
    with pytest.raises(FinishedMeanwhile, match="was finished by another process"):
        Ledger(place, OWN).__enter__()
    assert not (place / LEDGER).exists()


def test_what_another_process_has_finished_while_this_one_waits_is_told_as_such(tmp_path: Path) -> None:
    place = tmp_path / "s"
    with Ledger(place, OWN) as one, Ledger(place, OWN) as two:
        with one.finishing():
            (place / MANIFEST).write_text(json.dumps({"identity": OWN}))
            one.remove()
        with pytest.raises(FinishedMeanwhile, match="was finished by another process meanwhile; it stands there"):
            two.claim([(ONE, [0])])
        (place / MANIFEST).write_text(json.dumps({"identity": OWN | {"code": "x"}}))
        with pytest.raises(StudyError, match="was removed or replaced"):
            two.claim([(ONE, [0])])


def test_locks_end_with_their_holder(tmp_path: Path) -> None:
    assert not held(tmp_path / "owner")
    descriptor = held_for_life(tmp_path / "owner")
    assert held(tmp_path / "owner") and held(tmp_path / "owner")
    os.close(descriptor)
    assert not held(tmp_path / "owner")
    with locked(tmp_path / "f"):
        assert held(tmp_path / "f" / "lock")
    assert not held(tmp_path / "f" / "lock")
