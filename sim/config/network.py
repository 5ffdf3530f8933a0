"""Who follows whom: the parameters of a generated follower graph, or the file of a real one.

Defaults are fitted to two open follower graphs of brand accounts (13,688 and 3,726 accounts), measured at
their own size and density, and held against the Higgs follow graph (456,626 accounts, 14,855,842 edges:
De Domenico et al. 2013; totals of KONECT, and of SNAP for its average local clustering, 0.1887). See
``tests/statistical/test_network_patterns.py``.
"""

from __future__ import annotations

from typing import Literal, Self

from pydantic import model_validator

from sim.config.fields import Real, Section, Whole, own_parameters, param

_BRANDS = "measured on the two brand follower graphs (Sanzeed/balanced_influence_maximization, MIT)"
_FITTED = "fitted to the two brand follower graphs: tests/statistical/test_network_patterns.py"
GENERATED = "generated"
FROM_FILES = ("edge_list", "graphml", "parquet", "scipy")
KINDS = (GENERATED, *FROM_FILES)
Direction = Literal["follower_followed", "followed_follower"]


class NetworkConfig(Section):
    """Where the follower graph comes from."""

    kind: str = param(GENERATED, "name", "make a graph (by a rule of your own: its name), or read a file of this kind")
    path: str | None = param(None, "name", "file of a real graph, for every kind but generated")
    attributes: str | None = param(None, "name", "CSV or Parquet file with attributes of the accounts of a real graph")
    direction: Direction = param("follower_followed", "name", "what the two columns of a file mean, in their order")
    mean_degree: Real = param(
        20.0, "follows per account", "mean number of followed accounts inside the audience",
        low=0.0, high=1000.0, role="uncertainty", span=(10.0, 40.0),
        source="assumed: 5.0 and 6.4 in the two brand follower graphs, 32.5 in the Higgs follow graph (KONECT)",
    )  # fmt: skip
    in_tail_exponent: Real = param(
        1.82, "1", "exponent of the tail of the number of followers",
        low=1.5, high=4.0, role="uncertainty", span=(1.8, 2.1),
        source=_BRANDS + ": 1.78 and 1.96; Higgs (KONECT): 2.05",
    )  # fmt: skip
    hub_share: Real = param(
        0.30, "share of the audience", "followers of the best-followed account, in an audience of 10,000",
        low=0.001, high=0.9, role="uncertainty", span=(0.2, 0.45),
        source="measured: 0.437 at n = 3,726, 0.253 at 13,688 (brand graphs), 0.113 at 456,626 (Higgs, KONECT)",
    )  # fmt: skip
    hub_decline: Real = param(
        0.25, "1", "power of the audience's size by which that share falls",
        low=0.0, high=1.0, source="fitted by hand through the three shares named at hub_share (each within 15 %)",
    )  # fmt: skip
    out_sigma: Real = param(
        1.3, "log accounts", "log-deviation of the number of followed accounts",
        low=0.0, high=3.0, role="uncertainty", span=(1.1, 1.5),
        source=_BRANDS + ": Gini 0.65 and 0.66, which a lognormal reaches at 1.32 and 1.35",
    )  # fmt: skip
    follow_limit: Whole = param(
        2000, "accounts", "about the most that anyone follows inside the audience",
        low=1, high=2_000_000_000,
        source="assumed: Twitter's general limit until 2015; most seen: 567 and 417 (brand graphs), 1,259 (Higgs)",
    )  # fmt: skip
    degree_correlation: Real = param(
        0.6, "1", "correlation (Gaussian copula) of following and being followed",
        low=-0.95, high=0.95, role="uncertainty", span=(0.4, 0.8), source=_FITTED,
    )  # fmt: skip
    homophily_cohort: Real = param(
        0.25, "share of links", "links that look for the own age band",
        low=0.0, high=0.95, role="uncertainty", span=(0.05, 0.5),
        source="assumed: between race (0.19) and party (0.53), nominal assortativity among US legislators (bigergm)",
    )  # fmt: skip
    homophily_community: Real = param(
        0.25, "share of links", "links that look for the own community",
        low=0.0, high=0.95, role="uncertainty", span=(0.05, 0.5), source="assumed: as for homophily_cohort",
    )  # fmt: skip
    homophily_grievance: Real = param(
        0.2, "share of links", "links that look for the own tenth of the grievance ranking",
        low=0.0, high=0.95, role="uncertainty", span=(0.0, 0.4),
        source="assumed: race among US legislators (bigergm) shows 0.19",
    )  # fmt: skip
    reciprocity: Real = param(
        0.33, "share of edges", "follow edges that are returned",
        low=0.0, high=0.9, role="uncertainty", span=(0.22, 0.42),
        source=_BRANDS + ": 0.315 and 0.377; Higgs (KONECT): 0.316; Kwak et al. 2010: 0.22",
    )  # fmt: skip
    closure: Real = param(
        0.3, "share of links", "links to an account that an already followed account follows",
        low=0.0, high=0.9, role="uncertainty", span=(0.1, 0.5), source=_FITTED,
    )  # fmt: skip

    own: dict[str, Real] = own_parameters("network")

    @property
    def from_file(self) -> bool:
        """Whether the graph is a real one, read from a file; all others are made."""
        return self.kind in FROM_FILES

    @model_validator(mode="after")
    def _file_for_real_graphs(self) -> Self:
        """Check that a file is named where one is read, and only there."""
        if not self.from_file:
            for name in ("path", "attributes"):
                if getattr(self, name) is not None:
                    raise ValueError(
                        f"network.{name} is for graphs read from a file; choose network=edge_list "
                        f"(or graphml, parquet, scipy), got network.kind {self.kind!r} with {getattr(self, name)!r}."
                    )
        elif not self.path:
            raise ValueError(f"network.path must name the file to read when network.kind is {self.kind!r}.")
        return self
