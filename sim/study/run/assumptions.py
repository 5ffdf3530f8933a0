"""Every number and choice that went into a study, each with where it comes from.

A case's source speaks for the value that the case gives; what somebody else chose is said to be theirs.
"""

from __future__ import annotations

from typing import Any

from sim.config.root import Configuration
from sim.study.run.inputs import fields

CHOSEN = "given by the user"


def assumptions(configuration: Configuration) -> list[dict[str, Any]]:
    """Return every number and choice that went in, with its source: the case's own where it has one.

    Returns
    -------
    list of dict
        ``name, title, unit, role, source, value, changed``.
    """
    own = dict(configuration.case.sources)
    documented = configuration.case.inputs
    told = []
    for field in fields(configuration):
        if field.name.startswith("case.") or field.name in ("policy.rules", "earlier"):
            continue
        value = list(field.value) if isinstance(field.value, tuple) else field.value
        told.append({
            "name": field.name, "title": field.title, "unit": field.unit, "role": field.role,
            "source": own[field.name] if field.name in own and documented.get(field.name, value) == value
            else field.source if field.value == field.default else CHOSEN,
            "value": value,
            "changed": field.value != field.default,
        })  # fmt: skip
    for number, rule in enumerate(configuration.policy.rules):
        told.append({
            "name": f"policy.rules[{number}]", "title": "A rule of the policy: move and triggers", "unit": "rule",
            "role": "lever", "source": own.get("policy", CHOSEN),
            "value": {name: value for name, value in rule.model_dump().items() if value is not None}, "changed": True,
        })  # fmt: skip
    for number, before in enumerate(configuration.earlier):
        told.append({
            "name": f"earlier[{number}]", "title": "A campaign before this one, and the weeks until the next",
            "unit": "campaign", "role": "lever", "source": CHOSEN,
            "value": before.model_dump(include={"case", "posted", "weeks", "horizon_hours"}), "changed": True,
        })  # fmt: skip
    return told
