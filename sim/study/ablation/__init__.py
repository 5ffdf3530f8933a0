"""Which mechanisms what is documented needs."""
