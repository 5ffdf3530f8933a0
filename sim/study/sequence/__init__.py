"""Campaigns of one sender, one after another: what one leaves for the next."""
