"""Luck comes from keyed draws alone: no generator, no global state, no call order.

Designs and numerical methods of studies, and what a dry run tries, may draw from a generator that is seeded where it
is made.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.source import CHECKOUT, imports, label, python_files, tree

GENERATORS = {"default_rng", "RandomState", "SeedSequence", "PCG64", "Philox", "MT19937", "rvs", "shuffle_do"}
# Mesa hands its model a generator; the model may name its type and pass it on, nothing else
MESA_SIDE = CHECKOUT / "sim" / "model.py"
TYPES = {"Generator", "BitGenerator"}
ENTROPY = {"secrets", "uuid"}
METHODS = (CHECKOUT / "sim" / "study", CHECKOUT / "sim" / "cli")

cases = python_files("sim")
assert cases


def ambient(path: Path) -> Iterator[str]:
    """Yield each use of a generator that is not a keyed draw."""
    allowed = set(seeded(path)) if any(path.is_relative_to(part) for part in METHODS) else set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Attribute) and path == MESA_SIDE and node.attr in TYPES:
            allowed.add(node.value)
        if isinstance(node, ast.Attribute | ast.Name):
            name = node.attr if isinstance(node, ast.Attribute) else node.id
            is_module = isinstance(node, ast.Attribute) and name == "random"
            if (is_module or name in GENERATORS) and node not in allowed:
                yield f"{label(path)}:{node.lineno} uses {ast.unparse(node)}"
    for name, line in imports(path):
        if name.split(".")[0] == "random" or name.startswith("numpy.random"):
            yield f"{label(path)}:{line} imports {name}"


def seeded(path: Path) -> Iterator[ast.AST]:
    """Yield what belongs to generators that are seeded: ``np.random.default_rng(seed)``, and draws from one."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "np.random.default_rng" and node.args:
            unseeded = isinstance(node.args[0], ast.Constant) and node.args[0].value is None
            if not unseeded and isinstance(node.func, ast.Attribute):
                yield from (node.func, node.func.value)
        if isinstance(node, ast.Attribute) and node.attr in TYPES:
            yield node.value
        if isinstance(node, ast.Attribute) and node.attr == "random" and ast.unparse(node) != "np.random":
            yield node


@pytest.mark.parametrize("path", cases, ids=label)
def test_no_ambient_randomness(path):
    assert not list(ambient(path))


def test_one_module_asks_the_machine_for_a_seed_and_one_for_secrets():
    """The seed of an unseeded run is drawn in one place, where it is recorded; the live page's tokens in another."""
    users = set()
    for path in cases:
        names = {name.split(".")[0] for name, _ in imports(path)}
        calls = {node.attr for node in ast.walk(tree(path)) if isinstance(node, ast.Attribute)}
        if names & ENTROPY or "urandom" in calls:
            users.add(label(path))
    assert users == {"sim/model/campaign.py", "sim/warroom/doors.py"}
