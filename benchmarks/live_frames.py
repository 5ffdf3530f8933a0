"""How many frames a second the live page gets: four pages, 5,000 shown people each.

Starts a server of its own on 127.0.0.1, opens pages as plain WebSockets (or takes ``--browsers`` for headless Chromium,
which draws them too), plays for some seconds and counts frames, their bytes, and the largest gap between two.

Run with ``python -m benchmarks.live_frames``.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import resource
import subprocess
import sys
import tempfile
import time
from itertools import count
from pathlib import Path
from typing import Any

CHOSEN = {"start": "ask_jpm", "values": {"people.n_followers": 100_000}}
CHROMIUM = "/usr/bin/chromium"


def served(folder: Path) -> tuple[subprocess.Popen[str], str, str]:
    """Start a server; return it, its address and the house token."""
    server = subprocess.Popen(
        [sys.executable, "-c", "from sim.cli.entry import main; import sys; sys.exit(main())", "serve", "port=0",
         f"results={folder}"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    assert server.stdout is not None
    while (line := server.stdout.readline()) != "":
        found = re.search(r"http://(\S+)/#home/(\S+)", line)
        if found:
            return server, found[1], found[2]
    raise SystemExit("the server did not start")


async def page(address: str, token: str, name: str, seconds: float, nodes: int) -> dict[str, Any]:
    """Play on one page and count what comes."""
    from websockets.asyncio.client import connect

    numbers = count(1)
    async with connect(f"ws://{address}/live", origin=f"http://{address}", max_size=None) as socket:

        async def send(kind: str, **body: Any) -> None:
            await socket.send(json.dumps({"t": kind, "n": next(numbers), **body}))

        async def wait(kind: str) -> None:
            while json.loads(await socket.recv())["t"] != kind:
                pass

        await send("hello", **{"as": "explorer", "page": name, "token": token})
        await wait("done")
        await send("live_open", chosen=CHOSEN, nodes=nodes)
        await wait("live_open")
        await send("live_play", speed=20.0)
        times, sizes, until, minute = [], [], time.perf_counter() + seconds, 0
        while time.perf_counter() < until:
            text = await socket.recv()
            message = json.loads(text)
            if message["t"] == "live_frame":
                times.append(time.perf_counter())
                sizes.append(len(text))
                minute = message["m"]
    gaps = sorted(b - a for a, b in zip(times[1:], times[2:], strict=False))
    return {
        "a_second": (len(times) - 1) / (times[-1] - times[0]), "gap_95": gaps[int(0.95 * len(gaps))], "gap": gaps[-1],
        "bytes": sum(sizes) / len(sizes), "minute": minute,
    }  # fmt: skip


def drawn(address: str, token: str, pages: int, seconds: float, nodes: int) -> list[dict[str, Any]]:
    """Play on pages of headless Chromium and count the frames that each drew from."""
    from playwright.sync_api import sync_playwright

    counting = """() => {
      const real = WebSocket.prototype.addEventListener;
      window.frames_seen = [];
      WebSocket.prototype.addEventListener = function (kind, heard) {
        return real.call(this, kind, kind !== "message" ? heard : (event) => {
          heard(event);
          if (event.data.startsWith('{"t":"live_frame"')) window.frames_seen.push(performance.now());
        });
      };
    }"""
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-component-update",
                  "--disable-background-networking", "--disable-sync", "--disable-renderer-backgrounding",
                  "--disable-background-timer-throttling", "--disable-backgrounding-occluded-windows"],
        )  # fmt: skip
        shown = [browser.new_page(viewport={"width": 1280, "height": 900}) for _ in range(pages)]
        for each in shown:
            each.add_init_script(f"({counting})()")
            each.goto(f"http://{address}/#explore/{token}")
            each.select_option("#start", CHOSEN["start"])
            size = each.get_by_label("Size of the audience, as a number")
            size.fill("100000")
            size.press("Enter")
            each.wait_for_timeout(500)
            each.locator(".live-begin select").select_option(str(nodes))
            each.get_by_role("button", name="Play this campaign").click()
            each.wait_for_selector(".live-body:not([hidden])", timeout=120_000)
        for each in shown:
            each.locator(".live-play").click()
        shown[0].wait_for_timeout(1000 * seconds)
        told = []
        for each in shown:
            times = each.evaluate("window.frames_seen")[5:]
            gaps = sorted((b - a) / 1000 for a, b in zip(times, times[1:], strict=False))
            rate = 1000 * (len(times) - 1) / (times[-1] - times[0])
            told.append({"a_second": rate, "gap_95": gaps[int(0.95 * len(gaps))], "gap": gaps[-1]})
        browser.close()
        return told


def main() -> None:
    """Measure, and print."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--pages", type=int, default=4)
    asked.add_argument("--nodes", type=int, default=5000)
    asked.add_argument("--seconds", type=float, default=20.0)
    asked.add_argument("--browsers", action="store_true")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        server, address, token = served(Path(folder))
        try:
            if given.browsers:
                rows = drawn(address, token, given.pages, given.seconds, given.nodes)
            else:
                rows = asyncio.run(_all(address, token, given))
        finally:
            server.terminate()
            server.wait()
    for row in rows:
        print("  ".join(f"{name} {value:.3g}" for name, value in row.items()))
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"server: {used.ru_utime + used.ru_stime:.1f} s CPU, {used.ru_maxrss / 1e3:.0f} MB")


async def _all(address: str, token: str, given: argparse.Namespace) -> list[dict[str, Any]]:
    pages = (page(address, token, f"page-{j}", given.seconds, given.nodes) for j in range(given.pages))
    return await asyncio.gather(*pages)


if __name__ == "__main__":
    main()
