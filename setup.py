"""Which packages travel: all below ``sim``, and the folders ``conf`` and ``experiments`` as parts of it.

Everything else about the package stands in ``pyproject.toml``; a list of packages there would have to be
kept by hand.
"""

from setuptools import find_packages, setup

setup(packages=[*find_packages(include=["sim", "sim.*"]), "sim.conf", "sim.experiments"])
