"""What a campaign leaves behind (``docs/model.md`` 9): drift of feelings, copycats, and where the next one starts."""
