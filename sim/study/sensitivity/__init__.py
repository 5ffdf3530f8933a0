"""What moves the odds."""
