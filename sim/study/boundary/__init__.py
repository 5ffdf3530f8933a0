"""Where a verdict tips."""
