from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from sim.engine.record import Messages
from sim.outcome.in_common import message_marks, same_messages


def test_messages_are_the_same_where_follower_minute_action_and_frame_are() -> None:
    def marks(*messages: tuple[int, int, int, int]) -> np.ndarray:
        minute, author, kind, frame = (np.array(column) for column in zip(*messages, strict=True))
        none = np.zeros(minute.size, np.int32)
        told = Messages(minute, author, frame, kind, none, none, none)
        return message_marks(SimpleNamespace(messages=told, keys=np.array([70, 80], np.uint64)))  # type: ignore[arg-type]

    first = marks((0, -1, 2, 0), (3, 0, 0, 1), (3, 1, 1, 0), (9, 0, 0, 0))
    assert first.size == 3 and np.array_equal(first, np.sort(first))
    assert same_messages(first, first) == 1.0
    others = marks((4, 0, 0, 1), (3, 1, 0, 0), (9, 1, 0, 0), (3, 0, 0, 0))
    assert same_messages(first, others) == 0.0
    assert same_messages(first, marks((9, 0, 0, 0), (3, 0, 0, 1))) == pytest.approx(2 / 3)
    assert same_messages(first[:0], first[:0]) is None
    assert same_messages(first, first[:0]) == 0.0
