"""Everything of a configuration's own, checked and compiled before anything is begun or written."""

from __future__ import annotations

from sim.config.root import Configuration
from sim.engine.own import INTERFACES, own_rules
from sim.extensions.files import check_given, load
from sim.network.own import GIVEN as OF_NETWORKS
from sim.outcome.own import GIVEN as OF_OUTCOMES
from sim.outcome.units import UNITS

GIVEN = {kind: tuple(interface.given) for kind, interface in INTERFACES.items()}
GIVEN |= {"network": OF_NETWORKS, "outcome": OF_OUTCOMES}
"""What a function of each kind is given, by name."""


def ready(configuration: Configuration) -> None:
    """Check what a configuration's files add, and compile what it names.

    Raises
    ------
    ConfigError
        File, line, what is wrong, what to do.
    """
    for path, sha256 in configuration.extensions.items():
        for own in load(path, sha256).own.values():
            check_given(own, GIVEN[own.mark.kind])
            if own.mark.kind == "outcome" and own.name in UNITS:
                raise own.wrong(f"{own.name!r} is the name of a built-in outcome; give yours another one.")
    own_rules(configuration)
