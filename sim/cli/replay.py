"""``backfire replay``: compute a study again from its manifest, and say whether its content is the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

HELP = """
usage: backfire replay results/STUDY [workers=N]

Computes a finished study again from its manifest and compares content hashes. Nothing is written.
Exit code 0 if the content is the same, 1 if anything differs (it says what).
"""


def carry_out(words: Sequence[str]) -> int:
    """Compute a study again, and return 0 if its content is the same, 1 if not."""
    from sim.cli.folders import one_folder
    from sim.cli.main import say
    from sim.cli.streams import tell
    from sim.study.store import manifest_of

    workers = [word for word in words if word.startswith("workers=")]
    folder = one_folder("replay", [word for word in words if word not in workers])
    manifest = manifest_of(folder)
    found = _again(folder, manifest, _workers(workers))
    different = differences(manifest["content"], found)
    for sentence in _versions(manifest):
        say(sentence)
    if different:
        tell(f"{folder}: differs in {', '.join(different)}.")
        return 1
    tell(f"{folder}: the same content, {', '.join(sorted(found))}.")
    return 0


def differences(then: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """Return the names of contents that differ, or that only one of both has."""
    return sorted(name for name in {*then, *now} if then.get(name) != now.get(name))


def _workers(words: Sequence[str]) -> int:
    """Return the number of workers that a replay may use."""
    from sim.errors import ConfigError
    from sim.study.runner import checked_workers

    if not words:
        return checked_workers(None)
    text = words[-1].partition("=")[2]
    try:
        number = int(text)
    except ValueError:
        raise ConfigError(f"workers must be a whole number; got {text!r}.") from None
    return checked_workers(number)


def _again(folder: Path, manifest: Mapping[str, Any], workers: int) -> dict[str, str]:
    """Return the content hashes of a study computed again."""
    from sim.cli.keys import files_of
    from sim.cli.progress import Told
    from sim.config.root import validated
    from sim.errors import ReplayError
    from sim.study.folder import whole

    with Told() as progress:
        if manifest["kind"] == "compare":
            from sim.study.compare import compared
            from sim.study.provenance import content_hash

            with whole(folder):
                configurations = {name: validated(raw) for name, raw in manifest["configurations"].items()}
                replicates = manifest["keys"]["replicates"]
            return {"runs": content_hash(
                compared(configurations, replicates=replicates, workers=workers, progress=progress).runs)}  # fmt: skip
        from sim.engine.world import build_world
        from sim.study.campaign import study_campaign
        from sim.study.plan import Plan
        from sim.study.store import LogDigest, content_of

        with whole(folder):
            configuration = validated(manifest["configuration"])
            changed = differences(manifest["keys"]["files"], files_of(configuration))
            intended = Plan(**manifest["plan"])
        if changed:
            raise ReplayError(f"{changed[0]} names a file whose content has changed since; it cannot be replayed.")
        log = LogDigest() if intended.record == "log" else None
        progress.stage("people and graph")
        study = study_campaign(
            configuration, build_world(configuration), intended, workers=workers, progress=progress,
            log=None if log is None else log.take,
        )  # fmt: skip
        return content_of(study) | ({} if log is None else {"log": log.close()})


def _versions(manifest: Mapping[str, Any]) -> list[str]:
    """Return a sentence for every version that is another one now."""
    from sim.study.provenance import code_fingerprint, versions

    now = versions()
    told = [
        f"Note: {name} was {then}, and is {now.get(name, 'not there')} now."
        for name, then in manifest["versions"].items()
        if now.get(name) != then
    ]
    if manifest["identity"].get("code") != code_fingerprint():
        told.append("Note: the code of Backfire has changed since.")
    return told
