"""What the kept numbers may plausibly be, set by hand: a baseline outside of this would freeze a mistake.

Each range says what bounds it, so that a reader can judge a number that moves.
"""

from __future__ import annotations

Range = tuple[float, float, str]

PLAUSIBLE: dict[str, dict[str, Range]] = {
    "hijacked": {
        "messages": (600.0, 6000.0, "a sixth of the audience to three messages for each two rows"),
        "participants": (400.0, 3600.0, "fewer than are reached, fewer than messages"),
        "reach": (2000.0, 4000.0, "more than the 1,200 who follow, at most the audience"),
        "hijack_share": (0.65, 0.99, "an open question to the aggrieved: Q&A calls end at 0.92 to 0.99"),
        "hijacked": (0.9, 1.0, "far beyond the line"),
        "takeover_minutes": (0.0, 60.0, "minutes, as with #myNYPD; no earlier than ten messages"),
        "trending_minute": (3.0, 90.0, "#myNYPD trended within two and a half hours, in a larger public"),
        "half_life_hours": (0.75, 10.0, "within the afternoon and evening of the post"),
        "retweet_share": (0.05, 0.6, "volume comes from originals where words are asked for"),
        "cascade_depth": (2.0, 12.0, "retweet trees are flat"),
        "followers_lost": (2.0, 240.0, "some, at most a fifth of those who follow"),
        "replies": (60.0, 720.0, "at most 30 an hour for a day; critics are plenty"),
        "boosts": (0.0, 0.0, "no rule asks for any"),
        "first_response": (0.7, 0.98, "as the hijack share of the first minutes"),
    },
    "cheered": {
        "messages": (600.0, 8000.0, "a sixth of the audience to two messages a row"),
        "participants": (400.0, 3800.0, "fewer than are reached, fewer than messages"),
        "reach": (2000.0, 4000.0, "more than the 1,200 who follow, at most the audience"),
        "hijack_share": (0.0, 0.06, "the police day ended at 0.02 to 0.07, warm posts below 0.01"),
        "hijacked": (0.0, 0.0, "far from the line"),
        "takeover_minutes": (0.0, 1440.0, "none is expected"),
        "trending_minute": (3.0, 240.0, "thirteen accounts post at once or within eight hours"),
        "half_life_hours": (1.0, 14.0, "posts are spread over eight hours of a working day"),
        "retweet_share": (0.15, 0.75, "more is passed on than in the other campaign: little room for own words"),
        "cascade_depth": (2.0, 14.0, "retweet trees are flat, less so in a ranked feed"),
        "followers_lost": (1.0, 240.0, "some are bored by three posts of two accounts"),
        "replies": (0.0, 0.0, "no rule asks for any"),
        "boosts": (100.0, 1240.0, "at most four an hour for thirteen accounts"),
        "first_response": (0.0, 0.05, "hardly anybody is aggrieved, and the topic lies far"),
    },
}
