"""``python -m benchmarks.nowcast``: whether nowcasts tell the truth, on campaigns of the shipped table held out of it.

Held-out rows are nowcast from their own first counts, by the other rows alone, at 30, 60 and 180 minutes: half of them
as any post, half as a post whose inputs are known to within three tenths of the table's range. Writes the blocks
between the marks in ``docs/nowcast.md``, ``docs/nowcast.png`` and ``docs/nowcast.json``; and shows the nowcasts of
cases of which early counts are documented, which simulates nothing.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.nowcast_judged import SEED, Judged, judged
from sim.study.nowcast.campaigns import Campaigns
from sim.study.nowcast.shipped import PRIOR, shipped

DOCS = Path(__file__).resolve().parents[1] / "docs"
HELD_OUT = 1000
NOW = (30, 60, 180)
KINDS = {False: "any post", True: "described"}


def measured(campaigns: Campaigns, held_out: int) -> dict[tuple[bool, int], Judged]:
    """Return what nowcasts of held-out campaigns said and what came, by whether the post is described and minute."""
    rows = np.random.default_rng(SEED).permutation(campaigns.rows)[:held_out].tolist()
    half = len(rows) // 2
    return {
        (described, now): judged(campaigns, rows[half:] if described else rows[:half], now, described=described)
        for described in (False, True)
        for now in NOW
    }


def numbers(found: dict[tuple[bool, int], Judged], rows: int) -> dict[str, Any]:
    """Return what was measured, plain."""
    cells = []
    for (described, now), each in found.items():
        (without, _), (brier, brier_error), (gain, gain_error) = each.brier(before=True), each.brier(), each.gained()
        cells.append({
            "post": KINDS[described], "now": now, "campaigns": int(each.came.shape[0]),
            "hijacked": float(each.came[:, 0].mean()), "brier_without": without, "brier": brier,
            "brier_error": brier_error, "gain": gain, "gain_error": gain_error,
            "bins": each.reliability(), "share_in_80": float(each.inside[:, 0].mean()),
            "share_in_95": float(each.inside[:, 1].mean()), "growth_in_80": float(each.grew[:, 0].mean()),
            "growth_in_95": float(each.grew[:, 1].mean()), "enough": float(each.enough.mean()),
        })  # fmt: skip
    return {"rows": rows, "cells": cells}


def block(told: dict[str, Any]) -> str:
    """Return the table of what was measured."""
    first = told["cells"][0]["campaigns"]
    lines = [
        f"{told['rows']:,} campaigns in the table; some {first} held out for each row below, nowcast by the rest.",
        "",
        "| post | counts until | Brier without the counts | with them | lower by | tenths off | final share in its "
        "80 % / 95 % range | growth in its 80 % / 95 % range | seen often enough |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for cell in told["cells"]:
        off = sum(not low <= said <= high for said, _, low, high, _ in cell["bins"])
        lines.append(
            f"| {cell['post']} | {cell['now']} min | {cell['brier_without']:.3f} | {cell['brier']:.3f} | "
            f"{cell['gain']:.3f} ± {1.96 * cell['gain_error']:.3f} | {off} of {len(cell['bins'])} | "
            f"{100 * cell['share_in_80']:.0f} % / {100 * cell['share_in_95']:.0f} % | "
            f"{100 * cell['growth_in_80']:.0f} % / {100 * cell['growth_in_95']:.0f} % | {100 * cell['enough']:.0f} % |"
        )
    return "\n".join(lines)


def drawn(told: dict[str, Any]) -> bytes:
    """Return the reliability curves as a PNG."""
    from sim.report.canvas import INK, SOFT, finished, head_room, house_style, new_figure, quiet, write_finding

    looks = {30: ("#56B4E9", "v"), 60: ("#0072B2", "o"), 180: ("#1b1f24", "s")}
    by = {(cell["post"], cell["now"]): cell for cell in told["cells"]}
    plain = by[KINDS[False], 60]
    tenths = [each for cell in told["cells"] for each in cell["bins"]]
    off = sum(not low <= said <= high for said, _, low, high, _ in tenths)
    title = (
        f"An hour's counts lower the Brier score of P(hijacked) from {plain['brier_without']:.3f} to "
        f"{plain['brier']:.3f} (lower by {plain['gain']:.3f} ± {1.96 * plain['gain_error']:.3f}); "
        f"in {len(tenths) - off} of {len(tenths)} tenths what was said agrees with what came"
    )
    height = 3.9
    with house_style():
        figure = new_figure(height)
        top = head_room(figure, title, extra=0.55)
        for place, kind in enumerate(KINDS.values()):
            axes = figure.add_axes((0.1 + 0.46 * place, 0.55 / height, 0.42, top - 0.55 / height))
            axes.plot([0, 1], [0, 1], color=INK, linewidth=0.8, linestyle=":")
            for shift, now in zip((-0.012, 0.0, 0.012), NOW, strict=True):
                cell, (colour, marker) = by[kind, now], looks[now]
                said, came, low, high, many = (np.array(each) for each in zip(*cell["bins"], strict=True))
                axes.vlines(said + shift, low, high, color=colour, linewidth=0.9, alpha=0.7)
                axes.scatter(
                    said + shift, came, s=8.0 + 120.0 * many / cell["campaigns"], color=colour, marker=marker,
                    linewidth=0, label=f"after {now} min",
                )  # fmt: skip
            axes.set(xlim=(-0.04, 1.04), ylim=(-0.04, 1.04), xlabel="P(hijacked) that was said, by tenths")
            axes.set_title("any post" if place == 0 else "inputs known within 0.3 of the range", loc="left", fontsize=9)
            quiet(axes, "y")
            if place:
                axes.set_yticklabels([])
            else:
                axes.set_ylabel("share that came")
                figure.legend(
                    *axes.get_legend_handles_labels(), loc="upper left", ncols=3, borderaxespad=0,
                    bbox_to_anchor=(0.09, top + 0.48 / height), columnspacing=0.9, handletextpad=0.2,
                )  # fmt: skip
        figure.text(0.98, top + 0.36 / height, "area: how many; bars: 95 %", ha="right", fontsize=8, color=SOFT)
        write_finding(figure, title)
        return finished(figure, "nowcast", title).png


SHOWN = (("case=my_nypd",), ("case=qantas_luxury",), ("case=qantas_luxury", "audience=200000"))
"""What is shown on documented early counts: nothing is simulated."""


def shown(words: Sequence[str]) -> str:
    """Return a nowcast of documented counts as the terminal shows it."""
    from sim.cli.nowcast import asked
    from sim.study.nowcast.study import found
    from sim.study.nowcast.words import told

    question, _ = asked(words)
    lines = told(found(None, question).summary)
    return "\n".join(["```", f"$ backfire nowcast {' '.join(words)}", *lines, "```"])


def main() -> None:
    """Measure, draw, and write the page's blocks."""
    from sim.report.between import put_between

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--held-out", type=int, default=HELD_OUT, help="campaigns held out, half for each kind of post")
    begun, campaigns = time.process_time(), shipped(PRIOR).campaigns
    told = numbers(measured(campaigns, parser.parse_args().held_out), campaigns.rows)
    (DOCS / "nowcast.json").write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    (DOCS / "nowcast.png").write_bytes(drawn(told))
    page = (DOCS / "nowcast.md").read_text(encoding="utf-8")
    page = put_between(page, block(told), "<!-- held out -->", "<!-- end of held out -->")
    cases = "\n\n".join(shown(words) for words in SHOWN)
    page = put_between(page, cases, "<!-- documented -->", "<!-- end of documented -->")
    (DOCS / "nowcast.md").write_text(page, encoding="utf-8")
    print(f"{block(told)}\n\n{cases}\n\n{time.process_time() - begun:.0f} s of CPU")


if __name__ == "__main__":
    main()
