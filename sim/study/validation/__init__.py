"""The back-test: predictions frozen before the fresh cases are looked at, and how they are scored."""
