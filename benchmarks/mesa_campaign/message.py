"""What is put out on the tag, and how it is told who put it out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

CAMPAIGN, COUNTER = 0, 1
BY_PEOPLE = ("original", "share")
BY_AGENCY = ("post", "statement", "acknowledgement", "reply", "boost")


@dataclass(eq=False, slots=True)
class Message:
    """One message.

    Attributes
    ----------
    author : Follower, Account or Newsroom
    minute : int
        Since the first post.
    frame : int
        ``CAMPAIGN`` or ``COUNTER``.
    kind : str
        original, share (of people); post, statement, acknowledgement, reply, boost (of accounts); story.
    parent : Message or None
        What it passes on, or what provoked it.
    root : Message
        The head of its cascade.
    is_call : bool
        Whether it is one of the posts that can be withdrawn.
    shares : int
        Shares and boosts of the cascade; counted at its root.
    read_as : int
        The frame that the agency takes it for.
    """

    author: Any
    minute: int
    frame: int
    kind: str
    parent: Message | None = None
    is_call: bool = False
    shares: int = 0
    read_as: int = CAMPAIGN
    root: Message = None  # type: ignore[assignment]

    def __post_init__(self) -> None:
        passed_on = self.kind in ("share", "boost")
        self.root = self.parent.root if passed_on and self.parent is not None else self

    @property
    def by_people(self) -> bool:
        return self.kind in BY_PEOPLE

    @property
    def by_agency(self) -> bool:
        return self.kind in BY_AGENCY
