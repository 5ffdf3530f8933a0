"""``backfire nowcast``: what the first counts of a campaign tell of its end, and how long an answer still helps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.cli.keys import StudyKeys
    from sim.config.root import Configuration

FLAGS = ()
HELP = """
usage: backfire nowcast counts=FILE.csv|[[MINUTE,CAMPAIGN,COUNTER],...] [case=ID] [name=value ...]

Given the first counts of a campaign that is out, says how such campaigns end: the odds of each verdict, messages and
hijack share, takeover, and until when an acknowledgement still helps. No run is made: campaigns of the shipped
reference table are weighed by how well they explain the counts (seconds).

  counts=early.csv           columns minute, campaign, counter: running totals since the post. messages instead of both
                             where the split is not known; cells may be empty. The sender's own messages are left out
  counts=[[30,40,2],[60,120,15]]     the same typed; [minute,messages] where the split is not known
                             left out: the early counts that the case documents
  audience=N                 people whom the tag can reach, roughly; without it levels tell little
  case=ID  NAME=VALUE        what is known of the post narrows the table: a value stands with its plausible range,
  NAME=interval(LOW,HIGH)    a range as it is; what nothing is said of is as wide as the table
  uncertainty=posterior|prior        coefficients as the fitted cases leave them (posterior), or as before any fit
  results=DIR  study=NAME  fresh=true  seed=N        as for backfire run

In a shell, quote words with brackets. Where too few campaigns of the table resemble this one it says so, and gives
wide intervals instead of narrow odds. Counter messages are speech: the answer looked at is to acknowledge them.

The last line on standard output names the folder (fan, answers, counts).
"""
_OWN = ("counts", "audience", "uncertainty")
_MOST_PEOPLE = 1e10


def carry_out(words: Sequence[str]) -> int:
    """Weigh the reference table by some counts, and print what it says."""
    from sim.cli.planned import carry_out_planned
    from sim.study.nowcast.words import told

    question, keys = asked(words)
    return carry_out_planned("nowcast", question, keys, told)


def asked(words: Sequence[str]) -> tuple[dict[str, Any], StudyKeys]:
    """Return the question of some words and the study keys, checked whole.

    Raises
    ------
    BackfireError
        One clear sentence.
    """
    from sim.catalogue.compose import compose
    from sim.cli.choices import factors_of
    from sim.cli.planned import keys_for
    from sim.cli.spans import base_of, taken
    from sim.errors import ConfigError, unknown_name
    from sim.study.nowcast.counts import checked_counts
    from sim.study.nowcast.post import ranges_of
    from sim.study.nowcast.shipped import POSTERIOR, PRIOR, shipped

    own, left = taken(words, _OWN)
    uncertainty = own.get("uncertainty", POSTERIOR)
    if uncertainty not in (POSTERIOR, PRIOR):
        raise unknown_name("uncertainty", uncertainty, (POSTERIOR, PRIOR))
    factors, fixed = factors_of(left)
    given = {}
    for factor in factors:
        if factor.interval is None:
            raise ConfigError(
                f"{factor.name} names several values; a post has one, or a range: {factor.name}=interval(LOW,HIGH)."
            )
        given[factor.name] = factor.interval
    configuration, composed = compose(fixed)
    if composed["replicates"] is not None:
        raise ConfigError("replicates has no say in a nowcast, which makes no runs; leave it out.")
    table = shipped(uncertainty)
    names = table.campaigns.inputs
    for name in given:
        if name not in names:
            raise unknown_name("what has a range", name, names)
    counts = checked_counts(_counts(own.get("counts"), configuration), table.campaigns.last)
    question = base_of(configuration) | {
        "counts": [each.plain() for each in counts], "ranges": ranges_of(configuration, given, names),
        "audience": _audience(own.get("audience")), "uncertainty": uncertainty, "table": table.identity,
    }  # fmt: skip
    return question, keys_for("nowcast", words, composed, question, f"{configuration.case.id}-nowcast")


def _counts(word: str | None, configuration: Configuration) -> list[dict[str, Any]]:
    """Return the rows of counts that are typed, in a file, or documented by the case; unchecked.

    Raises
    ------
    ConfigError
        There are none, or they cannot be read.
    """
    from sim.catalogue.compose import value_of
    from sim.catalogue.words import plain_text
    from sim.errors import ConfigError
    from sim.study.nowcast.counts import FORM, read_counts, typed_counts

    if word is None:
        early = configuration.case.early
        if not early:
            raise ConfigError(f"counts must be given, as {configuration.case.id} documents none; {FORM}.")
        return [
            {
                "minute": round(each.minute),
                "campaign": each.campaign,
                "counter": each.counter,
                "messages": each.messages,
            }
            for each in early
        ]
    if word.startswith(("[", "(")):
        return typed_counts(value_of("counts", f"counts={word}"))
    return read_counts(str(plain_text(word)))


def _audience(word: str | None) -> float | None:
    """Return the size of the audience, if it is given.

    Raises
    ------
    ConfigError
        No number of people.
    """
    from sim.errors import ConfigError

    if word is None:
        return None
    try:
        people = float(word)
    except ValueError:
        raise ConfigError(f"audience must be a number of people such as 200000; got {word!r}.") from None
    if not 1.0 <= people <= _MOST_PEOPLE:
        raise ConfigError(f"audience must lie in [1, {_MOST_PEOPLE:.0f}]; got {word}.")
    return people
