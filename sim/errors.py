"""What went wrong, in words for people.

Every error that a user can cause is a :class:`BackfireError`; the command line prints its message
(the dotted name, the rule, the value seen, what to do) and leaves with its exit code.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

_MOST_LISTED, _NEAREST = 30, 8
"""How many names a sentence holds, and how many of the nearest it names where there are more."""


class BackfireError(Exception):
    """A mistake that the user can mend; the message is one clear sentence or a few lines."""

    exit_code = 2


class ConfigError(BackfireError, ValueError):
    """A value in the configuration breaks its rule."""


class GraphError(BackfireError, ValueError):
    """A follower graph, or its attributes, cannot be read or used."""


class StudyError(BackfireError):
    """A results folder cannot be used as asked."""


class ReplayError(BackfireError):
    """A replay could not be made, or differs from what it replays."""


def unknown_name(field: str, seen: object, known: Iterable[str]) -> ConfigError:
    """Return the error for a name that does not exist: it lists what exists, the nearest alone where that is much.

    Parameters
    ----------
    field : str
        Dotted name of the field that holds the name.
    seen : object
        The value that was given.
    known : iterable of str
        What exists.
    """
    names = sorted(known)
    near = get_close_matches(str(seen), names, n=1)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    told = ", ".join(names)
    if len(names) > _MOST_LISTED:
        nearest = get_close_matches(str(seen), names, n=_NEAREST, cutoff=0.3) or names[:_NEAREST]
        told = f"{len(names)} names, such as {', '.join(nearest)}"
    return ConfigError(f"{field} must be one of {told}; got {seen!r}.{hint}")
