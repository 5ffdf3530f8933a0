"""The war room: a live page on which to explore a campaign, train on it, and see what would have happened."""
