"""Which points a study looks at."""
