"""Kept people and graphs: whole or not there, checked when opened, built once, not needed to work at all."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import time
import zlib
from pathlib import Path

import numpy as np
import pytest
from numba.core.errors import TypingError

from sim.config.root import Configuration, changed
from sim.engine.world import World, build_world
from sim.errors import ConfigError
from sim.network import csr
from sim.network.generated import PEOPLE_SECTIONS
from sim.network.kept import BLOCK, CONTENTS, Kept
from sim.network.shelf import Shelf, user_shelf
from sim.people.population import create_population

CHECKOUT = Path(__file__).resolve().parents[2]
ROWS = 600


def campaign(**changes: object) -> Configuration:
    return changed(
        Configuration(), {"people.n_followers": ROWS, **{n.replace("__", "."): v for n, v in changes.items()}}
    )


class Told(list):
    """Sentences that were told."""

    def shelf(self, folder: Path, **limits: float) -> Shelf:
        return Shelf(folder, least_rows=1, tell=self.append, **limits)  # type: ignore[arg-type]


@pytest.fixture
def told():
    return Told()


def kept_folders(folder: Path, kind: str = "") -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_dir() and path.name.startswith(kind))


def same(one: World, other: World) -> bool:
    columns = ("key", "cohort", "community", "grievance", "support", "grievance_rank", "role", "beat", "follows_sender")
    people = all(np.array_equal(getattr(one.population, c), getattr(other.population, c)) for c in columns)
    graph = np.array_equal(one.graph.start, other.graph.start) and np.array_equal(
        one.graph.follower, other.graph.follower
    )
    return people and graph and one.population.communities == other.population.communities


def test_a_kept_world_is_the_built_one_read_only(tmp_path, told):
    plain = build_world(campaign())
    built = build_world(campaign(), shelf=told.shelf(tmp_path))
    opened = build_world(campaign(), shelf=told.shelf(tmp_path))
    assert same(plain, built) and same(plain, opened)
    assert not told
    assert len(kept_folders(tmp_path)) == len(list(tmp_path.iterdir())) == 2  # no lock, nothing half written
    with pytest.raises(ValueError, match="read-only"):
        opened.graph.follower[0] = 1
    with pytest.raises(ValueError, match="read-only"):
        opened.population.grievance[0] = 1
    with pytest.raises(TypingError):
        csr.drop_repeats(opened.graph.start, opened.graph.follower)


def test_what_moves_people_or_graph_has_a_name_of_its_own(tmp_path, told):
    shelf = told.shelf(tmp_path)
    first = build_world(campaign(), shelf=shelf)
    angrier = build_world(campaign(people__grievance_mean=0.5), shelf=shelf)
    assert angrier.population.grievance.mean() > first.population.grievance.mean()
    assert len(kept_folders(tmp_path, "people")) == 2
    assert len(kept_folders(tmp_path, "graph")) == 1  # ranks alone enter it
    for number, change in enumerate(
        ({"seed": 2}, {"network__closure": 0.1}, {"people__community_share": 0.5}), start=2
    ):
        build_world(campaign(**change), shelf=shelf)
        assert len(kept_folders(tmp_path, "graph")) == number


def test_people_follow_from_the_sections_that_name_them():
    class Watched:
        def __init__(self, configuration):
            self.configuration, self.read = configuration, set()

        def __getattr__(self, name):
            self.read.add(name)
            return getattr(self.configuration, name)

    watched = Watched(campaign(newsroom__newsrooms=3, agency__listening_months=2))
    create_population(watched)
    assert watched.read
    assert watched.read <= {*PEOPLE_SECTIONS, "seed"}


def test_an_audience_table_counts_by_its_content(tmp_path, told):
    table = tmp_path / "audience.csv"
    head = "cohort,community,share,grievance,support,sessions_a_day\n"
    table.write_text(head + "18-24,other,1,0.2,0.5,2\n")
    shelf = told.shelf(tmp_path / "graphs")
    mild = build_world(campaign(people__table=str(table)), shelf=shelf)
    table.write_text(head + "18-24,other,1,0.8,0.5,2\n")
    angry = build_world(campaign(people__table=str(table)), shelf=shelf)
    assert angry.population.grievance.mean() > mild.population.grievance.mean() + 0.3
    table.unlink()
    with pytest.raises(ConfigError, match=r"people\.table"):
        build_world(campaign(people__table=str(table)), shelf=shelf)


def flip(path: Path, place: int) -> None:
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(bytes(content))


def of_another_format(folder: Path) -> None:
    contents = json.loads((folder / CONTENTS).read_text())
    body = {name: value for name, value in contents.items() if name != "sum"} | {"format": 0}
    total = zlib.crc32(json.dumps(body, sort_keys=True).encode())
    (folder / CONTENTS).write_text(json.dumps(body | {"sum": total}))


def cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-40])


FAULTS = {
    "cut off": (lambda folder: cut_off(folder / "follower.npy"), "cut off"),
    "empty": (lambda folder: (folder / "follower.npy").write_bytes(b""), "cut off"),
    "header changed": (lambda folder: flip(folder / "start.npy", 70), "start.npy"),
    "one bit": (lambda folder: flip(folder / "follower.npy", 3000), "does not hold what was written"),
    "last bit": (lambda folder: flip(folder / "follower.npy", -1), "does not hold what was written"),
    "no array": (lambda folder: flip(folder / "start.npy", 2), "start.npy"),
    "missing": (lambda folder: (folder / "start.npy").unlink(), "start.npy is missing"),
    "no contents": (lambda folder: (folder / CONTENTS).unlink(), "cannot be read"),
    "contents cut off": (lambda folder: cut_off(folder / CONTENTS), "cannot be read"),
    "contents changed": (lambda folder: flip(folder / CONTENTS, 30), ""),
    "another version": (of_another_format, "another version"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_damaged_is_named_and_built_anew(tmp_path, told, fault):
    whole = build_world(campaign(), shelf=told.shelf(tmp_path))
    [folder] = kept_folders(tmp_path, "graph")
    spoil, words = FAULTS[fault]
    spoil(folder)
    again = build_world(campaign(), shelf=told.shelf(tmp_path))
    assert same(whole, again)
    assert len(told) == 1 and told[0].startswith(f"The graph kept in {folder} cannot be used: ")
    assert words in told[0] and told[0].endswith("built anew.")
    assert same(whole, build_world(campaign(), shelf=told.shelf(tmp_path)))
    assert len(told) == 1


def test_every_block_is_checked(tmp_path, told):
    big = np.arange(3 * BLOCK // 8 + 5, dtype=np.int64)
    shelf = told.shelf(tmp_path)
    shelf.take("numbers", {}, lambda: Kept({"big": big}))
    [folder] = kept_folders(tmp_path)
    for place in (200, BLOCK + 300, 2 * BLOCK + 300, -1):
        flip(folder / "big.npy", place)
        found = told.shelf(tmp_path).take("numbers", {}, lambda: Kept({"big": big}))
        assert np.array_equal(found.arrays["big"], big)
    assert len(told) == 4


# Keeps four arrays; says when it begins to make them, and goes on when told to
CHILD = """
import sys
from pathlib import Path
import numpy as np
from sim.network import kept
from sim.network.shelf import Shelf
folder, me, wait = Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3])
def make():
    print("making", flush=True)
    if wait.name != "nothing":
        sys.stdin.readline()
    return kept.Kept({name: np.arange(200_000) for name in "abcd"}, {"by": me})
if wait.name == "slowly":
    kept.BLOCK = 16
    wait = Path("nothing")
found = Shelf(folder).take("numbers", {}, make)
print(found.facts["by"], all(int(array[-1]) == 199_999 for array in found.arrays.values()), flush=True)
"""


def child(folder: Path, me: str, wait: str = "nothing", **more: object) -> subprocess.Popen[str]:
    environment = os.environ | {"PYTHONPATH": str(CHECKOUT)}
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", CHILD, str(folder), me, wait], stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment, **more,
    )  # fmt: skip


def read_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_of_two_processes_one_builds_and_the_other_waits(tmp_path):
    first = child(tmp_path, "first", "a word")
    assert read_line(first) == "making"
    second = child(tmp_path, "second", "a word")
    assert second.stderr is not None
    assert second.stderr.readline() == "Another process builds the same numbers; waiting for it.\n"
    out, error = first.communicate("go on\n", timeout=60)
    assert (out, error) == ("first True\n", "")
    out, error = second.communicate(timeout=60)
    assert (out, error) == ("first True\n", "")  # it made nothing
    assert len(list(tmp_path.iterdir())) == 1


def test_who_waits_for_a_killed_builder_builds(tmp_path):
    first = child(tmp_path, "first", "a word")
    assert read_line(first) == "making"
    second = child(tmp_path, "second")
    assert second.stderr is not None
    second.stderr.readline()
    first.send_signal(signal.SIGKILL)
    first.communicate(timeout=60)
    out, _ = second.communicate(timeout=60)
    assert out == "making\nsecond True\n"


def test_a_build_killed_while_it_writes_leaves_nothing_that_passes_for_whole(tmp_path, told):
    killed = child(tmp_path, "killed", "slowly")
    deadline = time.monotonic() + 60
    while not list(tmp_path.glob("*.part/b.npy")):
        assert time.monotonic() < deadline and killed.poll() is None
    killed.send_signal(signal.SIGKILL)
    killed.communicate(timeout=60)
    assert list(tmp_path.glob("*.part/a.npy")) and not list(tmp_path.glob("numbers-*/" + CONTENTS))
    # another name's builder sweeps it
    told.shelf(tmp_path).take("others", {}, lambda: Kept({"x": np.arange(3)}))
    assert not list(tmp_path.glob("*.part"))
    out, error = child(tmp_path, "next").communicate(timeout=60)
    assert (out, error) == ("making\nnext True\n", "")
    assert not told
    assert len(list(tmp_path.iterdir())) == 2


def test_what_another_process_is_writing_is_not_swept(tmp_path, told):
    first = child(tmp_path, "first", "a word")
    assert read_line(first) == "making"
    [lock] = tmp_path.glob("*.lock")
    half = lock.with_suffix(".part")
    half.mkdir()
    told.shelf(tmp_path).take("others", {}, lambda: Kept({"x": np.arange(3)}))
    assert half.exists()
    out, _ = first.communicate("go on\n", timeout=60)
    assert out == "first True\n" and not half.exists()


def test_a_folder_that_cannot_be_made_is_told_once_and_not_needed(tmp_path, told):
    obstacle = tmp_path / "a file"
    obstacle.touch()
    shelf = told.shelf(obstacle / "graphs")
    assert same(build_world(campaign(), shelf=shelf), build_world(campaign()))
    assert len(told) == 1
    assert f"cannot be kept in {obstacle / 'graphs'} (Not a directory)" in told[0] and "BACKFIRE_CACHE" in told[0]


def test_a_full_disk_is_told_and_not_needed(tmp_path):
    def small_files_only():
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))

    out, error = child(tmp_path, "me", preexec_fn=small_files_only).communicate(timeout=60)
    assert out == "making\nme True\n"
    assert error.count("\n") == 1 and "cannot be kept" in error and "File too large" in error
    assert not list(tmp_path.iterdir())


def test_what_was_used_longest_ago_makes_room_and_stays_readable_where_it_is_mapped(tmp_path, told):
    shelf = told.shelf(tmp_path, most_bytes=2_500_000)
    numbers = np.arange(125_000)  # a megabyte

    def take(name: str) -> np.ndarray:
        return shelf.take("numbers", {"name": name}, lambda: Kept({"x": numbers})).arrays["x"]

    take("a"), take("b")
    for age, folder in enumerate(sorted(kept_folders(tmp_path), key=lambda path: path.stat().st_ctime)):
        os.utime(folder / CONTENTS, (1000 + age, 1000 + age))
    before = set(kept_folders(tmp_path))
    mapped = take("a")  # used now
    take("c")
    left = set(kept_folders(tmp_path))
    assert len(left) == 2 and len(before & left) == 1
    take("d")
    assert len(kept_folders(tmp_path)) == 2 and not before & set(kept_folders(tmp_path))
    assert np.array_equal(mapped, numbers)
    assert not told


def test_small_audiences_are_not_kept_and_nothing_is_where_there_is_no_room(tmp_path, told):
    build_world(campaign(), shelf=Shelf(tmp_path, least_rows=ROWS + 1, tell=told.append))
    build_world(campaign(), shelf=told.shelf(tmp_path, most_bytes=0))
    assert not list(tmp_path.iterdir())
    build_world(campaign(), shelf=told.shelf(tmp_path, most_bytes=10))  # too big for what may be kept
    assert not list(tmp_path.iterdir())
    assert not told


def test_the_room_is_named_in_gigabytes(monkeypatch, tmp_path):
    monkeypatch.setenv("BACKFIRE_CACHE", str(tmp_path))
    monkeypatch.delenv("BACKFIRE_CACHE_GB", raising=False)
    assert user_shelf().most_bytes == 10e9
    monkeypatch.setenv("BACKFIRE_CACHE_GB", "2.5")
    assert (user_shelf().most_bytes, user_shelf().folder) == (2.5e9, tmp_path / "graphs")
    for wrong in ("much", "-1", "nan"):
        monkeypatch.setenv("BACKFIRE_CACHE_GB", wrong)
        with pytest.raises(ConfigError, match=r"BACKFIRE_CACHE_GB must be a number .* got"):
            user_shelf()
