"""GraphML: the nodes and edges of a directed graph, plain or gzip, without any of its attributes.

Format: Brandes et al. 2002, graphml.graphdrawing.org. Document types are refused, so that a hostile file
cannot unfold entities.
"""

from __future__ import annotations

import gzip
import re
import zlib
from pathlib import Path
from typing import NoReturn
from xml.parsers import expat

import numpy as np
import numpy.typing as npt

from sim.errors import GraphError

_NUMBERED = re.compile(r"n?(0|[1-9][0-9]{0,17})")


class _Document:
    """Collects node names and edges while the parser runs."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.row: dict[str, int] = {}
        self.ends: list[int] = []
        self.depth = 0
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartElementHandler = self.open_element
        self.parser.StartDoctypeDeclHandler = self.refuse_doctype

    def refuse(self, rule: str) -> NoReturn:
        raise GraphError(f"{self.path}, line {self.parser.CurrentLineNumber}: {rule}")

    def refuse_doctype(self, *_declared: object) -> None:
        self.refuse("a GraphML file must not declare a document type; remove the <!DOCTYPE ...>.")

    def open_element(self, name: str, attributes: dict[str, str]) -> None:
        kind = name.rpartition(" ")[2]
        self.depth += 1
        if self.depth == 1 and kind != "graphml":
            self.refuse(f"the outermost element must be <graphml>, got <{kind}>.")
        if kind == "graph" and attributes.get("edgedefault") != "directed":
            self.refuse(
                'the graph must be directed (edgedefault="directed"): who follows whom; '
                f"got edgedefault={attributes.get('edgedefault')!r}."
            )
        elif kind == "node":
            self.row.setdefault(self.name(attributes, "node", "id"), len(self.row))
        elif kind == "edge":
            if attributes.get("directed", "true") != "true":
                self.refuse('every edge must be directed, got directed="false".')
            for end in ("source", "target"):
                node = self.name(attributes, "edge", end)
                self.ends.append(self.row.setdefault(node, len(self.row)))
        elif kind == "hyperedge":
            self.refuse("an edge must join two nodes, got a <hyperedge>.")

    def name(self, attributes: dict[str, str], kind: str, attribute: str) -> str:
        if not attributes.get(attribute):
            self.refuse(f"<{kind}> must have the attribute {attribute!r}.")
        return attributes[attribute]


def read_graphml(path: Path) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], list[str]]:
    """Return sources and targets as places in the list of node names, and that list.

    Returns
    -------
    source, target : int64[m]
    names : list of str
        In the order of the document.

    Raises
    ------
    GraphError
        The file cannot be read, is not GraphML, or is not a directed graph.
    """
    document = _Document(path)
    try:
        with path.open("rb") as plain:
            zipped = plain.read(2) == b"\x1f\x8b"
        with gzip.open(path, "rb") if zipped else path.open("rb") as stream:
            document.parser.ParseFile(stream)
    except expat.ExpatError as error:
        raise GraphError(
            f"{path}, line {error.lineno}: not well-formed GraphML ({expat.ErrorString(error.code)})."
        ) from error
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise GraphError(f"{path} must be a whole gzip file; it is cut off or damaged ({error}).") from error
    except OSError as error:
        raise GraphError(f"{path} cannot be read: {error.strerror or error}.") from error
    ends = np.array(document.ends, np.int64).reshape(-1, 2)
    return ends[:, 0], ends[:, 1], list(document.row)


def numbers_of(names: list[str]) -> npt.NDArray[np.int64] | None:
    """Return node names as numbers, int64[n], if all are whole numbers, or all ``n`` and one; else None."""
    found = [_NUMBERED.fullmatch(name) for name in names]
    if not all(found) or len({name[0] == "n" for name in names}) > 1:
        return None
    return np.array([int(match.group(1)) for match in found if match], np.int64)
