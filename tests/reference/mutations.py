"""Whether planted faults are caught: ``python -m tests.reference.mutations`` prints a line each.

``python -m tests.reference.mutations withdrawn answered`` looks only at those whose name holds one of the words.
All faults of the engine are planted into one copy, each behind a switch that is read at run time, so that one
compilation serves them all; fault 0 is none, and must survive. Rules that engine and reference share are changed in
copies of their own and held against their unit tests. Copies and compiled code lie in a temporary folder.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.reference.faults import FAULTS, RULE_FAULTS, Fault

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES, OF_NO_FAULT = 400, 20
SURVIVED = "survived"
SWITCH = '''

from sim.engine.layout import SIZES as _SIZES_OF_A_RUN


@kernel(inline=True, inner=True)
def planted(book, number):
    """Tell whether a planted fault is on: its number stands behind all other sizes."""
    sizes = longs(book, _SIZES_OF_A_RUN)
    return sizes[sizes.shape[0] - 1] == number
'''


def changed_text(folder: Path, fault: Fault, wrong: str) -> None:
    """Put the text with a fault in place.

    Raises
    ------
    ValueError
        The text to change does not stand exactly once in its file.
    """
    path = folder / "sim" / fault.file
    text = path.read_text(encoding="utf-8")
    found = text.count(fault.right)
    if found != 1:
        raise ValueError(f"{fault.name}: {fault.right!r} stands {found} times in {fault.file}, not once")
    path.write_text(text.replace(fault.right, wrong), encoding="utf-8")


def copied(folder: Path) -> Path:
    """Return a folder with copies of all that the tests need."""
    for name in ("sim", "conf", "experiments", "tests", "docs", "benchmarks"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def plant(folder: Path) -> None:
    """Plant every fault of the engine behind its switch."""
    book = folder / "sim" / "engine" / "book.py"
    text = book.read_text(encoding="utf-8")
    needed = "" if "import kernel\n" in text else "\n\nfrom sim.compiled import kernel\n"
    book.write_text(text + needed + SWITCH, encoding="utf-8")
    for number, fault in enumerate(FAULTS, start=1):
        changed_text(folder, fault, fault.wrong.replace("FAULT", f"planted(book, {number})"))
    for file in {fault.file for fault in FAULTS}:
        path = folder / "sim" / file
        text = path.read_text(encoding="utf-8")
        first = "from __future__ import annotations\n"
        path.write_text(text.replace(first, f"{first}\nfrom sim.engine.book import planted\n", 1), encoding="utf-8")


def run_there(folder: Path, arguments: list[str]) -> subprocess.Popen[str]:
    """Start Python on a copy, its compiled code beside it."""
    environment = {**os.environ, "PYTHONPATH": str(folder), "BACKFIRE_CACHE": str(folder / "cache")}
    return subprocess.Popen(
        [sys.executable, *arguments], cwd=folder, env=environment, text=True, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )  # fmt: skip


def caught_by_twin(folder: Path, numbers: Iterable[int]) -> Iterator[tuple[int, str]]:
    """Give, for each fault by number (from 1; 0 is none), what the twin says of it.

    A fault may end the whole process: then that counts as caught, and another one goes on with the rest.
    """
    left = list(numbers)
    while left:
        other = []
        with run_there(folder, ["-m", "tests.reference.mutations", "--child", *map(str, left)]) as child:
            assert child.stdout is not None
            for line in child.stdout:
                if line.startswith("{"):
                    told = json.loads(line)
                    left.remove(told["fault"])
                    yield told["fault"], told["says"]
                else:
                    other.append(line)
            code = child.wait()
        if left and code >= 0:
            raise RuntimeError("".join(other))
        if left:
            yield left.pop(0), f"the process ended with signal {-code}"


def hunt(numbers: list[int]) -> None:
    """In the copy: hold each fault against the reference, and print what is said, a line each."""
    import numpy as np
    from hypothesis import Phase

    import tests.conftest  # noqa: F401  (the profile: the same examples every time)
    from sim.engine import world
    from tests.reference.test_twin import hold_against_each_other

    plain = world.size_vector
    for number in numbers:
        world.size_vector = lambda config, number=number: np.append(plain(config), np.int64(number))
        try:
            hold_against_each_other(EXAMPLES if number else OF_NO_FAULT, phases=(Phase.explicit, Phase.generate))
            says = SURVIVED
        except Exception as found:  # noqa: BLE001  (whatever a fault leads to)
            says = " ".join(str(found).split()) or type(found).__name__
        print(json.dumps({"fault": number, "says": says}), flush=True)


def caught_by_unit_test(fault: Fault | None, test: str) -> str:
    """Return what the unit test says of a fault in a rule that engine and reference share (None: of no fault)."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = copied(Path(scratch))
        if fault is not None:
            changed_text(folder, fault, fault.wrong)
        arguments = ["-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", f"tests/unit/{test}.py"]
        with run_there(folder, arguments) as child:
            output, _ = child.communicate()
        if child.returncode not in (0, 1):
            raise RuntimeError(output)
        return SURVIVED if child.returncode == 0 else next(line for line in output.splitlines() if "FAILED" in line)


def main(words: list[str]) -> int:
    """Plant faults and print a line each; returns how many survive, the absent one left out.

    Parameters
    ----------
    words : list of str
        Of the engine's faults, those are looked at whose name holds one of these; without words all, and the rules'.
    """
    survivors = 0
    numbers = [0, *(j for j, fault in enumerate(FAULTS, 1) if not words or any(word in fault.name for word in words))]
    with tempfile.TemporaryDirectory() as scratch:
        folder = copied(Path(scratch))
        plant(folder)
        for number, says in caught_by_twin(folder, numbers):
            survivors += number > 0 and says == SURVIVED
            print(f"{'no fault' if number == 0 else FAULTS[number - 1].name:65s} {says[:160]}", flush=True)
            if number == 0 and says != SURVIVED:
                raise RuntimeError("the twins differ without any fault: plant none before that is mended")
    if words:
        return survivors
    for test in sorted({test for _, test in RULE_FAULTS}):
        says = caught_by_unit_test(None, test)
        if says != SURVIVED:
            raise RuntimeError(f"without any fault: {says}")
    for fault, test in RULE_FAULTS:
        says = caught_by_unit_test(fault, test)
        survivors += says == SURVIVED
        print(f"{fault.name:65s} {says[:160]}", flush=True)
    return survivors


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        hunt([int(number) for number in sys.argv[2:]])
    else:
        sys.exit(main(sys.argv[1:]))
