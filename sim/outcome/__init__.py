"""What a run came to: cascades, measures, theory, verdict."""
