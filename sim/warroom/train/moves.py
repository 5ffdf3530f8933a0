"""What each move is, in plain words for people who play it, and what the model assumes that it does.

No documented case identifies how strongly a move works (``sim.config.agency.EffectsConfig``): each ``assumed`` line is
told as an assumption wherever it is shown.
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
