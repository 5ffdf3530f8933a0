"""A real follower graph with what is known of its accounts, as the configuration names them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sim.config.network import NetworkConfig
from sim.errors import GraphError
from sim.network.attributes import read_attributes
from sim.network.files import read_edges
from sim.network.graph import FollowerGraph

if TYPE_CHECKING:
    import pandas

__all__ = ["RealNetwork", "read_attributes", "read_edges", "read_network"]


class RealNetwork(NamedTuple):
    """A real graph and its attributes (a row per account, no ids; None if no file was named)."""

    graph: FollowerGraph
    attributes: pandas.DataFrame | None


def read_network(config: NetworkConfig) -> RealNetwork:
    """Read the graph that ``config`` names, and its attributes; keys come from a column ``key``.

    Raises
    ------
    GraphError
        The configuration asks for a generated graph, or a file cannot be read or breaks a rule.
    """
    if not config.from_file or config.path is None:
        raise GraphError(
            f"network.kind must be edge_list, graphml, parquet or scipy to read a graph; got {config.kind!r}."
        )
    edges = read_edges(config.path, kind=config.kind, direction=config.direction)
    if edges.n == 0:
        raise GraphError(
            f"network.path must name a graph of a follower at least; {config.path} holds no edge. Give a line for each "
            "follow edge: who follows, and whom."
        )
    attributes = None if config.attributes is None else read_attributes(config.attributes, edges.ids)
    keys = attributes["key"].to_numpy() if attributes is not None and "key" in attributes else None
    return RealNetwork(FollowerGraph.from_edges(edges.follower, edges.followed, edges.n, keys=keys), attributes)
