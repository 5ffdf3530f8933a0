"""The documented cases."""
