"""``backfire calibrate from=FOLDER``: a standing reference table fitted anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.cli.keys import StudyKeys

OWN = ("from", "fit", "accepted", "held_out")
_SHARE = (0.001, 0.5)


def carry_out(words: Sequence[str]) -> int:
    """Fit a standing table, or take the fit that stands, and print it."""
    from sim.cli.planned import carry_out_planned

    question, keys = asked(words)
    return carry_out_planned("fit", question, keys, lambda summary: told(keys.place, summary))


def asked(words: Sequence[str]) -> tuple[dict[str, Any], StudyKeys]:
    """Return the question of a command's words, and its study keys; all checked, nothing written.

    Raises
    ------
    BackfireError
        One clear sentence.
    """
    from sim.catalogue.compose import compose
    from sim.cli.planned import keys_for
    from sim.cli.spans import counted, listed, taken
    from sim.errors import ConfigError
    from sim.study.calibration.patterns import all_targets, chosen_sources
    from sim.study.calibration.refit import SHIPPED, table_at
    from sim.study.store.provenance import content_hash

    own, left = taken(words, OWN)
    base, composed = compose(left)
    place = own["from"] if own["from"] == SHIPPED else str(Path(own["from"]))
    table = table_at(place)
    there = list(dict.fromkeys(target.source for target in all_targets(table.facts)))
    sources = chosen_sources(listed(own["fit"]) if "fit" in own else None, there)
    try:
        accepted = float(own.get("accepted", "0.02"))
    except ValueError:
        raise ConfigError(f"accepted must be a number; got {own['accepted']!r}.") from None
    if not _SHARE[0] <= accepted <= _SHARE[1]:
        raise ConfigError(f"accepted must lie in [{_SHARE[0]}, {_SHARE[1]}], a share of the draws; got {accepted:g}.")
    question = {
        "bases": {"": base.model_dump(mode="json")}, "from": place, "table": content_hash(table.rows),
        "settings": {
            "sources": list(sources), "accepted": accepted, "held_out": counted(own, "held_out", 200, 20, 10_000),
        },
        "seed": base.seed,
    }  # fmt: skip
    return question, keys_for("fit", words, composed, question, "fit")


def told(place: Path, summary: Mapping[str, Any]) -> list[str]:
    """Return what is printed of a fit."""
    from sim.study.calibration.words import fit_lines
    from sim.study.store.loading import load

    return fit_lines(summary, load(place).frames)
