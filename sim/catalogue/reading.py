"""A case file's YAML, read strictly: what is wrong with a line is said in words, and no name may stand twice."""

from __future__ import annotations

import re
from collections.abc import Hashable
from functools import cache
from typing import Any

from sim.errors import ConfigError

_PAGE = "write it as docs/adding_a_case.md tells"
_TWICE = "a name stands twice in one group"


def read_yaml(text: str, name: str) -> Any:
    """Return the content of a YAML text; days and times of day stay text, as they are written.

    Parameters
    ----------
    text : str
    name : str
        What the file is called in messages.

    Raises
    ------
    ConfigError
        It is no YAML, or a name stands twice in one group.
    """
    import yaml

    try:
        return yaml.load(text, Loader=_loader())
    except yaml.YAMLError as found:
        place = getattr(getattr(found, "problem_mark", None), "line", 0)
        problem = str(getattr(found, "problem", ""))
        if problem.startswith(_TWICE):
            raise ConfigError(f"{name}, line {place + 1}: {problem}. Take one out.") from None
        why = _why(text.splitlines(), place, problem)
        raise ConfigError(f"{name}, line {place + 1}: this is no YAML; {why}.") from None


@cache
def _loader() -> Any:
    """Return the loader: the compiled one, if it is there."""
    import yaml

    class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
        """YAML without its surprises: 17:30 is no number of seconds, and no name is given twice."""

        def construct_mapping(self, node: Any, deep: bool = False) -> dict[Hashable, Any]:
            seen = set()
            for key, _ in node.value:
                if not isinstance(key.value, str):
                    continue
                if key.value in seen:
                    raise yaml.MarkedYAMLError(problem=f"{_TWICE}, {key.value}", problem_mark=key.start_mark)
                seen.add(key.value)
            return super().construct_mapping(node, deep)

    def number(loader: Any, node: Any) -> Any:
        return node.value if ":" in node.value else loader.construct_yaml_int(node)

    Loader.add_constructor("tag:yaml.org,2002:int", number)
    Loader.add_constructor("tag:yaml.org,2002:timestamp", lambda _, node: node.value)
    return Loader


def _why(lines: list[str], place: int, problem: str) -> str:
    """Say what is wrong with a line, and what to do."""
    line = lines[place] if place < len(lines) else ""
    if "\t" in line[: len(line) - len(line.lstrip())]:
        return "it begins with a tab; indent with blanks"
    if problem.startswith("mapping values") and re.search(r":\s.*:(\s|$)", line):
        return 'text that holds a colon needs quotes ("documented: ...")'
    if "quoted scalar" in problem or any(text.count('"') % 2 for text in lines[max(0, place - 8) : place + 1]):
        return "a quote that opens here or above is not closed"
    if problem.startswith(("mapping values", "did not find expected key", "did not find expected '-'")):
        return f"it, or a line above, is indented otherwise than those it belongs with; {_PAGE}"
    return _PAGE
