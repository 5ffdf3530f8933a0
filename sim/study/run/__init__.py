"""The study of one configuration: luck, size, what is not known, and the options beside the post."""
