"""``backfire run`` and its kin on small campaigns: files, resuming, interruption, the same content anywhere."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim.cli.main import main
from sim.study.run import campaign
from sim.study.store import one_run as store
from sim.study.store.folder import read_json

SMALL = ["case=my_nypd", "people.n_followers=3000", "reaction.b_write=-4.0", "reaction.b_share=-4.0", "horizon_hours=8"]
QUICK = [*SMALL, "replicates=4", "uncertainty=none"]
MEASURED = (
    "messages", "participants", "reach", "hijack_share", "hijack_share_impressions", "hijack_share_top20",
    "takeover_minutes", "takeover_probability", "peak_messages_per_hour", "half_life_hours", "retweet_share",
    "structural_virality", "followers_gained", "followers_lost", "reproduction_campaign", "reproduction_counter",
)  # fmt: skip


def run(results: Path, *words: str, command: str = "run") -> int:
    return main([command, *words, f"results={results}"])


def contents(folder: Path) -> dict[str, Any]:
    return dict(read_json(folder / "manifest.json")["content"])


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole small study, what is not known included."""
    results = tmp_path_factory.mktemp("whole")
    assert run(results, *SMALL, "people.n_followers=1200", "replicates=12", "study=whole", "workers=2") == 0
    return results / "whole"


def test_the_summary_holds_the_keys_that_others_build_on(finished: Path) -> None:
    summary = read_json(finished / "summary.json")
    verdicts = {"hijacked", "viral_positive", "contested", "fizzled"}
    assert (summary["case"], summary["seed"], summary["replicates"], summary["followers"]) == ("my_nypd", 1, 12, 1200)
    assert summary["edges"] > 0 and summary["represents"] == 1.0 and summary["seconds"] > 0
    assert set(summary["verdict"]) == set(summary["verdict_interval"]) == set(summary["verdict_range"]) == verdicts
    assert set(summary["verdict_at"]) == {"0.55", "0.65", "0.75"}
    assert sum(summary["verdict"].values()) == pytest.approx(1.0)
    for name in verdicts:
        low, high = summary["verdict_interval"][name]
        assert 0.0 <= low <= summary["verdict"][name] <= high <= 1.0
    for name in MEASURED:
        found = summary[name]
        assert {"mean", "lo", "hi"} <= set(found)
        assert found["lo"] is None or found["lo"] <= found["mean"] <= found["hi"]
    assert 0.0 <= summary["first_response"] <= 1.0 and summary["reproduction_eigenvalue"] >= 0.0
    assert summary["at_quarter_size"]["n"] == 300 and isinstance(summary["depends_on_sample_size"], bool)


def test_the_folder_holds_what_is_promised(finished: Path) -> None:
    names = {path.name for path in finished.iterdir()}
    assert {"manifest.json", "summary.json", "runs.parquet", "timeline.parquet", "figures", "report.html"} <= names
    assert not any(name.startswith(".") for name in names)
    manifest = read_json(finished / "manifest.json")
    assert manifest["configuration"]["people"]["n_followers"] == 1200 and manifest["seed"] == 1
    assert {"backfire", "python", "numpy", "numba"} <= set(manifest["versions"])
    assert {"commit", "dirty", "machine", "seconds", "content", "identity"} <= set(manifest)
    assert set(manifest["content"]) >= {"runs", "timeline", "draws", "options"}


def test_runs_are_tidy_and_the_timeline_holds_all_their_messages(finished: Path) -> None:
    runs = pd.read_parquet(finished / "runs.parquet")
    timeline = pd.read_parquet(finished / "timeline.parquet")
    assert runs["replicate"].tolist() == list(range(12))
    put_out = ["originals_campaign", "originals_counter", "shares_campaign", "shares_counter"]
    by_run = timeline.groupby("replicate")[put_out].sum().sum(axis=1)
    assert by_run.tolist() == runs["messages"].tolist() and by_run.sum() > 0
    assert timeline.groupby("replicate")["minutes"].sum().eq(8 * 60).all()


def test_what_is_not_known_is_drawn_within_its_spans(finished: Path) -> None:
    draws = pd.read_parquet(finished / "draws.parquet")
    assert draws["draw"].nunique() == 100 and len(draws) == 200
    assert draws["people.grievance_mean"].nunique() == 100
    assert draws["network.mean_degree"].nunique() == 6
    found = read_json(finished / "findings.json")
    assert [row["option"] for row in found["options"]][:2] == ["as_is", "do_not_post"]
    assert len(found["hinges"]) == 2
    assert not any(hinge["name"].startswith(("reaction.", "network.")) for hinge in found["hinges"])


def test_the_last_line_is_the_folder_and_nothing_else(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path / "r", *QUICK, "study=one") == 0
    out = capsys.readouterr().out.splitlines()
    assert out[-1] == str(tmp_path / "r" / "one")
    assert out[0].startswith("my_nypd: 3,000 followers, 4 replicates, seed 1")


def test_places_with_blanks_equals_brackets_and_umlauts_work(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    odd = tmp_path / "Über uns (neu) = 1"
    assert run(odd, *QUICK, "study=a b=c (ü)") == 0
    assert (odd / "a b=c (ü)" / "report.html").is_file()
    assert capsys.readouterr().out.splitlines()[-1] == str(odd / "a b=c (ü)")


def test_the_content_does_not_depend_on_workers_and_depends_on_the_seed(tmp_path: Path) -> None:
    for name, words in {"one": ["workers=1"], "two": ["workers=2"], "nought": ["seed=0"]}.items():
        assert run(tmp_path, *QUICK, f"study={name}", *words) == 0
    assert contents(tmp_path / "one") == contents(tmp_path / "two")
    assert contents(tmp_path / "one")["runs"] != contents(tmp_path / "nought")["runs"]
    assert read_json(tmp_path / "nought" / "summary.json")["seed"] == 0


def test_the_same_study_is_returned_another_refused_and_fresh_keeps_the_old_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path, *QUICK, "study=s") == 0
    before = (tmp_path / "s" / "manifest.json").stat().st_mtime_ns
    capsys.readouterr()
    assert run(tmp_path, *QUICK, "study=s", "workers=1") == 0
    said = capsys.readouterr()
    assert "stands there already" in said.err and said.out.splitlines()[-1] == str(tmp_path / "s")
    assert (tmp_path / "s" / "manifest.json").stat().st_mtime_ns == before
    assert run(tmp_path, *QUICK, "study=s", "seed=2") == 2
    assert "holds a study of another configuration" in capsys.readouterr().err
    assert run(tmp_path, *QUICK, "study=s", "replicates=5") == 2
    assert "fresh=true" in capsys.readouterr().err
    assert run(tmp_path, *QUICK, "study=s", "seed=2", "fresh=true") == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["s", "s.old-1"]
    assert read_json(tmp_path / "s.old-1" / "manifest.json")["seed"] == 1


def test_a_study_is_named_after_its_case_and_its_changes(tmp_path: Path) -> None:
    assert run(tmp_path, *QUICK) == 0
    assert run(tmp_path, *QUICK, "seed=3") == 0
    names = sorted(path.name for path in tmp_path.iterdir())
    assert len(names) == 2 and all(name.startswith("my_nypd-") for name in names)


@pytest.mark.parametrize("part", ["study_campaign", "keep"])
def test_a_failure_leaves_nothing_half_written(
    part: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home = campaign if part == "study_campaign" else store

    def fail(*words: object, **named: object) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr(home, part, fail)
    assert run(tmp_path / "r", *QUICK) == 1
    assert list(tmp_path.iterdir()) == []
    assert "a fault of its own, and wrote nothing: RuntimeError: power cut" in capsys.readouterr().err


def test_a_disk_that_fills_up_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(self: pd.DataFrame, path: Path, **named: object) -> None:
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr(pd.DataFrame, "to_parquet", full)
    assert run(tmp_path / "r", *QUICK) == 2
    assert "cannot be written: the disk is full. Make room" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_stopping_it_leaves_nothing_and_says_so(number: int, code: int, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "sim.cli.main", "run", *SMALL, "replicates=100000", "uncertainty=none",
               f"results={tmp_path / 'r'}"]  # fmt: skip
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as running:
        waited = time.monotonic() + 300
        while not (tmp_path / "r").exists() and time.monotonic() < waited:
            assert running.poll() is None, running.stderr.read() if running.stderr else ""
            time.sleep(0.05)
        time.sleep(0.3)
        running.send_signal(number)
        out, said = running.communicate(timeout=120)
    assert running.returncode == code, said
    assert out == "" and said.splitlines()[-1] == "Stopped; nothing was written."
    assert list(tmp_path.iterdir()) == []


def test_the_same_study_begun_twice_at_once_is_one_study_and_both_succeed(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "sim.cli.main", "run", *QUICK, f"results={tmp_path / 'r'}", "study=s"]
    pair = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    ends = [running.communicate(timeout=500) for running in pair]
    assert [running.returncode for running in pair] == [0, 0], ends
    assert ends[0][0] == ends[1][0] and ends[0][0].splitlines()[-1] == str(tmp_path / "r" / "s")
    assert [path.name for path in (tmp_path / "r").iterdir()] == ["s"]
    assert main(["replay", str(tmp_path / "r" / "s")]) == 0


def test_a_killed_run_leaves_nothing_that_is_taken_for_a_study_and_the_next_starts_clean(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "sim.cli.main", "run", *SMALL, "replicates=100000", "uncertainty=none",
               f"results={tmp_path}", "study=other"]  # fmt: skip
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE) as running:
        waited = time.monotonic() + 300
        while not list(tmp_path.iterdir()) and time.monotonic() < waited:
            assert running.poll() is None
            time.sleep(0.05)
        running.kill()
    left = [path.name for path in tmp_path.iterdir()]
    assert left == [f".other.partial-{running.pid}"]
    assert run(tmp_path, *QUICK, "study=s") == 0
    assert [path.name for path in tmp_path.iterdir()] == ["s"]


def test_an_interrupt_before_anything_was_begun_shows_no_traceback() -> None:
    script = "import sim.cli.entry, os, signal, time; os.kill(os.getpid(), signal.SIGINT); time.sleep(60)"
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=60)
    assert (ended.returncode, ended.stdout, ended.stderr) == (-signal.SIGINT, "", "")
    # what is under way is told again, and who ignores Ctrl-C goes on doing so
    script = ("import sim.cli.entry, sim.cli.main, os, signal\n"
              "sim.cli.main._dispatch = lambda words: os.kill(os.getpid(), signal.SIGINT)\n"
              "raise SystemExit(sim.cli.entry.main())")  # fmt: skip
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=60)
    assert (ended.returncode, ended.stderr) == (130, "Stopped; nothing was written.\n")
    ignored = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\n" + script.rpartition("\n")[0] + (
        "\nraise SystemExit(sim.cli.entry.main() or 0)")  # fmt: skip
    ended = subprocess.run([sys.executable, "-c", ignored], capture_output=True, text=True, check=False, timeout=60)
    assert (ended.returncode, ended.stderr) == (0, "")


def test_replay_finds_the_same_content(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, *QUICK, "study=s", "record=log") == 0
    capsys.readouterr()
    assert main(["replay", str(tmp_path / "s"), "workers=1"]) == 0
    assert "the same content, " in capsys.readouterr().out


def test_the_event_log_holds_every_run_and_agrees_with_the_counts(tmp_path: Path) -> None:
    assert run(tmp_path, *QUICK, "study=s", "record=log") == 0
    log = pd.read_parquet(tmp_path / "s" / "log.parquet")
    runs = pd.read_parquet(tmp_path / "s" / "runs.parquet")
    assert list(log.columns[:6]) == ["graph", "replicate", "minute", "follower", "action", "frame"]
    by_people = log[log["action"].isin(["write", "share"])].groupby("replicate").size()
    assert by_people.reindex(range(4), fill_value=0).tolist() == runs["messages"].tolist()
    assert "log" in contents(tmp_path / "s")


def test_several_graphs_share_the_replicates(tmp_path: Path) -> None:
    assert run(tmp_path, *QUICK, "study=s", "graphs=2") == 0
    runs = pd.read_parquet(tmp_path / "s" / "runs.parquet")
    assert runs["graph"].tolist() == [0, 0, 1, 1] and runs["replicate"].tolist() == [0, 1, 2, 3]
    assert read_json(tmp_path / "s" / "summary.json")["graphs"] == 2


def test_the_report_is_written_anew_from_the_folder_alone(finished: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (finished / "report.html").read_bytes()
    (finished / "report.html").unlink()
    assert main(["report", str(finished)]) == 0
    assert (finished / "report.html").read_bytes() == before
    assert capsys.readouterr().out.splitlines()[-1] == str(finished)


def test_a_real_graph_gives_a_report_without_cascade_and_its_log_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = np.arange(400)
    edges = "".join(f"{row + 7}\t{(row * row) % 61 + 7}\n" for row in rows)
    path = tmp_path / "my graph (1)=ü.tsv"
    path.write_text("# follower followed\n" + edges)
    words = ["case=my_nypd", "network=edge_list", f"network.path={path}", "replicates=3", "uncertainty=none"]
    assert run(tmp_path / "r", *words, "record=log") == 2
    assert "stays in memory" in capsys.readouterr().err
    assert not (tmp_path / "r").exists()
    assert run(tmp_path / "r", *words, "people.n_followers=5000", "study=s") == 0
    passed_over = [line for line in capsys.readouterr().err.splitlines() if "passed over" in line]
    names = {file.name for file in (tmp_path / "r" / "s").iterdir()}
    assert "report.html" in names and not names & {"cascade.parquet", "log.parquet"}
    summary = read_json(tmp_path / "r" / "s" / "summary.json")
    assert summary["at_quarter_size"] is None and summary["followers"] <= 461
    rows = f"{summary['followers']:,} rows"
    assert passed_over == [f"Note: people.n_followers is passed over: the graph's file has {rows}."]
    path.write_text("# follower followed\n" + edges + "1\t2\n")
    assert run(tmp_path / "r", *words, "people.n_followers=5000", "study=s") == 2
    assert main(["replay", str(tmp_path / "r" / "s")]) == 2
    assert "content has changed since" in capsys.readouterr().err


def test_an_empty_audience_fizzles_and_is_told(tmp_path: Path) -> None:
    assert run(tmp_path, "people.n_followers=0", "replicates=2", "uncertainty=none", "study=s") == 0
    summary = read_json(tmp_path / "s" / "summary.json")
    assert summary["verdict"]["fizzled"] == 1.0 and summary["hijack_share"]["mean"] is None


def test_compare_pairs_the_luck_and_returns_what_stands_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [*SMALL, "replicates=6", "policy=silent,withdraw", "study=c"]
    assert run(tmp_path, *words, command="compare") == 0
    out = capsys.readouterr().out.splitlines()
    assert out[-1] == str(tmp_path / "c") and out[2].startswith("silent") and out[3].startswith("withdraw")
    rows = read_json(tmp_path / "c" / "summary.json")["rows"]
    assert rows[0]["hijacked_difference"] is None
    assert rows[1]["hijacked_difference_lo"] <= rows[1]["hijacked_difference"] <= rows[1]["hijacked_difference_hi"]
    runs = pd.read_parquet(tmp_path / "c" / "runs.parquet")
    assert runs.groupby("name").size().to_dict() == {"listen_first": 6, "silent": 6, "withdraw": 6}
    assert run(tmp_path, *words, command="compare") == 0
    assert "stands there already" in capsys.readouterr().err
    assert main(["replay", str(tmp_path / "c")]) == 0


def test_the_command_works_as_a_process_and_says_only_plain_lines_when_piped(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "sim.cli.main", "run", *QUICK, f"results={tmp_path / 'r'}", "study=s"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=500, env=dict(os.environ))
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.splitlines()[-1] == str(tmp_path / "r" / "s")
    assert "\x1b" not in ended.stderr and "\r" not in ended.stderr
    assert all(line.startswith(("[", "Warning: ", "Note: ")) for line in ended.stderr.splitlines())
