"""What travels in the package, what the locks hold, and that nothing tells where it was made."""

from __future__ import annotations

import fnmatch
import re
import subprocess
import sys
import tomllib

import pytest

from tests.architecture.source import CHECKOUT, label, tracked_files

PROJECT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKS = ["build", "run", "dev", "bench"]
# put together from pieces, so that this file does not trip over itself
ELSEWHERE = [
    *("/" + place + "/" for place in ("work", "root")),
    *(".".join(host) for host in (("py" + "pi", "org"), ("python" + "hosted", "org"), ("py" + "pi", "python", "org"))),
]
SLOW = ["numpy", "pandas", "scipy", "numba", "matplotlib", "mesa", "pyarrow", "networkx", "sklearn"]


def locked(name: str) -> dict[str, str]:
    """Return each requirement of a lock with its hashes: "numpy==2.4.6 ; marker" -> the rest of its entry."""
    text = (CHECKOUT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    entries = re.split(r"\n(?=\S)", text.strip())
    return dict(entry.split(" \\\n", 1) if " \\\n" in entry else (entry, "") for entry in entries)


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_has_one_version_and_a_hash(name):
    cases = locked(name)
    assert cases
    for requirement, hashes in cases.items():
        assert re.match(r"[a-z0-9-]+==[^ ]+( ; .+)?$", requirement), requirement
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", hashes), requirement


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_holds_no_address_and_no_path(name):
    text = (CHECKOUT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    assert not re.search(r"://|find-links|index-url| @ |(^|\s)/", text)


def test_the_locks_agree():
    """The smaller lock is part of the larger, version by version (markers may be narrower)."""
    build, run, dev, bench = ({requirement.split(" ; ")[0] for requirement in locked(name)} for name in LOCKS)
    assert build
    assert build <= run <= dev <= bench


def test_the_locks_serve_both_lines_of_mesa():
    lines = [requirement for requirement in locked("run") if requirement.startswith("mesa==")]
    assert len(lines) == 2
    assert "mesa==3.3.1 ; python_full_version < '3.12'" in lines


def test_every_dependency_is_locked():
    wanted = PROJECT["project"]["dependencies"] + sum(PROJECT["project"]["optional-dependencies"].values(), [])
    names = {re.split(r"[<>=!~ \[]", requirement)[0].lower() for requirement in wanted}
    assert names
    assert names <= {requirement.split("==")[0] for requirement in locked("bench")}


def test_nothing_but_the_benchmarks_needs_the_peers():
    peers = {re.split(r"[<>=!~ \[]", peer)[0].lower() for peer in PROJECT["project"]["optional-dependencies"]["bench"]}
    assert peers
    assert not peers & {requirement.split("==")[0] for requirement in locked("dev")}


def test_every_folder_of_code_is_a_package_and_travels():
    folders = {path.parent for path in tracked_files() if path.suffix == ".py" and label(path).startswith("sim/")}
    assert folders
    assert not [label(folder) for folder in folders if not (folder / "__init__.py").is_file()]
    for flat in ("conf", "experiments"):
        assert (CHECKOUT / flat / "__init__.py").is_file()
        assert not [label(path) for path in (CHECKOUT / flat).glob("*/**/*.py")]


def test_every_file_that_is_not_code_travels_with_its_package():
    patterns = PROJECT["tool"]["setuptools"]["package-data"]["*"]
    names = [label(path) for path in tracked_files()]
    cases = [n for n in names if n.split("/")[0] in ("sim", "conf", "experiments") and not n.endswith(".py")]
    assert cases
    assert not [n for n in cases if not any(fnmatch.fnmatch(n, pattern) for pattern in patterns)]


def test_no_file_names_the_place_where_it_was_made():
    found = []
    for path in tracked_files():
        content = path.read_bytes()
        found += [f"{label(path)}: {place}" for place in ELSEWHERE if place.encode() in content]
    assert not found


def test_help_is_shown_before_anything_slow_is_imported():
    script = (
        "import sys; from sim.cli.main import main; sys.argv = ['backfire', '--help']\n"
        "try:\n    code = main()\nexcept SystemExit as stop:\n    code = stop.code\n"
        f"print([name for name in {SLOW} if name in sys.modules], file=sys.stderr)\n"
        "sys.exit(code)"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=CHECKOUT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "usage" in done.stdout.lower()
    assert done.stderr.strip().splitlines()[-1] == "[]"
