"""The sentences of a debrief: plain, with numbers and intervals, and with their if."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import floor, log10
from typing import Any

from sim.config.agency import PolicyConfig, RuleConfig
from sim.outcome.verdict import TAKEOVER_LEAST, TAKEOVER_ROWS, TAKEOVER_WINDOW
from sim.report.wording import count, percent
from sim.warroom.debrief.tally import LEAST
from sim.warroom.train.moves import TOLD

IF_ASSUMED = "All of it holds if moves work as strongly as assumed; no documented case tells how strongly they do."
_IF = "If moves work as assumed"
VERDICTS = {
    "hijacked": "hijacked", "contested": "contested", "viral_positive": "in the sender's favour", "fizzled": "fizzled",
}  # fmt: skip
NEARLY_ALL, HALF, FEW = 0.8, 0.5, 0.2
SEVERALFOLD = 3.0
"""Where the upper end of nine in ten futures holds so many times the messages of the lower one, luck decides size."""
LITTLE = 0.001
"""A change of trust below this (0.1 points of 100) is said to be little."""
_MINUS = "\N{MINUS SIGN}"


def signed(value: float, digits: int = 0) -> str:
    """Return a number with its sign; nought has neither sign nor decimals."""
    text = f"{abs(value):.{digits}f}"
    if float(text) == 0.0:
        return "0"
    return f"{'+' if value > 0 else _MINUS}{text}"


def in_hundred(told: Mapping[str, float]) -> str:
    """Return a difference of odds with its interval, in campaigns of 100."""
    mean, low, high = (100 * told[name] for name in ("mean", "lo", "hi"))
    return f"{signed(mean)} of 100 ({signed(low)} to {signed(high)})"


def points_told(told: Mapping[str, float]) -> tuple[str, str]:
    """Return a difference of a feeling, and its interval, in points of 100, as finely as it is to be read.

    An interval within ``LEAST`` of nought is no difference; decimals are those of the interval, two at most.
    """
    mean, low, high = (100 * told[name] for name in ("mean", "lo", "hi"))
    least = 100 * LEAST
    if max(abs(low), abs(high)) < least:
        return "no difference", f"less than {least:g}"
    half = max(high - mean, mean - low)
    digits = min(2, max(0, -floor(log10(half)))) if half > 0.0 else 2
    ends = [signed(value, digits) for value in (low, high)]
    return signed(mean, digits), f"\u00b1{least:g} at most" if ends[0] == ends[1] else " to ".join(ends)


def in_points(told: Mapping[str, float]) -> str:
    """Return a difference of a feeling with its interval, in points of 100."""
    mean, interval = points_told(told)
    if mean == "no difference":
        return f"{mean} ({interval} points of 100)"
    return f"{mean} points of 100 ({interval})"


def luck_sentence(futures: Mapping[str, Any], lived: str) -> str:
    """Return how the end that was lived stands among the futures from a decision on: luck or judgement."""
    n, odds = futures["n"], futures["hijacked"]
    hits = futures["verdicts"]["hijacked"]
    alike = hits if lived == "hijacked" else n - hits
    share, yours = alike / n, "did" if lived == "hijacked" else "did not"
    if share >= NEARLY_ALL:
        said = "luck had little part in that"
    elif share >= HALF:
        said = "it was the likelier end, and luck had some part in that"
    elif share >= FEW:
        said = "it was the less likely end, and luck had a large part in that"
    else:
        said = "luck decided, whatever was judged well or badly"
    return (
        f"From here {hits} of {n} futures end hijacked ({percent(odds['mean'])}; 95 % interval {percent(odds['lo'])} "
        f"to {percent(odds['hi'])}). Yours {yours}, like {alike if alike else 'none'} of them: {said}."
    )


def size_told(found: Mapping[str, float]) -> tuple[str, str]:
    """Return how many messages there are in the median future, and in nine of ten."""
    return count(round(found["median"])), f"{count(round(found['lo']))} to {count(round(found['hi']))}"


def size_sentence(futures: Mapping[str, Any], lived: Mapping[str, Any]) -> str:
    """Return how large the futures of a decision grow, and whether the tag trends, beside the one that was lived."""
    found, n, trended = futures["messages"], futures["n"], futures["trended"]
    median, most = size_told(found)
    wide = found["hi"] >= SEVERALFOLD * max(1.0, found["lo"])
    luck = "luck has a large part in how large it grows" if wide else "luck has little part in how large it grows"
    return (
        f"{median} messages in the median future, {most} in 9 of 10; yours had {count(lived['messages'])}: {luck}. "
        f"The tag trends in {trended} of {n} futures; in yours it {'did' if lived['trended'] else 'did not'}."
    )


def size_finding(rows: Sequence[tuple[str, Mapping[str, Any]]]) -> str:
    """Return what a drawing of how many messages there are shows: name and spread of each team, then of silence."""
    told = sorted(((each["messages"]["median"], name) for name, each in rows[:-1]))
    silent = count(round(rows[-1][1]["messages"]["median"]))
    parts = [f"{count(round(median))} with {name}" for median, name in ([told[0], told[-1]] if told[1:] else told)]
    said = (
        f"{'from ' if told[1:] else ''}{' to '.join(parts)}, {silent} with silence"
        if told
        else f"{silent} with silence"
    )
    return f"In the median future {said}"


def difference_sentence(move: str, found: Mapping[str, Any] | None) -> str:
    """Return what a move did that silence in its place does not, on the same luck."""
    if move == "silent":
        return "Silence was played: it is what moves are held against."
    if found is None:
        return "Too few futures yet."
    if found["same"]:
        return "Every campaign ends alike with silence in its place: this move changed nothing."
    odds, trust = found["hijacked"], found["trust"]
    first = (
        f"against silence in its place, on the same luck, this move changes how many campaigns end hijacked by "
        f"{in_hundred(odds)}"
        if odds["told"]
        else f"how many campaigns end hijacked cannot be told apart from silence in its place, {in_hundred(odds)}"
    )
    if trust["told"]:
        second = f"trust a week later changes by {in_points(trust)}"
    elif points_told(trust)[0] == "no difference":
        second = f"trust a week later shows {in_points(trust)}"
    elif trust["lo"] <= 0.0 <= trust["hi"]:
        second = f"trust a week later cannot be told apart, {in_points(trust)}"
    else:
        second = f"trust a week later hardly changes, {in_points(trust)}"
    size = found["messages"]
    before, after = count(round(size["before"])), count(round(size["after"]))
    if not size["told"]:
        third = f"messages in all cannot be told apart ({before} with silence, {after} as decided, in the median)"
    elif before == after:
        third = f"messages in all hardly change ({after} in the median, with silence as well)"
    else:
        third = f"messages in all change from {before} with silence to {after}, in the median"
    return f"{_IF}: {first}; {second}; {third}."


def tipped_sentence(takeover: int | None, made: Sequence[tuple[int, str]], *, played: float, followers: int) -> str:
    """Return from which minute critics led for an hour (``takeover_minute``), and which decisions lay before it.

    Parameters
    ----------
    takeover : int or None, minutes since the post
    made : sequence of (int, str)
        The decisions: minute and move.
    played : float, minutes
        When the play ended.
    followers : int
        Rows of the audience.
    """
    least = max(TAKEOVER_LEAST, -(-followers // TAKEOVER_ROWS))
    lately = f"the messages of the last {TAKEOVER_WINDOW} minutes"
    if takeover is None:
        return (
            f"It never tipped: at no time were more than half of {lately} critical for an hour on end "
            f"(counted while there are at least {least})."
        )
    before = [f"decision {number + 1}" for number, (minute, _) in enumerate(made) if minute <= takeover]
    where = f"after {before[-1]}" if before else "before the first decision"
    where = "after the play had ended" if takeover >= played else where
    return (
        f"It tipped {clock(takeover)} after the post, {where}: from that minute on more than half of {lately} were "
        f"critical, and stayed so for an hour at least."
    )


def clock(minute: int) -> str:
    """Return a time since the post."""
    hours, minutes = divmod(int(minute), 60)
    if not hours:
        return f"{minutes} min"
    return f"{hours} h {minutes:02d} min" if minutes else f"{hours} h"


def when(minute: int) -> str:
    """Return at which time a decision was asked."""
    return f"{clock(minute)} after the post" if minute else "Before the post"


def played_sentence(whole: float, planned: float, played: float) -> str:
    """Return how much of a campaign was played, all in minutes: its length, what the deck plans, what was played."""
    said = f"The campaign lasts {clock(int(whole))}"
    if played >= whole:
        return f"{said}, and all of it was played."
    early = f" ({clock(int(planned))} were planned)" if played < planned else ""
    return f"{said}. The first {clock(int(played))} of it were played{early}; the rest goes on with what stood."


def mattered_sentence(decisions: Sequence[Mapping[str, Any]]) -> str:
    """Return which decision changed most against silence in its place, if any can be told to have."""
    moved = [
        (number, each["difference"])
        for number, each in enumerate(decisions)
        if each["move"] != "silent" and each["difference"] is not None
    ]
    if not moved:
        return "No move was made that could have mattered: silence was played throughout."
    for name, told, what in (
        ("hijacked", in_hundred, "how many campaigns end hijacked"),
        ("trust", in_points, "trust a week later"),
    ):
        ranked = sorted(moved, key=lambda pair: -abs(pair[1][name]["mean"]))
        sure = [pair for pair in ranked if pair[1][name]["told"]]
        if not sure:
            continue
        number, most = sure[0]
        rest = [other for other, found in ranked if other != number and _overlap(most[name], found[name])]
        little = ", and little" if name == "trust" and abs(most[name]["mean"]) < LITTLE else ""
        said = (
            f"Decision {number + 1} mattered most{little}, if moves work as assumed: "
            f"{what}, {told(most[name])} against silence"
        )
        if rest:
            also = " and ".join(f"decision {other + 1}" for other in sorted(rest))
            said += f", which cannot be told apart from {also}"
        return f"{said}."
    return (
        "Which decision mattered most cannot be told apart: with silence in its place, none changes the end by more "
        "than luck does."
    )


def policy_told(policy: PolicyConfig) -> str:
    """Return a policy by the names of its moves, each with when it is made."""
    return "; ".join(f"{TOLD[rule.move]['label']}, {_made_when(rule)}" for rule in policy.rules) or (
        TOLD["silent"]["label"])  # fmt: skip


def _made_when(rule: RuleConfig) -> str:
    if rule.at_minute == 0 and rule.move == "withdraw":
        return "before it goes out"
    conditions = []
    if rule.at_minute is not None:
        conditions.append(f"{clock(rule.at_minute)} after the post" if rule.at_minute else "as the post goes out")
    if rule.counter_share is not None:
        conditions.append(f"once {percent(rule.counter_share)} of an hour's messages are seen to be critical")
    if rule.messages_an_hour is not None:
        conditions.append(f"once {rule.messages_an_hour:,.0f} messages an hour are seen")
    if rule.when is not None:
        conditions.append("when a rule of your own says so")
    return " and ".join(conditions)


def progress_sentence(done: int, of: int, futures: int, left: float | None) -> str:
    """Return how many of the campaigns have been run, and how long the rest takes.

    Parameters
    ----------
    left : float or None, seconds
        None: not known yet.
    """
    if done >= of:
        return f"All {of:,} other campaigns have been run: {futures} futures of every decision."
    rest = "How long the rest takes is not known yet" if left is None else f"The rest takes {about(left)}"
    return f"{done:,} of {of:,} other campaigns have been run. {rest}; numbers sharpen until then."


def about(seconds: float) -> str:
    """Return roughly how long something takes."""
    minutes = round(seconds / 60)
    return "about a minute" if minutes <= 1 else f"about {minutes} minutes"


_SEEN = {
    "hijacked": ("fewer campaigns end hijacked", "more"),
    "trust": ("more trust is left", "less"),
    "grievance": ("less grievance is left", "more"),
}  # fmt: skip
_TURNED = {"hijacked": ("fewer", "more"), "trust": ("more", "less"), "grievance": ("less", "more")}


def against_sentence(name: str, found: Sequence[tuple[str, Mapping[str, Any]]]) -> str:
    """Return what a drawing of all teams against silence shows, team by team.

    Parameters
    ----------
    name : str
        ``hijacked``, ``trust`` or ``grievance``.
    found : sequence of (str, mapping)
        Each team's name, and its difference with ``mean`` and ``told``.
    """
    good = 1 if name == "trust" else -1
    better = [team for team, each in found if each["told"] and each["mean"] * good > 0]
    worse = [team for team, each in found if each["told"] and each["mean"] * good < 0]
    alike = [team for team, each in found if not each["told"]]
    (best, worst), said = _SEEN[name], []
    if better:
        said.append(f"{best} with {_these(better, len(found))}")
    if worse:
        said.append(f"{worst if better else best.replace(*_TURNED[name])} with {_these(worse, len(found))}")
    if alike and len(alike) == len(found) > 1:
        said.append(f"none of the {len(found)} teams can be told apart")
    elif alike:
        said.append(f"{_these(alike, len(found))} cannot be told apart")
    return f"{_IF}, against saying nothing: {'; '.join(said)}"


def _these(names: Sequence[str], of: int) -> str:
    """Return names one after another; all of three or more by their number."""
    if len(names) == of > 2:
        return f"all {of} teams"
    return listed(names)


def listed(words: Sequence[str]) -> str:
    """Return words one after another: ``a, b and c``."""
    return " and ".join(part for part in (", ".join(words[:-1]), words[-1]) if part)


def calibration_sentence(points: Sequence[Mapping[str, Any]]) -> str:
    """Return how stated chances lie to the intervals of what the futures hold, naming those that lie outside."""
    high = [each for each in points if each["stated"] > each["hi"]]
    low = [each for each in points if each["stated"] < each["lo"]]
    within, all_of = len(points) - len(high) - len(low), _counted(len(points), "stated chance")
    said = [f"stated {word}: {_at(each)}" for word, each in (("too high", high), ("too low", low)) if each]
    said.append(f"{'none' if not within else within} of {all_of} within the interval of what the futures hold")
    text = "; ".join(said)
    return text[0].upper() + text[1:]


def _at(points: Sequence[Mapping[str, Any]]) -> str:
    """Return at which decisions of which teams."""
    teams: dict[str, list[str]] = {}
    for each in points:
        teams.setdefault(each["name"], []).append(str(each["decision"]))
    return ", ".join(
        f"{team} (decision{'s' if len(numbers) > 1 else ''} {listed(numbers)})" for team, numbers in teams.items()
    )


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def end_sentence(lived: Mapping[str, Any]) -> str:
    """Return how a campaign ended: ``ended hijacked, 83 % of 12,200 messages critical, and the tag trended``."""
    share, said = lived["hijack_share"], f"ended {VERDICTS[lived['verdict']]}"
    if share is None:
        return f"{said}, without a message"
    trended = "and the tag trended" if lived["trended"] else "and the tag never trended"
    return f"{said}, {percent(share)} of {count(lived['messages'])} messages critical, {trended}"


def _overlap(one: Mapping[str, float], other: Mapping[str, float]) -> bool:
    """Tell whether two effects could be of the same size, whichever way they go."""
    sizes = []
    for each in (one, other):
        ends = sorted((abs(each["lo"]), abs(each["hi"])))
        sizes.append((0.0 if each["lo"] <= 0.0 <= each["hi"] else ends[0], ends[1]))
    return sizes[0][0] <= sizes[1][1] and sizes[1][0] <= sizes[0][1]
