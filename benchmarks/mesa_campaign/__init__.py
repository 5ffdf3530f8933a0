"""A hashtag campaign on a directed, scale-free follow network, as a Mesa user would write it: one object a person.

The model is that of ``docs/model.md``, written from the text alone, in plain Python and with Mesa's own generator: it
shares no code and no draw with Backfire's engine, which is what makes it a yardstick for speed and for results.
``model.py`` holds the model (every follower is stepped every minute) and a variant that steps only those for whom
something is due; ``crowd.py`` is the only file that knows Backfire.
"""
