"""Which draw of what is not known each replicate of a study has, where intervals are to be over more than luck.

With ``uncertainty=posterior`` replicate r has its own joint draw of the universal parameters, the same one in every
configuration that is compared: differences are paired in luck and in what is not known. Without it every replicate has
the parameters of its configuration.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.config.root import Configuration, changed
from sim.errors import ConfigError
from sim.study.calibration.posterior import check_speaks_of
from sim.study.run.inputs import fields
from sim.study.run.unknown import left_to_data
from sim.study.sweeping import complete, complete_each, frames_each

if TYPE_CHECKING:
    import pandas as pd

    from sim.study.calibration.posterior import Joint
    from sim.study.sweeping import OpenStudy

OVER = {"none": "luck alone", "posterior": "luck and what is not known of the universal parameters"}
"""What intervals are over, by a question's uncertainty."""


@dataclass(frozen=True)
class Lots:
    """Gives each replicate its draw.

    Attributes
    ----------
    joint : Joint or None
        None: there is nothing to draw.
    """

    joint: Joint | None = None

    def of(self, configuration: Configuration, number: int) -> Configuration:
        """Return a configuration as its replicate of a number has it."""
        if self.joint is None:
            return configuration
        return changed(configuration, self.joint.of_replicate(number, configuration.seed))

    def groups(
        self, study: OpenStudy, configuration: Configuration, numbers: Sequence[int]
    ) -> dict[bytes, tuple[Configuration, list[int]]]:
        """Return the points that replicates of a configuration are runs of: by key, with their numbers."""
        if self.joint is None:
            return {study.key_of(configuration): (configuration, list(numbers))}
        found: dict[bytes, tuple[Configuration, list[int]]] = {}
        for number in numbers:
            point = self.of(configuration, number)
            found.setdefault(study.key_of(point), (point, []))[1].append(number)
        return found


def lots_of(question: Mapping[str, Any], configurations: Sequence[Configuration], chosen: Collection[str] = ()) -> Lots:
    """Return the draws of a question.

    Parameters
    ----------
    question : mapping
        With ``posterior``, a sha256, where its replicates have joint draws.
    configurations : sequence of Configuration
        All that are run; what one of them sets is drawn in none.
    chosen : collection of str
        Parameters that are varied on purpose.

    Raises
    ------
    StudyError
        The posterior is not the one that ships.
    """
    if question.get("posterior") is None:
        return Lots()
    from sim.study.calibration.posterior import shipped

    return Lots(left_to_data(shipped(question["posterior"]), *configurations, chosen=chosen))


def asked_posterior(uncertainty: object, configurations: Sequence[Configuration]) -> dict[str, str]:
    """Return what a question holds of the uncertainty that its intervals are to be over: nothing for luck alone.

    Raises
    ------
    ConfigError, StudyError
        It is neither none nor posterior; the posterior says nothing of a configuration, or there is none.
    """
    if uncertainty == "none":
        return {}
    if uncertainty != "posterior":
        raise ConfigError(
            f"uncertainty must be none (intervals over luck alone) or posterior (over luck and what calibration leaves "
            f"open) here; got {uncertainty!r}."
        )
    from sim.study.calibration.posterior import shipped

    for each in configurations:
        check_speaks_of(each)
    return {"posterior": shipped().sha256}


def told_over(question: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a summary tells of the uncertainty of its intervals: nothing where they are over luck alone."""
    if "posterior" not in question:
        return {}
    return {"uncertainty": "posterior", "posterior": question["posterior"], "intervals_over": OVER["posterior"]}


def differing(configurations: Sequence[Configuration]) -> set[str]:
    """Return the parameters in which some configurations differ."""
    rows = [{field.name: field.value for field in fields(each)} for each in configurations]
    names = dict.fromkeys(name for row in rows for name in row)
    return {name for name in names if any(row.get(name) != rows[0].get(name) for row in rows)}


def complete_with(
    study: OpenStudy, lots: Lots, configurations: Sequence[Configuration], numbers: Sequence[int]
) -> list[dict[bytes, list[int]]]:
    """Carry out every run that is not done yet, and return each configuration's points: numbers of runs by key."""
    if lots.joint is None:
        return [{key: list(numbers)} for key in complete(study, configurations, numbers)]
    groups = [lots.groups(study, each, numbers) for each in configurations]
    every: dict[bytes, tuple[Configuration, list[int]]] = {}
    for group in groups:
        for key, (point, mine) in group.items():
            held = every.setdefault(key, (point, []))[1]
            held += [number for number in mine if number not in held]
    complete_each(study, [point for point, _ in every.values()], [mine for _, mine in every.values()])
    return [{key: mine for key, (_, mine) in group.items()} for group in groups]


def runs_with(
    study: OpenStudy, lots: Lots, configurations: Sequence[Configuration], numbers: Sequence[int]
) -> pd.DataFrame:
    """Return the runs of some configurations, carrying out those that are not done yet.

    Returns
    -------
    DataFrame
        As :func:`sim.study.sweeping.runs_of` gives it: ``point`` is the place among the configurations.
    """
    import pandas as pd

    parts = []
    for place, group in enumerate(complete_with(study, lots, configurations, numbers)):
        frames = frames_each(study, list(group), list(group.values()))
        own = pd.concat(list(frames), ignore_index=True).sort_values("replicate", ignore_index=True)
        parts.append(own.assign(point=place))
    return pd.concat(parts, ignore_index=True)
