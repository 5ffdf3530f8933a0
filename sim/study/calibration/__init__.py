"""Calibration on one stored reference table: observation model, two kinds of ABC, and what can be said of them."""
