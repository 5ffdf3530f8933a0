"""The debrief: what else could have come of each decision, on other luck and on the same."""
