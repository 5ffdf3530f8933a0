"""``backfire calibrate``: the reference table that coefficients are fitted on, simulated once and extended at will."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from sim.cli.keys import StudyKeys
    from sim.config.root import Configuration
    from sim.study.calibration.campaigns import Campaign

FLAGS = ("--dry-run",)
HELP = """
usage: backfire calibrate [draws=N] [campaigns=ID,ID,...] [name=value ...] [--dry-run]
       backfire calibrate from=FOLDER [fit=[NAME,NAME,...]] [accepted=0.02] [held_out=200] [seed=N]

Simulates the reference table: each draw takes one value of every universal parameter (the coefficients of reaction,
the feed, the newsrooms, the sizes of the moves' effects) and one of each campaign's own inputs, and runs every campaign
once under them: the documented ones that were fitted or seen, and a generic one, silent and answered on the same luck.
Then it fits: what documented campaigns and measured patterns say of the universal parameters, by rejection and by
regression, what that hangs on, and how often held-out draws are covered. The second form fits a standing table anew, in
seconds, and runs nothing; from=shipped takes the table that travels with Backfire.

  draws=N               rows of the table (20,000)
  campaigns=A,B         cases, and generic; all that are fitted or seen, and generic, if left out; never fresh ones
  people.n_followers=N  one audience for all campaigns; 250,000 for my_nypd and 100,000 for the others if left out
  fit=[my_nypd,trees]   cases and patterns that are fitted (those of conf/patterns/measured.yaml)
  accepted=0.02         share of the draws that rejection accepts; regression adjusts five times as many
  held_out=200          draws that take the observation's place, for coverage
  workers=N  executor=threads|processes|dask    how; results do not depend on it
  results=DIR  study=NAME   the folder is DIR/NAME
  fresh=true            start over; the old folder is kept aside as NAME.old-1
  --dry-run             tell campaigns, what is drawn, runs and expected time, and stop; some draws are tried for that

All other words hold for every campaign. Ctrl-C saves what is finished, and a crash loses none of it; the same command
goes on from there. A table grows: the same command with a larger draws=N adds rows to those that stand.

The last line on standard output names the folder (table.parquet, posterior.parquet, parameters.parquet,
targets.parquet, coverage.parquet, runs.parquet, report.html, summary.json, manifest.json).
"""
_DRAWS, _MOST = 20_000, 1_000_000
_GRAPHS = 8
_OWN = ("draws", "campaigns")
_PATTERNS = "backfire:patterns.py"
_TRIED = 3


def carry_out(words: Sequence[str]) -> int:
    """Carry out a reference table, or what of it is missing, and say what it holds."""
    from sim.cli.planned import carry_out_planned, foretell

    if any(word.partition("=")[0].strip() == "from" for word in words):
        from sim.cli import refit

        return refit.carry_out(words)
    question, keys = asked([word for word in words if word not in FLAGS])
    if any(word in FLAGS for word in words):
        return foretell("calibrate", question, keys, lambda: foretold(question, keys))
    return carry_out_planned("calibrate", question, keys, lambda summary: told(keys.place, summary))


def asked(words: Sequence[str]) -> tuple[dict[str, Any], StudyKeys]:
    """Return the question of a command's words, and its study keys; all checked, nothing written.

    Raises
    ------
    BackfireError
        One clear sentence.
    """
    from sim.catalogue.compose import compose
    from sim.cli.planned import keys_for
    from sim.cli.spans import counted, taken
    from sim.errors import ConfigError
    from sim.study.calibration.prior import universal_spreads

    own, left = taken(words, _OWN)
    _, composed = compose(left)
    if composed["replicates"] is not None:
        raise ConfigError(
            f"calibrate runs each campaign once under each draw; leave replicates out, got {composed['replicates']!r}, "
            "and give draws=N."
        )
    campaigns = chosen_campaigns(own.get("campaigns"), left)
    question = {
        "bases": {each.name: each.base.model_dump(mode="json") for each in campaigns},
        "campaigns": [each.plain() for each in campaigns],
        "universal": [each.plain() for each in universal_spreads([each.base for each in campaigns])],
        "graphs": _GRAPHS,
        "more": {"draws": counted(own, "draws", _DRAWS, 1, _MOST)},
    }
    return question, keys_for("calibrate", words, composed, question, "calibration")


def chosen_campaigns(text: str | None, words: Sequence[str]) -> list[Campaign]:
    """Return the campaigns that a word names, all that a fit may run if there is none.

    Raises
    ------
    ConfigError
        One that is not known, named twice, or fresh.
    """
    from sim.catalogue.groups import choices
    from sim.cli.spans import listed
    from sim.errors import ConfigError, unknown_name
    from sim.study.calibration.campaigns import GENERIC, documented, generic

    cases = choices("case")
    rows = _rows_in(words)
    if text is None:
        bases = {name: _base([f"case={name}", *words]) for name in cases}
        open_to_all = [name for name in cases if bases[name].case.standing in ("fitted", "seen")]
        return [*(documented(bases[name], rows) for name in open_to_all), *generic(_base(words))]
    names = listed(text)
    if not names or len(set(names)) != len(names):
        raise ConfigError(f"campaigns must name at least one campaign, each once; got {text!r}.")
    found: list[Campaign] = []
    for name in names:
        if name not in (*cases, GENERIC):
            raise unknown_name("campaigns", name, (*cases, GENERIC))
        found += generic(_base(words)) if name == GENERIC else [documented(_base([f"case={name}", *words]), rows)]
    return found


def _base(words: Sequence[str]) -> Configuration:
    """Return the configuration of some words, with the table's outcomes in it."""
    from sim.catalogue.compose import compose
    from sim.config.own import named_files
    from sim.config.root import validated
    from sim.extensions.files import owns

    configuration, _ = compose(words)
    shipped = named_files([_PATTERNS])
    raw = configuration.model_dump()
    raw["extensions"] = raw["extensions"] | shipped
    raw["outcomes"] = [*raw["outcomes"], *owns(shipped, "outcome")]
    own: Configuration = validated(raw)
    return own


def _rows_in(words: Sequence[str]) -> int | None:
    """Return the audience that some words give all campaigns; None if they give none."""
    from sim.catalogue.compose import compose
    from sim.catalogue.words import read_words

    said = read_words(words)
    if not said.sets("people.n_followers") and "people" not in said.groups:
        return None
    configuration, _ = compose(words)
    return configuration.people.n_followers


def foretold(question: Mapping[str, Any], keys: StudyKeys) -> list[str]:
    """Return the plan as lines; nothing is written, a few draws are carried out and thrown away."""
    from sim.cli.dry_run import in_words
    from sim.study.calibration.study import Plan
    from sim.study.store.ledger import finished_runs

    plan = Plan.of(question)
    runs = plan.draws * len(plan.campaigns)
    lines = [f"{plan.draws:,} draws x {len(plan.campaigns)} campaigns = {runs:,} runs in {keys.place}"]
    lines += [f"  {each.name}: {each.base.people.n_followers:,} rows, {len(each.spreads)} inputs of its own"
              for each in plan.campaigns]  # fmt: skip
    lines.append(f"{len(plan.universal)} universal parameters:")
    lines += [f"  {each.name}: {each.low:.6g} to {each.high:.6g}" for each in plan.universal]
    done = 0 if keys.fresh else finished_runs(keys.place)
    if done:
        lines.append(f"{done:,} runs are there already.")
    each = _seconds_a_draw(plan, keys)
    left = max(0.0, plan.draws - done / len(plan.campaigns))
    return [*lines, f"expected: {in_words(left * each)} on {keys.workers} workers ({_TRIED * keys.workers} draws were "
                    f"tried, {each:.2g} s for each; people and graphs are made once more)"]  # fmt: skip


def _seconds_a_draw(plan: Any, keys: StudyKeys) -> float:
    """Return the time that a draw takes with all workers at work; draws that share a graph are tried."""
    import time

    from sim.study.sweeping import complete_each, open_study

    def carried_out(numbers: Sequence[int]) -> None:
        points = [point for several in plan.points(numbers) for point in several]
        bases = [plan.living_on(each, draw) for draw in numbers for each in plan.campaigns]
        complete_each(study, points, [[draw] for draw in numbers for _ in plan.campaigns], bases)

    with open_study(None, {}, executor=keys.executor, workers=keys.workers) as study:
        carried_out([0])  # compiles, and makes people and graphs
        begun = time.perf_counter()
        carried_out([plan.graphs * (1 + number) for number in range(_TRIED * keys.workers)])
        return (time.perf_counter() - begun) / (_TRIED * keys.workers)


def told(place: Path, summary: Mapping[str, Any]) -> list[str]:
    """Return what a table holds as lines: what its draws foretell of each campaign, what was fitted, the finding."""
    names = ("hijacked", "viral_positive", "contested", "fizzled")
    width = max(len(name) for name in summary["predictive"])
    lines = [f"{'':<{width}}  hijacked     viral  contested  fizzled  messages (5 %, 50 %, 95 %)"]
    for campaign, each in summary["predictive"].items():
        odds = ["-" if each["verdict"][name] is None else f"{100 * each['verdict'][name]:.0f} %" for name in names]
        volume = ", ".join("-" if each["messages"][at] is None else f"{each['messages'][at]:,.0f}"
                           for at in ("lo", "mid", "hi"))  # fmt: skip
        lines.append(f"{campaign:<{width}}  {odds[0]:>8}  {odds[1]:>8}  {odds[2]:>9}  {odds[3]:>7}  {volume}")
    if summary["fit"] is None:
        return [*lines, f"Nothing was fitted: {summary['not_fitted']}", summary["finding"]]
    from sim.study.calibration.words import fit_lines
    from sim.study.store.loading import load

    return [*lines, summary["finding"], "", *fit_lines(summary, load(place).frames)]
