"""What a prediction has to beat: always fizzle, the catalogue's base rate, and one line on the coded inputs.

None of the three looks at a run. The base rate and, for cases that the rule was chosen on, the one-line rule leave
the case itself out; so all three know the ends of the other cases, which is more than the model is told of fresh ones.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sim.outcome.verdict import VERDICTS
from sim.study.validation.scores import brier

FIZZLE, BASE_RATE, RULE = "always fizzle", "base rate", "one-line rule"
BASELINES = (FIZZLE, BASE_RATE, RULE)


@dataclass(frozen=True)
class Ended:
    """A case whose end is documented.

    Attributes
    ----------
    case : str
    verdict : str
    x : float
        salience x grievance x openness, as coded.
    chooses : bool
        Whether the one-line rule may be chosen on it: fitted and seen cases.
    """

    case: str
    verdict: str
    x: float
    chooses: bool


@dataclass(frozen=True)
class Line:
    """The one-line rule: two sets of odds, and the place between them.

    Attributes
    ----------
    t : float
        The odds ``above`` hold for x > t.
    below, above : dict of verdict to probability
    """

    t: float
    below: dict[str, float]
    above: dict[str, float]

    def odds(self, x: float) -> dict[str, float]:
        """Return the odds of a case."""
        return self.above if x > self.t else self.below


def shares(verdicts: Sequence[str], prior: float = 0.0) -> dict[str, float]:
    """Return how often each verdict was seen, as shares.

    Parameters
    ----------
    prior : float
        Cases added beforehand, in equal parts for each verdict; needed where nothing was seen.
    """
    seen = Counter(verdicts)
    return {name: (seen[name] + prior / len(VERDICTS)) / (len(verdicts) + prior) for name in VERDICTS}


def always_fizzle() -> dict[str, float]:
    """Return the odds of one who says that nothing comes of anything."""
    return {name: float(name == "fizzled") for name in VERDICTS}


def base_rate(cases: Sequence[Ended], without: str) -> dict[str, float]:
    """Return the shares of the verdicts among all cases but one; the same for each where there is no other."""
    others = [each.verdict for each in cases if each.case != without]
    return shares(others) if others else shares([], prior=1.0)


def chosen_line(cases: Sequence[Ended], prior: float, without: str = "") -> Line | None:
    """Return the rule with the t that describes the fitted and seen cases best.

    Tried are the middles between neighbouring values of x. On each side, the odds are the shares of the verdicts
    there with ``prior`` cases added; the t with the lowest mean Brier score is taken, the lowest of several.

    Parameters
    ----------
    cases : sequence of Ended
        Those that may not choose are passed over.
    without : str
        A case that is left out.

    Returns
    -------
    Line or None
        None where the cases have fewer than two values of x.
    """
    own = [each for each in cases if each.chooses and each.case != without]
    places = sorted({each.x for each in own})
    best: tuple[float, Line] | None = None
    for lower, upper in zip(places, places[1:], strict=False):
        t = (lower + upper) / 2
        line = Line(t, *(shares([e.verdict for e in own if (e.x > t) == side], prior) for side in (False, True)))
        score = sum(brier(line.odds(each.x), each.verdict) for each in own) / len(own)
        if best is None or score < best[0] - 1e-12:
            best = score, line
    return None if best is None else best[1]


def baseline_odds(cases: Sequence[Ended], case: str, x: float, prior: float) -> Mapping[str, dict[str, float]]:
    """Return each baseline's odds of one case.

    Where no line can be chosen, the one-line rule gives the base rate.
    """
    line = chosen_line(cases, prior, without=case)
    rate = base_rate(cases, case)
    return {FIZZLE: always_fizzle(), BASE_RATE: rate, RULE: rate if line is None else line.odds(x)}
