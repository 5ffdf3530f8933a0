"""When newsrooms notice, and when they report."""
