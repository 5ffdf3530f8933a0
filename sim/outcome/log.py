"""The event log: everything that happened in a run, one row an event, in one fixed order.

Schema 1, one row an event:

========== ======== =============================================================================
column     dtype    meaning
========== ======== =============================================================================
minute     int32    minutes since the post
follower   int32    row; account a as -1 - a, newsroom k as -1,000,001 - k
action     category see, share, write, unfollow, follow by rows; post, statement, acknowledgement,
                    reply, boost by accounts; story by newsrooms
frame      int8     0 campaign, 1 counter; -1 for follow and unfollow
message    int32    the message put out; for see, the one that would be passed on; -1 if none
parent     int32    what it passes on, answers or was provoked by; -1 if none, and for see
impressions int32   for see: impressions of that frame at that waking; else 0
========== ======== =============================================================================

Order: minute; then accounts, newsrooms, what rows see, what rows do; within these rows by key (a row's
campaign sights before its counter ones), accounts and newsrooms by message. A log of a loaded graph may
show real people: it stays in memory.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from sim.engine.record import LOG_SCHEMA, NEWSROOM_AUTHOR, Follows, Kind, Messages, RunRecord, Sights
from sim.errors import ConfigError

if TYPE_CHECKING:
    import pandas as pd

ACTIONS = ("see", "share", "write", "unfollow", "follow",
           "post", "statement", "acknowledgement", "reply", "boost", "story")  # fmt: skip
COLUMNS = ("minute", "follower", "action", "frame", "message", "parent", "impressions")
_TYPES = {"minute": "int32", "follower": "int32", "action": "int8", "frame": "int8", "message": "int32",
          "parent": "int32", "impressions": "int32"}  # fmt: skip
_ACTION_OF_KIND = {
    Kind.ORIGINAL: "write", Kind.SHARE: "share", Kind.POST: "post", Kind.STATEMENT: "statement",
    Kind.ACKNOWLEDGEMENT: "acknowledgement", Kind.REPLY: "reply", Kind.BOOST: "boost", Kind.STORY: "story",
}  # fmt: skip
_BY_ACCOUNTS, _BY_NEWSROOMS, _SEEN, _DONE = range(4)

Columns = dict[str, npt.NDArray[Any]]


def event_log(record: RunRecord) -> pd.DataFrame:
    """Return the event log of a run; ``attrs["schema"]`` holds its version.

    Raises
    ------
    ConfigError
        The run was recorded without what was seen.
    """
    import pandas as pd

    if record.sights is None:
        raise ConfigError("record must be 'log' for an event log; this run was recorded as 'summary'.")
    rank = _rank(record.keys)
    parts = [_put_out(record.messages, rank), _sights(record.sights, rank), _follows(record.follows, rank)]
    joined = {name: np.concatenate([part[name] for part in parts]) for name in ("phase", "place", *COLUMNS)}
    # one number a row, so that one stable sort puts runs that are sorted already together
    places = int(joined["place"].max()) + 1 if joined["place"].shape[0] else 1
    order = np.argsort((joined["minute"] * np.int64(4) + joined["phase"]) * places + joined["place"], kind="stable")
    columns: dict[str, Any] = {name: joined[name][order].astype(_TYPES[name]) for name in COLUMNS}
    columns["action"] = pd.Categorical.from_codes(columns["action"], categories=list(ACTIONS))
    log = pd.DataFrame(columns)
    log.attrs["schema"] = LOG_SCHEMA
    return log


def content_hash(log: pd.DataFrame) -> str:
    """Return the sha256 (hex) over a log's schema, column names, types and little-endian bytes.

    Raises
    ------
    ConfigError
        A column holds neither numbers nor categories.
    """
    digest = hashlib.sha256(f"event log {log.attrs.get('schema', 0)}, {len(log)} rows".encode())
    for name in log.columns:
        column = log[name]
        if column.dtype.name == "category":
            digest.update(f", {name} of {'|'.join(map(str, column.cat.categories))}".encode())
            values = column.cat.codes.to_numpy()
        else:
            values = column.to_numpy()
        if values.dtype.kind not in "biuf":
            raise ConfigError(f"log.{name} must hold numbers or categories to be hashed; got {column.dtype}.")
        kind = values.dtype.newbyteorder("<")
        digest.update(f", {name} {kind.str}:".encode())
        digest.update(np.ascontiguousarray(values, dtype=kind).tobytes())
    return digest.hexdigest()


def _rank(keys: npt.NDArray[np.uint64]) -> npt.NDArray[np.int64]:
    """Return each row's place in the order of keys."""
    rank = np.empty(keys.shape[0], np.int64)
    rank[np.argsort(keys, kind="stable")] = np.arange(keys.shape[0])
    return rank


def _constant(like: npt.NDArray[Any], value: int) -> npt.NDArray[np.int32]:
    """Return a column of one value."""
    return np.full(like.shape[0], value, np.int32)


def _put_out(messages: Messages, rank: npt.NDArray[np.int64]) -> Columns:
    """Return the rows of all messages."""
    action_of = np.array([ACTIONS.index(_ACTION_OF_KIND[kind]) for kind in Kind], np.int8)
    author = messages.author
    number = np.arange(author.shape[0], dtype=np.int32)
    phase = np.where(author >= 0, _DONE, np.where(author > NEWSROOM_AUTHOR, _BY_ACCOUNTS, _BY_NEWSROOMS))
    place = number.astype(np.int64)
    place[author >= 0] = 2 * rank[author[author >= 0]]
    return {
        "phase": phase, "place": place, "minute": messages.minute, "follower": author,
        "action": action_of[messages.kind], "frame": messages.frame, "message": number,
        "parent": messages.parent, "impressions": _constant(author, 0),
    }  # fmt: skip


def _sights(seen: Sights, rank: npt.NDArray[np.int64]) -> Columns:
    """Return the rows of what was seen."""
    return {
        "phase": _constant(seen.minute, _SEEN), "place": 2 * rank[seen.follower] + seen.frame,
        "minute": seen.minute, "follower": seen.follower, "action": _constant(seen.minute, ACTIONS.index("see")),
        "frame": seen.frame, "message": seen.message, "parent": _constant(seen.minute, -1),
        "impressions": seen.impressions,
    }  # fmt: skip


def _follows(changes: Follows, rank: npt.NDArray[np.int64]) -> Columns:
    """Return the rows of follows and unfollows."""
    action = np.where(changes.gained, ACTIONS.index("follow"), ACTIONS.index("unfollow"))
    none = _constant(changes.minute, -1)
    return {
        "phase": _constant(changes.minute, _DONE), "place": 2 * rank[changes.follower], "minute": changes.minute,
        "follower": changes.follower, "action": action, "frame": none, "message": none, "parent": none,
        "impressions": _constant(changes.minute, 0),
    }  # fmt: skip
