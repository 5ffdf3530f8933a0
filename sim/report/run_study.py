"""What the report of one run needs to be told: the contract between the study layer and the page.

Everything is plain (frames, dicts, floats), nothing is computed here, and nothing names a person. A value
that does not exist is None (nan in a frame); the page prints it as an en dash with the reason.

Volumes (messages, people) count rows of the audience; the page multiplies them by ``people.represents`` and says so.
Conventions: ``lo`` and ``hi`` are a 95 % interval of the mean or the probability, unless a column says
otherwise; frames are called ``"campaign"`` and ``"counter"``; minutes count from the first post. Layers import
from above alone, so a ``RunStudy`` is put together where a command is carried out, or behind a late import.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

from sim.config.root import Configuration
from sim.errors import StudyError

if TYPE_CHECKING:
    import pandas as pd

VERDICTS = ("hijacked", "contested", "viral_positive", "fizzled")
ALWAYS_BESIDE = ("do_not_post", "listen", "answer")
"""Options that stand beside every tactic; one that was not simulated is printed as such."""

COLUMNS: dict[str, tuple[str, ...]] = {
    "runs": ("verdict", "messages", "hijack_share"),
    "timeline": (
        "minute", "minutes", "campaign_lo", "campaign_mid", "campaign_hi", "counter_lo", "counter_mid", "counter_hi",
    ),
    "participation": ("dimension", "group", "frame", "people", "mean", "lo", "hi"),
    "starters": ("role", "followers", "people", "mean", "lo", "hi"),
    "cascade": ("node", "parent", "minute", "frame"),
    "options": (
        "option", "title", "hijacked", "hijacked_lo", "hijacked_hi", "viral_positive", "viral_positive_lo",
        "viral_positive_hi", "difference", "difference_lo", "difference_hi", "note",
    ),
    "tripwires": ("first", "counter_from", "counter_to", "hijacked", "lo", "hi", "runs"),
}  # fmt: skip
"""Columns that each frame must have; more are welcome and ignored."""


@dataclass(frozen=True)
class Mark:
    """Something that happened in some replicates: a takeover, trending, a news story, a move.

    Attributes
    ----------
    title : str
        In plain words: ``"takeover"``, ``"tag trends"``, ``"first news story"``, ``"acknowledges"``.
    share : float
        Share of replicates in which it happened, [0, 1].
    minute : float or None
        Median minute over those; None if it never happened.
    lo, hi : float or None
        10 % and 90 % quantiles of that minute over those.
    """

    title: str
    share: float
    minute: float | None = None
    lo: float | None = None
    hi: float | None = None


@dataclass(frozen=True)
class Hinge:
    """One of the inputs on which the answer hangs.

    Attributes
    ----------
    name, title, unit : str
        Dotted name, what it is, unit: as in the parameter table.
    value : float
        Its central value.
    low, high : float
        Ends of its plausible span.
    hijacked_low, hijacked_high : float
        P(hijacked) with the input at ``low`` and at ``high``, everything else central.
    flips_at : float or None
        The value at which P(hijacked) crosses one half; None if it does not within the span.
    """

    name: str
    title: str
    unit: str
    value: float
    low: float
    high: float
    hijacked_low: float | None
    hijacked_high: float | None
    flips_at: float | None = None


@dataclass(frozen=True)
class Assumption:
    """One number (or choice) that went in, and where it comes from.

    Attributes
    ----------
    name, title, unit, role, source : str
        As in the parameter table; the source is the case's own where it has one.
    value : any
        As configured.
    changed : bool
        Whether it differs from the table's default.
    """

    name: str
    title: str
    value: Any
    unit: str
    role: str
    source: str
    changed: bool = False


@dataclass(frozen=True)
class Pictured:
    """What the figures of one configuration are drawn from: its runs at central values.

    Attributes
    ----------
    configuration : Configuration
    runs : DataFrame
        One row a replicate: the columns of ``sim.outcome.measures.measure``; read here: ``verdict, messages,
        hijack_share``.
    timeline : DataFrame
        One row a bin: ``minute`` (start), ``minutes`` (width; may grow with time), and 10 %, 50 %, 90 % over replicates
        of participants' messages an hour by frame: ``campaign_lo, campaign_mid, campaign_hi, counter_lo, ...``.
    marks : sequence of Mark
        Takeover first, then trending, news, and a mark a move of the policy.
    participation : DataFrame
        ``dimension`` ("cohort", "community" or "role"), ``group`` (its name), ``frame``, ``people`` (its rows),
        ``mean, lo, hi``: share of the group that put out a message of the frame (10 % and 90 % over replicates).
    starters : DataFrame
        ``role``, ``followers`` (class of follower count, as text: "under 100", "100 to 999", ...; in rising order),
        ``people`` (rows in that class), ``mean, lo, hi`` (messages of theirs among the first 50 counter messages;
        10 % and 90 % over replicates).
    cascade : DataFrame or None
        One replicate's largest tree of what provoked what: ``node``, ``parent`` (-1 at the root), ``minute``,
        ``frame``. None where none may be drawn (loaded graphs) or none grew.
    """

    configuration: Configuration
    runs: pd.DataFrame
    timeline: pd.DataFrame
    marks: Sequence[Mark]
    participation: pd.DataFrame
    starters: pd.DataFrame
    cascade: pd.DataFrame | None

    def __post_init__(self) -> None:
        for name in (part.name for part in fields(self) if part.name in COLUMNS):
            frame = getattr(self, name)
            if frame is None and name == "cascade":
                continue
            missing = [column for column in COLUMNS[name] if column not in frame.columns]
            if missing:
                raise StudyError(f"The report's {name} lacks {', '.join(missing)}; it has: {', '.join(frame.columns)}.")

    @property
    def real_graph(self) -> bool:
        """Whether the follower graph was loaded, so that only aggregates may leave (promise 8)."""
        return self.configuration.network.from_file


@dataclass(frozen=True)
class RunStudy(Pictured):
    """One configuration and its replicates, ready to be told.

    Attributes
    ----------
    command : str
        The exact command that repeats the study.
    study : str
        Name of the study (of its folder).
    summary : dict
        ``summary.json``: the keys of DESIGN section 6, and ``verdict_range`` {verdict: [lo, hi]} (5 % to 95 % of the
        odds over what is not known), ``variance_split`` {"luck", "inputs"} (shares of the variance of "hijacked",
        summing to 1), ``fizzled_frame`` ("campaign", "counter" or None: of most messages in the fizzled runs),
        ``at_quarter_size`` {"n", "verdict", "verdict_interval"} or None, ``depends_on_sample_size`` bool. A key that is
        missing or None is printed as not known; ``takeover_probability`` may be a number or {mean, lo, hi}.
    theory : dict
        ``first_response``, ``first_response_observed`` {mean, lo, hi}, ``reproduction_eigenvalue``, ``expected`` and
        ``measured``: {cause frame: {effect frame: number, or {mean, lo, hi}}}.
    options : DataFrame
        One row an option: ``option`` ("as_is", "do_not_post", "listen", "answer", "narrower_ask", "another_account", or
        any), ``title``, P(hijacked) and P(viral_positive) with intervals, ``difference`` of P(hijacked) against "as_is"
        (paired, same luck) with its interval, ``note`` (what it means, or why there is no number).
    hinges : sequence of Hinge
        The two inputs on which it hangs most, the stronger one first; may be empty.
    tripwires : DataFrame
        ``first`` (k messages), ``counter_from, counter_to`` (band of the counter share among them; the upper end
        belongs to the next band, but 1 to the last), ``hijacked, lo, hi, runs`` (replicates in the band).
    assumptions : sequence of Assumption
    manifest : dict
        ``manifest.json``: hash, seed, versions, commit, machine, wall time, content hashes.
    shapes_only : bool
        A small-audience preset: its figures show shapes, not odds.
    after : sequence of mapping
        What the campaign leaves behind, a row a group (:func:`sim.aftermath.measured.table_of_after`).
    """

    command: str
    study: str
    summary: Mapping[str, Any]
    theory: Mapping[str, Any]
    options: pd.DataFrame
    hinges: Sequence[Hinge]
    tripwires: pd.DataFrame
    assumptions: Sequence[Assumption]
    manifest: Mapping[str, Any] = field(default_factory=dict)
    shapes_only: bool = False
    after: Sequence[Mapping[str, Any]] = ()
