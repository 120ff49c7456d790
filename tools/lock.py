"""Works out which version of each package is installed, and writes the lock files."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LISTS = ("requirements", "requirements-test", "tools/uv", "tools/node", "tools/java")


def main(arguments: Sequence[str]) -> int:
    """Write every lock file; `--upgrade` forgets the versions that stand there now."""
    upgrade = ["--upgrade"] if "--upgrade" in arguments else []
    for name in LISTS:
        _compile(name, upgrade)
    _lock_npm()
    return 0


def _compile(name: str, upgrade: list[str]) -> None:
    uv = ROOT / ".venv" / "bin" / "uv"
    options = [
        "--universal",
        "--python-version",
        "3.11",
        "--generate-hashes",
        "--no-header",
        "--quiet",
    ]
    command = [str(uv), "pip", "compile", *options, *upgrade, f"{name}.in", "-o", f"{name}.txt"]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def _lock_npm() -> None:
    """Lock what package.json names, without the addresses that npm would note."""
    options = [
        "--package-lock-only",
        "--omit-lockfile-registry-resolved",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
    ]
    npm = ROOT / ".venv" / "bin" / "npm"
    program = str(npm) if npm.exists() else "npm"
    subprocess.run([program, "install", *options, "--loglevel=error"], cwd=ROOT, check=True)
    path = ROOT / "package-lock.json"
    lock = json.loads(path.read_text())
    for package in lock["packages"].values():
        for address in ("resolved", "funding"):
            package.pop(address, None)
    path.write_text(json.dumps(lock, indent=2) + "\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
