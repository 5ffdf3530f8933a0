"""``backfire policies``: which answer to give, ranked over what is not known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.cli.keys import StudyKeys

FLAGS = ("--dry-run",)
HELP = """
usage: backfire policies case=ID [policy=NAME,NAME,...] [name=value ...] [--dry-run]

Ranks timed answers over the uncertain inputs, the sizes of the moves' effects among them: every answer meets the same
draws and the same luck. Ranked by expected outcome, with worst case, regret and working hours beside it, and the
break-even: the size of an effect at which the runner-up overtakes. Not posting, listening first and silence always
stand among the rows.

  policy=NAME,NAME,...      which policies, YAML files and functions of your own too (docs/extending.md); all of
                            conf/policy if left out
  by=hijacked               what is judged: hijacked, viral_positive, balance (hijacked less viral positive),
                            hijack_share, followers_lost
  over=all                  what is drawn: all uncertain inputs, or effects (the sizes of the moves' effects alone)
  draws=N  replicates=N     draws (24 to 64 by the audience's size), and runs of each answer under each draw (2 to 4)
  breakeven=5               sizes tried over an effect's span; 0 leaves break-evens out
  workers=N  executor=threads|processes    how; results do not depend on it
  results=DIR  study=NAME   the folder is DIR/NAME
  fresh=true                start over; the old folder is kept aside as NAME.old-1
  --dry-run                 tell choices, draws and runs, and stop

The worst case is the mean over the tenth of draws that end worst for an answer; regret is what it loses to the best
answer of the same draw. What is finished is saved: the same command goes on after Ctrl-C or a crash.

The last line on standard output names the folder (report.html, figures, policies.parquet, draws.parquet,
breakeven.parquet, runs.parquet, summary.json, manifest.json).
"""
_DRAWS, _RUNS = (24, 64, 10_000_000), (2, 4, 400_000)
"""Draws, and runs under each, by the audience's size: least, most, rows in all."""
_SIZES, _MOST = 5, 100_000
OVER = ("all", "effects")
_BY_POLICY = ("hijacked", "viral_positive", "balance", "hijack_share", "followers_lost")


def carry_out(words: Sequence[str]) -> int:
    """Rank answers, or return the ranking that stands there, and print it."""
    from sim.cli.planned import carry_out_planned, foretell

    question, keys = asked([word for word in words if word not in FLAGS])
    if any(word in FLAGS for word in words):
        return foretell("policies", question, keys, lambda: foretold(question, keys))
    return carry_out_planned("policies", question, keys, told)


def whole_word(own: Mapping[str, str], name: str, least: int, otherwise: int) -> int:
    """Return a whole number of a command's own words.

    Raises
    ------
    ConfigError
        It is none, or out of range.
    """
    from sim.catalogue.compose import value_of
    from sim.study.run.plan import whole_number

    if name not in own:
        return otherwise
    return whole_number(name, value_of(name, f"{name}={own[name]}"), least, _MOST)


def asked(words: Sequence[str]) -> tuple[dict[str, Any], StudyKeys]:
    """Return the question of a command's words, and its study keys; all checked, nothing written.

    Raises
    ------
    BackfireError
        One clear sentence.
    """
    from dataclasses import asdict

    from sim.catalogue.compose import compose
    from sim.cli.choices import own_words
    from sim.cli.experiments import name_of
    from sim.cli.planned import keys_for
    from sim.errors import ConfigError, unknown_name
    from sim.study.answers.asked import asked as read
    from sim.study.answers.library import choices_beside
    from sim.study.run.plan import runs_within, whole_number

    own, others = own_words(words, ("policy", "by", "over", "draws", "breakeven"))
    base, composed = compose(others)
    if base.reaction.in_rounds:
        raise ConfigError(f"reaction.rule={base.reaction.rule} runs in rounds, in which no agency acts; leave it out.")
    by, over = own.get("by", "hijacked"), own.get("over", "all")
    for name, value, known in (("by", by, _BY_POLICY), ("over", over, OVER)):
        if value not in known:
            raise unknown_name(name, value, known)
    rows, replicates = base.people.n_followers, composed["replicates"]
    if replicates is None:
        replicates = runs_within(rows, _RUNS)
    counted = {
        "draws": whole_word(own, "draws", 4, runs_within(rows, _DRAWS)),
        "replicates": whole_number("replicates", replicates, 1, _MOST),
        "by": by, "over": over, "sizes": whole_word(own, "breakeven", 0, _SIZES),
    }  # fmt: skip
    if counted["sizes"] == 1:
        raise ConfigError("breakeven must be 0, or at least 2 sizes of an effect; got 1.")
    files = [word for word in others if name_of(word) == "extensions"]
    choices = [asdict(choice) for choice in choices_beside(base, named(own.get("policy")), files)]
    question = {"bases": {"": base.model_dump(mode="json")}, "choices": choices, **counted}
    ask = read(question)
    for choice in ask.choices:  # made, and so checked, before anything is written
        choice.of(ask.drawn(0))
    return question, keys_for("policies", words, composed, question, f"{base.case.id}-policies")


def named(text: str | None) -> list[str] | None:
    """Return the policies that a word names, None if there is none.

    Raises
    ------
    ConfigError
        An empty or unknown name, or one that stands there twice.
    """
    from sim.cli.choices import choices_of
    from sim.errors import ConfigError

    if text is None:
        return None
    found = [word.partition("=")[2].strip("'\"") for word in choices_of(f"policy={text}")]
    if not all(found):
        raise ConfigError(f"policy names an empty choice, got {text!r}; write policy=A,B.")
    for place, name in enumerate(found):
        if name in found[:place]:
            raise ConfigError(f"policy names {name!r} twice; name each once.")
    return found


def foretold(question: Mapping[str, Any], keys: StudyKeys) -> list[str]:
    """Return the plan of a ranking as lines; nothing is written."""
    from sim.cli.dry_run import expected
    from sim.study.answers.asked import asked as read
    from sim.study.store.ledger import finished_runs

    ask = read(question)
    runs = len(ask.choices) * len(ask.values) * ask.replicates
    lines = [
        f"{len(ask.choices)} answers x {len(ask.values)} draws x {ask.replicates} replicates = {runs:,} runs "
        f"in {keys.place}",
        *(f"  {choice.name}: {choice.title}" for choice in ask.choices),
        f"drawn: {', '.join(item.name for item in ask.inputs)}",
    ]
    points = [choice.of(ask.drawn(draw)) for draw in range(len(ask.values)) for choice in ask.choices]
    done = 0 if keys.fresh else finished_runs(keys.place)
    lines.append(expected(points, ask.replicates, max(0, runs - done), keys))
    if ask.sizes:
        each = 2 * ask.sizes * len(ask.values) * ask.replicates
        lines.append(f"and for break-evens at most {each:,} runs for each effect of the leading answers' moves")
    return lines


def told(summary: Mapping[str, Any]) -> list[str]:
    """Return a ranking as lines: a table, and the finding."""
    from sim.cli.planned import of_each
    from sim.study.answers.outcomes import judged_by
    from sim.study.answers.words import number

    judged = judged_by(summary["by"])
    width = max(len(row["choice"]) for row in summary["table"])
    lines = [
        f"{summary['case']}: {summary['draws']} draws of {len(summary['inputs'])} uncertain inputs, "
        f"{of_each(summary['replicates'])}, seed {summary['seed']}; {judged.title}, the best first",
        f"{'':<{width}}  expected (95 %)       worst  regret: mean  most   best in  viral  hours",
    ]
    for row in summary["table"]:
        if row["rank"] == 0:
            lines.append(f"{row['choice']:<{width}}  {'nothing posted, nothing won':<56}  0 %      0")
            continue
        ends = " to ".join(number(row[f"expected_{end}"], judged) for end in ("lo", "hi"))
        names = ("expected", "worst", "regret", "regret_most")
        mean, worst, regret, most = (number(row[name], judged) for name in names)
        lines.append(
            f"{row['choice']:<{width}}  {mean:>8} {'(' + ends + ')':<12} {worst:>6}  {regret:>12}  {most:>4}  "
            f"{100 * row['best_in']:>6.0f} %  {100 * row['viral_positive']:>3.0f} %  {row['hours']:>5.3g}"
        )
    return [*lines, summary["finding"]]
