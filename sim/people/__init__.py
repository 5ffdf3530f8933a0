"""Who is in the audience, and when they look at their phones."""
