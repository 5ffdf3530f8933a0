"""What stands below the decision box: outcomes, theory against what happened, sources, limits, provenance."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sim.report.run_study import Assumption, RunStudy
from sim.report.wording import DASH, count, dash, duration, estimate, hours, known, number, percent, rate

_FRAMES = ("campaign", "counter")
_Form = Callable[[object], str]
_NO_MESSAGE = "no run had messages"
_VOLUMES = ("messages", "participants", "reach", "peak_messages_per_hour", "followers_gained", "followers_lost")
_OUTCOMES: tuple[tuple[str, str, _Form, str], ...] = (
    ("messages", "Messages on the tag (the agency's own left out)", count, "not measured"),
    ("participants", "People who put out at least one", count, "not measured"),
    ("reach", "People who saw at least one", count, "not measured"),
    ("hijack_share", "Hijack share: counter messages / all messages", percent, _NO_MESSAGE),
    ("hijack_share_impressions", "The same among all that was seen (impressions)", percent, "nothing was seen"),
    ("hijack_share_top20", "The same among the 20 most shared originals", percent, "no originals"),
    ("takeover_minutes", "Takeover, in the runs that have one", duration, "no takeover in any run"),
    ("peak_messages_per_hour", "Busiest hour, messages", count, _NO_MESSAGE),
    ("half_life_hours", "Half of all messages out after", hours, _NO_MESSAGE),
    ("retweet_share", "Share of messages that only pass one on", percent, _NO_MESSAGE),
    ("structural_virality", "Structural virality of cascades of 20 or more", number, "no cascade of 20 messages"),
    ("reproduction_campaign", "Messages caused per campaign message, early on", number, "no early campaign message"),
    ("reproduction_counter", "Messages caused per counter message, early on", number, "no early counter message"),
    ("followers_gained", "Followers won", count, "not measured"),
    ("followers_lost", "Followers lost", count, "not measured"),
)


def outcome_rows(study: RunStudy) -> list[tuple[str, str]]:
    """Return a line an outcome: what it is, its mean with interval."""
    scale = study.configuration.people.represents
    rows = [
        (title, estimate(study.summary.get(key), form, reason, scale if key in _VOLUMES else 1.0))
        for key, title, form, reason in _OUTCOMES
    ]
    takeover = study.summary.get("takeover_probability")
    missing = "not measured"
    chance = estimate(takeover, percent, missing) if isinstance(takeover, Mapping) else percent(takeover, missing)
    place = next(i for i, (key, *_) in enumerate(_OUTCOMES) if key == "takeover_minutes")
    return [*rows[:place], ("Runs with a takeover", chance), *rows[place:]]


def theory_rows(study: RunStudy) -> list[dict[str, str]]:
    """Return a line a quantity: what the theory expects from the configuration alone, what the runs gave."""
    theory = study.theory
    expected, measured = theory.get("expected") or {}, theory.get("measured") or {}
    rows = [
        {
            "title": "Counter share of the direct responses to the post (first response)",
            "expected": percent(theory.get("first_response"), "not defined here"),
            "measured": estimate(_stat(theory.get("first_response_observed")), percent, "no direct response"),
        }
    ]
    for cause in _FRAMES:
        for effect in _FRAMES:
            own = (measured.get(cause) or {}).get(effect)
            rows.append(
                {
                    "title": f"{effect} messages caused by one {cause} message"
                    + (" (this is the hijack)" if (cause, effect) == ("campaign", "counter") else ""),
                    "expected": number((expected.get(cause) or {}).get(effect), "not defined here"),
                    "measured": estimate(_stat(own), number, f"no early {cause} message"),
                }
            )
    return rows


def _stat(value: Any) -> Mapping[str, Any] | None:
    """Return a number or a mean with interval as the latter."""
    if isinstance(value, Mapping):
        return value
    return None if known(value) is None else {"mean": value}


def theory_sentence(study: RunStudy) -> str:
    """Say what the dominant eigenvalue means."""
    value = known(study.theory.get("reproduction_eigenvalue"))
    if value is None:
        return f"Reproduction number (dominant eigenvalue): {dash('not defined for this audience')}."
    meaning = "above 1, so it can keep itself going" if value > 1 else "below 1, so it lives on what starts it"
    return f"Reproduction number (dominant eigenvalue of the next-generation matrix): {number(value)}, {meaning}."


def _value(value: Any) -> str:
    """Return a configured value for people."""
    if value is None:
        return DASH
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, float)):
        return f"{value:,}" if isinstance(value, int) else number(value)
    if isinstance(value, (list, tuple)):
        return ", ".join(_value(part) for part in value) if value else "none"
    if isinstance(value, Mapping):
        return "; ".join(f"{key} {_value(part)}" for key, part in value.items() if part is not None) or "none"
    return str(value)


def assumption_groups(study: RunStudy) -> list[tuple[str, list[dict[str, str]]]]:
    """Return the assumptions in two groups: those set for this study, then the table's own values."""
    groups: dict[bool, list[dict[str, str]]] = {True: [], False: []}
    for line in study.assumptions:
        groups[line.changed].append(_assumption(line))
    titles = {True: "Set for this study", False: "As everywhere else (defaults of the parameter table)"}
    return [(titles[changed], lines) for changed, lines in groups.items() if lines]


def _assumption(line: Assumption) -> dict[str, str]:
    """Return the words of one assumption."""
    unit = "" if line.unit in ("1", "name", "text", "yes or no") else line.unit
    return {
        "name": line.name,
        "title": line.title,
        "value": _value(line.value),
        "unit": unit,
        "role": line.role,
        "source": line.source or "no source",
    }


def documented(study: RunStudy) -> list[dict[str, str]]:
    """Return what was documented of the case, with sources; never an input of the runs."""
    rows = []
    for name, entry in study.configuration.case.observed.items():
        source = entry.source if entry.url is None else f"{entry.source}; {entry.url}"
        size = entry.value
        shown = count(size) if size is not None and abs(size) >= 10 else _value(size)
        rows.append({"name": name, "value": shown, "unit": entry.unit, "source": source})
    return rows


def limits(study: RunStudy) -> list[str]:
    """Return what the report cannot tell, in sentences."""
    people = study.configuration.people
    sentences = [
        "Whether a post like this one is likely to be hijacked in general: cases are documented because something "
        "happened. The odds compare posts with each other.",
        "What people will say, and whether they are right. A counter message is speech about the sender; the report "
        "counts frames and does not weigh arguments.",
        "How large the effect of a reply is: no documented case identifies it. Signs have sources where there are any, "
        "sizes are assumed, and rankings of replies hold over that assumption only.",
        "What one named person or account will do. People here are drawn from distributions.",
        "What today's platforms would do: feeds, trending lists and moderation are modelled on 2011\N{EN DASH}2018.",
        "Anything after the horizon of "
        + hours(study.configuration.horizon_hours)
        + ", but for what is left behind, whose sizes are assumed.",
    ]
    if people.represents != 1:
        sentences.append(
            f"Chance at full size: one row stands for {number(people.represents)} people here. Volumes are scaled, "
            "ignition is not."
        )
    if study.real_graph:
        sentences.append(
            "Who follows whom stands in the loaded graph; grievance and support of its accounts are assumed, unless "
            "they came with it."
        )
    elif int(study.summary.get("graphs") or 1) == 1:
        sentences.append(
            f"How much people and graph matter: all replicates share those of seed {study.configuration.seed}; "
            "graphs=K varies them too."
        )
    return sentences


def provenance(study: RunStudy) -> list[tuple[str, str]]:
    """Return versions, seed, hashes and machine from the manifest, a line each."""
    rows = [("study", study.study), ("seed", str(study.configuration.seed))]
    for name, value in flat_rows(study.manifest):
        if name not in ("seed", "study", "configuration", "command"):
            rows.append((name.replace("_", " "), value))
    seconds = known(study.summary.get("seconds"))
    if seconds is not None and not {"wall_seconds", "seconds"} & set(study.manifest):
        rows.append(("seconds", number(seconds)))
    return rows


def flat_rows(part: Mapping[str, Any], above: str = "") -> list[tuple[str, str]]:
    """Return nested entries as dotted names and texts; the resolved configuration stays in manifest.json."""
    rows: list[tuple[str, str]] = []
    for key, value in part.items():
        name = f"{above}.{key}" if above else str(key)
        if name in ("configuration", "resolved", "config"):
            continue
        if isinstance(value, Mapping):
            rows += flat_rows(value, name)
        elif isinstance(value, float):
            rows.append((name, number(value)))
        elif isinstance(value, int) and not isinstance(value, bool):
            rows.append((name, str(value)))
        else:
            rows.append((name, _value(value)))
    return rows


def facts_line(study: RunStudy) -> list[str]:
    """Return the short facts below the headline: sender, day, audience, replicates."""
    case, summary = study.configuration.case, study.summary
    followers, edges = known(summary.get("followers")), known(summary.get("edges"))
    parts = [case.title, case.sender, case.date]
    if followers is not None:
        each = (
            ""
            if study.configuration.people.represents == 1
            else f" (one stands for {number(study.configuration.people.represents)})"
        )
        parts.append(
            f"audience of {count(followers)}{each}" + ("" if edges is None else f", {count(edges)} follow edges")
        )
    parts.append("a loaded follower graph: aggregates only" if study.real_graph else "a generated follower graph")
    replicates = int(summary.get("replicates") or 0)
    parts.append(
        f"{count(replicates)} replicate{'' if replicates == 1 else 's'} of {hours(study.configuration.horizon_hours)}"
    )
    return [part for part in parts if part]


def small_rate(value: object) -> str:
    """Return a small share for the tables of participation."""
    return rate(value, "nobody in the group")
