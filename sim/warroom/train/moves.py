"""What each move is, in plain words for people who play it, and what the model assumes that it does.

No documented case identifies how strongly a move works (``sim.config.agency.EffectsConfig``): each ``assumed`` line is
told as an assumption wherever it is shown. At minute 0 nothing is out yet: there the same moves are other things to do
(``BEFORE``), and silence is the call going out as it stands.
"""

from __future__ import annotations

TOLD: dict[str, dict[str, str]] = {
    "silent": {
        "label": "Say nothing",
        "what": "Put nothing out and go on listening.",
        "assumed": "The tag is left to others; nothing is added to what stirs people.",
    },
    "clarify": {
        "label": "Clarify",
        "what": "Say once, from every account, what the call was about.",
        "assumed": "The call opens fewer topics that it did not name; less so once the tag trends.",
    },
    "acknowledge": {
        "label": "Acknowledge",
        "what": "Say that the criticism is heard, or apologise, from every account.",
        "assumed": "Who sees it feels less drawn to write against you; less so once the tag trends.",
    },
    "engage": {
        "label": "Answer critics",
        "what": "From now on, answer critics one by one, as far as staff and reading allow.",
        "assumed": "Who is answered looks again and feels less drawn to write against you.",
    },
    "amplify": {
        "label": "Pass on supporters",
        "what": "From now on, pass on messages that you take for supporters'.",
        "assumed": "They are seen by more people; a misread one is a critic's.",
    },
    "change_ask": {
        "label": "Change the call",
        "what": "Post a narrower call from every account.",
        "assumed": "There is less room for people's own words, and fewer topics open up.",
    },
    "post_else": {
        "label": "Post something else",
        "what": "Post about something else, from every account.",
        "assumed": "Some attention moves to the new post; less once the tag trends.",
    },
    "withdraw": {
        "label": "Withdraw the call",
        "what": "Take the post back; if the tag trends, with a statement.",
        "assumed": "It ends an untrended call, and stirs people further once the tag trends.",
    },
    "defend": {
        "label": "Defend yourselves",
        "what": "Stand by the call in a statement from every account.",
        "assumed": "Friends like it; where critics are the majority it stirs them further.",
    },
}

BEFORE: dict[str, dict[str, str]] = {
    "silent": {
        "label": "Post it as it stands",
        "what": "Let the call go out as it is written, put nothing else out, and listen.",
        "assumed": "What the call leaves open stays open.",
    },
    "clarify": TOLD["clarify"]
    | {
        "label": "Post it, and clarify",
        "what": "Let it go out, and say once, from every account, what it is about.",
    },
    "acknowledge": TOLD["acknowledge"]
    | {
        "label": "Post it, and acknowledge",
        "what": "Let it go out, and say that criticism is heard, from every account.",
    },
    "engage": TOLD["engage"]
    | {
        "label": "Post it, and answer critics",
        "what": "Let it go out, and answer critics one by one from the start, as far as staff and reading allow.",
    },
    "amplify": TOLD["amplify"]
    | {
        "label": "Post it, and pass on supporters",
        "what": "Let it go out, and pass on messages that you take for supporters' from the start.",
    },
    "change_ask": {
        "label": "Post it narrower",
        "what": "Change the call before it goes out, and post the narrower one from every account.",
        "assumed": "There is less room for people's own words, and fewer topics open up.",
    },
    "post_else": {
        "label": "Post something else beside it",
        "what": "Let it go out, with a post about something else beside it, from every account.",
        "assumed": "Some attention moves to the other post.",
    },
    "withdraw": {
        "label": "Do not post",
        "what": "The call does not go out.",
        "assumed": "Nobody meets it; what people would have said to it stays unsaid.",
    },
    "defend": TOLD["defend"]
    | {
        "label": "Post it, and stand by it",
        "what": "Let it go out, and stand by it in a statement from every account.",
    },
}


def label_of(move: str, minute: int) -> str:
    """Return what a move is called that is made in a minute."""
    return (TOLD if minute else BEFORE)[move]["label"]
