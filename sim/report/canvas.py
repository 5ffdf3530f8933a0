"""How every figure looks: size, type, colours that the colour-blind and a grey printer can tell apart.

Figures are made without pyplot (no global current figure). Style lives in matplotlib's global settings while one
is drawn, so a lock keeps threads apart; settings of the user's own never reach a figure, and the same input gives
the same bytes. Colours: Okabe & Ito 2008, "Color Universal Design".
"""

from __future__ import annotations

import io
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH = 5.6  # inches: type of 9 points stays readable on a phone and at full width on paper
_LINE = 60  # letters of the heading's type in one line
CAMPAIGN, COUNTER, INK, SOFT, PALE = "#0072B2", "#D55E00", "#1b1f24", "#5f6770", "#dfe3e8"
COLOUR = {"campaign": CAMPAIGN, "counter": COUNTER}
DASHES: dict[str, str | tuple[int, tuple[float, ...]]] = {"campaign": (0, (4.5, 1.6)), "counter": "-"}
MARKER = {"campaign": "o", "counter": "s"}
VERDICT_COLOUR = {"hijacked": COUNTER, "contested": "#B58900", "viral_positive": CAMPAIGN, "fizzled": "#5f6770"}
VERDICT_MARKER = {"hijacked": "s", "contested": "D", "viral_positive": "o", "fizzled": "x"}

_STYLE = {
    "font.family": "DejaVu Sans", "font.size": 9.0, "axes.titlesize": 10.5, "axes.labelsize": 9.0,
    "xtick.labelsize": 8.5, "ytick.labelsize": 8.5, "legend.fontsize": 8.5, "legend.frameon": False,
    "axes.spines.top": False, "axes.spines.right": False, "axes.edgecolor": SOFT, "axes.labelcolor": INK,
    "text.color": INK, "xtick.color": SOFT, "ytick.color": SOFT, "xtick.labelcolor": INK, "ytick.labelcolor": INK,
    "axes.linewidth": 0.8, "axes.axisbelow": True, "grid.color": PALE, "grid.linewidth": 0.7,
    # a tag may hold a dollar sign; letters as outlines look the same everywhere; no random ids
    "text.parse_math": False, "svg.fonttype": "path", "svg.hashsalt": "backfire",
}  # fmt: skip
_STYLE_LOCK = Lock()


@dataclass(frozen=True)
class Drawing:
    """One finished figure.

    Attributes
    ----------
    name : str
        File name without its ending.
    finding : str
        Its title, which also serves as the text read aloud.
    svg, png : bytes
    """

    name: str
    finding: str
    svg: bytes
    png: bytes


@contextmanager
def house_style() -> Iterator[None]:
    """Hold matplotlib's settings at ours, for one thread at a time."""
    import matplotlib

    with _STYLE_LOCK, matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_STYLE)  # type: ignore[arg-type]
        yield


def new_figure(height: float) -> Figure:
    """Return an empty figure of the page's width, ``height`` inches high."""
    from matplotlib.figure import Figure

    return Figure(figsize=(WIDTH, height), facecolor="white")


def drawable(text: str) -> str:
    """Return the text with letters that the figures' typeface lacks replaced by a question mark."""
    from matplotlib.font_manager import findfont, get_font

    letters = get_font(findfont("DejaVu Sans")).get_charmap()
    return "".join(letter if ord(letter) in letters else "?" for letter in text)


def _wrapped(finding: str) -> list[str]:
    """Return the finding in as few lines as it needs, of about the same length."""
    lines = textwrap.wrap(finding, _LINE)
    return next(
        (tried for width in range(20, _LINE + 1) if len(tried := textwrap.wrap(finding, width)) <= len(lines)), lines
    )


def write_finding(figure: Figure, finding: str) -> None:
    """Write the finding at the head of the figure."""
    lines = "\n".join(_wrapped(drawable(finding)))
    figure.text(0.02, 1 - 0.09 / figure.get_figheight(), lines, ha="left", va="top", fontsize=10.5, fontweight="bold")


def head_room(figure: Figure, finding: str, *, extra: float = 0.15) -> float:
    """Return the height (fraction of the figure) below which axes may stand."""
    return float(1 - (0.12 + 0.185 * len(_wrapped(finding)) + extra) / figure.get_figheight())


def quiet(axes: Axes, grid: str) -> None:
    """Leave only a light grid along one axis."""
    axes.grid(axis="x" if grid == "x" else "y")
    axes.tick_params(length=0 if grid == "y" else 2.5, axis="y")


def finished(figure: Figure, name: str, finding: str) -> Drawing:
    """Return the figure as SVG and PNG, byte for byte the same for the same figure."""
    svg, png = io.BytesIO(), io.BytesIO()
    figure.savefig(svg, format="svg", metadata={"Date": None, "Creator": None})
    figure.savefig(png, format="png", dpi=170, metadata={"Software": None})
    return Drawing(name, finding, svg.getvalue(), png.getvalue())
