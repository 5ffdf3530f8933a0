"""Every test is run: right names, right folders, nothing that pytest passes by."""

from __future__ import annotations

import ast

import pytest

from tests.architecture.source import CHECKOUT, label, python_files, tree

TIERS = {"unit", "property", "statistical", "regression", "config", "catalogue", "architecture", "reference", "warroom"}
TESTS = CHECKOUT / "tests"

cases = python_files("tests")
assert cases


def named_tests(body: list[ast.stmt]) -> list[str]:
    """Return the names of the tests that stand in ``body``, at the top or in test classes."""
    found = []
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test"):
            found.append(node.name)
        elif isinstance(node, ast.ClassDef) and node.name.startswith("Test"):
            found += [f"{node.name}.{name}" for name in named_tests(node.body)]
        elif isinstance(node, ast.Assign) and any(ast.unparse(name).startswith("Test") for name in node.targets):
            found.append(ast.unparse(node.targets[0]))  # a state machine: TestX = Machine.TestCase
    return found


def test_every_folder_of_tests_is_a_tier():
    assert {path.relative_to(TESTS).parts[0] for path in cases if path.parent != TESTS} <= TIERS


@pytest.mark.parametrize("path", cases, ids=label)
def test_tests_stand_in_files_that_are_collected(path):
    found = named_tests(tree(path).body)
    if path.name.startswith("test_"):
        assert found, "a test file without a test"
        assert path.parent != TESTS, "a test file outside the tiers"
    else:
        assert not found, "tests in a file that pytest does not collect (its name must begin with test_)"


@pytest.mark.parametrize("path", cases, ids=label)
def test_no_test_hides_another_of_the_same_name(path):
    found = named_tests(tree(path).body)
    assert len(found) == len(set(found))


@pytest.mark.parametrize("path", cases, ids=label)
def test_a_test_class_has_no_constructor(path):
    """Pytest passes by a class with ``__init__``."""
    classes = [node for node in tree(path).body if isinstance(node, ast.ClassDef) and node.name.startswith("Test")]
    assert not [node.name for node in classes if any(getattr(part, "name", "") == "__init__" for part in node.body)]
