"""What a follower can do at a session, and the order in which a draw goes through it.

Also: how coefficients and the current ask are laid out for compiled code.
"""

from __future__ import annotations

import numpy as np

from sim.config.post import PostConfig
from sim.config.reaction import ReactionConfig

IGNORE, SHARE_CAMPAIGN, SHARE_COUNTER, WRITE_CAMPAIGN, WRITE_COUNTER, UNFOLLOW, FOLLOW = range(7)
ACTIONS = ("ignore", "share_campaign", "share_counter", "write_campaign", "write_counter", "unfollow", "follow")
CAMPAIGN, COUNTER = 0, 1

COEFFICIENTS = (
    "b_share",
    "b_write",
    "b_value",
    "b_outrage",
    "b_social",
    "b_climate",
    "b_room",
    "cross",
    "fatigue",
    "b_leave",
    "b_bore",
    "b_follow",
    "b_warm",
)
(
    B_SHARE,
    B_WRITE,
    B_VALUE,
    B_OUTRAGE,
    B_SOCIAL,
    B_CLIMATE,
    B_ROOM,
    CROSS,
    FATIGUE,
    B_LEAVE,
    B_BORE,
    B_FOLLOW,
    B_WARM,
) = range(len(COEFFICIENTS))

ASK = ("appeal", "room", "openness", "salience", "arousal", "media")
APPEAL, ROOM, OPENNESS, SALIENCE, AROUSAL, MEDIA = range(len(ASK))


def coefficient_vector(reaction: ReactionConfig) -> np.ndarray:
    """Return the coefficients as float64[13], in the order of ``COEFFICIENTS``."""
    return np.array([getattr(reaction, name) for name in COEFFICIENTS], dtype=np.float64)


def ask_vector(post: PostConfig) -> np.ndarray:
    """Return what the post asks at minute 0 as float64[6], in the order of ``ASK``."""
    return np.array([getattr(post, name) for name in ASK], dtype=np.float64)
