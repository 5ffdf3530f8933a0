"""What differs so far between two runs on the same luck, in a sentence that says what one run is worth."""

from __future__ import annotations

from sim.engine.record import TIMELINE
from sim.model.campaign import CampaignModel

ONE_RUN = (
    "This is one run on one luck: with other luck the difference may be larger, nothing, or the other way round. "
    "Odds take many runs."
)


def _totals(model: CampaignModel) -> dict[str, int]:
    """Return what a run has come to so far."""
    minutes = model.engine.bench.arrays["minutes"][:, : model.minute].sum(axis=1)
    column = dict(zip(TIMELINE, minutes.tolist(), strict=True))
    return {
        "counter": column["originals_counter"] + column["shares_counter"],
        "campaign": column["originals_campaign"] + column["shares_campaign"],
        "reached": column["reached"],
    }


def _compared(what: str, a: int, b: int) -> str:
    """Return one comparison: "312 fewer counter messages than A (580 against 892)"."""
    if a == b:
        return f"as many {what} as A ({a:,})"
    one = what.replace("messages", "message").replace("people", "person") if abs(b - a) == 1 else what
    return f"{abs(b - a):,} {'more' if b > a else 'fewer'} {one} than A ({b:,} against {a:,})"


def _share(totals: dict[str, int]) -> str:
    """Return the share of counter messages; empty without any message."""
    both = totals["counter"] + totals["campaign"]
    return f"{100 * totals['counter'] / both:.0f} %" if both else ""


def difference(a: CampaignModel, b: CampaignModel, by: str) -> str:
    """Return what B has come to beside A, both at the same minute.

    Parameters
    ----------
    by : str
        What B does otherwise: "with the policy withdraw from minute 40 on".
    """
    ours, theirs = _totals(a), _totals(b)
    if ours == theirs:
        return f"So far B ({by}) has as many messages and people reached as A. {ONE_RUN}"
    parts = [
        _compared(what, ours[name], theirs[name])
        for name, what in (
            ("counter", "counter messages"), ("campaign", "campaign messages"), ("reached", "people reached"),
        )
    ]  # fmt: skip
    shares = [_share(totals) for totals in (theirs, ours)]
    of_all = f"; counter messages are {shares[0]} of all in B and {shares[1]} in A" if all(shares) else ""
    return f"So far B ({by}) has {parts[0]}, {parts[1]} and {parts[2]}{of_all}. {ONE_RUN}"
