"""The model's documents, written from the model: ODD protocol, parameter reference, model card.

Numbers, parameters, entities, streams and mechanisms are read from the parameter table, the docstrings and a
configuration; the templates hold the sentences between them. A test holds the files in ``docs/`` against what is
written here, so that they cannot drift.

Protocols: ODD, Grimm et al. 2020 (doi:10.18564/jasss.4259); ODD+D, Müller et al. 2013
(doi:10.1016/j.envsoft.2013.06.003); model cards, Mitchell et al. 2019 (doi:10.1145/3287560.3287596).
"""

from __future__ import annotations

import inspect
import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from sim.config.root import Configuration
from sim.study.run.inputs import Field, fields

DOCUMENTS = {"odd.md": "odd.md.j2", "parameters.md": "parameters.md.j2", "model_card.md": "model_card.md.j2"}
"""What is written into ``docs/``, each with its template."""
NEEDED = "findings/ablation.json"
"""Which documented targets are lost without each mechanism, beside the documents (``benchmarks.findings``)."""
SECTIONS = ("people", "network", "post", "reaction", "feed", "newsroom", "agency")
_OF_THE_RUN = ("horizon_hours", "seed")


def sentences(target: str) -> str:
    """Return the first paragraph of a docstring as one line.

    Parameters
    ----------
    target : str
        ``module`` or ``module:name``.
    """
    module, _, name = target.partition(":")
    documented: Any = import_module(module)
    for part in name.split(".") if name else ():
        documented = getattr(documented, part)
    return _plain(_docstring(documented).partition("\n\n")[0])


def explained(target: str) -> str:
    """Return a docstring up to its sections as one line, and where it stands."""
    module, _, name = target.partition(":")
    documented: Any = import_module(module)
    for part in name.split(".") if name else ():
        documented = getattr(documented, part)
    told = []
    for paragraph in _docstring(documented).split("\n\n"):
        lines = paragraph.splitlines()
        if len(lines) > 1 and set(lines[1].strip()) == {"-"}:
            break
        told.append(_plain(paragraph))
    return f"{' '.join(told)} (`{module}`)"


def attributes(target: str) -> list[tuple[str, str, str]]:
    """Return the rows of a class's section ``Attributes``: name, type, what it is.

    Raises
    ------
    ValueError
        The class documents no attributes.
    """
    module, _, name = target.partition(":")
    lines = _docstring(getattr(import_module(module), name)).splitlines()
    if "Attributes" not in lines:
        raise ValueError(f"{target} documents no attributes")
    rows: list[tuple[str, str, str]] = []
    for line in lines[lines.index("Attributes") + 2 :]:
        if line and not line.startswith(" "):
            called, _, kind = line.partition(" : ")
            rows.append((called, kind, ""))
        elif line.strip():
            called, kind, said = rows[-1]
            rows[-1] = (called, kind, _plain(f"{said} {line}"))
    return rows


def properties(target: str) -> list[tuple[str, str]]:
    """Return the documented properties of a class: name and first line."""
    module, _, name = target.partition(":")
    own = vars(getattr(import_module(module), name))
    return [
        (called, _docstring(each).splitlines()[0])
        for called, each in own.items()
        if isinstance(each, property) and each.__doc__ and not called.startswith("_")
    ]


def _plain(text: str) -> str:
    """Return a docstring's text as one line of Markdown."""
    return re.sub(r":\w+:`~?(?:[\w.]*\.)?(\w+)`", r"`\1`", " ".join(text.split())).replace("``", "`")


def _docstring(documented: Any) -> str:
    """Return a docstring without its indentation."""
    found = inspect.getdoc(documented)
    if not found:
        raise ValueError(f"{documented!r} has no docstring")
    return found


def shown(value: Any) -> str:
    """Return a parameter's value for a table."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, (tuple, list)):
        return ", ".join(shown(each) for each in value) or "none"
    return str(value) or "none"


def legal(field: Field) -> str:
    """Return a parameter's legal range for a table."""
    low, high = field.legal
    if isinstance(field.value, (bool, str)) or low == -float("inf") and high == float("inf"):
        return "–"
    ends = ("-∞" if low == -float("inf") else f"{low:.6g}", "∞" if high == float("inf") else f"{high:.6g}")
    return f"{ends[0]} to {ends[1]}"


def span(field: Field) -> str:
    """Return a parameter's plausible span for a table."""
    return "–" if field.span is None else f"{field.span[0]:g} to {field.span[1]:g}"


def table_of(configuration: Configuration) -> dict[str, list[Field]]:
    """Return the rows of the parameter table by section, without what a case says of itself."""
    found: dict[str, list[Field]] = {name: [] for name in ("run", *SECTIONS)}
    for field in fields(configuration):
        section = field.name.partition(".")[0]
        if section in SECTIONS:
            found[section].append(field)
        elif field.name in _OF_THE_RUN:
            found["run"].append(field)
    return found


def parameters_of(mechanism: str) -> tuple[str, ...]:
    """Return the parameters that a mechanism of ``conf/without`` consists of, dotted; what ends in ``.`` is a group.

    A mechanism is what its file changes; a switch (``feed.trending.on``, ``newsroom.newsrooms``) stands for its group.
    """
    import yaml

    from sim.catalogue.groups import folder

    raw = yaml.safe_load((folder("without") / f"{mechanism}.yaml").read_text(encoding="utf-8")) or {}
    if "extensions" in raw:
        return ()  # another rule in the place of all coefficients
    names = list(_dotted(raw))
    switches = {"feed.trending.on": "feed.trending.", "newsroom.newsrooms": "newsroom."}
    return tuple(switches.get(name, name) for name in names)


def _dotted(raw: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    """Yield the dotted names of a nested mapping."""
    for name, value in raw.items():
        if isinstance(value, Mapping):
            yield from _dotted(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}"


def not_needed(lost: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Return the parameters, or groups of them, whose mechanism no documented target needs, with its name.

    Parameters
    ----------
    lost : mapping of mechanism to targets
        Targets that are met with everything on and missed without the mechanism.
    """
    kept = {name for each, targets in lost.items() if targets for name in parameters_of(each)}
    return {
        name: each for each, targets in lost.items() if not targets for name in parameters_of(each) if name not in kept
    }


def note_on(field: Field, dispensable: Mapping[str, str]) -> str:
    """Return what the ablation says of a parameter; empty if nothing."""
    for name, mechanism in dispensable.items():
        if field.name == name or name.endswith(".") and field.name.startswith(name):
            return f"not needed by the data (`without={mechanism}` loses no target)"
    return ""


def document(name: str, lost: Mapping[str, Sequence[str]], configuration: Configuration | None = None) -> str:
    """Return one document as Markdown.

    Parameters
    ----------
    name : str
        One of :data:`DOCUMENTS`.
    lost : mapping of mechanism to targets
        As in :func:`not_needed`.
    configuration : Configuration, optional
        Whose values are shown; the parameter table's defaults if left out.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined

    from sim.catalogue.registry import list_cases
    from sim.outcome.units import UNITS
    from sim.outcome.verdict import VERDICTS
    from sim.rng import Stream

    shown_of = Configuration() if configuration is None else configuration
    pages = Environment(
        loader=PackageLoader("sim.report"), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        keep_trailing_newline=True, autoescape=False,
    )  # fmt: skip
    dispensable = not_needed(lost)
    return pages.get_template(DOCUMENTS[name]).render(
        configuration=shown_of, table=table_of(shown_of), lost=lost, note=lambda field: note_on(field, dispensable),
        rules=[each for each in lost if not parameters_of(each)],
        dispensable_names=_listed([each for each, targets in lost.items() if not targets]),
        first=sentences, text=explained, attributes=attributes, properties=properties, shown=shown, legal=legal,
        span=span, streams=list(Stream), units=UNITS, verdicts=VERDICTS, cases=list_cases(), kinds=_kinds(),
    )  # fmt: skip


def _listed(names: Sequence[str]) -> str:
    """Return names as one would say them."""
    return ", ".join(names[:-1]) + f" and {names[-1]}" if len(names) > 1 else "".join(names) or "no mechanism"


_COMMAND_OF = {"fit": "calibrate from=FOLDER", "freeze": "validate --freeze"}
"""Commands of those kinds of study that are not called like them."""


def _kinds() -> dict[str, str]:
    """Return the first line on each kind of planned study."""
    from sim.study.planned import KINDS

    return {_COMMAND_OF.get(kind, kind): sentences(where.partition(":")[0]) for kind, where in sorted(KINDS.items())}


def lost_targets(docs: Path) -> dict[str, list[str]]:
    """Return which targets each mechanism's absence loses, from the file beside the documents."""
    found: dict[str, list[str]] = json.loads((docs / NEEDED).read_text(encoding="utf-8"))
    return found


def main(words: Sequence[str]) -> int:
    """``python -m sim.report.documents DOCS [--check]``: write the documents, or tell which of them differ."""
    docs = Path(next((word for word in words if word != "--check"), "docs"))
    lost, changed = lost_targets(docs), []
    for name in DOCUMENTS:
        text, place = document(name, lost), docs / name
        if place.is_file() and place.read_text(encoding="utf-8") == text:
            continue
        changed.append(name)
        if "--check" not in words:
            place.write_text(text, encoding="utf-8")
    print(f"{'differ' if '--check' in words else 'written'}: {', '.join(changed) or 'none'}")
    return 1 if changed and "--check" in words else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
