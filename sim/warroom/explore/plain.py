"""What a setting is called on the page, in plain words, and which ones stand open there.

The parameter table has the exact title, the unit, the legal range and the source of each; these words stand before
them. A setting without an entry is folded away under its own title.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Plain:
    """How one setting is told.

    Attributes
    ----------
    label : str
    short : str
        Its name within a sentence; empty where no sentence speaks of it.
    low, high : str
        What either end of it means.
    ends : (float, float) or None
        What the slider reaches from and to, where the legal range is wider than anybody needs.
    folded : bool
        Whether it is folded away.
    """

    label: str
    short: str = ""
    low: str = ""
    high: str = ""
    ends: tuple[float, float] | None = None
    folded: bool = False


GROUPS = {
    "post": "The post",
    "people": "The people",
    "sender": "The sender",
    "world": "How people and platform behave",
}
"""Groups of settings, in the order of the page; the last one is folded away as a whole."""

SETTINGS: dict[str, Plain] = {
    "post.ask": Plain("What is asked of people"),
    "post.openness": Plain("How wide the question is open", "openness", "one narrow topic", "anything can be answered"),
    "post.salience": Plain(
        "How near it lies to what people hold against you", "closeness to the grievance", "far away", "the very topic"
    ),
    "post.appeal": Plain("How much your friends like it", "appeal", "not at all", "very much"),
    "post.room": Plain(
        "How far people are asked for their own words", "room for own words", "nothing to add", "their own words"
    ),
    "post.arousal": Plain("How strongly it stirs feelings", "arousal", "dry", "stirring"),
    "post.media": Plain("Warmth of its picture or film", "warmth", "none", "a puppy"),
    "post.hour": Plain("Hour of the post", "hour", "midnight", "late evening", (0.0, 23.5)),
    "post.paid_reach": Plain("Share of the audience reached by paid promotion", "paid reach", "none", "everybody"),
    "post.paid_hours": Plain("Hours over which paid reach is delivered", ends=(0.5, 48.0), folded=True),
    "post.repeats": Plain("How often each account posts", "", "once", "40 times", (1.0, 40.0), folded=True),
    "post.spread_hours": Plain("Hours over which accounts spread their posts", ends=(0.0, 72.0), folded=True),
    "people.n_followers": Plain("Size of the audience", "", "2,000 people", "a million", (2_000.0, 1_000_000.0)),
    "people.grievance_mean": Plain("Grievance against you", "grievance", "nobody has any", "everybody is full of it"),
    "people.support_mean": Plain("Goodwill towards you", "goodwill", "nobody has any", "everybody is full of it"),
    "people.community_share": Plain("Share of the community that the topic touches most", "", "nobody", "everybody"),
    "people.community_grievance_shift": Plain(
        "How much more grievance that community has",
        "extra grievance of that community",
        "as much as others",
        "far more",
        (0.0, 3.0),
    ),
    "people.follow_share": Plain("Share of the audience that follows you", "share of followers", "nobody", "everybody"),
    "people.activist_share": Plain("Share of committed critics", "share of critics", "none", "1 in 50", (0.0, 0.02)),
    "people.ally_share": Plain("Share of committed supporters", "", "none", "1 in 50", (0.0, 0.02), folded=True),
    "people.journalist_share": Plain("Share of journalists", "", "none", "1 in 200", (0.0, 0.005), folded=True),
    "people.sessions_median": Plain("Looks at the platform a day, of the middle person", ends=(0.2, 10.0), folded=True),
    "people.sessions_sigma": Plain("How far apart people are in this", ends=(0.0, 2.5), folded=True),
    "agency.voices": Plain("Which accounts post"),
    "agency.local_accounts": Plain("How many local accounts you have", "", "one", "200", (1.0, 200.0)),
    "agency.monitoring_delay_minutes": Plain(
        "How late you see what happens", "", "at once", "3 hours late", (0.0, 180.0)
    ),
    "agency.replies_an_hour": Plain(
        "Answers that each account can write an hour", "answers an hour", "none", "100", (0.0, 100.0)
    ),
    "agency.skill": Plain("Skill of the staff", "skill", "none", "excellent"),
    "agency.listening_months": Plain(
        "Months of listening before the post", "months of listening", "none", "two years", (0.0, 24.0)
    ),
    "agency.notify_minutes": Plain("Minutes until an answered person looks", ends=(0.0, 120.0), folded=True),
    "horizon_hours": Plain("Hours that a run lasts", ends=(12.0, 168.0), folded=True),
    "seed": Plain("Number of the draw of people, graph and luck", ends=(1.0, 50.0), folded=True),
}

CHOICES = {
    "statement": "a statement: nothing is asked",
    "photo_call": "photos: show us your picture",
    "open_question": "an open question",
    "q_and_a": "questions: ask me anything",
    "central": "one central account",
    "local": "many local accounts",
    "both": "both",
    "chronological": "newest first",
    "engagement": "what stirs comes first",
}
"""Words that may stand for a setting, in plain words."""

DOES = {
    "do_not_post": "Do not post",
    "listen_first": "Listen first, then post",
    "silent": "Post, and stay silent",
    "acknowledge": "Post; own the complaint",
    "acknowledge_20min": "Post; own the complaint after 20 minutes",
    "acknowledge_3h": "Post; own the complaint after 3 hours",
    "acknowledge_when_loud": "Post; own the complaint once it is loud",
    "acknowledge_and_change_ask": "Post; own the complaint and narrow the ask",
    "acknowledge_then_change_ask": "Post; own the complaint, then narrow the ask",
    "clarify": "Post; say what was meant",
    "clarify_20min": "Post; say what was meant after 20 minutes",
    "clarify_then_withdraw": "Post; say what was meant, then take it back",
    "engage": "Post; answer critics one by one",
    "engage_then_acknowledge": "Post; answer critics, then own the complaint",
    "amplify": "Post; pass supporters' messages on",
    "change_ask": "Post; narrow the ask",
    "change_ask_20min": "Post; narrow the ask after 20 minutes",
    "post_else": "Post; then post something else",
    "post_else_1h": "Post; post something else after an hour",
    "withdraw": "Post; take it back",
    "withdraw_20min": "Post; take it back after 20 minutes",
    "defend": "Post; stand by it",
}
"""What the sender may do, in the order of the page; a policy without an entry bears its own name."""

NO_POLICY = {
    "do_not_post": "Nothing can turn, and nothing is won.",
    "listen_first": "Six months of listening, then the same post; how much that takes off grievance is assumed.",
}
"""What those are that need no policy's file to say it."""
