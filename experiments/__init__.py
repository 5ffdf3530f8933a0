"""Thin entry points, one a study; the package is ``sim.experiments``."""
