"""What a sequence has found, in sentences: where the last campaign starts and how it ends, against itself alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Row = Mapping[str, Any]
WEEKS, DRIFT = "weeks", "after.drift"
RESPONSE = "start_first_response_difference"


def interval(row: Row, name: str, *, scale: float = 1.0, digits: int = 3, signed: bool = False) -> str:
    """Return a value with its interval: ``+0.012 (0.008 to 0.016)``; a dash where it is not known."""
    if row.get(name) is None or row[name] != row[name]:
        return "\N{EN DASH}"
    parts = [f"{scale * row[name]:{'+' if signed else ''}.{digits}f}"]
    low, high = row.get(f"{name}_lo"), row.get(f"{name}_hi")
    if low is not None and high is not None and low == low:
        parts.append(f"({scale * low:.{digits}f} to {scale * high:.{digits}f})")
    return " ".join(parts).replace("-", "\N{MINUS SIGN}")


def of_campaign(rows: Sequence[Row], campaign: int) -> list[Row]:
    """Return the rows of one campaign, by combination."""
    return [row for row in rows if row["campaign"] == campaign]


def which(row: Row, varying: Sequence[str]) -> str:
    """Return the values of a combination in words."""
    return ", ".join(f"{name}={value_in_words(row[name])}" for name in varying)


def value_in_words(value: Any) -> str:
    """Return a value as a word writes it."""
    return f"{value:g}" if isinstance(value, float) else str(value)


def more_or_less(row: Row, name: str, what: str, *, scale: float = 1.0, digits: int = 3, unit: str = "") -> str:
    """Return a difference in words: ``0.93 (0.90 to 0.95) points more criticism``."""
    value = row.get(name)
    if value is None or value != value:
        return f"no {what} that can be told"
    sign = -1.0 if value < 0 else 1.0
    known = row.get(f"{name}_lo") is not None
    low, high = sorted(sign * row[f"{name}{end}"] for end in ("_lo", "_hi")) if known else (None, None)
    size = interval({name: sign * value, f"{name}_lo": low, f"{name}_hi": high}, name, scale=scale, digits=digits)
    less = "fewer" if what.endswith("s") and not unit else "less"
    return f"{size}{unit} {less if value < 0 else 'more'} {what}"


def weeks_later(row: Row) -> str:
    """Return ``1 week later``, ``8 weeks later``."""
    return f"{row['weeks_before']:g} week{'' if row['weeks_before'] == 1 else 's'} later"


def told_first(summary: Mapping[str, Any]) -> list[Row]:
    """Return the last campaign's rows that are told in words: drift as assumed, else first values; by weeks."""
    rows = of_campaign(summary["rows"], len(summary["campaigns"]) - 1)
    for name in summary["varying"]:
        values = [row[name] for row in rows]
        if name != WEEKS:
            kept = 1.0 if name == DRIFT and 1.0 in values else values[0]
            rows = [row for row in rows if row[name] == kept]
    return sorted(rows, key=lambda row: float(row["weeks_before"]))


def finding(summary: Mapping[str, Any]) -> str:
    """Return what the sequence found, in a few sentences: soon after, long after, and the range over all."""
    first, shown = of_campaign(summary["rows"], 0)[0], told_first(summary)
    soon, late = shown[0], shown[-1]
    others = which(soon, [name for name in summary["varying"] if name != WEEKS])
    met = [more_or_less(row, RESPONSE, "criticism", scale=100.0, digits=2, unit=" points") for row in (soon, late)]
    later = f"; {weeks_later(late)} {met[1]}" if late is not soon else ""
    followers = more_or_less(soon, "start_followers_difference", "followers", digits=0)
    told = (
        f"{summary['campaigns'][0]} is hijacked in {100 * first['hijacked']:.0f} % of {first['pairs']} runs. "
        f"{weeks_later(soon)}{f' ({others})' if others else ''} an ordinary post meets {met[0]} in its first response "
        f"than without it{later}. {followers} listen."
    )
    if soon["hijacked"] > 0 or soon["hijacked_difference"]:
        changed = interval(soon, "hijacked_difference", scale=100, digits=0, signed=True)
        told += f" {soon['case']} itself, {weeks_later(soon)}: P(hijacked) {changed} points."
    last = of_campaign(summary["rows"], soon["campaign"])
    every = [100 * row[RESPONSE] for row in last if row[RESPONSE] is not None]
    if len(every) > 1:
        ends = f"{min(every):+.2f} to {max(every):+.2f}".replace("-", "\N{MINUS SIGN}")
        told += f" Over all {len(every)} combinations the first response moves by {ends} points"
        odds = [round(100 * row["hijacked"]) for row in last]
        among = f", and P(hijacked) of {soon['case']} lies from {min(odds)} to {max(odds)} %"
        told += f"{among if max(odds) > min(odds) else ''}."
    return f"{told} All this if drift is of the sizes assumed."
