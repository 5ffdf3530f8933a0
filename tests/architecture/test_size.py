"""Files and functions stay of a size that can be read in one go."""

from __future__ import annotations

import ast

import pytest

from tests.architecture.source import CHECKOUT, label, python_files, tree

FILE_LINES = 400
FUNCTION_LINES = 60

cases = [*python_files("sim", "tests", "experiments", "benchmarks"), CHECKOUT / "start.py", CHECKOUT / "setup.py"]
assert len(cases) > 2


def lines_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return a function's length; its docstring does not count, for that is not what makes it hard to follow."""
    total = function.end_lineno - function.lineno + 1
    if ast.get_docstring(function) is not None:
        docstring = function.body[0]
        total -= docstring.end_lineno - docstring.lineno + 1
    return total


@pytest.mark.parametrize("path", cases, ids=label)
def test_a_file_has_at_most_400_lines(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= FILE_LINES


@pytest.mark.parametrize("path", python_files("sim"), ids=label)
def test_a_function_has_at_most_60_lines(path):
    functions = [node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    long = {function.name: lines_of(function) for function in functions if lines_of(function) > FUNCTION_LINES}
    assert not long
