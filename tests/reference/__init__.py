"""The plain reference: docs/model.md followed row by row, in loops and dicts, for reading and comparing.

It shares with the engine the compiled scalar rules and the draws, and nothing else. Read it in the order of the
text: draws (0), accounts (3), messages (5), state, feed (5), trend (6.1), newsrooms (6.2), agency (6.3), wakings
(6.4), run (6.5, and the minute as a whole), recorder (6.6), rounds (6.7).
"""
