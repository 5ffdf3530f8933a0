"""Who may come in: secrets and their comparison, where a page may come from, and how much one browser may ask.

Secrets are drawn from the machine's entropy, kept as SHA-256 alone and compared in constant time. They travel in the
URL's fragment, which browsers never send, and in the first message of a WebSocket: never in a path or a log.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import secrets
import socket
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sim.errors import BackfireError

_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Letters of a code: none that a reader takes for another (I, L, O, 0, 1 are left out)."""
_CODE_LENGTH = 6
_SECRET_LONGEST = 100
_ADDRESSES_KEPT = 4096


class Refused(BackfireError):
    """A browser asked for something that it may not have; the message is shown to it."""


@dataclass(frozen=True)
class Limits:
    """How much is let in.

    Attributes
    ----------
    message_bytes : int
        Longest message of a browser.
    messages_a_second, messages_at_once : float
        A browser that sends faster is read more slowly; nothing of it is dropped.
    mistakes_a_minute : int
        Malformed messages after which a browser is shown out.
    guesses_a_minute, all_guesses_a_minute : int
        Wrong codes from one address (a whole room may share one), and from everywhere.
    hello_seconds, send_seconds : float
        How long a browser may take to say who it is, and to take a message.
    waiting_messages, waiting_bytes : int
        What may wait for one browser before it counts as gone.
    lines, lines_an_address : int
        Browsers at once; and from one address, behind which a whole room may sit.
    sessions : int
        Training sessions kept open.
    audience : int
        Rows of an audience that a page may ask for.
    """

    message_bytes: int = 16_384
    messages_a_second: float = 30.0
    messages_at_once: float = 90.0
    mistakes_a_minute: int = 30
    guesses_a_minute: int = 60
    all_guesses_a_minute: int = 600
    hello_seconds: float = 10.0
    send_seconds: float = 15.0
    waiting_messages: int = 2_000
    waiting_bytes: int = 32_000_000
    lines: int = 250
    lines_an_address: int = 125
    sessions: int = 20
    audience: int = 1_000_000


def new_token() -> str:
    """Return a secret that nobody guesses: 256 bits, fit for a URL."""
    return secrets.token_urlsafe(32)


def new_code() -> str:
    """Return a code that people type from a wall: short, so guesses at it are counted (:class:`Doors`)."""
    return "".join(secrets.choice(_LETTERS) for _ in range(_CODE_LENGTH))


def new_mark() -> str:
    """Return an id that no other has; it opens nothing."""
    return secrets.token_hex(6)


def tidy_code(typed: str) -> str:
    """Return a code as it was given out, whatever spaces, dashes and small letters it was typed with."""
    return "".join(letter for letter in typed.upper() if letter.isalnum())


def digest(secret: str) -> str:
    """Return what is kept of a secret: its SHA-256, in hexadecimal digits."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def same(given: str | None, kept: str) -> bool:
    """Tell, in constant time, whether a secret is the one whose digest is kept."""
    return given is not None and len(given) <= _SECRET_LONGEST and hmac.compare_digest(digest(given), kept)


class Bucket:
    """A measure that fills with time: how much may be taken of it, and how long to wait for more.

    Parameters
    ----------
    a_second, at_once : float
        How fast it fills, and how much it holds; it begins full.
    now : callable
        Returns seconds.
    """

    def __init__(self, a_second: float, at_once: float, now: Callable[[], float] = time.monotonic) -> None:
        self._a_second, self._at_once, self._now = a_second, at_once, now
        self._left, self._seen = at_once, now()

    def _fill(self) -> None:
        now = self._now()
        self._left = min(self._at_once, self._left + (now - self._seen) * self._a_second)
        self._seen = now

    def take(self) -> bool:
        """Take one if there is one, and tell whether there was."""
        self._fill()
        if self._left < 1.0:
            return False
        self._left -= 1.0
        return True

    def empty(self) -> bool:
        """Tell whether nothing is left to take."""
        self._fill()
        return self._left < 1.0

    def owe(self) -> float:
        """Take one in any case, and return the seconds to wait until it is paid for."""
        self._fill()
        self._left -= 1.0
        return max(0.0, -self._left / self._a_second)


def admit(given: str | None, kept: str | None, sentence: str) -> None:
    """Let a token in, or refuse it with a sentence; nobody finds 256 bits by trying, so tries are not counted.

    Parameters
    ----------
    given : str or None
    kept : str or None
        The digest that it must have; None where there is nothing that it could open.
    sentence : str
        What a wrong one is told.

    Raises
    ------
    Refused
        It is wrong.
    """
    if not same(given, digest("") if kept is None else kept) or kept is None:
        raise Refused(sentence)


class Doors:
    """Wrong codes are counted by address and altogether, so that a short code cannot be found by trying.

    Parameters
    ----------
    limits : Limits
    now : callable
        Returns seconds.
    """

    def __init__(self, limits: Limits, now: Callable[[], float] = time.monotonic) -> None:
        self._limits, self._now = limits, now
        self._all = Bucket(limits.all_guesses_a_minute / 60.0, limits.all_guesses_a_minute, now)
        self._by_address: OrderedDict[str, Bucket] = OrderedDict()

    def opened_by(self, address: str, code: str, kept: Mapping[str, str]) -> str:
        """Return the name of what a code opens.

        Parameters
        ----------
        address : str
            Where it comes from (``line.address``).
        code : str
            As it was typed.
        kept : mapping of str to str
            The digests of the codes that open something, by its name.

        Raises
        ------
        Refused
            It opens nothing, or too many such came before.
        """
        bucket = self._by_address.get(address)
        if self._all.empty() or (bucket is not None and bucket.empty()):
            raise Refused("Too many wrong codes came in; wait a minute and try again.")
        tidy, found = tidy_code(code), None
        for name, kept_digest in kept.items():  # all of them: the time tells nothing
            found = name if same(tidy, kept_digest) else found
        if found is None:
            self._count(address)
            raise Refused("No session has this code; look at the code on the wall again.")
        return found

    def _count(self, address: str) -> None:
        """Remember a wrong code, and from where; addresses that were long silent are forgotten."""
        if address not in self._by_address:
            a_minute = self._limits.guesses_a_minute
            self._by_address[address] = Bucket(a_minute / 60.0, a_minute, self._now)
        self._by_address[address].take()
        self._all.take()
        self._by_address.move_to_end(address)
        while len(self._by_address) > _ADDRESSES_KEPT:
            self._by_address.popitem(last=False)


def host_names(port: int) -> frozenset[str]:
    """Return the names under which a browser may know this machine, as the Host header writes them.

    A page from elsewhere that has its own name point here (DNS rebinding) is told apart by that name; addresses in
    digits are always let in, for nobody can make a name of them (:func:`host_allowed`).
    """
    own = socket.gethostname().lower()
    names = {"localhost", own, own.partition(".")[0], own.partition(".")[0] + ".local"}
    return frozenset({f"{name}:{port}" for name in names} | (names if port == 80 else set()))


def host_allowed(host: str | None, names: frozenset[str]) -> bool:
    """Tell whether a Host header names this machine."""
    if host is None:
        return False
    if host.lower() in names:
        return True
    name = host.rsplit(":", 1)[0] if host.rpartition(":")[2].isdecimal() and not host.endswith("]") else host
    try:
        ipaddress.ip_address(name.removeprefix("[").removesuffix("]"))
    except ValueError:
        return False
    return True


def origin_allowed(origin: str | None, host: str | None) -> bool:
    """Tell whether a WebSocket was opened by the page of this very server; browsers always say."""
    return origin is not None and host is not None and origin.lower() == f"http://{host.lower()}"
