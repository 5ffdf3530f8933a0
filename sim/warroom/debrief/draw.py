"""The drawings of a debrief, as small SVG files: the same for the page and for the export.

They are 360 units wide, so that their type is readable on a phone and grows with a projector. Nothing is told by colour
alone: frames differ in line and marker, ends by where they lie. Every text is escaped.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from math import log10
from typing import Any

from sim.report.canvas import CAMPAIGN, COUNTER, INK, PALE, SOFT, VERDICT_COLOUR
from sim.warroom.debrief.courses import SILENT
from sim.warroom.debrief.tally import BINS

WIDTH = 360
TIMELINE_LEFT, TIMELINE_RIGHT = 34, 352
"""Where a timeline's plot begins and ends: the page moves its scrubber between them."""
_FONT = "font-family=\"system-ui,-apple-system,'Segoe UI',Roboto,'DejaVu Sans',sans-serif\""


def _svg(height: float, title: str, parts: Iterable[str]) -> str:
    body = "".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:g}" role="img" {_FONT} '
        f'font-size="11" fill="{INK}"><title>{escape(title)}</title>{body}</svg>'
    )


def _text(x: float, y: float, words: object, **look: object) -> str:
    given = "".join(f' {name.replace("_", "-")}="{escape(str(value))}"' for name, value in look.items())
    return f'<text x="{x:.1f}" y="{y:.1f}"{given}>{escape(str(words))}</text>'


def _line(x1: float, y1: float, x2: float, y2: float, stroke: str = INK, width: float = 1, dash: str = "") -> str:
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{stroke}" '
        f'stroke-width="{width:g}"{dashed}/>'
    )


def _box(x: float, y: float, width: float, height: float, fill: str, **look: object) -> str:
    given = "".join(f' {name.replace("_", "-")}="{escape(str(value))}"' for name, value in look.items())
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{fill}"{given}/>'


# strips

_LEFT, _RIGHT, _FIZZLED = 62.0, 352.0, 22.0
_UP, _DOWN, _TOP = 62.0, 46.0, 30.0
_ZONES = (("viral_positive", "in favour", 0, 14), ("contested", "contested", 14, 26), ("hijacked", "hijacked", 26, 40))


def _zone_of(place: int) -> str:
    return next(name for name, _, first, last in _ZONES if first <= place < last)


def strip(
    futures: Mapping[str, Any], silent: Mapping[str, Any] | None, lived: Mapping[str, Any] | None, title: str
) -> str:
    """Draw the futures of a decision by how they end, those with silence in its place below, and the lived one.

    Parameters
    ----------
    futures, silent : mapping
        With ``n`` and ``strip``; ``silent`` is None where silence was played.
    lived : mapping or None
        With ``verdict`` and ``hijack_share``.
    """
    width = (_RIGHT - _LEFT) / BINS
    sides = [futures, *([silent] if silent else [])]
    most = max(max(max(side["strip"]["bins"]) / side["n"], side["strip"]["fizzled"] / side["n"]) for side in sides)
    base = _TOP + _UP
    bottom = base + (_DOWN + 18 if silent else 18)
    parts = []
    for name, words, first, last in _ZONES:
        x, wide = _LEFT + first * width, (last - first) * width
        parts.append(
            _box(x, _TOP - 14, wide, bottom - _TOP + 14 - 18 * (not silent), VERDICT_COLOUR[name], opacity=0.08)
        )
        parts.append(_text(x + wide / 2, _TOP - 4, words, text_anchor="middle", fill=SOFT, font_size=11))
    parts.append(_text(_FIZZLED + 11, _TOP - 4, "fizzled", text_anchor="middle", fill=SOFT, font_size=11))
    parts += _bars(futures, base, -_UP / most, full=True)
    parts += _count_axis(round(most * futures["n"]), base)
    if silent:
        parts += _bars(silent, base + 16, _DOWN / most, full=False)
        counts = silent["strip"]["bins"]
        aside = sum(counts[BINS // 2 :]) > sum(counts[: BINS // 2])
        parts.append(_text(_LEFT + 4 if aside else _RIGHT - 4, bottom - 6, f"{silent['n']} with silence instead",
                           text_anchor="start" if aside else "end", fill=SOFT, font_size=11))  # fmt: skip
    parts.append(_text(WIDTH - 10, 10, f"{futures['n']} futures, as decided", text_anchor="end", font_size=11))
    parts.append(_text(2, 10, "lived", font_size=11, font_weight=700) if lived else "")
    parts.append(f'<path d="M33 4h8l-4 7z" fill="{INK}"/>' if lived else "")
    for share in (0, 35, 65, 100):
        x = _LEFT + share / 100 * (_RIGHT - _LEFT)
        anchor = {0: "start", 100: "end"}.get(share, "middle")
        parts.append(_text(x, base + 12, f"{share} %", text_anchor=anchor, fill=SOFT, font_size=11))
    parts.append(_line(_LEFT, base + 0.5, _RIGHT, base + 0.5, SOFT, 0.8))
    parts.append(_line(_FIZZLED - 2, base + 0.5, _FIZZLED + 24, base + 0.5, SOFT, 0.8))
    if lived:
        parts.append(_lived_mark(lived, base, width))
    height = bottom + 8
    parts.append(
        _text(_LEFT, height + 6, "critical messages at the end, of all (bars: futures)", fill=SOFT, font_size=11)
    )
    return _svg(height + 10, title, parts)


def _count_axis(most: int, base: float) -> list[str]:
    """Draw what the tallest bar stands for, at the left edge."""
    x, top = _LEFT - 3, base - _UP
    return [
        _line(x, top, x, base, SOFT, 0.8), _line(x - 3, top, x, top, SOFT, 0.8), _line(x - 3, base, x, base, SOFT, 0.8),
        _text(x - 5, top + 8, most, text_anchor="end", fill=SOFT, font_size=10),
        _text(x - 5, base - 1, 0, text_anchor="end", fill=SOFT, font_size=10),
    ]  # fmt: skip


def _bars(side: Mapping[str, Any], base: float, scale: float, *, full: bool) -> list[str]:
    """Draw one arm's bars, up or down; those of silence are outlines."""
    width, n = (_RIGHT - _LEFT) / BINS, side["n"]
    bars = [
        (_LEFT + place * width, width, count, VERDICT_COLOUR[_zone_of(place)])
        for place, count in enumerate(side["strip"]["bins"])
        if count
    ]
    if side["strip"]["fizzled"]:
        bars.append((_FIZZLED + 4, 14.0, side["strip"]["fizzled"], VERDICT_COLOUR["fizzled"]))
    drawn = []
    for x, wide, count, colour in bars:
        tall = abs(scale) * count / n
        top = base - tall if scale < 0 else base
        look = {} if full else {"fill_opacity": 0.18, "stroke": colour, "stroke_width": 0.9}
        drawn.append(_box(x + 0.6, top, wide - 1.2, max(tall, 1.0), colour, **look))
    return drawn


def _lived_mark(lived: Mapping[str, Any], base: float, width: float) -> str:
    """Draw where the lived end lies: a line with a head, through its bin."""
    if lived["verdict"] == "fizzled" or lived["hijack_share"] is None:
        x = _FIZZLED + 11
    else:
        x = min(_RIGHT - width / 2, _LEFT + lived["hijack_share"] * (_RIGHT - _LEFT))
    top = _TOP + 2
    return (
        _line(x, top, x, base, "#ffffff", 3.6) + _line(x, top, x, base, INK, 1.8)
        + f'<path d="M{x - 5:.1f} {top - 1:.1f}h10l-5 8z" fill="{INK}" stroke="#fff" stroke-width="0.8"/>'
    )  # fmt: skip


# timelines


def timeline(team: Mapping[str, Any], minutes: float, bin_minutes: int, most: int, title: str) -> str:
    """Draw the messages of a campaign as it was lived, and the moves made in it.

    Parameters
    ----------
    team : mapping
        With ``curves`` and ``moves``.
    minutes : float
        Length of the axis.
    most : int
        The largest number of messages in a bin, of all teams: they are drawn on one scale.
    """
    left, right, top, base = TIMELINE_LEFT, TIMELINE_RIGHT, 26.0, 108.0
    curves = team["curves"]
    scale_x, scale_y = (right - left) / minutes, (base - top) / max(1, most)
    parts = []
    for count in sorted({0, most // 2, most}):
        y = base - count * scale_y
        parts.append(_line(left, y, right, y, PALE, 0.8))
        parts.append(_text(left - 4, y + 3.5, f"{count:,}".replace(",", "\u202f"), text_anchor="end",
                           fill=SOFT, font_size=11))  # fmt: skip
    for hour in hour_ticks(minutes):
        x = left + 60 * hour * scale_x
        parts.append(_line(x, base, x, base + 3, SOFT, 0.8))
        anchor = "start" if hour == 0 else "end" if right - x < 8 else "middle"
        parts.append(_text(x, base + 13, f"{hour} h", text_anchor=anchor, fill=SOFT, font_size=11))
    shown = int(minutes / bin_minutes)
    for place in [place for place, count in enumerate(curves["trending"][:shown]) if count]:
        x = left + place * bin_minutes * scale_x
        parts.append(_box(x, base + 0.5, min(bin_minutes * scale_x, right - x) + 0.3, 2.5, VERDICT_COLOUR["contested"]))
    for name, colour, dash in (("campaign", CAMPAIGN, "5 2.5"), ("counter", COUNTER, "")):
        points = " ".join(
            f"{left + (place + 0.5) * bin_minutes * scale_x:.1f},{base - count * scale_y:.1f}"
            for place, count in enumerate(curves[name][:shown])
        )
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="1.7"{dashed}/>')
    for number, made in enumerate(team["moves"]):
        x = left + made["minute"] * scale_x
        silent = made["move"] == SILENT
        parts.append(_line(x, top - 6, x, base, SOFT if silent else INK, 1, "2 2" if silent else ""))
        fill = "#fff" if silent else INK
        parts.append(f'<circle cx="{x:.1f}" cy="{top - 12:.1f}" r="7" fill="{fill}" stroke="{INK}"/>')
        parts.append(_text(x, top - 8.3, number + 1, text_anchor="middle", font_size=11, font_weight=700,
                           fill=INK if silent else "#fff"))  # fmt: skip
    return _svg(124, title, parts)


def hour_ticks(minutes: float) -> list[int]:
    """Return the whole hours that stand below a time axis: at most seven."""
    hours = minutes / 60
    step = next((step for step in (1, 2, 3, 4, 6, 8, 12, 24, 48, 96) if hours / step <= 6), 168)
    return list(range(0, int(hours) + 1, step))


# calibration


def calibration(points: Sequence[Mapping[str, Any]], title: str) -> str:
    """Draw stated confidence against the share of futures that do not end hijacked, with its interval.

    A point on the line was right; above it more was possible than the team thought. Circles: the campaign lived did
    not end hijacked; squares: it did.
    """
    left, right, top, base = 46.0, 346.0, 26.0, 286.0
    inner, low_y, tall = 12.0, base - 12.0, base - top - 24.0
    wide = right - left - 2 * inner

    def at(stated: float, futures: float) -> tuple[float, float]:
        return left + inner + stated * wide, low_y - futures * tall

    parts = [_box(left, top, right - left, base - top, "none", stroke=PALE)]
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        x, y = at(share, share)
        parts += [_line(left, y, right, y, PALE, 0.8), _line(x, top, x, base, PALE, 0.8)]
        parts.append(_text(left - 5, y + 3.5, f"{100 * share:.0f}", text_anchor="end", fill=SOFT, font_size=11))
        parts.append(_text(x, base + 13, f"{100 * share:.0f}", text_anchor="middle", fill=SOFT, font_size=11))
    parts.append(_line(*at(0.0, 0.0), *at(1.0, 1.0), SOFT, 1.2, "4 3"))
    x, y = at(0.02, 0.66)
    parts.append(_text(x, y, "better odds than stated", fill=SOFT, font_size=11))
    x, y = at(0.98, 0.33)
    parts.append(_text(x, y, "worse odds than stated", fill=SOFT, font_size=11, text_anchor="end"))
    parts.append(_text(2, 12, "Futures that do not end hijacked (%)"))
    parts.append(_text(right, base + 30, "Stated chance (%)", text_anchor="end"))
    half, size = (8.0, 10) if len(points) <= 16 else (6.0, 8)
    for point in points:
        x, y = at(point["stated"], point["futures"])
        colour = CAMPAIGN if point["lived"] else COUNTER
        parts.append(_line(x, at(0.0, point["lo"])[1], x, at(0.0, point["hi"])[1], colour, 1.2))
        shape = (
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{half}"' if point["lived"]
            else f'<rect x="{x - half:.1f}" y="{y - half:.1f}" width="{2 * half}" height="{2 * half}"'
        )  # fmt: skip
        parts.append(f'{shape} fill="#fff" fill-opacity="0.8" stroke="{colour}" stroke-width="2"/>')
        parts.append(_text(x, y + 0.37 * size, point["team"], text_anchor="middle", font_size=size, font_weight=700))
    y = base + 30
    parts.append(f'<circle cx="8" cy="{y - 4}" r="5" fill="#fff" stroke="{CAMPAIGN}" stroke-width="2"/>')
    parts.append(_text(17, y, "lived: not hijacked", font_size=11))
    parts.append(f'<rect x="3" y="{y + 7}" width="10" height="10" fill="#fff" stroke="{COUNTER}" stroke-width="2"/>')
    parts.append(_text(17, y + 16, "lived: hijacked", font_size=11))
    return _svg(base + 50, title, parts)


# against silence


def against(rows: Sequence[Mapping[str, Any]], unit: str, least: float, title: str) -> str:
    """Draw each row's paired difference against silence with its interval.

    Parameters
    ----------
    rows : sequence of mapping
        With ``label`` and ``difference`` (``mean``, ``lo``, ``hi``, ``told``), in units of 100.
    least : float
        The shortest axis, in hundredths of those units.
    """
    left, right, top = 112.0, 342.0, 8.0
    ends = [100 * each["difference"][end] for each in rows for end in ("lo", "hi")]
    low, high = min([0.0, *ends]), max([0.0, *ends])
    if high - low < least:
        low, high = min(low, -least / 2), max(high, least / 2)
    step = _step(high - low)
    first, last = step * int(low / step - 0.999), step * int(high / step + 0.999)
    first, last = (first, last) if last > first else (-step, step)
    base = top + 24 * len(rows)
    scale = (right - left) / (last - first)
    parts = []
    ticks = round((last - first) / step)
    for number in range(ticks + 1):
        value = first + number * step
        x = left + (value - first) * scale
        parts.append(
            _line(x, top, x, base, INK if abs(value) < step / 2 else PALE, 1 if abs(value) < step / 2 else 0.8)
        )
        words = f"{value:+.{_digits(step)}f}".replace("-", "\N{MINUS SIGN}") if abs(value) > step / 2 else "0"
        parts.append(_text(x, base + 13, words, text_anchor="middle", fill=SOFT, font_size=11))
    for number, each in enumerate(rows):
        y, found = top + 24 * number + 12, each["difference"]
        mean, lo, hi = (left + (100 * found[end] - first) * scale for end in ("mean", "lo", "hi"))
        parts.append(_text(0, y + 4, _short(each["label"])))
        parts.append(_line(lo, y, hi, y, INK, 1.6))
        parts.append(f'<circle cx="{mean:.1f}" cy="{y}" r="4.5" fill="{INK if found["told"] else "#fff"}" '
                     f'stroke="{INK}" stroke-width="1.6"/>')  # fmt: skip
    parts.append(_text(right, base + 28, unit, text_anchor="end", fill=SOFT, font_size=11))
    return _svg(base + 34, title, parts)


def sizes(rows: Sequence[Mapping[str, Any]], title: str) -> str:
    """Draw how many messages each course comes to: nine in ten futures as a line, their median, and the lived one.

    Parameters
    ----------
    rows : sequence of mapping
        With ``label``, ``messages`` (``median``, ``lo``, ``hi``), ``often`` (whether the tag trends in more than half
        of the futures) and ``lived`` (messages; None: nothing was lived).
    """
    left, right, top = 112.0, 342.0, 8.0
    most = max([10.0, *(max(each["messages"]["hi"], each["lived"] or 0) for each in rows)])
    tens = next(power for power in range(1, 12) if most <= 10**power)
    base, scale = top + 24 * len(rows), (right - left) / log10(1 + 10**tens)

    def at(number: float) -> float:
        return left + scale * log10(1 + number)

    parts = []
    for number in (0, *(10**power for power in range(tens + 1))):
        parts.append(_line(at(number), top, at(number), base, INK if number == 0 else PALE, 1 if number == 0 else 0.8))
        if number != 1:
            words = f"{number:,}" if number < 10_000 else f"{number // 1000:,}k"
            parts.append(_text(at(number), base + 13, words, text_anchor="middle", fill=SOFT, font_size=11))
    for place, each in enumerate(rows):
        y, found = top + 24 * place + 12, each["messages"]
        parts.append(_text(0, y + 4, _short(each["label"])))
        parts.append(_line(at(found["lo"]), y, at(found["hi"]), y, INK, 1.6))
        parts += [_line(at(found[end]), y - 4, at(found[end]), y + 4, INK, 1.6) for end in ("lo", "hi")]
        fill = INK if each["often"] else "#fff"
        parts.append(f'<circle cx="{at(found["median"]):.1f}" cy="{y}" r="4.5" fill="{fill}" stroke="{INK}" '
                     'stroke-width="1.6"/>')  # fmt: skip
        if each["lived"] is not None:
            parts.append(f'<path d="M{at(each["lived"]) - 5:.1f} {y - 12}h10l-5 8z" fill="{INK}" stroke="#fff" '
                         'stroke-width="0.8"/>')  # fmt: skip
    parts.append(_text(right, base + 28, "messages at the end (by powers of ten)", text_anchor="end", fill=SOFT,
                       font_size=11))  # fmt: skip
    return _svg(base + 34, title, parts)


def _short(words: str) -> str:
    """Return words that find room left of a plot."""
    return words if len(words) <= 17 else f"{words[:16]}\u2026"


def _step(room: float) -> float:
    """Return the distance of ticks: at most five of them, of 1, 2 or 5."""
    step = 1e-6
    while True:
        for times in (1.0, 2.0, 5.0):
            if room / (step * times) <= 4:
                return step * times
        step *= 10


def _digits(step: float) -> int:
    digits = 0
    while step < 0.999 and digits < 6:
        step *= 10
        digits += 1
    return digits
