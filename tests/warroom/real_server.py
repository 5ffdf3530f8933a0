"""`backfire serve` as people start it: a process of its own, on a port of this machine; and a line that can be cut."""

from __future__ import annotations

import asyncio
import re
import socket
import subprocess
import sys
import threading
from pathlib import Path

COMMAND = [sys.executable, "-c", "from sim.cli.entry import main; raise SystemExit(main())", "serve"]


def free_port() -> int:
    """Return a port of this machine that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """The process; it keeps port, sessions and results when it is started again.

    Attributes
    ----------
    house : str
        The link of whoever started it, another one after each start.
    """

    def __init__(self, folder: Path, *words: str) -> None:
        self.folder, self.port, self.house = folder, free_port(), ""
        self._words = [f"port={self.port}", f"results={folder / 'results'}", *words]
        self._noted = folder / "noted.txt"
        self.start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def house_token(self) -> str:
        return self.house.rpartition("/")[2]

    def start(self) -> None:
        """Start it, and return when it has printed its links."""
        with self._noted.open("a") as noted:
            self._process = subprocess.Popen(
                [*COMMAND, *self._words], stdout=subprocess.PIPE, stderr=noted, text=True, cwd=self.folder
            )
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if found := re.search(r"http://\S+/#home/\S+", line):
                self.house = found[0]
            elif "/#join" in line:
                return
        raise AssertionError(f"backfire serve ended at once: {self._noted.read_text()}")

    def kill(self) -> None:
        """End it as a power cut would."""
        self._process.kill()
        self._over()

    def stop(self) -> None:
        """End it as its owner does."""
        self._process.terminate()
        self._over()

    def _over(self) -> None:
        self._process.communicate(timeout=30)

    def complaints(self) -> str:
        """Return what it wrote on standard error: nothing, while all is well."""
        return self._noted.read_text()


class Wire:
    """A line to the server that can be cut in the middle, as a network does it: no farewell, and no way back in."""

    def __init__(self, to_port: int) -> None:
        self._to, self._cut = to_port, False
        self._open: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        self._listening = self._call(asyncio.start_server(self._carry, "127.0.0.1", 0))
        self.port = int(self._listening.sockets[0].getsockname()[1])

    def _call(self, work):
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=30)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._cut:
            writer.transport.abort()
            return
        try:
            there, onward = await asyncio.open_connection("127.0.0.1", self._to)
        except OSError:  # nobody listens at the other end now
            writer.transport.abort()
            return
        ends = {writer, onward}
        self._open |= ends
        await asyncio.gather(self._pass_on(reader, onward), self._pass_on(there, writer))
        self._open -= ends

    async def _pass_on(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        try:
            while piece := await source.read(65536):
                sink.write(piece)
                await sink.drain()
        except OSError:
            pass  # cut: both ends are closed below
        sink.close()

    async def _abort(self) -> None:
        for writer in self._open:
            writer.transport.abort()

    def cut(self) -> None:
        """Break what is open; what comes next is broken off as well."""
        self._cut = True
        self._call(self._abort())

    def mend(self) -> None:
        """Let everything through again."""
        self._cut = False

    def close(self) -> None:
        """Take the line down."""
        self.cut()

        async def end() -> None:
            self._listening.close()
            rest = asyncio.all_tasks() - {asyncio.current_task()}
            await asyncio.gather(*rest, return_exceptions=True)

        self._call(end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=30)
        self._loop.close()
