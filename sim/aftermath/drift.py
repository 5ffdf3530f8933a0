"""How grievance and support drift by what somebody saw and put out, and how drift is forgotten.

Each feeling moves a bounded part of the way to 1 or to 0; who saw nothing and said nothing stays as they are. Signs
are sourced, sizes assumed (``sim.config.after``). ``docs/model.md`` 9.1.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from sim.config.after import AfterConfig
from sim.engine.record import RunRecord
from sim.errors import ConfigError
from sim.people.grievance import rounded_all
from sim.people.population import Population

Floats = npt.NDArray[np.float64]
Feeling = npt.NDArray[np.float32]


def weight_of(seen: Floats, half: float) -> Floats:
    """Return what so many impressions come to: 0 for none, one half at ``half``, never 1."""
    return seen / (seen + half)


def moved(feeling: Floats, push: Floats) -> Floats:
    """Return a feeling after a push in [-1, 1]: that part of the way to 1 if it is above 0, to 0 if below."""
    return feeling + push * np.where(push >= 0.0, 1.0 - feeling, feeling)


def acts_by_frame(record: RunRecord, rows: int) -> npt.NDArray[np.int64]:
    """Return how many messages of each frame each row put out: int64[rows, 2]."""
    messages = record.messages
    own = messages.by_people
    place = 2 * messages.author[own].astype(np.int64) + messages.frame[own]
    return np.bincount(place, minlength=2 * rows).reshape(rows, 2)


def drifted(population: Population, record: RunRecord, after: AfterConfig) -> Population:
    """Return the audience as a campaign leaves it: feelings moved by what was seen, and who follows the sender now.

    Parameters
    ----------
    population : Population
        As the campaign found it.
    record : RunRecord
        With ``seen``.

    Raises
    ------
    ConfigError
        The record does not say what was seen.
    """
    if record.seen is None:
        raise ConfigError("record must say what each row saw: run it with seen=True (a run in rounds has no sender).")
    acts = acts_by_frame(record, population.n)
    rows = np.flatnonzero((record.seen > 0).any(axis=1) | (acts > 0).any(axis=1))
    felt = record.seen[rows].astype(np.float64) + after.own_act * acts[rows]
    campaign, counter = (weight_of(felt[:, frame], after.half_seen) for frame in range(2))
    pushes = {
        "grievance": after.grievance_by_counter * counter - after.grievance_by_campaign * campaign,
        "support": after.support_by_campaign * campaign - after.support_by_counter * counter,
    }
    feelings: dict[str, Feeling] = {}
    for name, push in pushes.items():
        feelings[name] = getattr(population, name).copy()
        before = feelings[name][rows].astype(np.float64)
        feelings[name][rows] = rounded_all(moved(before, np.clip(after.drift * push, -1.0, 1.0)))
    follows = population.follows_sender.copy()
    follows[record.follows.follower] = record.follows.gained  # in the order of minutes: the last change stays
    return replace(population, grievance=feelings["grievance"], support=feelings["support"], follows_sender=follows)


def forgotten(now: Feeling, rest: Feeling, weeks: float, after: AfterConfig) -> Feeling:
    """Return a feeling some weeks later: what is left of its distance from where it rests halves every so often."""
    left = 2.0 ** (-weeks / after.half_life_weeks)
    changed = np.flatnonzero(now != rest)
    later = rest.copy()
    apart = now[changed].astype(np.float64) - rest[changed]
    later[changed] = rounded_all(rest[changed] + left * apart)
    return later
