"""Made-up studies that look like real ones, for the tests of the report; no number here is a result."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from sim.config.people import COHORTS
from sim.config.root import Configuration, validated
from sim.report.run_study import COLUMNS, VERDICTS, Assumption, Hinge, Mark, RunStudy

REPLICATES = 200
_FOLLOWERS = ("under 100", "100 to 999", "1,000 to 9,999", "10,000 and more")
_UNDEFINED_WITHOUT_MESSAGES = (
    "hijack_share", "hijack_share_impressions", "hijack_share_top20", "takeover_minutes", "half_life_hours",
    "peak_messages_per_hour", "retweet_share", "structural_virality", "followers_gained", "followers_lost",
    "reproduction_campaign", "reproduction_counter",
)  # fmt: skip


def configuration(**case: Any) -> Configuration:
    told = {
        "id": "my_nypd",
        "title": "The #myNYPD photo call",
        "tag": "#myNYPD",
        "sender": "New York City Police Department",
        "date": "2014-04-22",
        "summary": "People were asked for photos with officers. Within minutes pictures of arrests and of force "
        "came back; what was criticised was police violence.",
    }
    return validated(
        {
            "case": told | case,
            "people": {"n_followers": 1_000_000},
            "post": {"ask": "photo_call", "room": 0.8, "openness": 0.8, "hour": 13.9},
            "policy": {"name": "acknowledge", "rules": [{"move": "acknowledge", "counter_share": 0.5}]},
        }
    )


def _stat(mean: float, spread: float) -> dict[str, float]:
    return {"mean": mean, "lo": mean * (1 - spread), "hi": mean * (1 + spread)}


def _summary() -> dict[str, Any]:
    return {
        "case": "my_nypd",
        "seed": 1,
        "replicates": REPLICATES,
        "followers": 1_000_000,
        "edges": 20_134_876,
        "represents": 1.0,
        "verdict": {"hijacked": 0.93, "viral_positive": 0.0, "contested": 0.055, "fizzled": 0.015},
        "verdict_interval": {
            "hijacked": [0.885, 0.958],
            "viral_positive": [0.0, 0.018],
            "contested": [0.031, 0.096],
            "fizzled": [0.005, 0.043],
        },
        "verdict_at": {
            "0.55": {"hijacked": 0.97, "viral_positive": 0.0, "contested": 0.015, "fizzled": 0.015},
            "0.65": {"hijacked": 0.93, "viral_positive": 0.0, "contested": 0.055, "fizzled": 0.015},
            "0.75": {"hijacked": 0.81, "viral_positive": 0.0, "contested": 0.175, "fizzled": 0.015},
        },
        "verdict_range": {
            "hijacked": [0.60, 0.98],
            "viral_positive": [0.0, 0.11],
            "contested": [0.01, 0.27],
            "fizzled": [0.0, 0.08],
        },
        "variance_split": {"luck": 0.36, "inputs": 0.64},
        "fizzled_frame": "counter",
        "messages": _stat(41_300, 0.06),
        "participants": _stat(24_700, 0.05),
        "reach": _stat(512_000, 0.03),
        "hijack_share": _stat(0.81, 0.02),
        "hijack_share_impressions": _stat(0.77, 0.02),
        "hijack_share_top20": _stat(0.9, 0.04),
        "takeover_minutes": {"mean": 13.1, "lo": 11.9, "hi": 14.3},
        "takeover_probability": 0.94,
        "peak_messages_per_hour": _stat(3_420, 0.05),
        "half_life_hours": _stat(21.4, 0.03),
        "retweet_share": _stat(0.44, 0.01),
        "structural_virality": _stat(2.6, 0.06),
        "followers_gained": _stat(1_130, 0.05),
        "followers_lost": _stat(2_950, 0.04),
        "reproduction_campaign": _stat(0.62, 0.1),
        "reproduction_counter": _stat(1.21, 0.08),
        "first_response": 0.58,
        "reproduction_eigenvalue": 1.34,
        "seconds": 48.2,
        "at_quarter_size": {
            "n": 250_000,
            "verdict": {"hijacked": 0.9, "viral_positive": 0.0, "contested": 0.07, "fizzled": 0.03},
            "verdict_interval": {
                "hijacked": [0.85, 0.934],
                "viral_positive": [0.0, 0.018],
                "contested": [0.042, 0.114],
                "fizzled": [0.014, 0.064],
            },
        },
        "depends_on_sample_size": False,
    }


def _runs(rng: np.random.Generator) -> pd.DataFrame:
    verdict = np.repeat(VERDICTS, [186, 11, 0, 3])
    share = np.concatenate(
        [np.clip(rng.normal(0.82, 0.05, 186), 0.65, 0.97), rng.uniform(0.5, 0.65, 11), [0.7, 0.6, 0.9]]
    )
    messages = np.concatenate([rng.lognormal(10.6, 0.3, 186), rng.lognormal(9.6, 0.4, 11), [210, 330, 90]]).astype(int)
    return pd.DataFrame({"verdict": verdict, "messages": messages, "hijack_share": share})


def _timeline() -> pd.DataFrame:
    start = np.concatenate([np.arange(0, 360, 5), np.arange(360, 4320, 30)])
    width = np.where(start < 360, 5, 30)
    hour = (start / 60 + 13.9) % 24
    day = 0.15 + 0.85 * np.exp(-(((hour - 19.5 + 12) % 24 - 12) ** 2) / 40)
    campaign = 480 * np.exp(-start / 260) * (1 - np.exp(-start / 6)) + 250 * day * np.exp(-start / 2100)
    counter = 3300 * (1 - np.exp(-start / 45)) * (0.35 + 0.65 * (start > 10)) * day * np.exp(-start / 1700)
    columns = {"minute": start, "minutes": width}
    for frame, mid in (("campaign", campaign), ("counter", counter)):
        columns |= {f"{frame}_lo": 0.78 * mid, f"{frame}_mid": mid, f"{frame}_hi": 1.25 * mid + 12}
    return pd.DataFrame(columns)


def _participation() -> pd.DataFrame:
    lines = []
    counter = (0.026, 0.034, 0.028, 0.021, 0.013, 0.007)
    campaign = (0.004, 0.004, 0.006, 0.008, 0.009, 0.006)
    people = (90_000, 240_000, 250_000, 250_000, 130_000, 40_000)
    for group, rows, k, c in zip(COHORTS, people, counter, campaign, strict=True):
        lines += [("cohort", group, "counter", rows, k), ("cohort", group, "campaign", rows, c)]
    lines += [("community", "others", "counter", 800_000, 0.012), ("community", "others", "campaign", 800_000, 0.008)]
    lines += [
        ("community", "affected", "counter", 200_000, 0.071),
        ("community", "affected", "campaign", 200_000, 0.002),
    ]
    table = pd.DataFrame(lines, columns=["dimension", "group", "frame", "people", "mean"])
    return table.assign(lo=0.85 * table["mean"], hi=1.15 * table["mean"] + 0.0005)


def _starters() -> pd.DataFrame:
    mean = {
        "member": (17.5, 16.1, 3.2, 0.3),
        "activist": (4.8, 5.9, 1.1, 0.4),
        "journalist": (0.1, 0.3, 0.2, 0.05),
        "ally": (0.03, 0.02, 0.0, 0.0),
    }
    people = {
        "member": (820_000, 171_000, 4_100, 61),
        "activist": (1_500, 470, 29, 1),
        "journalist": (390, 95, 14, 1),
        "ally": (1_600, 380, 20, 0),
    }
    lines = [(role, size, people[role][i], mean[role][i]) for role in mean for i, size in enumerate(_FOLLOWERS)]
    table = pd.DataFrame(lines, columns=["role", "followers", "people", "mean"])
    return table.assign(lo=(table["mean"] * 0.7 - 0.5).clip(lower=0), hi=table["mean"] * 1.3 + 0.7)


def _cascade(rng: np.random.Generator, nodes: int = 2600) -> pd.DataFrame:
    minute = np.sort(np.floor(rng.lognormal(5.9, 1.5, nodes)).clip(0, 4319))
    minute[0] = 0
    frame, parent, offspring = np.zeros(nodes, int), np.full(nodes, -1), np.ones(nodes)
    offspring[0] = 300.0
    for node in range(1, nodes):
        weight = offspring[:node] * np.exp(-(minute[node] - minute[:node]) / 500)
        parent[node] = rng.choice(node, p=weight / weight.sum())
        frame[node] = int(rng.random() < (0.72 if frame[parent[node]] == 0 else 0.95))
        offspring[node] = rng.pareto(1.4)
    return pd.DataFrame(
        {
            "node": np.arange(nodes),
            "parent": parent,
            "minute": minute.astype(int),
            "frame": np.array(["campaign", "counter"])[frame],
        }
    )


# fmt: off
_OPTIONS = (
    ("as_is", "The post as it is", (0.93, 0.885, 0.958), (0.0, 0.0, 0.018), None, ""),
    ("do_not_post", "Do not post", (0.0, 0.0, 0.0), (0.0, 0.0, 0.0), (-0.93, -0.958, -0.885),
     "nothing is run: no call, nothing to turn, nothing won either"),
    ("listen", "Listen for 6 months first", (0.88, 0.83, 0.92), (0.0, 0.0, 0.018), (-0.05, -0.09, -0.01),
     "the size of listening's effect is assumed (agency.effects.listening); its sign is sourced"),
    ("answer", "Post, and own the complaint once critics are as many as friends", (0.91, 0.86, 0.94),
     (0.0, 0.0, 0.018), (-0.02, -0.05, 0.01),
     "the size of an answer's effect is assumed (agency.effects); its sign is sourced"),
    ("narrower_ask", "Ask for less: half the openness, half the room", (0.21, 0.16, 0.27), (0.34, 0.28, 0.41),
     (-0.72, -0.78, -0.65), "openness 0.8 to 0.4, room 0.8 to 0.4"),
    ("another_account", "Post it from 20 local accounts", (0.78, 0.72, 0.83), (0.02, 0.01, 0.05),
     (-0.15, -0.21, -0.09), "assumes that people grant their local account 0.1 more appeal"),
)
_TRIPWIRES = {20: (0.22, 0.31, 0.62, 0.88, 0.96), 50: (0.05, 0.12, 0.48, 0.91, 0.98), 100: (None, 0.1, 0.3, 0.94, 0.99)}
_BANDS = (0.0, 0.1, 0.25, 0.5, 0.75, 1.0)
# fmt: on


def _options() -> pd.DataFrame:
    lines = [
        (name, title, *hijacked, *viral, *(difference or (None, None, None)), note)
        for name, title, hijacked, viral, difference, note in _OPTIONS
    ]
    return pd.DataFrame(lines, columns=list(COLUMNS["options"]))


def _tripwires() -> pd.DataFrame:
    lines = []
    for first, odds in _TRIPWIRES.items():
        for low, high, hijacked, runs in zip(_BANDS[:-1], _BANDS[1:], odds, (3, 9, 24, 71, 96), strict=True):
            if hijacked is None:
                lines.append((first, low, high, None, None, None, 0))
            else:
                ends = (max(0.0, hijacked - 0.1), min(1.0, hijacked + 0.08))
                lines.append((first, low, high, hijacked, *ends, runs))
    return pd.DataFrame(lines, columns=list(COLUMNS["tripwires"]))


def _theory() -> dict[str, Any]:
    return {
        "first_response": 0.58,
        "first_response_observed": {"mean": 0.61, "lo": 0.59, "hi": 0.63},
        "reproduction_eigenvalue": 1.34,
        "expected": {"campaign": {"campaign": 0.22, "counter": 0.41}, "counter": {"campaign": 0.03, "counter": 1.16}},
        "measured": {
            "campaign": {"campaign": _stat(0.19, 0.1), "counter": _stat(0.43, 0.1)},
            "counter": {"campaign": _stat(0.04, 0.2), "counter": _stat(1.17, 0.08)},
        },
    }


def _assumptions(settings: Configuration) -> list[Assumption]:
    lines = []
    for section in ("people", "post", "reaction", "newsroom"):
        part = getattr(settings, section)
        for name, entry in type(part).model_fields.items():
            extra = entry.json_schema_extra
            if isinstance(extra, dict):
                lines.append(
                    Assumption(
                        f"{section}.{name}",
                        entry.description or "",
                        getattr(part, name),
                        str(extra["unit"]),
                        str(extra["role"]),
                        str(extra["source"]),
                        section == "post",
                    )
                )
    return lines


def full(**case: Any) -> RunStudy:
    """A hijack of a large generated audience, with everything in it."""
    rng = np.random.default_rng(5)
    settings = configuration(**case)
    return RunStudy(
        configuration=settings,
        command="backfire run case=my_nypd replicates=200 seed=1",
        study="my_nypd",
        summary=_summary(),
        runs=_runs(rng),
        timeline=_timeline(),
        marks=[
            Mark("takeover", 0.94, 12, 6, 23),
            Mark("tag trends", 1.0, 44, 31, 61),
            Mark("first news story", 0.97, 172, 118, 301),
            Mark("agency acknowledges", 0.96, 38, 27, 64),
        ],
        participation=_participation(),
        starters=_starters(),
        cascade=_cascade(rng),
        theory=_theory(),
        options=_options(),
        hinges=[
            Hinge(
                "post.openness",
                "How far the ask opens a topic that it did not name",
                "0 to 1",
                0.8,
                0.3,
                1.0,
                0.12,
                0.97,
                0.46,
            ),
            Hinge(
                "people.grievance_mean",
                "Mean grievance of those outside the affected community",
                "0 to 1",
                0.25,
                0.15,
                0.35,
                0.58,
                0.99,
                None,
            ),
        ],
        tripwires=_tripwires(),
        assumptions=_assumptions(settings),
        manifest={
            "configuration_hash": "9f2c51d0a1b2c3d4e5f60718293a4b5c6d7e8f90",
            "seed": 1,
            "version": "0.1.0",
            "commit": "0c86126",
            "dirty": False,
            "versions": {"python": "3.11.7", "numpy": "2.2.6", "numba": "0.61.2"},
            "machine": "x86_64, 2 cores",
            "wall_seconds": 48.2,
            "content_hashes": {"runs": "ab12" * 16, "timeline": "cd34" * 16},
        },
    )


def minimal() -> RunStudy:
    """Nobody wrote anything: every outcome that needs a message is undefined."""
    undefined = {"mean": None, "lo": None, "hi": None}
    zero = {"mean": 0.0, "lo": 0.0, "hi": 0.0}
    summary = {
        "case": "custom",
        "seed": 0,
        "replicates": 1,
        "followers": 0,
        "edges": 0,
        "represents": 1.0,
        "verdict": {"hijacked": 0.0, "viral_positive": 0.0, "contested": 0.0, "fizzled": 1.0},
        "verdict_interval": None,
        "verdict_at": None,
        "verdict_range": None,
        "variance_split": None,
        "fizzled_frame": None,
        "messages": zero,
        "participants": zero,
        "reach": zero,
        "takeover_probability": 0.0,
        "first_response": None,
        "reproduction_eigenvalue": float("nan"),
        "seconds": 0.01,
        "at_quarter_size": None,
        "depends_on_sample_size": False,
    } | dict.fromkeys(_UNDEFINED_WITHOUT_MESSAGES, undefined)
    empty = {name: pd.DataFrame(columns=list(columns)) for name, columns in COLUMNS.items()}
    return RunStudy(
        configuration=validated({}),
        command="backfire run people.n_followers=0",
        study="custom",
        summary=summary,
        runs=pd.DataFrame({"verdict": ["fizzled"], "messages": [0], "hijack_share": [float("nan")]}),
        timeline=empty["timeline"],
        marks=[Mark("takeover", 0.0)],
        participation=empty["participation"],
        starters=empty["starters"],
        cascade=None,
        theory={},
        options=empty["options"],
        hinges=[],
        tripwires=empty["tripwires"],
        assumptions=[],
    )


def real_graph() -> RunStudy:
    """A loaded follower graph: small groups, and a cascade that must not be drawn."""
    study = full()
    settings = validated(
        {
            "case": {"id": "own", "title": "A post of one's own"},
            "network": {"kind": "edge_list", "path": "graph.tsv.gz"},
        }
    )
    few = study.starters.assign(people=[900, 80, 7, 1, 14, 5, 2, 1, 3, 1, 0, 0, 12, 1, 0, 0])
    crowd = study.participation.copy()
    crowd.loc[crowd["group"] == "65+", "people"] = 4
    summary = dict(study.summary) | {"followers": 13_688, "edges": 79_620, "at_quarter_size": None}
    return replace(study, configuration=settings, starters=few, participation=crowd, summary=summary, study="own")
