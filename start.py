"""Set Backfire up and run it, from nothing but Python 3.11 or newer with pip and venv.

    python3 start.py run case=my_nypd     any command of `backfire`; the first time sets everything up
    python3 start.py test                 the quick tests; what follows is passed on to pytest
    python3 start.py setup                sets up and stops there

The environment is made in `.venv` beside this file, or in the folder that BACKFIRE_VENV names. Packages
come from the locks in `requirements`, checked by their hashes; nothing is compiled and nothing unlocked is
fetched. A set-up that was interrupted is started afresh, a finished one is used as it stands until a lock
changes. All of this speaks on standard error; the exit code is that of the command.

This file is written for any Python, so that an old one can be told so in a sentence.
"""

from __future__ import print_function

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile

try:
    import fcntl
except ImportError:  # not on Windows
    fcntl = None

HERE = os.path.dirname(os.path.abspath(__file__))
OLDEST = (3, 11)
KNOWN = ("python3.13", "python3.12", "python3.11")
DESCRIBES_PACKAGE = ("pyproject.toml", "setup.py")
# the one package that is published as source only; it is plain Python and needs no compiler
SOURCE_ONLY = "antlr4-python3-runtime"

# settings of pip that would install elsewhere, or other things than the locks say
REDIRECTS = ("PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_CONSTRAINT", "PIP_REQUIRE_HASHES", "PIP_ONLY_BINARY",
             "PIP_NO_BINARY")  # fmt: skip

# what pip says -> what went wrong, in a sentence; the first that is found counts
REASONS = (
    (
        ("No space left on device",),
        "The disk is full: Backfire's environment takes about 1.2 GB in {venv}; free some room, or name another "
        "folder in BACKFIRE_VENV, and run the command again.",
    ),
    (
        ("THESE PACKAGES DO NOT MATCH THE HASHES",),
        "A downloaded package is not the one that requirements/{lock}.txt locks (its hash differs), so nothing of it "
        "was installed; try again without a proxy or mirror in between.",
    ),
    (
        ("Failed to establish a new connection", "NewConnectionError", "ConnectTimeout", "Read timed out",
         "Connection refused", "Connection reset", "Temporary failure in name resolution", "Max retries exceeded",
         "ProxyError", "SSLError", "Connection broken", "ConnectionError"),
        "The package index could not be reached: connect this machine to the network (or point pip at a mirror or "
        "proxy) and run the command again.",
    ),
    (
        ("No matching distribution found", "Could not find a version that satisfies"),
        "The package index offers no ready-made build of a locked package for {python} on this machine: use Python "
        "3.11, 3.12 or 3.13 on Linux (x86-64) or macOS.",
    ),
)  # fmt: skip


class SetupError(Exception):
    """Something that the person in front of the screen can change; one sentence."""


def say(sentence):
    """Print ``sentence`` on standard error at once."""
    sys.stderr.write(sentence + "\n")
    sys.stderr.flush()


def newer_python():
    """Return the path of a Python on this machine that is new enough, or None."""
    check = "import sys, venv, ensurepip; sys.exit(sys.version_info < {0!r})".format(OLDEST)
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        for name in KNOWN:
            path = os.path.join(folder, name)
            if os.access(path, os.X_OK):
                with open(os.devnull, "w") as nowhere:
                    if subprocess.call([path, "-c", check], stdout=nowhere, stderr=nowhere) == 0:
                        return path
    return None


def require_new_python():
    """Go on in a newer Python if this one is too old; say so if there is none."""
    if sys.version_info >= OLDEST:
        return
    other = newer_python()
    if other is None:
        raise SetupError(
            "Backfire needs Python 3.11 or newer, and this is Python {0}.{1}.{2} ({3}): install a newer Python and run "
            "start.py with it.".format(sys.version_info[0], sys.version_info[1], sys.version_info[2], sys.executable)
        )
    os.execv(other, [other, os.path.abspath(__file__)] + sys.argv[1:])


class Environment(object):
    """A virtual environment that holds the locked packages and Backfire itself.

    Two files beside the environment's own tell its state: a stamp inside it for each lock that is installed
    in full, and a lock file next to it for as long as a set-up is under way. The second one left behind means
    that a set-up was interrupted, and that nothing in the folder can be relied on.
    """

    def __init__(self, folder):
        self.folder = folder
        self.python = os.path.join(folder, "Scripts" if os.name == "nt" else "bin", "python")
        self.unfinished = folder + ".unfinished"

    def stamp_path(self, lock):
        """Return where the stamp of ``lock`` ("run" or "dev") lies."""
        return os.path.join(self.folder, "backfire-{0}.stamp".format(lock))

    def stamp(self, lock):
        """Return what the stamp must hold: a hash of the locks, the package's description, Python and the folder."""
        digest = hashlib.sha256()
        names = [os.path.join("requirements", name + ".txt") for name in ("build", lock)]
        for name in names + list(DESCRIBES_PACKAGE):
            with open(os.path.join(HERE, name), "rb") as stream:
                digest.update(stream.read())
        digest.update(repr((sys.version_info[:3], HERE)).encode("utf-8"))
        return digest.hexdigest()

    def holds(self, lock):
        """Tell whether ``lock`` is installed as it stands today; the dev lock contains the run lock."""
        for name in {"run": ("run", "dev"), "dev": ("dev",)}[lock]:
            try:
                with open(self.stamp_path(name)) as stream:
                    if stream.read() == self.stamp(name) and os.path.exists(self.python):
                        return True
            except (IOError, OSError):
                pass
        return False

    def is_ours(self):
        """Tell whether this script made the folder (or it is empty), so that it may be made anew."""
        if not os.path.isdir(self.folder) or not os.listdir(self.folder):
            return True
        return any(os.path.exists(self.stamp_path(lock)) for lock in ("run", "dev"))

    def set_up(self, lock):
        """Install ``lock`` and Backfire, afresh if what stands there is unfinished or of another Python or place."""
        with _OneAtATime(self.unfinished) as turn:
            if self.holds(lock):
                return
            interrupted = turn.was_interrupted()
            if not interrupted and not self.is_ours():
                raise SetupError(
                    "{0} exists and was not made by start.py: move it away, or name another folder in "
                    "BACKFIRE_VENV.".format(self.folder)
                )
            _require_venv()
            say("Setting Backfire up in {0} (once; about 250 MB of packages, a few minutes).".format(self.folder))
            turn.begin()
            if interrupted or not self._is_current():
                shutil.rmtree(self.folder, ignore_errors=True)
                self._create()
            for name in ("run", "dev"):
                if os.path.exists(self.stamp_path(name)):
                    os.remove(self.stamp_path(name))
            self._install(lock)
            with open(self.stamp_path(lock), "w") as stream:
                stream.write(self.stamp(lock))
        say("Set up.")

    def compile_engine(self):
        """Carry out a very small study, so that the compiled code is kept before the first real one."""
        say("Compiling the engine (once; about half a minute).")
        scratch = tempfile.mkdtemp()
        try:
            backfire = os.path.join(os.path.dirname(self.python), "backfire")
            small = ["run", "case=my_nypd", "people.n_followers=3000", "replicates=2", "results=" + scratch]
            code, said = _quietly([self.python, backfire] + small)
            if code != 0:
                say("That did not work, and the first run will compile it instead: " + said.strip()[-300:])
        finally:
            shutil.rmtree(scratch, ignore_errors=True)

    def _is_current(self):
        """Tell whether the environment runs, and with this very version of Python."""
        check = "import sys, pip; sys.exit(sys.version_info[:3] != {0!r})".format(tuple(sys.version_info[:3]))
        try:
            with open(os.devnull, "w") as nowhere:
                return subprocess.call([self.python, "-I", "-c", check], stdout=nowhere, stderr=nowhere) == 0
        except OSError:
            return False

    def _create(self):
        """Make the empty environment."""
        code, said = _quietly([sys.executable, "-I", "-m", "venv", self.folder])
        if code != 0:
            last = said.strip().splitlines()[-1:] or ["no reason given"]
            raise SetupError("The environment {0} could not be made: {1}".format(self.folder, last[0]))

    def _install(self, lock):
        """Install the locked packages, then the project itself without looking for anything else."""
        pip = [self.python, "-I", "-m", "pip", "--disable-pip-version-check", "--no-input", "install", "--quiet"]
        builds = ["--only-binary", ":all:", "--no-binary", SOURCE_ONLY, "--no-build-isolation"]
        locked = pip + ["--require-hashes"] + builds
        for name in ("build", lock):
            self._run_pip(lock, locked + ["--requirement", os.path.join(HERE, "requirements", name + ".txt")])
        self._run_pip(lock, pip + ["--no-deps", "--no-build-isolation", "--editable", HERE])

    def _run_pip(self, lock, command):
        """Run one pip command in silence; turn a failure into a sentence, with pip's own words before it."""
        code, said = _quietly(command)
        if code == 0:
            return
        say(said.rstrip())
        for signs, reason in REASONS:
            if any(sign in said for sign in signs):
                python = "Python {0}.{1}".format(*sys.version_info[:2])
                raise SetupError(reason.format(venv=self.folder, lock=lock, python=python))
        raise SetupError("pip failed (its words are above); the next run of start.py begins the set-up afresh.")


class _OneAtATime(object):
    """Hold a file locked while setting up; left behind with words in it, a set-up was interrupted."""

    def __init__(self, path):
        self.path = path
        self.stream = None
        self.begun = False

    def __enter__(self):
        folder = os.path.dirname(self.path)
        try:
            if not os.path.isdir(folder):
                os.makedirs(folder)
            self.stream = open(self.path, "a+")
        except (IOError, OSError) as error:
            raise SetupError("The environment cannot be made in {0}: {1}.".format(folder, error.strerror))
        if fcntl is not None:
            try:
                fcntl.flock(self.stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except (IOError, OSError):
                say("Another start.py is setting up; waiting for it.")
                fcntl.flock(self.stream, fcntl.LOCK_EX)
        return self

    def was_interrupted(self):
        """Tell whether an earlier set-up began and did not end."""
        return os.path.exists(self.path) and os.path.getsize(self.path) > 0

    def begin(self):
        """Say, for whoever comes after an interruption, that from here on the environment is not whole."""
        with open(self.path, "w") as stream:
            stream.write("a set-up is under way, or was interrupted\n")
        self.begun = True

    def __exit__(self, kind, error, trace):
        whole = kind is None if self.begun else not self.was_interrupted()
        if whole and os.path.exists(self.path):
            os.remove(self.path)
        self.stream.close()


def _require_venv():
    """Raise if this Python cannot make environments (Debian and Ubuntu package that apart)."""
    try:
        __import__("venv")
        __import__("ensurepip")
    except ImportError as error:
        version = "{0}.{1}".format(*sys.version_info[:2])
        raise SetupError(
            "This Python lacks the module {0}, which makes environments: on Debian or Ubuntu run `sudo apt install "
            "python{1}-venv`, elsewhere install Python from python.org.".format(error.name, version)
        )


def _quietly(command):
    """Run ``command``, return its exit code and all that it said; pip installs where it is told to."""
    environment = {key: value for key, value in os.environ.items() if key not in REDIRECTS}
    environment["PIP_USER"] = "0"
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment)
    try:
        said, _ = process.communicate()
    except KeyboardInterrupt:
        process.wait()
        raise
    return process.returncode, said.decode("utf-8", "replace")


def pytest_command(environment, arguments):
    """Return the command for the tests: with no arguments all quick tiers, spread over up to four processors."""
    if not arguments:
        usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        arguments = ["-n", str(min(4, usable))] if usable > 1 else []
    return [environment.python, "-m", "pytest"] + arguments


def become(command):
    """Turn into ``command``, so that its exit code and the signals it gets are its own."""
    sys.stdout.flush()
    if os.name == "nt":
        sys.exit(subprocess.call(command))
    os.execv(command[0], command)


def main(arguments):
    """Set up what is missing, then run."""
    if not arguments or arguments[0] in ("-h", "--help"):
        print(__doc__.strip())
        return 0
    require_new_python()
    folder = os.environ.get("BACKFIRE_VENV") or os.path.join(HERE, ".venv")
    environment = Environment(os.path.abspath(os.path.expanduser(folder)))
    lock = "dev" if arguments[0] == "test" else "run"
    if not environment.holds(lock):
        environment.set_up(lock)
        if lock == "run":
            environment.compile_engine()
    if arguments[0] == "test":
        os.chdir(HERE)
        become(pytest_command(environment, arguments[1:]))
    elif arguments[0] != "setup":
        backfire = os.path.join(os.path.dirname(environment.python), "backfire")
        become([environment.python, backfire] + arguments)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except SetupError as problem:
        say(str(problem))
        sys.exit(1)
    except KeyboardInterrupt:
        say("Interrupted; run the same command again to go on.")
        sys.exit(130)
