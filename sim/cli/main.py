"""The command ``backfire``: which subcommand is meant, and how its end is told.

Nothing heavy is imported before a subcommand is known, so that ``--help`` answers at once. A user's mistake
is one clear sentence on standard error and exit code 2; Ctrl-C leaves with 130; a fault of ours is one
sentence that says how to report it (``BACKFIRE_DEBUG=1`` shows the traceback).
"""

from __future__ import annotations

import argparse
import errno
import gc
import os
import signal
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from types import FrameType

from sim.cli.streams import Terminated, mute, open_streams, put, tell

COMMANDS = {
    "cases": "the documented campaigns, a line each",
    "run": "one configuration: the odds of each verdict, and a report",
    "compare": "the same post under several policies (or other choices), on the same luck",
    "sweep": "many configurations: the odds at every point of a design, and where they tip",
    "boundary": "where a verdict tips: the line over one parameter or several, with its band",
    "sensitivity": "which inputs move the odds, and how much is luck",
    "discover": "under which conditions a verdict is likelier than elsewhere, in words",
    "ablation": "which mechanisms the documented ends and patterns need",
    "policies": "which answer to give: a library of them, ranked over what is not known",
    "window": "until when an answer still helps: its minute, swept",
    "intake": "your own post and audience: twelve questions, your last posts, a first estimate and a case",
    "nowcast": "what the first counts of a campaign tell of its end",
    "calibrate": "what documented campaigns teach about the coefficients: a table of draws, and a fit",
    "sequence": "campaigns one after another: what the last one left for the next",
    "validate": "predictions held against what is documented, by rules stated beforehand; misses by name",
    "serve": "the war room: a live page to explore on, and to train teams on",
    "report": "write the page and the figures of a study anew",
    "replay": "compute a study again and say whether its content is the same",
}
"""Subcommands and what they are for; each has a module of its name beside this one."""

_USAGE = "backfire COMMAND [name=value ...]"
_EPILOG = """\
start with:
  backfire cases
  backfire run case=my_nypd

backfire COMMAND --help tells what a command takes.
"""


def parser() -> argparse.ArgumentParser:
    """Return the parser of the words before a subcommand's own."""
    lines = "\n".join(f"  {name:<12}{line}" for name, line in COMMANDS.items())
    made = argparse.ArgumentParser(
        prog="backfire",
        usage=_USAGE,
        description="Will this post backfire? An agent-based simulator of campaign outcomes.\n\ncommands:\n" + lines,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
        add_help=False,
    )
    made.add_argument("-h", "--help", action="store_true", help="show this and leave")
    made.add_argument("--version", action="store_true", help="show the version and leave")
    return made


def say(sentence: str) -> None:
    """Print a sentence on standard error."""
    put(sentence, sys.stderr)


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out one command and return its exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    open_streams()
    try:
        _end_on_signals()
        return _dispatch(words)
    except KeyboardInterrupt:
        say("Stopped; nothing was written.")
        return 130
    except Terminated:
        say("Stopped; nothing was written.")
        return 143
    except BrokenPipeError:
        # whoever read our output has left; a second error while closing it would only be noise
        mute(sys.stdout)
        return 141
    except Exception as problem:  # noqa: BLE001 - the last place where it can be told in words
        return told(problem, words)


def _end_on_signals() -> None:
    """Let Ctrl-C and a polite request to end remove what is half-written (in the main thread only)."""

    def end(number: int, frame: FrameType | None) -> None:
        raise Terminated

    try:
        signal.signal(signal.SIGTERM, end)
        if signal.getsignal(signal.SIGINT) is signal.SIG_DFL:  # see sim.cli.entry
            signal.signal(signal.SIGINT, signal.default_int_handler)
    except ValueError:
        return  # called from another thread: its owner decides about signals


def _dispatch(words: list[str]) -> int:
    """Find the subcommand and hand it the rest of the words."""
    if not words or words[0] in ("-h", "--help", "help"):
        tell(parser().format_help().rstrip())
        return 0
    if words[0] == "--version":
        import sim

        tell(f"backfire {sim.__version__}")
        return 0
    name, rest = words[0], words[1:]
    if name not in COMMANDS:
        return _unknown(name)
    gc.set_threshold(100_000, 20, 20)  # hundreds of thousands of objects of libraries stay: seldom look among them
    module = import_module(f"sim.cli.{name}")
    if any(word in ("-h", "--help") for word in rest):
        tell(module.HELP.strip())
        return 0
    flags = [word for word in rest if word.startswith("-") and word not in getattr(module, "FLAGS", ())]
    if flags:
        say(f"{flags[0]} is not an option of backfire {name}; settings are words such as replicates=200 or seed=1.")
        return 2
    if name != "sweep" and any(word.lstrip("+~").startswith(("design=", "design.")) for word in rest):
        say(f"design says which points backfire sweep runs; backfire {name} takes none, so leave it out.")
        return 2
    if any(word.lstrip("+").startswith("experiment=") for word in rest):
        from sim.cli.experiments import expanded

        rest = expanded(name, rest)
    carry_out: Callable[[list[str]], int] = module.carry_out
    return carry_out(rest)


def _unknown(name: str) -> int:
    """Say which commands there are."""
    from difflib import get_close_matches

    near = get_close_matches(name, COMMANDS, n=1)
    hint = f" Did you mean {near[0]}?" if near else ""
    if "=" in name:
        hint = f" Did you mean: backfire run {name}?"
    say(f"{name!r} is not a command; there are: {', '.join(COMMANDS)}.{hint}")
    return 2


def _nowhere() -> bool:
    """Tell whether the working directory was removed."""
    try:
        os.getcwd()
    except FileNotFoundError:
        return True
    return False


def told(problem: Exception, words: Sequence[str]) -> int:
    """Tell how it ended in words for people, and return the exit code."""
    from sim.errors import BackfireError

    if os.environ.get("BACKFIRE_DEBUG"):
        import traceback

        traceback.print_exception(problem)
    if isinstance(problem, BackfireError) and problem.exit_code != 1:
        say("\n".join(str(problem).splitlines()[:6]))
        return problem.exit_code
    if isinstance(problem, MemoryError):
        say("Memory ran out; nothing was written. Try fewer workers (workers=1) or rows (people.n_followers=100000).")
        return 2
    if isinstance(problem, OSError) and problem.errno in (errno.ENOSPC, errno.EDQUOT):
        place = f" ({problem.filename})" if problem.filename else ""
        say(
            f"The disk is full{place}; nothing was written. Make room, or name other folders: results=DIR, and "
            "BACKFIRE_CACHE=DIR in the environment for compiled code."
        )
        return 2
    if isinstance(problem, FileNotFoundError) and _nowhere():
        say("The folder in which backfire was started does not exist any more; change to another one.")
        return 2
    said = str(problem) if isinstance(problem, BackfireError) else f"{type(problem).__name__}: {problem}"
    said = " ".join(said.split())
    say(
        f"Backfire met a fault of its own, and wrote nothing: {said if len(said) <= 300 else said[:297] + '...'}\n"
        f"Please report it with the command (backfire {' '.join(words)}) and what BACKFIRE_DEBUG=1 shows before it."
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
