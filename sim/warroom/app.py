"""The application: one page, its files, and one WebSocket; who may ask for them, and what browsers may do with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, MutableMapping
from contextlib import asynccontextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.websockets import WebSocket

from sim.warroom.debrief.desk import debrief_at
from sim.warroom.doors import host_allowed, host_names, origin_allowed
from sim.warroom.explore.desk import ExploreDesk
from sim.warroom.faults import note_fault
from sim.warroom.home import HomeDesk
from sim.warroom.house import Desk, House
from sim.warroom.lines import FULL, Pages
from sim.warroom.live import Conversation
from sim.warroom.train.desks import desks_at
from sim.warroom.train.rooms import Rooms

PAGE = Path(str(files("sim.warroom"))) / "page"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = [
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
]
_Message = MutableMapping[str, Any]
_Receive = Callable[[], Awaitable[_Message]]
_Send = Callable[[_Message], Awaitable[None]]


def desks_of(house: House) -> dict[str, Desk]:
    """Return who takes a browser, by what it wants to be (``as`` in its hello)."""
    rooms = Rooms(house)
    return {
        "visitor": HomeDesk(house),
        **desks_at(rooms),
        "explorer": ExploreDesk(house),
        **debrief_at(rooms),
    }


def make_app(house: House, port: int, desks: Mapping[str, Desk]) -> FastAPI:
    """Return the application of one server.

    Parameters
    ----------
    house : House
    port : int
        Where it listens, for the Host header.
    desks : mapping
        Those of :func:`desks_of`.
    """

    @asynccontextmanager
    async def living(app: FastAPI) -> AsyncIterator[None]:
        yield
        house.end()

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, lifespan=living)
    app.state.house = house
    pages, open_lines, limits = Pages(), Counter[str](), house.limits

    @app.api_route("/", methods=["GET", "HEAD"])
    async def index() -> Response:
        return FileResponse(PAGE / "index.html", headers={"cache-control": "no-store"})

    @app.websocket("/live")
    async def live(socket: WebSocket) -> None:
        await socket.accept()
        address = socket.client.host if socket.client else "?"
        if open_lines.total() >= limits.lines or open_lines[address] >= limits.lines_an_address:
            await socket.close(FULL, "no room")
            return
        open_lines[address] += 1
        try:
            await Conversation(socket, house, desks, pages).hold()
        finally:
            open_lines[address] -= 1
            if not open_lines[address]:
                del open_lines[address]

    app.mount("/page", StaticFiles(directory=PAGE))
    app.add_middleware(Porch, names=host_names(port))
    return app


class Porch:
    """Turns away what was not asked of this machine by its own page, and adds the headers that hold for everything.

    Parameters
    ----------
    inner : ASGI application
    names : frozenset of str
        The Host headers that name this machine.
    """

    def __init__(self, app: Any, names: frozenset[str]) -> None:
        self._inner, self._names = app, names

    async def __call__(self, scope: _Message, receive: _Receive, send: _Send) -> None:
        """Pass on what may come in."""
        if scope["type"] not in ("http", "websocket"):
            await self._inner(scope, receive, send)
            return
        given = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
        host = given.get(b"host")

        async def sending(message: _Message) -> None:
            if message["type"] in ("http.response.start", "websocket.http.response.start"):
                kept = [pair for pair in message.get("headers", []) if pair[0].lower() not in dict(_HEADERS)]
                message["headers"] = [*kept, *_HEADERS]
                if b"cache-control" not in dict(kept):
                    message["headers"].append((b"cache-control", b"no-cache"))
            await send(message)

        refused = None
        if not host_allowed(host, self._names):
            refused = "This server answers to its own address alone."
        elif scope["type"] == "websocket" and not origin_allowed(given.get(b"origin"), host):
            refused = "This server talks with its own page alone."
        elif scope["type"] == "http" and scope["method"] not in ("GET", "HEAD"):
            refused = "There is nothing here to write to."
        if refused is None:
            try:
                await self._inner(scope, receive, sending)
            except Exception as problem:
                note_fault("a request", problem)
                raise
        elif scope["type"] == "http":
            await PlainTextResponse(refused, 403)(scope, receive, sending)
        else:
            await receive()
            await send({"type": "websocket.close", "code": 1008, "reason": refused})
