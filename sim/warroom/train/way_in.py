"""How a phone finds a session: the address to type, and a QR code that its camera reads.

The code of the session stands in the link's fragment, which no browser sends: neither a path nor a log holds it. The
QR code travels as rows of squares over the line that asked, and the page draws it.
"""

from __future__ import annotations

import ipaddress
from typing import Any
from urllib.parse import urlsplit

from sim.warroom.lines import Line
from sim.warroom.train.room import Room


def reachable(address: str | None) -> bool:
    """Tell whether others in the network may reach an address (``http://host:port``) that is written in digits."""
    try:
        found = ipaddress.ip_address(urlsplit(address or "").hostname or "")
    except ValueError:
        return False
    return not (found.is_loopback or found.is_unspecified)


def open_address(asked: str | None, own: str | None) -> str | None:
    """Return the address under which phones reach the page, None if this computer alone does.

    Parameters
    ----------
    asked : str or None
        Under which the asking browser reaches it: another one in the same network reaches it there as well. A name is
        not passed on, for phones seldom know names of computers.
    own : str or None
        Which the server has printed.
    """
    return next((address for address in (asked, own) if reachable(address)), None)


def way_in(room: Room, line: Line) -> dict[str, Any] | None:
    """Return how phones join a session; None if nobody can from another device.

    Returns
    -------
    dict or None
        ``address`` to type; ``squares``: rows of the QR code, 1 for dark, of the link with the session's code.
    """
    address = open_address(line.reached, room.address)
    if address is None or room.code is None or room.session.laptop:
        return None
    import segno

    drawn = segno.make_qr(f"{address}/#join/{room.code}", error="m")
    return {"address": f"{address}/#join", "squares": ["".join(map(str, row)) for row in drawn.matrix]}
