"""One run that is being lived through before somebody's eyes, and what is new in it since they last looked.

It is a plain ``CampaignModel``: nothing here changes what happens. What is new is read off the run's own record
(messages put out, what was seen, the minutes' counts) from where the last look ended, so that a page that takes its
frames slowly gets fewer and longer ones and misses nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from sim.config.agency import MOVES
from sim.engine.layout import MESSAGES, SIGHTS
from sim.engine.record import NEWSROOM_AUTHOR, TIMELINE, Kind
from sim.model.campaign import CampaignModel
from sim.warroom.explore.crowd import Crowds
from sim.warroom.explore.shown import Shown

if TYPE_CHECKING:
    from sim.engine.world import World

UNEXPOSED, SAW, CAMPAIGN, COUNTER = range(4)
"""States of a shown account: by its last message, or whether it saw one."""
FROM_AGENCY, FROM_NEWSROOM = -1, -2
"""Where a message came from that no shown account put out."""
MOST_PASSED = 80
MINUTE_COLUMNS = ("campaign", "counter", "reached", "agency", "stories", "trending")
_SOURCES = {
    "campaign": ("originals_campaign", "shares_campaign"),
    "counter": ("originals_counter", "shares_counter"),
    "reached": ("reached",),
    "agency": ("agency_messages",),
    "stories": ("stories",),
    "trending": ("trending",),
}
Ints = npt.NDArray[np.integer[Any]]


class Lived:
    """One run and how far its page has looked.

    Parameters
    ----------
    model : CampaignModel
        With ``record="log"``; advanced by this object alone.
    shown : Shown or None
        The accounts on the page; None on a real graph.
    before : Lived, optional
        The run that this one was branched from: what was decided before the present minute is taken over.

    Attributes
    ----------
    moves : list of (int, str)
        What the agency did, and in which minute.
    made : list of (int, str, str)
        What was changed by hand: minute, ``act`` or ``policy``, and which.
    """

    def __init__(self, model: CampaignModel, shown: Shown | None, before: Lived | None = None) -> None:
        self.model, self.shown = model, shown
        self.crowds = Crowds(model)
        self.moves: list[tuple[int, str]] = []
        self.made: list[tuple[int, str, str]] = []
        if before is not None:
            at = model.minute
            self.moves = [move for move in before.moves if move[0] < at]
            self.made = [change for change in before.made if change[0] < at]
        self._places = None if shown is None else shown.places(model.engine.world.rows)
        self._spoke = np.zeros(model.engine.world.rows, dtype=np.bool_)
        self._messages = self._sights = self._minutes = self._participants = 0
        self._moves_told = self._readings_told = 0

    # living

    def advance(self, until: int) -> None:
        """Live through the minutes before ``until``, at most to the horizon."""
        model = self.model
        while model.minute < min(until, model.horizon):
            first = model.minute
            # by the engine at once: a step a minute would wait for the interpreter after each
            model.engine.advance(min(until, self.crowds.next_reading, model.horizon))
            self._note_moves(first)
            self.crowds.read()

    def _note_moves(self, first: int) -> None:
        """Note which rules fired from a minute on."""
        arrays = self.model.engine.bench.arrays
        fired = arrays["fired"]
        for rule in np.flatnonzero(fired >= first)[np.argsort(fired[fired >= first], kind="stable")]:
            self.moves.append((int(fired[rule]), MOVES[int(arrays["rules"][rule, 0])]))

    def act(self, move: str) -> None:
        """Make a move in the minute to come."""
        self.model.act(move)
        self.made.append((self.model.minute, "act", move))

    def change_policy(self, name: str) -> None:
        """Put another policy in force from the minute to come on."""
        self.model.policy = name
        self.made.append((self.model.minute, "policy", name))

    def branched(self, minute: int) -> Lived:
        """Return a second run with the same past up to a minute, and the same luck."""
        model = self.model.branch(minute=minute)
        twin = Lived(model, self.shown, before=self)
        twin.crowds = self.crowds.until(model)
        return twin

    def lived_again(self, world: World, replicate: int) -> Lived:
        """Return the run of another audience up to the present minute, with what was done by hand here.

        Parameters
        ----------
        world : World
            This run's with somebody dropped or added.
        replicate : int
            The luck of this run.
        """
        model = CampaignModel.in_world(world, replicate=replicate, record="log")
        shown = None if self.shown is None else self.shown.with_added(world.rows)
        other = Lived(model, shown)
        for minute, what, which in self.made:
            other.advance(minute)
            (other.act if what == "act" else other.change_policy)(which)
        other.advance(self.model.minute)
        return other

    def close(self) -> None:
        """Give the run's memory back."""
        self.model.close()

    # looking

    def news(self) -> dict[str, Any]:
        """Return what happened since the last look: whole numbers only, so that it stays small.

        ``nodes`` (minute, place, state, minute, place, state ...), ``passed`` (from, to, frame, of the last minute
        lived through), ``minutes`` (the columns ``MINUTE_COLUMNS`` of each new minute, one after the other),
        ``moves``, ``participants``.
        """
        arrays = self.model.engine.bench.arrays
        marks = arrays["marks"]
        messages, sights = slice(self._messages, int(marks[MESSAGES])), slice(self._sights, int(marks[SIGHTS]))
        told: dict[str, Any] = {
            "minutes": self._new_minutes(), "moves": self.moves[self._moves_told :],
            "participants": self._participants_now(messages),
        }  # fmt: skip
        if self._places is not None:
            told |= {"nodes": self._changes(messages, sights), "passed": self._passed(messages, sights)}
        self._messages, self._sights, self._moves_told = messages.stop, sights.stop, len(self.moves)
        return told

    def look_from_the_start(self) -> None:
        """Let the next look tell everything again: the page was loaded anew."""
        self._messages = self._sights = self._minutes = self._moves_told = self._readings_told = 0

    def new_readings(self) -> dict[str, Any]:
        """Return the age bands' readings since the last look, and as they are now."""
        crowds, told = self.crowds, self._readings_told
        self._readings_told = len(crowds.minutes)
        return {"minutes": crowds.minutes[told:], "bands": crowds.readings[told:], "now": crowds.now()}

    def _participants_now(self, messages: slice) -> int:
        """Return how many rows wrote or shared so far, counting the new messages' authors alone."""
        authors = self.model.engine.bench.arrays["message_author"][messages]
        new = np.unique(authors[authors >= 0])
        self._participants += int(np.count_nonzero(~self._spoke[new]))
        self._spoke[new] = True
        return self._participants

    def _new_minutes(self) -> list[int]:
        timeline = self.model.engine.bench.arrays["minutes"][:, self._minutes : self.model.minute]
        self._minutes = self.model.minute
        columns = [timeline[[TIMELINE.index(name) for name in _SOURCES[column]]].sum(axis=0) for column in _SOURCES]
        flat: list[int] = np.stack(columns, axis=1).ravel().tolist()
        return flat

    def _changes(self, messages: slice, sights: slice) -> list[int]:
        """Return the changes of state of shown accounts, in order."""
        arrays, places = self.model.engine.bench.arrays, self._places
        assert places is not None
        first = sights.start + np.flatnonzero(arrays["sight_first"][sights] != 0)
        saw = places[arrays["sight_row"][first]]
        spoke = messages.start + np.flatnonzero(arrays["message_kind"][messages] <= Kind.SHARE)
        who = places[arrays["message_author"][spoke]]
        minute = np.concatenate([arrays["sight_minute"][first][saw >= 0], arrays["message_minute"][spoke][who >= 0]])
        place = np.concatenate([saw[saw >= 0], who[who >= 0]])
        state = np.concatenate(
            [np.full(int((saw >= 0).sum()), SAW), CAMPAIGN + arrays["message_frame"][spoke][who >= 0]]
        )
        order = np.lexsort((state, minute))
        flat: list[int] = np.stack([minute[order], place[order], state[order]], axis=1).ravel().tolist()
        return flat

    def _passed(self, messages: slice, sights: slice) -> list[int]:
        """Return along which lines messages travelled to shown accounts in the last minute: those acted on first."""
        arrays, places, last = self.model.engine.bench.arrays, self._places, self.model.minute - 1
        assert places is not None
        lines = []
        acted = messages.start + np.flatnonzero(arrays["message_minute"][messages] == last)
        acted = acted[(arrays["message_kind"][acted] <= Kind.SHARE) & (arrays["message_parent"][acted] >= 0)]
        seen = sights.start + np.flatnonzero(arrays["sight_minute"][sights] == last)
        for rows, causes, frames in (
            (arrays["message_author"][acted], arrays["message_parent"][acted], arrays["message_frame"][acted]),
            (arrays["sight_row"][seen], arrays["sight_message"][seen], arrays["sight_frame"][seen]),
        ):
            source = self._source(arrays["message_author"][causes])
            kept = (places[rows] >= 0) & (source != _NOT_SHOWN)
            lines.append(np.stack([source[kept], places[rows][kept], frames[kept]], axis=1))
        flat: list[int] = np.concatenate(lines)[:MOST_PASSED].ravel().tolist()
        return flat

    def _source(self, authors: Ints) -> Ints:
        """Return where messages of some authors came from, as places; ``_NOT_SHOWN`` for the rest."""
        assert self._places is not None
        by_rows = self._places[np.maximum(authors, 0)]
        return np.select(
            [authors <= NEWSROOM_AUTHOR, authors < 0, by_rows < 0], [FROM_NEWSROOM, FROM_AGENCY, _NOT_SHOWN], by_rows
        )


_NOT_SHOWN = -9
