"""Training sessions: a deck, teams under a clock, and what each of them sees of its own campaign."""
