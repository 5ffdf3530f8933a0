"""Who speaks for the sender, what it observes and what it does."""
