"""What a user adds in a file of their own: found there, checked, and compiled where it must be fast."""
