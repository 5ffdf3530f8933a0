"""Many runs: planning, running, storing, comparing."""
