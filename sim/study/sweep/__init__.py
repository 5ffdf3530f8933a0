"""The odds at every point of a design."""
