"""Which answer to give, and until when."""
