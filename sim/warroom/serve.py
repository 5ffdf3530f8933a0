"""Where the server listens, the links that it prints, and its end."""

from __future__ import annotations

import asyncio
import errno
import ipaddress
import socket
import sys
from collections.abc import Callable
from importlib.util import find_spec
from typing import TYPE_CHECKING

from sim.errors import BackfireError, ConfigError
from sim.warroom.doors import Limits
from sim.warroom.house import House

if TYPE_CHECKING:
    import uvicorn
    from fastapi import FastAPI

_UNTAKEN_MILLISECONDS = 30_000
_GRACE_SECONDS = 3
_TURN_SECONDS = 0.001
"""How long a thread that computes keeps the interpreter while the event loop waits for it; Python's own is five times
that, and an answer takes several turns."""
_REQUEST_SECONDS = 15.0
"""How long a connection may be open without a whole request, before the first one and after each."""
_BESIDE_LINES = 200
"""Connections for files of the page, beside those that stay open."""


class ServeError(BackfireError):
    """The page cannot be served as asked."""


def check_installed() -> None:
    """Refuse to start without the libraries of the extra ``web``.

    Raises
    ------
    ServeError
        One of them is not installed.
    """
    missing = [name for name in ("fastapi", "uvicorn", "websockets", "segno") if find_spec(name) is None]
    if missing:
        raise ServeError(
            f"backfire serve needs the extra web ({', '.join(missing)} not installed); "
            "install it with: python -m pip install 'backfire[web]'"
        )


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens.

    Parameters
    ----------
    host : str
        An address or a name of this machine.
    port : int
        0 takes a free one.

    Raises
    ------
    ConfigError
        No such address here, or the port is taken.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (OSError, UnicodeError):
        raise ConfigError(
            f"host must be an address of this machine, such as 127.0.0.1 or 0.0.0.0; got {host!r}."
        ) from None
    made = socket.socket(family, kind, protocol)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if hasattr(socket, "TCP_USER_TIMEOUT"):  # inherited: the kernel ends lines on which nothing is taken
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _UNTAKEN_MILLISECONDS)
    try:
        made.bind(address)
        made.listen(128)
    except OSError as problem:
        made.close()
        raise _cannot_listen(host, port, problem) from None
    return made


def _cannot_listen(host: str, port: int, problem: OSError) -> ConfigError:
    """Return the sentence for an address that cannot be listened at."""
    if problem.errno == errno.EADDRINUSE:
        return ConfigError(
            f"port must be free; {port} is taken, perhaps by another backfire serve. Choose another: port={port + 1}."
        )
    if problem.errno == errno.EACCES:
        return ConfigError(
            f"port must be one that you may use; {port} needs an administrator. Leave it out: port=8765."
        )
    return ConfigError(f"host must be an address of this machine, such as 127.0.0.1 or 0.0.0.0; got {host!r}.")


def is_loopback(host: str) -> bool:
    """Tell whether only this machine reaches an address that a socket is bound to."""
    return ipaddress.ip_address(host.partition("%")[0]).is_loopback


def _own_address() -> str | None:
    """Return the address under which others on the network reach this machine; nothing is sent to find out."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # an address for documentation: it belongs to nobody
            return str(probe.getsockname()[0])
        except OSError:
            return None


def address_of(listening: socket.socket) -> str:
    """Return the address of the page, as a browser takes it."""
    host, port = listening.getsockname()[:2]
    if ipaddress.ip_address(host.partition("%")[0]).is_unspecified:
        host = _own_address() or socket.gethostname()
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _patience() -> type[asyncio.Protocol]:
    """Return how connections speak HTTP: the server's own way, but one that asks for nothing is ended.

    Else whoever opens connections and sends half a request on each takes all the places that there are.
    """
    from uvicorn.protocols.http.auto import AutoHTTPProtocol

    class Patience(AutoHTTPProtocol):  # type: ignore[misc, valid-type]
        def connection_made(self, transport: asyncio.Transport) -> None:
            super().connection_made(transport)
            self.loop.call_later(_REQUEST_SECONDS, self._look, None)

        def _look(self, answered: object) -> None:
            if self.transport.is_closing() or self.transport.get_protocol() is not self:  # it speaks WebSocket now
                return
            idle = self.cycle is None or self.cycle.response_complete
            if idle and self.cycle is answered:
                self.transport.close()
                return
            self.loop.call_later(_REQUEST_SECONDS, self._look, self.cycle if idle else self)

    return Patience


def server_of(app: FastAPI, limits: Limits) -> uvicorn.Server:
    """Return the server of an application: no log, no compression, and nothing bigger than is let in."""
    import uvicorn

    return uvicorn.Server(
        uvicorn.Config(
            app, log_config=None, log_level="critical", access_log=False, server_header=False, date_header=False,
            proxy_headers=False, http=_patience(), ws="websockets-sansio", ws_max_size=4 * limits.message_bytes,
            ws_per_message_deflate=False, limit_concurrency=limits.lines + _BESIDE_LINES,
            timeout_graceful_shutdown=_GRACE_SECONDS,
        )
    )  # fmt: skip


def serve(house: House, token: str, listening: socket.socket, say: Callable[[str], None]) -> None:
    """Serve until somebody ends it.

    Parameters
    ----------
    house : House
    token : str
        Its own.
    listening : socket
    say : callable
        Prints a line.

    Raises
    ------
    KeyboardInterrupt
        Ctrl-C, after everybody was sent away.
    """
    from sim.warroom.app import desks_of, make_app

    sys.setswitchinterval(_TURN_SECONDS)
    app = make_app(house, listening.getsockname()[1], desks_of(house))
    address = house.address = address_of(listening)
    say(f"The war room is open at {address}")
    say(f"  yours (keep it: it opens everything)   {address}/#home/{token}")
    say(f"  for teams (they type the session's code)   {address}/#join")
    say("Ctrl-C ends it.")
    server_of(app, house.limits).run(sockets=[listening])
