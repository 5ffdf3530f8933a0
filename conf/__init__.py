"""The configuration files of Backfire, composed by Hydra; the package is ``sim.conf``."""
