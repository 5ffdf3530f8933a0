"""How one person reacts to what the feed shows: the rule, once."""
