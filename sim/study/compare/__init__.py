"""Several choices on the same luck."""
