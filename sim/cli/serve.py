"""``backfire serve``: the live page, for exploring alone and for training sessions."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

HELP = """
usage: backfire serve [host=127.0.0.1] [port=8765] [results=DIR] [sessions=FILE] [deck=FILE]

Opens the war room: one page on which to move a post's settings and see the odds change, to watch a campaign live, and
to run training sessions in which teams answer it under a clock. Everything runs on this machine; nothing is fetched
from elsewhere. It prints two links and serves until Ctrl-C.

  host=127.0.0.1   where it listens; 0.0.0.0 lets everybody on your network in who knows the link or a code
  port=8765        0 takes a free one
  results=DIR      folder of studies (default results)
  sessions=FILE    where training sessions are kept, an SQLite file (default sessions.sqlite in results);
                   a server that is started again with the same file goes on with them
  deck=FILE        a deck of your own, offered beside the ready ones (docs/training.md)

Needs the extra web: python -m pip install 'backfire[web]'

The last line on standard output says where sessions are kept.
"""
_OPEN_TO_ALL = (
    "Everybody on this network can reach the page now, and links and codes travel unencrypted; host=127.0.0.1 keeps it "
    "on this machine."
)
_PATIENCE_SECONDS = 1.0
_WORDS = ("host", "port", "results", "sessions", "deck")


def carry_out(words: Sequence[str]) -> int:
    """Serve the page and return the exit code."""
    from sim.cli.main import say
    from sim.cli.streams import Terminated, tell
    from sim.study.store.folder import checked_results
    from sim.warroom.doors import new_token
    from sim.warroom.house import House
    from sim.warroom.serve import check_installed, is_loopback, listen, serve

    given = _given(words)
    port = _port(given.get("port", "8765"))
    results = checked_results(given.get("results", "results"))
    sessions = _sessions(given.get("sessions"), results)
    deck = _deck(given.get("deck"))
    check_installed()
    code, token = 0, new_token()
    house = House(token, results=results, sessions=sessions, deck=deck)
    with listen(given.get("host", "127.0.0.1"), port) as listening:
        if not is_loopback(listening.getsockname()[0]):
            say(_OPEN_TO_ALL)
        try:
            serve(house, token, listening, tell)
        except KeyboardInterrupt:  # the way in which a server is meant to end
            pass
        except Terminated:
            code = 143
    tell(f"The war room is closed; sessions are kept in {sessions}")
    if house.computes(_PATIENCE_SECONDS):
        os._exit(code)  # all is written; nobody wants what is still being computed
    return code


def _given(words: Sequence[str]) -> dict[str, str]:
    """Return the command's words by their names.

    Raises
    ------
    ConfigError
        One that it does not know, or twice the same.
    """
    from sim.errors import ConfigError, unknown_name

    given: dict[str, str] = {}
    for word in words:
        name, sign, value = word.partition("=")
        if not sign:
            raise ConfigError(f"serve takes words such as port=8765; got {word!r}.")
        if name not in _WORDS:
            raise unknown_name("a word of serve", name, _WORDS)
        if name in given:
            raise ConfigError(f"{name} must be given once; got it twice.")
        given[name] = value
    return given


def _port(value: str) -> int:
    """Return the port.

    Raises
    ------
    ConfigError
        It is none.
    """
    from sim.errors import ConfigError

    if not (value.isascii() and value.isdecimal() and len(value) <= 5 and int(value) <= 65535):
        raise ConfigError(f"port must be a whole number from 0 to 65535; got {value!r}.")
    return int(value)


def _sessions(value: str | None, results: Path) -> Path:
    """Return the file in which sessions are kept, checked without making it.

    Raises
    ------
    ConfigError
        A folder stands there.
    """
    from sim.cli.keys import check_place
    from sim.config.paths import path_of
    from sim.errors import ConfigError

    place = results / "sessions.sqlite" if value is None else path_of(value)
    if place.is_dir():
        raise ConfigError(f"sessions must be a file; {str(place)!r} is a folder.")
    check_place(place)
    return place


def _deck(value: str | None) -> Path | None:
    """Return the file of a deck of one's own, checked whole.

    Raises
    ------
    ConfigError
        There is none, or what is wrong in it.
    """
    from sim.config.paths import path_of
    from sim.errors import ConfigError
    from sim.warroom.train.desks import read_checked

    if value is None:
        return None
    place = path_of(value)
    if not place.is_file():
        raise ConfigError(f"deck must be a YAML file; there is none at {value!r}.")
    read_checked(str(place))
    return place
