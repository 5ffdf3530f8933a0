"""The policies that have a name: the files of ``conf/policy``."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

from sim.config.agency import PolicyConfig
from sim.config.root import validated
from sim.errors import unknown_name


@lru_cache(maxsize=64)
def named_policy(name: str) -> PolicyConfig:
    """Return a policy by the name of its file.

    Raises
    ------
    ConfigError
        There is none of that name (it lists those that exist), or a rule in it is broken.
    """
    import yaml

    home = files("sim.conf") / "policy"
    known = {file.name.removesuffix(".yaml"): file for file in home.iterdir() if file.name.endswith(".yaml")}
    if name not in known:
        raise unknown_name("policy", name, known)
    policy: PolicyConfig = validated(yaml.safe_load(known[name].read_text(encoding="utf-8")), PolicyConfig)
    return policy
