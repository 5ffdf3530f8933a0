"""The page of an ablation: which targets each variant still meets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sim.report.canvas import (
    CAMPAIGN,
    COUNTER,
    INK,
    PALE,
    Drawing,
    finished,
    head_room,
    house_style,
    new_figure,
    write_finding,
)
from sim.report.parts import Section, Table
from sim.study.ablation.study import RULES, WHOLE
from sim.study.ablation.targets import MEETS, MISSES, by_name

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

_FILL = {MEETS: "#cfe4f2", MISSES: "#f6cfb4"}
_EDGE = {MEETS: CAMPAIGN, MISSES: COUNTER}
_ROW, _HEAD, _FOOT = 0.27, 1.38, 0.34


def drawings(tables: Mapping[str, pd.DataFrame], summary: Mapping[str, Any]) -> list[Drawing]:
    """Draw the table of variants and targets: the value in each field, its colour says whether it meets."""
    variants, targets = summary["variants"], summary["targets"]
    inside = _HEAD + _ROW * len(variants) + _FOOT
    title = heading(summary)
    with house_style():
        figure = new_figure(inside + 0.7)
        height = figure.get_figheight()
        top = head_room(figure, title, extra=0.0)
        bottom = top - (_HEAD + _ROW * len(variants)) / height
        axes = figure.add_axes((0.19, bottom, 0.71, _ROW * len(variants) / height))
        _fields(axes, tables["ablation"], variants, targets)
        figure.text(0.2, bottom - 0.2 / height, "filled: meets", color=CAMPAIGN, fontsize=8, va="top")
        figure.text(0.36, bottom - 0.2 / height, "crossed: misses", color=COUNTER, fontsize=8, va="top")
        figure.text(0.56, bottom - 0.2 / height, "plain: cannot be told from so many runs", fontsize=8, va="top")
        write_finding(figure, title)
        return [finished(figure, "ablation", title)]


def _fields(axes: Axes, table: pd.DataFrame, variants: list[str], targets: list[Mapping[str, Any]]) -> None:
    """Draw a field for each variant and target."""
    from matplotlib.patches import Rectangle

    cells = table.set_index(["variant", "target"])
    for v, variant in enumerate(variants):
        for t, target in enumerate(targets):
            cell = cells.loc[(variant, target["name"])]
            meets = str(cell["meets"])
            axes.add_patch(
                Rectangle((t + 0.03, v + 0.06), 0.94, 0.88, facecolor=_FILL.get(meets, "white"), edgecolor=PALE, lw=0.8)
            )
            if meets == MISSES:
                axes.plot([t + 0.06, t + 0.94], [v + 0.9, v + 0.1], color=_EDGE[MISSES], lw=0.7)
            axes.text(
                t + 0.5, v + 0.52, value(cell["value"], share=target["share"]), ha="center", va="center", fontsize=7,
                color=INK,
            )  # fmt: skip
    axes.set(xlim=(0, len(targets)), ylim=(len(variants), 0))
    axes.set_yticks([v + 0.5 for v in range(len(variants))], [called(name) for name in variants])
    axes.xaxis.tick_top()
    axes.set_xticks(
        [t + 0.5 for t in range(len(targets))], [target["name"] for target in targets],
        rotation=50, ha="left", rotation_mode="anchor", fontsize=7.5,
    )  # fmt: skip
    axes.tick_params(length=0)
    for side in axes.spines.values():
        side.set_visible(False)


def called(variant: str) -> str:
    """Return a variant's name as it stands at its row."""
    if variant == WHOLE:
        return "everything on"
    return f"{variant} rule" if variant in RULES else f"no {variant}"


def value(number: float, *, share: bool) -> str:
    """Return a measured value as it stands in its field."""
    if number != number:
        return "never"
    return f"{100 * number:.0f}%" if share else f"{number:.3g}"


def heading(summary: Mapping[str, Any]) -> str:
    """Say in a sentence what the figure shows."""
    met, targets = summary["met"], len(summary["targets"])
    first = summary["variants"][0]
    others = {name: count["meets"] for name, count in met.items() if name != first}
    begin = f"{called(first).capitalize()}: {met[first]['meets']} of {targets} targets are met"
    if not others:
        return begin
    least = min(others.values())
    names = [called(name) for name, count in others.items() if count == least]
    return f"{begin}; fewest, {least}, with {' and '.join(names[:2])}" + (" among others" if len(names) > 2 else "")


def sections(tables: Mapping[str, pd.DataFrame], summary: Mapping[str, Any]) -> list[Section]:
    """Return how to read the figure, and where each target comes from."""
    rows = [[each["name"], each["case"], each["title"], by_name(each), each["source"]] for each in summary["targets"]]
    return [
        Section("How to read it", notes=[
            "Each row takes one mechanism away, or puts another rule in place of the logit, and leaves all else as it "
            "is: people, graph and luck are the same, and no coefficient is set anew. Each column is something that is "
            "documented of a case, or measured on real campaigns.",
            f"A target is met if the 95 % interval over {summary['replicates']} replicates lies inside its band, and "
            "missed if it lies outside. A mechanism whose absence costs nothing here is not shown to be needed by "
            "these targets; it may be by others.",
            "The coefficients were set by hand with everything on and a chronological feed, so that whatever is taken "
            "away is judged at values that were chosen for the whole.",
        ]),
        Section("The targets", table=Table(["target", "case", "what is measured", "band", "source"], rows)),
    ]  # fmt: skip
