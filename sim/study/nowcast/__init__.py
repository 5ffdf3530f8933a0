"""What the first hours tell of the end."""
