"""``backfire sequence``: campaigns one after another, from the state that the last one left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.cli.keys import StudyKeys
    from sim.config.root import Configuration

FLAGS = ("--dry-run",)
HELP = """
usage: backfire sequence case=ID then=ID weeks=N [name=value ...] [then=ID weeks=N ...] [--dry-run]

Runs campaigns of one sender one after another: each starts in the state that the last one left (grievance, support,
who follows), weeks later, with the same people and graph. Each is run beside itself on the same luck as if none had
come before, and the differences are paired.

  case=ID                   the first campaign; people, graph, feeds and newsrooms are its own in all of them
  then=ID | then=same       the next one: the post, agency and policy of a case, or of the first campaign
  weeks=N                   after a then: weeks since the post before (4)
  post.* agency.* policy=   after a then: what that campaign does otherwise (agency.listening_months: a listening
                            programme between the two posts)
  weeks=2,8,26  after.drift=0.5,1,2  ...    several values of one word: every combination is a sequence

  replicates=N              runs of each (20 to 100 by the audience's size)
  workers=N  executor=threads|processes    how; results do not depend on it
  results=DIR  study=NAME   the folder is DIR/NAME
  fresh=true                start over; the old folder is kept aside as NAME.old-1
  --dry-run                 tell combinations, runs and expected time, and stop

Sizes of drift are assumed (after.*, docs/model.md 9). What is finished is saved: the same command goes on.

The last line on standard output names the folder (report.html, figures, sequence.parquet, points.parquet,
runs.parquet, summary.json, manifest.json).
"""
THEN, SAME, WEEKS = "then", "same", "weeks"
_OWN = ("post", "agency", "policy", "horizon_hours")
"""What a campaign has for itself; all else is the people's."""
_USUAL_WEEKS = 4.0
_REPLICATES = (20, 100, 20_000_000)
_LEAST, _MOST = 2, 1_000_000


def carry_out(words: Sequence[str]) -> int:
    """Carry out a sequence, or what of it is missing, and print what each campaign left for the next."""
    from sim.cli.planned import carry_out_planned, foretell

    question, keys = asked([word for word in words if word not in FLAGS])
    if any(word in FLAGS for word in words):
        return foretell("sequence", question, keys, lambda: foretold(question, keys))
    return carry_out_planned("sequence", question, keys, told)


def asked(words: Sequence[str]) -> tuple[dict[str, Any], StudyKeys]:
    """Return the question of a command's words, and its study keys; all checked, nothing written.

    Raises
    ------
    BackfireError
        One clear sentence.
    """
    from sim.catalogue.compose import compose
    from sim.cli.planned import keys_for
    from sim.errors import ConfigError
    from sim.study.run.plan import runs_within, whole_number
    from sim.study.sequence.study import question_of

    common, parts = parted(words)
    if len(parts) < 2:
        raise ConfigError("sequence needs a campaign to come after the first: case=my_nypd then=police_dog weeks=8.")
    varying: list[dict[str, Any]] = []
    shared = _fixed(0, common, varying)
    own = [_fixed(number, part, varying) for number, part in enumerate(parts)]
    weeks = [_weeks_of(number, part, varying) for number, part in enumerate(own)]
    base, composed = compose([*shared, *own[0]])
    campaigns: list[Configuration] = [base]
    for part in own[1:]:
        campaigns.append(compose(_campaign_words(part, [*shared, *own[0]]))[0])
    replicates = composed["replicates"]
    if replicates is None:
        replicates = runs_within(base.people.n_followers, _REPLICATES)
    count = whole_number("replicates", replicates, _LEAST, _MOST)
    question = question_of(campaigns, weeks[1:], varying, count)
    called = "-then-".join(each.case.id for each in campaigns)
    return question, keys_for("sequence", words, composed, question, called)


def parted(words: Sequence[str]) -> tuple[list[str], list[list[str]]]:
    """Return the words that hold for all campaigns, and those of each; a ``then`` stands first in its own.

    Words on people, graph, feeds, newsrooms, coefficients, drift and the study hold for all, wherever they stand.
    """
    from sim.cli.experiments import name_of

    common: list[str] = []
    parts: list[list[str]] = [[]]
    for word in words:
        name = name_of(word)
        if name == THEN:
            parts.append([word])
        elif name == WEEKS or name == "case" or name.partition(".")[0] in _OWN:
            parts[-1].append(word)
        else:
            common.append(word)
    return common, parts


def _fixed(campaign: int, words: Sequence[str], varying: list[dict[str, Any]]) -> list[str]:
    """Return words with one value each; those with several are noted as what varies, their first value stays."""
    from sim.catalogue.groups import GROUPS
    from sim.cli.choices import factors_of
    from sim.cli.experiments import name_of
    from sim.errors import ConfigError

    fixed: list[str] = []
    for word in words:
        name = name_of(word)
        if name in (THEN, WEEKS):
            fixed.append(word)
            continue
        factors, same = factors_of([word])
        fixed += same
        for factor in factors:
            if factor.values is None or name in GROUPS:
                raise ConfigError(
                    f"{name} cannot vary in a sequence, got {word!r}; give it one value, or vary a single parameter by "
                    "its values, such as weeks=2,8 or after.drift=0.5,1,2."
                )
            varying.append({"campaign": campaign, "name": name, "values": list(factor.values)})
            fixed.append(f"{name}={factor.values[0]}")
    return fixed


def _weeks_of(campaign: int, words: list[str], varying: list[dict[str, Any]]) -> float:
    """Take the weeks out of a campaign's words; several are noted as what varies.

    Raises
    ------
    ConfigError
        No number, given twice, or given for the first campaign.
    """
    from sim.cli.experiments import name_of
    from sim.errors import ConfigError

    said = [word for word in words if name_of(word) == WEEKS]
    for word in said:
        words.remove(word)
    if said and campaign == 0:
        raise ConfigError("weeks says how long after the post before the next one goes out; give it after a then=.")
    if len(said) > 1:
        raise ConfigError("weeks is given twice for one campaign; give it once after each then=.")
    if not said:
        return _USUAL_WEEKS
    text = said[0].partition("=")[2].strip()
    try:
        values = [float(part) for part in text.strip("[]").split(",")]
    except ValueError:
        raise ConfigError(f"weeks must be a number of weeks, such as weeks=8 or weeks=2,8; got {text!r}.") from None
    if len(set(values)) < len(values):
        raise ConfigError(f"weeks names a number twice; got {text}.")
    if len(values) > 1:
        varying.append({"campaign": campaign, "name": WEEKS, "values": values})
    return values[0]


def _campaign_words(words: Sequence[str], first: Sequence[str]) -> list[str]:
    """Return the words that compose a later campaign.

    Raises
    ------
    ConfigError
        A then without a case, or a case besides.
    """
    from sim.catalogue.groups import GROUPS
    from sim.cli.experiments import name_of
    from sim.errors import ConfigError

    then, *own = words
    chosen = then.partition("=")[2].strip()
    if not chosen:
        raise ConfigError(f"then must name a case, or {SAME} for the first campaign's post again; got {then!r}.")
    if any(name_of(word) == "case" for word in own):
        raise ConfigError(f"the campaign of {then} has its case already; leave case= out after it.")
    if chosen != SAME:
        return [f"case={chosen}", *own]
    again = {name_of(word) for word in own if name_of(word) in GROUPS}
    return [*(word for word in first if name_of(word) not in again), *own]


def foretold(question: Mapping[str, Any], keys: StudyKeys) -> list[str]:
    """Return the plan of a sequence as lines; nothing is written."""
    from sim.cli.dry_run import expected
    from sim.study.sequence.chain import chains, varying_of
    from sim.study.store.ledger import finished_runs

    sequences = chains(question)
    points = [each for chain in sequences for each in (*chain.after, *chain.alone) if each is not None]
    unlike = {each.model_dump_json(): each for each in points}
    runs, done = len(unlike) * question["replicates"], 0 if keys.fresh else finished_runs(keys.place)
    lines = [f"{' then '.join(each.case.id for each in sequences[0].after)}: {len(sequences)} combinations, "
             f"{runs:,} runs in {keys.place}; each lives through the campaigns before it, too"]  # fmt: skip
    for each in varying_of(question):
        lines.append(f"  {each.called(len(question['bases']))}: {', '.join(str(value) for value in each.values)}")
    return [*lines, expected(list(unlike.values()), question["replicates"], max(0, runs - done), keys)]


def told(summary: Mapping[str, Any]) -> list[str]:
    """Return a sequence as lines: a row a combination and campaign, and the finding."""
    from sim.study.sequence.words import interval, weeks_later, which

    lines = [
        f"{' then '.join(summary['campaigns'])}: {summary['followers']:,} followers, {summary['replicates']} "
        f"replicates, seed {summary['seed']}; differences against the same campaign alone, same luck, 95 %",
        f"{'campaign':<32}  hijacked  ordinary post's first response, points  grievance            hijacked, points",
    ]  # fmt: skip
    for row in summary["rows"]:
        name = row["case"] if row["weeks_before"] is None else f"{row['case']}, {weeks_later(row)}"
        others = [each for each in summary["varying"] if each != "weeks"]
        name += f", {which(row, others)}" if others else ""
        line = f"{name:<32}  {100 * row['hijacked']:>6.0f} %"
        if row["campaign"]:
            line += (
                f"  {interval(row, 'start_first_response_difference', scale=100, digits=2, signed=True):<38}"
                f"  {interval(row, 'start_grievance_difference', digits=4, signed=True):<25}"
                f"  {interval(row, 'hijacked_difference', scale=100, digits=0, signed=True)}"
            )
        lines.append(line)
    return [*lines, summary["finding"]]
