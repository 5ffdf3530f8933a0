"""Which groups of configuration files exist, and which choices each of them holds.

The groups carry the names of the layers, in their order. Files are found inside the package ``sim.conf``, so
that a checkout and an installed wheel show the same.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

GROUPS = (
    "case", "people", "network", "post", "reaction", "feed", "newsroom", "agency", "policy", "without",
    "experiment", "design", "executor",
)  # fmt: skip
STUDY_KEYS = ("results", "study", "replicates", "graphs", "workers", "record", "fresh", "uncertainty")
"""Keys at the top of ``conf/config.yaml`` that say how to study a configuration, not what it is."""

EXECUTOR_SETTINGS: dict[str, type] = {
    "executor.scheduler": str, "executor.queue": str, "executor.jobs": int, "executor.cores": int,
    "executor.memory": str, "executor.walltime": str, "executor.partition": str, "executor.account": str,
    "executor.interface": str, "executor.folder": str,
}  # fmt: skip
"""Settings of an executor (``conf/executor/dask.yaml``), and what each is."""


def folder(group: str) -> Traversable:
    """Return the folder of a group; it need not exist."""
    return files("sim.conf") / group


@cache
def choices(group: str) -> tuple[str, ...]:
    """Return the names that a group offers, in alphabetical order; empty if the group has no files yet."""
    home = folder(group)
    if not home.is_dir():
        return ()
    return tuple(sorted(file.name[:-5] for file in home.iterdir() if file.name.endswith(".yaml")))
