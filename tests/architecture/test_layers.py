"""A folder imports only from those above it, and nothing goes round in circles."""

from __future__ import annotations

import ast

import pytest

from sim.compiled import WITHOUT_KERNELS
from tests.architecture.source import imports, label, python_files, sim_modules, tree

# top to bottom; `compiled` stands above `rng` and `mathx`, since both are made of kernels
LAYERS = [
    "errors",
    "sources",
    "compiled",
    "rng",
    "mathx",
    "extensions",
    "config",
    "people",
    "network",
    "post",
    "reaction",
    "feed",
    "newsroom",
    "agency",
    "engine",
    "outcome",
    "extend",
    "agents",
    "aftermath",
    "model",
    "catalogue",
    "study",
    "report",
    "warroom",
    "cli",
]
RANK = {name: rank for rank, name in enumerate(LAYERS)}
# names that `sim/__init__` itself holds; its other names are lazy and lead elsewhere
OF_THE_PACKAGE = {"__version__"}
# where a slow library may be imported
HOMES = {
    "mesa": {"agents", "model", "warroom"},
    "matplotlib": {"report"},
    "fastapi": {"warroom"},
    "uvicorn": {"warroom"},
}

modules = {name: path for name, path in sim_modules().items() if name != "sim"}
assert modules


def layer(module: str) -> str:
    """Return the folder (or lone file) of ``sim`` that a module belongs to."""
    return module.split(".")[1]


def test_every_folder_of_sim_has_its_place_in_the_order():
    assert {layer(module) for module in modules} <= set(LAYERS)


@pytest.mark.parametrize("module", modules)
def test_a_module_imports_only_from_its_own_layer_and_those_above(module):
    wrong = []
    for name, line in imports(modules[module]):
        if name.partition(".")[0] != "sim" or name == "sim" or name.removeprefix("sim.") in OF_THE_PACKAGE:
            continue
        above = RANK.get(layer(name), len(LAYERS))
        if above > RANK[layer(module)]:
            wrong.append(f"{label(modules[module])}:{line} imports {name}, which stands below {layer(module)}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("path", python_files("sim", "experiments", "benchmarks", "tests"), ids=label)
def test_imports_are_absolute(path):
    assert not [name for name, _ in imports(path) if name.startswith(".")]


def test_no_module_imports_itself_by_way_of_others():
    graph = {module: {name for name, _ in imports(path) if name in modules} for module, path in modules.items()}
    assert any(graph.values()) or len(graph) < 3
    done: set[str] = set()

    def visit(module: str, trail: tuple[str, ...]) -> None:
        assert module not in trail, " -> ".join([*trail[trail.index(module) :], module])
        if module not in done:
            for name in sorted(graph[module]):
                visit(name, (*trail, module))
            done.add(module)

    for module in graph:
        visit(module, ())


@pytest.mark.parametrize("library", HOMES)
def test_a_slow_library_is_imported_only_in_its_homes(library):
    users = [m for m, path in modules.items() if any(n.split(".")[0] == library for n, _ in imports(path))]
    assert {layer(module) for module in users} <= HOMES[library]


def test_the_package_itself_imports_nothing_of_ours_when_imported():
    eager = [node for node in tree(sim_modules()["sim"]).body if type(node).__name__ in ("Import", "ImportFrom")]
    names = [getattr(node, "module", None) or node.names[0].name for node in eager]
    assert names
    assert not [name for name in names if name.split(".")[0] == "sim"]


def test_what_the_kernel_cache_is_not_named_by_makes_no_kernel_and_lies_below_all_that_do():
    below = LAYERS[LAYERS.index("agents") :]
    assert set(below) == set(WITHOUT_KERNELS)
    for module, path in modules.items():
        if layer(module) in below:
            assert not [name for name, _ in imports(path) if name.partition(".")[0] == "numba"], module
            called = {alias.name for node in ast.walk(tree(path)) if isinstance(node, ast.ImportFrom)
                      for alias in node.names if node.module == "sim.compiled"}  # fmt: skip
            assert "kernel" not in called, module
