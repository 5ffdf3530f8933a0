"""What can be read off a campaign at any minute: figures for reporters, tables, and the whole record.

Figures are plain ints, floats, words and None, so that a DataCollector can keep them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.aftermath.state import Aftermath, Standing, left_behind
from sim.config.people import COHORTS, ROLES
from sim.config.root import Configuration
from sim.engine.layout import ACTS, FOLLOWS_CENTRAL, FOLLOWS_LOCAL, GRIEVANCE, REACHED, ROLE, SEEN, SUPPORT
from sim.engine.record import FRAMES, NEWSROOM_AUTHOR, TIMELINE, Kind, RunRecord
from sim.model.crowd import Crowd
from sim.outcome.measures import Outcome, measure
from sim.outcome.verdict import verdict

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

SMALLEST_GROUP = 10
"""On a loaded graph, roles with fewer rows than this are shown as one."""


class Reading(Crowd):
    """A run that can be read while it goes on."""

    _standing: Standing

    @property
    def minute(self) -> int:
        """Minutes lived through; also the number of the minute to come."""
        return self.engine.minute

    @property
    def horizon(self) -> int:
        """Minutes in all."""
        return self.configuration.minutes

    @property
    def hour_of_day(self) -> float:
        """Local time in hours past midnight, in [0, 24), at the start of the minute to come."""
        return float((self.configuration.post.hour + self.minute / 60) % 24)

    @property
    def configuration(self) -> Configuration:
        """What the run began with."""
        return self.engine.world.config

    @property
    def messages_so_far(self) -> int:
        """Participants' messages: originals and shares by rows."""
        return sum(self._volume())

    @property
    def hijack_share(self) -> float | None:
        """Counter messages of participants / all of theirs; None without any."""
        campaign, counter = self._volume()
        return counter / (campaign + counter) if campaign + counter else None

    @property
    def participants(self) -> int:
        """Rows that wrote or shared."""
        return int(np.count_nonzero(self.engine.bench.arrays["cold_half"][:, ACTS]))

    @property
    def reach(self) -> int:
        """Rows with an impression."""
        return self._total("reached")

    @property
    def trending(self) -> bool:
        """Whether the tag trended in the last minute lived through."""
        return self.minute > 0 and bool(self._column("trending")[-1])

    @property
    def verdict(self) -> str:
        """The verdict, if the campaign ended now."""
        return verdict(self.participants, self.engine.world.n, self.hijack_share)

    def measures(self) -> Outcome:
        """Return every outcome of the run so far (``sim.outcome.measures``)."""
        return measure(self.record())

    def record(self) -> RunRecord:
        """Return what the run has left behind so far; ``fired`` holds the policy's rules, then moves by hand."""
        return self.engine.record()

    def aftermath(self) -> Aftermath:
        """Return the state in which the campaign leaves its people, were it over now (``docs/model.md`` 9)."""
        feelings = self.engine.bench.arrays["cold_real"][: self.engine.world.rows]
        now = replace(self.population, grievance=feelings[:, GRIEVANCE].copy(), support=feelings[:, SUPPORT].copy())
        return left_behind(self._standing, self.engine.record(seen=True), now)

    def _column(self, name: str) -> npt.NDArray[np.int32]:
        """Return a column of the timeline so far (a view)."""
        column: npt.NDArray[np.int32] = self.engine.bench.arrays["minutes"][TIMELINE.index(name), : self.minute]
        return column

    def _total(self, name: str) -> int:
        return int(self._column(name).sum(dtype=np.int64))

    def _volume(self) -> tuple[int, int]:
        """Return participants' messages by frame."""
        campaign, counter = (self._total(f"originals_{frame}") + self._total(f"shares_{frame}") for frame in FRAMES)
        return campaign, counter

    # tables

    @property
    def timeline(self) -> pd.DataFrame:
        """One line a minute, with the columns of ``sim.engine.record.TIMELINE``."""
        import pandas as pd

        table = pd.DataFrame({name: self._column(name).copy() for name in TIMELINE})
        table["trending"] = table["trending"] == 1
        table.index.name = "minute"
        return table

    @property
    def messages(self) -> pd.DataFrame:
        """One line a message, in the order of ``docs/model.md`` 6.5; agency and newsrooms included.

        Columns: ``minute``; ``author`` (row, account a as -1 - a, newsroom k as -1,000,001 - k; left out on a loaded
        graph, whose rows may be real people); ``role`` of the author; ``frame``; ``kind``; ``parent`` and ``root``
        (numbers of messages); ``shares`` (at the root of a cascade).
        """
        import pandas as pd

        messages = self.record().messages
        author = messages.author
        names = [*ROLES, "agency", "newsroom", "other"]
        role = np.where(author > NEWSROOM_AUTHOR, names.index("agency"), names.index("newsroom"))
        by_rows = author >= 0
        role[by_rows] = self._shown_roles()[author[by_rows]]
        columns: dict[str, Any] = {
            "minute": messages.minute,
            "author": author,
            "role": pd.Categorical.from_codes(role, names),
            "frame": pd.Categorical.from_codes(messages.frame, list(FRAMES)),
            "kind": pd.Categorical.from_codes(messages.kind, [kind.name.lower() for kind in Kind]),
            "parent": messages.parent,
            "root": messages.root,
            "shares": messages.shares,
        }
        if self.graph.origin == "loaded":
            del columns["author"]
        return pd.DataFrame(columns).rename_axis("message")

    def _shown_roles(self) -> npt.NDArray[np.int8]:
        """Return each row's role, int8[n]; on a loaded graph small groups become one, after all others."""
        role: npt.NDArray[np.int8] = self.population.role
        if self.graph.origin != "loaded":
            return role
        small = np.bincount(role, minlength=len(ROLES)) < SMALLEST_GROUP
        return np.where(small[role], np.int8(len(ROLES) + 2), role)

    @property
    def audience(self) -> pd.DataFrame:
        """One line a row, with the attributes of :class:`Follower` as they are now: quick where views are slow."""
        import pandas as pd

        people, arrays = self.population, self.engine.bench.arrays
        state, feelings = arrays["cold_half"], arrays["cold_real"]
        table = pd.DataFrame({
            "key": people.key,
            "cohort": pd.Categorical.from_codes(people.cohort, list(COHORTS)),
            "community": pd.Categorical.from_codes(people.community, list(people.communities)),
            "role": pd.Categorical.from_codes(people.role, list(ROLES)),
            "sessions_a_day": people.sessions_a_day.astype(np.float64),
            "grievance": feelings[:, GRIEVANCE].astype(np.float64),
            "support": feelings[:, SUPPORT].astype(np.float64),
            "followers": self.graph.in_degree,
            "follows": self.engine.world.followees.astype(np.int64),
            "follows_sender": arrays["cold_half"][:, ROLE] & (FOLLOWS_CENTRAL | FOLLOWS_LOCAL) != 0,
            "reached": state[:, ROLE] & REACHED != 0,
            "acts": state[:, ACTS].astype(np.int64),
            "seen_campaign": state[:, SEEN].astype(np.int64),
            "seen_counter": state[:, SEEN + 1].astype(np.int64),
        })  # fmt: skip
        return table.rename_axis("row")
