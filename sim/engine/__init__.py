"""The event-driven compiled engine: it owns the arrays."""
