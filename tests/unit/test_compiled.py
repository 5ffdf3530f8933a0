"""The kernel cache: never stale, used again when nothing has changed, and not needed to work at all."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]

# Numba's own count of what it compiled and what it took from the cache, for every kernel that was called
COUNTED = """
import gc
from numba.core.registry import CPUDispatcher
kernels = [k for k in gc.get_objects() if isinstance(k, CPUDispatcher) and k.py_func.__module__.startswith("sim.")]
stats = [k.stats for k in kernels if k._cache.cache_path is not None]
print("compiled", sum(sum(s.cache_misses.values()) for s in stats))
print("kept", sum(sum(s.cache_hits.values()) for s in stats))
"""

# one kernel in a module that calls a rule in another module
ONE_RULE = """
import numpy as np
from sim.feed.exposure import sinking_speeds
print("result", sinking_speeds(np.array([0, 3, 50], dtype=np.int32), 0.5).tolist())
"""

CAMPAIGN = """
import hashlib
from sim.engine.run import run_campaign
from sim.engine.world import build_world
from tests.reference.small import configured, graph, people
n = 40
coefficients = {"reaction__b_value": 4.0, "reaction__cross": 0.5, "reaction__b_write": -1.0, "reaction__b_share": -1.0}
configuration = configured(post__salience=0.9, **coefficients)
crowd = people(n, grievance=[j / n for j in range(n)], support=[1 - j / n for j in range(n)])
follows = graph(n, *((j, (j + d) % n) for j in range(n) for d in (1, 2, 3)))
messages = run_campaign(build_world(configuration, graph=follows, population=crowd), replicate=0).messages
print("result", messages.frame.tolist(), messages.author.tolist())
"""


def copy_of_the_package(folder: Path) -> Path:
    """Return a folder with a copy of ``sim`` and of the tests' small worlds, to edit."""
    for name in ("sim", "conf", "tests/reference"):
        shutil.copytree(CHECKOUT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def told(script: str, folder: Path, cache: Path) -> tuple[dict[str, str], str]:
    """Run a script against the ``sim`` in a folder; return what it prints, by first word, and its standard error."""
    done = subprocess.run(
        [sys.executable, "-c", script + COUNTED], cwd=folder, capture_output=True, text=True, check=False,
        env=os.environ | {"BACKFIRE_CACHE": str(cache), "PYTHONPATH": str(folder), "TMPDIR": str(folder)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return {line.split(" ", 1)[0]: line.split(" ", 1)[1] for line in done.stdout.splitlines()}, done.stderr


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{path.name} has changed: name another line of the rule here"
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_an_edited_rule_in_another_module_moves_the_result_at_once(tmp_path):
    folder, cache = copy_of_the_package(tmp_path / "copy"), tmp_path / "cache"
    before, _ = told(ONE_RULE, folder, cache)
    again, _ = told(ONE_RULE, folder, cache)
    assert again["result"] == before["result"]
    assert int(before["compiled"]) > 0
    assert (again["compiled"], int(again["kept"]) > 0) == ("0", True)
    # a sign in a module that the kernel's own file only imports from
    edit(folder / "sim" / "mathx.py", "a = 1.0 + r\n", "a = 1.0 - r\n")
    edited, _ = told(ONE_RULE, folder, cache)
    assert edited["result"] != before["result"]
    assert int(edited["compiled"]) > 0
    assert len(list(cache.iterdir())) == 2
    # the edit taken back finds what was kept
    edit(folder / "sim" / "mathx.py", "a = 1.0 - r\n", "a = 1.0 + r\n")
    back, _ = told(ONE_RULE, folder, cache)
    assert (back["result"], back["compiled"]) == (before["result"], "0")


@pytest.mark.slow
def test_an_edited_reaction_rule_moves_a_campaign(tmp_path):
    folder, cache = copy_of_the_package(tmp_path / "copy"), tmp_path / "cache"
    before, _ = told(CAMPAIGN, folder, cache)
    again, _ = told(CAMPAIGN, folder, cache)
    assert (again["result"], again["compiled"]) == (before["result"], "0")
    edit(folder / "sim" / "reaction" / "choice.py", "return drive - coef", "return drive + coef")
    edited, _ = told(CAMPAIGN, folder, cache)
    assert edited["result"] != before["result"]


@pytest.mark.parametrize("change", ["edited", "added", "renamed", "removed"])
def test_any_change_of_the_source_has_a_cache_of_its_own(tmp_path, change):
    folder = tmp_path / "copy"
    folder.mkdir()
    shutil.copytree(CHECKOUT / "sim" / "config", folder / "sim" / "config")
    shutil.copy(CHECKOUT / "sim" / "compiled.py", folder / "sim")
    (folder / "sim" / "__init__.py").touch()
    script = "from sim.compiled import source_fingerprint\nprint(source_fingerprint())\n"

    def fingerprint() -> str:
        environment = os.environ | {"PYTHONPATH": str(folder), "BACKFIRE_CACHE": str(tmp_path / "cache")}
        done = subprocess.run([sys.executable, "-c", script], cwd=folder, env=environment, capture_output=True,
                              text=True, check=True)  # fmt: skip
        return done.stdout

    before = fingerprint()
    assert re.fullmatch(r"[0-9a-f]{64}\n", before)
    post = folder / "sim" / "config" / "post.py"
    if change == "edited":
        post.write_text(post.read_text(encoding="utf-8") + "# one more line\n", encoding="utf-8")
    elif change == "added":
        (folder / "sim" / "config" / "more.py").touch()
    elif change == "renamed":
        post.rename(post.with_name("posts.py"))
    else:
        post.unlink()
    assert fingerprint() != before


def test_a_cache_folder_that_cannot_be_made_is_told_and_replaced(tmp_path):
    obstacle = tmp_path / "a file"
    obstacle.write_text("where a folder should be")
    folder = copy_of_the_package(tmp_path / "copy")
    found, error = told(ONE_RULE, folder, obstacle / "cache")
    assert error.count("\n") == 1
    assert f"cannot be kept in {obstacle / 'cache'}" in error and "BACKFIRE_CACHE" in error
    assert str(folder / f"backfire-{os.getuid()}") in error
    # the next start finds what this one compiled, and a folder that others could write to is not used
    again, _ = told(ONE_RULE, folder, obstacle / "cache")
    assert (again["result"], again["compiled"]) == (found["result"], "0")
    (folder / f"backfire-{os.getuid()}").chmod(0o777)
    anew, error = told(ONE_RULE, folder, obstacle / "cache")
    assert anew["result"] == found["result"]
    assert "compiles anew" in error


def test_without_any_cache_kernels_give_the_same_and_say_so(tmp_path):
    folder = copy_of_the_package(tmp_path / "copy")
    obstacle = tmp_path / "a file"
    obstacle.touch()
    nowhere = f"import tempfile\ntempfile.tempdir = {str(obstacle)!r}\n"
    found, error = told(nowhere + ONE_RULE, folder, obstacle / "cache")
    kept, quiet = told(ONE_RULE, folder, tmp_path / "cache")
    assert found["result"] == kept["result"]
    assert "compiles anew" in error and error.count("\n") == 1
    assert quiet == ""
    assert (found["compiled"], found["kept"]) == ("0", "0")  # no kernel has a cache to count with


def test_a_full_disk_costs_the_cache_and_nothing_else(tmp_path):
    folder, cache = copy_of_the_package(tmp_path / "copy"), tmp_path / "cache"
    full = "import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))\n"
    found, error = told(full + ONE_RULE, folder, cache)
    assert error.count("\n") == 1 and f"cannot be kept in {cache}" in error and "BACKFIRE_CACHE" in error
    assert [path.name for path in cache.rglob("*.nbc")] == []
    # with room again, nothing half-written stands in the way
    kept, quiet = told(ONE_RULE, folder, cache)
    assert (kept["result"], quiet) == (found["result"], "")
    assert told(ONE_RULE, folder, cache)[0]["compiled"] == "0"


@pytest.mark.parametrize("damage", ["truncated", "flipped", "emptied"])
def test_damaged_compiled_code_is_made_anew(tmp_path, damage):
    folder, cache = copy_of_the_package(tmp_path / "copy"), tmp_path / "cache"
    before, _ = told(ONE_RULE, folder, cache)
    files = [*cache.rglob("*.nbc")] if damage == "flipped" else [*cache.rglob("*.nb?")]
    assert files
    for path in files:
        raw = bytearray(path.read_bytes())
        raw[len(raw) // 2] ^= 4
        path.write_bytes({"truncated": raw[: len(raw) // 2], "flipped": raw, "emptied": b""}[damage])
    mended, error = told(ONE_RULE, folder, cache)
    assert (mended["result"], mended["compiled"], error) == (before["result"], before["compiled"], "")
    again, _ = told(ONE_RULE, folder, cache)
    assert (again["result"], again["compiled"]) == (before["result"], "0")


def test_caches_that_have_not_been_used_for_long_are_removed_and_the_newest_kept(tmp_path):
    folder, cache = copy_of_the_package(tmp_path / "copy"), tmp_path / "cache"
    now = time.time()
    for days in range(1, 12):
        old = cache / f"kernels-{days:02d}"
        old.mkdir(parents=True)
        (old / "last-used").touch()
        os.utime(old / "last-used", (now - 86_400 * days - 60,) * 2)
    (cache / "graphs").mkdir()
    (cache / ".gone-kernels-99").mkdir()  # another process was ended while it removed this one
    told(ONE_RULE, folder, cache)
    left = {path.name for path in cache.iterdir()}
    assert left >= {"graphs", "kernels-01", "kernels-05"}
    assert len(left) == 1 + 6 and not left & {"kernels-06", "kernels-11", ".gone-kernels-99"}


def test_a_cache_removed_while_it_is_used_costs_time_alone(tmp_path):
    folder, cache = copy_of_the_package(tmp_path / "copy"), tmp_path / "cache"
    removed = ONE_RULE.replace("print(", f"import shutil\nshutil.rmtree({str(cache)!r})\nprint(")
    found, _ = told(removed, folder, cache)
    kept, _ = told(ONE_RULE, folder, cache)
    assert found["result"] == kept["result"]
