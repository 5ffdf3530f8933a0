"""One checked configuration from a command's words: Hydra puts the files together, the table checks them.

Later wins: the case, then the groups that the command names, then its single values. What nobody sets is
filled by the parameter table. Hydra is loaded late, runs under a lock (its state is global), writes nothing,
and never speaks to the user: its complaints come back as :class:`sim.errors.ConfigError`.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from functools import lru_cache
from threading import RLock
from typing import Any

from sim.catalogue.case import checked_case, is_file
from sim.catalogue.claims import check_claims
from sim.catalogue.groups import GROUPS, STUDY_KEYS
from sim.catalogue.words import Words, read_words
from sim.config.network import FROM_FILES
from sim.config.root import Configuration, validated
from sim.errors import ConfigError, unknown_name

HYDRA = RLock()


def value_of(name: str, word: str) -> Any:
    """Return the value of one word in Hydra's grammar.

    Raises
    ------
    ConfigError
        If it cannot be read, or names several values where one is meant.
    """
    from hydra.core.override_parser.overrides_parser import OverridesParser
    from hydra.errors import HydraException

    shown = word.partition("=")[2]
    try:
        override = OverridesParser.create().parse_override(word)
        several = override.is_sweep_override()
    except (HydraException, ValueError, RecursionError):
        # ValueError: whole numbers of more than 4300 digits
        shown = shown if len(shown) <= 60 else f"{shown[:57]}..."
        raise ConfigError(f"{name} cannot be read, got {shown!r}; give one number, true, false or a [list].") from None
    if several:
        advice = "give one." if name in STUDY_KEYS else f"compare several with: backfire compare {word}"
        raise ConfigError(f"{name} takes one value here, got {shown!r}; {advice}")
    return override.value()


def _files(words: Words) -> dict[str, Any]:
    """Return the tree that Hydra puts together from the chosen files."""
    own = {*words.own, *(("case",) if is_file(words.groups.get("case") or "") else ())}
    chosen = {group: name for group, name in words.groups.items() if name is not None and group not in own}
    return deepcopy(_tree(tuple(f"{group}={name}" for group, name in chosen.items())))


@lru_cache(maxsize=64)
def _tree(chosen: tuple[str, ...]) -> dict[str, Any]:
    """Return the tree of one choice of files; nobody may change it."""
    from hydra import compose as hydra_compose
    from hydra import initialize_config_module
    from hydra.errors import HydraException
    from omegaconf import OmegaConf
    from omegaconf.errors import OmegaConfBaseException

    try:
        with HYDRA, initialize_config_module("sim.conf", job_name="backfire", version_base="1.3"):
            tree = OmegaConf.to_container(hydra_compose("config", overrides=list(chosen)), resolve=True)
    except (HydraException, OmegaConfBaseException) as problem:
        line = str(problem).strip().partition("\n")[0]
        raise ConfigError(f"the files of {' '.join(chosen) or 'conf'} do not fit together: {line}") from None
    return {str(name): value for name, value in tree.items()} if isinstance(tree, dict) else {}


def _with_case(tree: dict[str, Any], words: Words) -> dict[str, Any]:
    """Return the tree with what is noted of its case; a case of the user's own lies below all that was chosen."""
    own = words.groups.get("case")
    named = own if own is not None and is_file(own) else tree.get("case", {}).get("id")
    if named is None:
        return tree
    content = deepcopy(_case(named))
    if named != own:
        return {**tree, "case": {**tree["case"], "inputs": content["case"]["inputs"]}}
    for section, part in content.items():
        tree[section] = {**part, **tree.get(section, {})}
    return tree


@lru_cache(maxsize=64)
def _packaged(name: str) -> dict[str, Any]:
    """Return the checked content of a case of the catalogue; nobody may change it."""
    return checked_case(name)


def _case(name: str) -> dict[str, Any]:
    """Return the checked content of a case; a file of the user's own is read anew each time."""
    return checked_case(name) if is_file(name) else _packaged(name)


def _set(tree: dict[str, Any], name: str, value: Any) -> None:
    """Set one dotted name in the tree."""
    *path, last = name.split(".")
    for part in path:
        tree = tree.setdefault(part, {})
        if not isinstance(tree, dict):
            raise ConfigError(f"{name} cannot be set, {part} was just given as {tree!r}; give its parts one by one.")
    tree[last] = value


def _drop(tree: dict[str, Any], name: str) -> None:
    """Take one dotted name out of the tree, if it is there."""
    *path, last = name.split(".")
    for part in path:
        tree = tree.get(part, {})
    tree.pop(last, None)


def _one_to_one(tree: dict[str, Any], words: Words) -> None:
    """Let each row stand for one person where the audience is the user's own choice.

    A case may simulate fewer rows than it had people; a size, a preset or a graph that somebody names is
    taken at its word (DESIGN 2.1), unless ``people.represents`` is given too.
    """
    real_graph = tree.get("network", {}).get("kind") in FROM_FILES
    named = words.sets("people.n_followers") or words.groups.get("people") is not None
    if (named or real_graph) and not words.sets("people.represents"):
        _set(tree, "people.represents", 1.0)


def compose(overrides: Sequence[str] = ()) -> tuple[Configuration, dict[str, Any]]:
    """Compose and check one configuration.

    Parameters
    ----------
    overrides : sequence of str
        A command's words: groups (``case=my_nypd``, ``policy=withdraw``), single values
        (``post.openness=0.2``, ``seed=3``) and study keys (``replicates=60``).

    Returns
    -------
    configuration : Configuration
        Checked and frozen.
    study_keys : dict
        The keys of :data:`sim.catalogue.groups.STUDY_KEYS`, and what a chosen design or executor holds.
        Their values are as given; the study checks them.

    Raises
    ------
    ConfigError
        The dotted name, the rule, the value seen, what to do.
    """
    words = read_words(overrides)
    tree = _with_case(_files(words), words)
    for group, content in words.own.items():
        tree[group] = {**tree.get(group, {}), **content}
    for name in words.dropped:
        _drop(tree, name)
    for name, word in words.values.items():
        _set(tree, name, value_of(name, word))
    for name, text in words.text.items():
        _set(tree, name, text)
    _one_to_one(tree, words)
    study_keys = {name: tree.pop(name, None) for name in STUDY_KEYS}
    if not study_keys["results"]:
        raise ConfigError("results must name a folder, got nothing; leave it out for the folder results.")
    for name in sorted(set(tree) - set(Configuration.model_fields)):
        if name not in GROUPS:
            raise unknown_name(
                "a key at the top of the configuration", name, [*Configuration.model_fields, *STUDY_KEYS]
            )
        study_keys[name] = tree.pop(name)
    configuration = check_claims(validated(tree))
    if configuration.extensions:
        from sim.extend.ready import ready  # loads the engine

        ready(configuration)
    return configuration, study_keys
