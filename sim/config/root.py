"""One whole configuration, and the one place where raw input becomes a checked one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError, model_validator

from sim.config.after import WEEKS_A_MONTH, AfterConfig, EarlierConfig
from sim.config.agency import AgencyConfig, PolicyConfig
from sim.config.case import CaseConfig, with_inputs
from sim.config.feed import FeedConfig
from sim.config.fields import Real, Section, Whole, legal_range, param
from sim.config.network import NetworkConfig
from sim.config.newsroom import NewsroomConfig
from sim.config.own import with_own
from sim.config.people import PeopleConfig
from sim.config.post import PostConfig
from sim.config.reaction import ReactionConfig
from sim.config.sentences import sentence_of
from sim.errors import ConfigError

REAL_GRAPHS_STAY = (
    "people.added_activists and people.dropped are what-ifs for generated audiences; a real graph keeps the accounts "
    "that it has, so leave them out, or leave the graph out"
)
MOST_EARLIER = 12


INPUTS = ("people", "post", "agency")
"""Sections that a case sets: what can be known, or chosen, before the post."""


class Configuration(Section):
    """Everything that a result depends on, besides the replicate number.

    ``seed`` fixes people, graph and (with the replicate) luck.
    """

    case: CaseConfig = CaseConfig()
    people: PeopleConfig = PeopleConfig()
    network: NetworkConfig = NetworkConfig()
    post: PostConfig = PostConfig()
    reaction: ReactionConfig = ReactionConfig()
    feed: FeedConfig = FeedConfig()
    newsroom: NewsroomConfig = NewsroomConfig()
    agency: AgencyConfig = AgencyConfig()
    policy: PolicyConfig = PolicyConfig()
    after: AfterConfig = AfterConfig()
    earlier: tuple[EarlierConfig, ...] = param((), "campaigns", "The same sender's campaigns before this one, in order")
    horizon_hours: Real = param(72.0, "hours", "How long a run lasts", low=1 / 60, high=720)
    seed: Whole = param(1, "1", "The seed", low=0, high=2**63 - 1)
    extensions: dict[str, str] = param({}, "sha256 by file", "Files with rules of your own (docs/extending.md)")
    outcomes: dict[str, str] = param({}, "unit by outcome", "Outcomes of your own that each run is measured by")

    @model_validator(mode="before")
    @classmethod
    def _finds_what_is_ones_own(cls, raw: Any) -> Any:
        return with_inputs(with_own(raw), cls) if isinstance(raw, Mapping) else raw

    @model_validator(mode="after")
    def _nobody_answers_in_rounds(self) -> Configuration:
        if self.reaction.in_rounds and self.policy.rules:
            moves = ", ".join(dict.fromkeys(rule.move for rule in self.policy.rules))
            raise ValueError(
                f"policy.rules must be empty with reaction.rule={self.reaction.rule}, in which no agency acts; "
                f"got {moves}; give policy=silent or reaction=logit"
            )
        return self

    @model_validator(mode="after")
    def _ranges_are_of_inputs(self) -> Configuration:
        for name, ends in self.case.ranges.items():
            section, _, leaf = name.partition(".")
            group: Section | None = getattr(self, section) if section in INPUTS else None
            if group is None or not isinstance(getattr(group, leaf, None), float):
                raise ValueError(
                    f"case.ranges.{name} must be of a number of {', '.join(INPUTS)} that is no count, since a case "
                    "says nothing of behaviour; leave it out"
                )
            low, high = legal_range(type(group).model_fields[leaf])
            if not low <= ends[0] or not ends[1] <= high:
                raise ValueError(f"case.ranges.{name} must lie in [{low:g}, {high:g}]; got [{ends[0]:g}, {ends[1]:g}]")
        return self

    @model_validator(mode="after")
    def _real_graphs_stay(self) -> Configuration:
        if self.network.from_file and self.people.edited:
            raise ValueError(REAL_GRAPHS_STAY)
        return self

    @model_validator(mode="after")
    def _earlier_campaigns_fit(self) -> Configuration:
        if len(self.earlier) > MOST_EARLIER:
            raise ValueError(f"earlier may hold at most {MOST_EARLIER} campaigns; got {len(self.earlier)}")
        if self.earlier and self.reaction.in_rounds:
            raise ValueError(
                f"earlier must be empty with reaction.rule={self.reaction.rule}, in which there is no sender; leave "
                "the earlier campaigns out, or give reaction=logit"
            )
        agencies = [*(each.agency for each in self.earlier[1:]), self.agency]
        for before, agency in zip(self.earlier, agencies, strict=False):  # without earlier ones, none is left
            if before.posted and agency.listening_months * WEEKS_A_MONTH > before.weeks * (1 + 1e-9):
                raise ValueError(
                    f"agency.listening_months must fit between two campaigns, {before.weeks:g} weeks apart; got "
                    f"{agency.listening_months:g} months ({agency.listening_months * WEEKS_A_MONTH:.3g} weeks)"
                )
        return self

    @property
    def minutes(self) -> int:
        """Minutes simulated."""
        return max(1, round(self.horizon_hours * 60))


SECTIONS = tuple(Configuration.model_fields)


def validated(raw: Mapping[str, Any], model: type[Section] = Configuration) -> Any:
    """Return the checked, frozen configuration of a plain mapping.

    Raises
    ------
    ConfigError
        One sentence for the first mistakes (three at most): dotted name, rule, value seen.
    """
    try:
        return model.model_validate(dict(raw))
    except ValidationError as problem:
        errors = problem.errors(include_url=False)
        sentences = [sentence_of(error, model) for error in errors[:3]]
        if len(errors) > 3:
            sentences.append(f"... and {len(errors) - 3} more.")
        raise ConfigError("\n".join(sentences)) from None


def checked_configuration(given: object) -> Configuration:
    """Return what was given for a configuration, if it is one.

    Raises
    ------
    ConfigError
        It is something else, such as the name of a case.
    """
    if not isinstance(given, Configuration):
        shown = repr(given) if isinstance(given, str) else f"a {type(given).__name__}"
        raise ConfigError(f"configuration must be one, such as load_case('my_nypd') returns; got {shown}.")
    return given


def changed(configuration: Configuration, changes: Mapping[str, Any]) -> Configuration:
    """Return a copy with some dotted names set to other values, checked again.

    Sections that nothing is set in stay the frozen, checked ones that they are, unless the user's own files could give
    them another meaning: a design of many points costs what changes.

    Parameters
    ----------
    changes : mapping of dotted name to value
        For example ``{"post.openness": 0.2, "policy.rules": []}``.
    """
    own = bool(checked_configuration(configuration).extensions) or "extensions" in changes
    raw = configuration.model_dump() if own else {name: getattr(configuration, name) for name in SECTIONS}
    for name, value in changes.items():
        *path, last = name.split(".")
        if path and isinstance(raw.get(path[0]), Section):
            raw[path[0]] = raw[path[0]].model_dump()
        section = raw
        for part in path:
            if not isinstance(section.get(part), dict):
                raise ConfigError(f"{name} is not a parameter.")
            section = section[part]
        section[last] = value
    return validated(raw)
