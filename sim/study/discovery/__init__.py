"""Under which conditions a verdict is likelier than elsewhere."""
