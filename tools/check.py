"""Runs every check that needs no running portal, all of them even when one fails, and sums up."""

import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PROGRAMS = Path(sys.executable).parent
LOCKS = (
    "requirements.txt",
    "requirements-test.txt",
    "tools/uv.txt",
    "tools/node.txt",
    "tools/java.txt",
    "package-lock.json",
)
# A line break after a heading is taste; an element whose name is chosen by an expression looks like
# an orphan, and the checker of HTML sees the finished page; a button that sends needs no type.
TEMPLATE_RULES_LEFT_OUT = ("H015", "H025", "H043")
PINNED = re.compile(r"^[A-Za-z0-9][^=\s]*==")


def main() -> int:
    """Run the checks and print one line on each; return 1 when one of them failed."""
    checks: dict[str, Callable[[], bool]] = {
        "style": lambda: _passes("ruff", "check", "--quiet", "."),
        "shape": lambda: _passes("ruff", "format", "--check", "--quiet", "."),
        "types": lambda: _passes("mypy", "--no-error-summary"),
        "import contracts": lambda: _passes("lint-imports", "--cache-dir", ".cache/import_linter"),
        "templates": _templates,
        "lock files": _locks,
    }
    failed = []
    for name, check in checks.items():
        begun = time.monotonic()
        good = check()
        print(
            f"{'ok    ' if good else 'FAILED'} {name} ({time.monotonic() - begun:.1f} s)",
            flush=True,
        )
        if not good:
            failed.append(name)
    print(f"Checks that failed: {', '.join(failed)}." if failed else "All checks passed.")
    return 1 if failed else 0


def _passes(program: str, *arguments: str) -> bool:
    """Run a program of the environment; show what it says only when it fails."""
    command = [str(PROGRAMS / program), *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        print(done.stdout + done.stderr, flush=True)
    return done.returncode == 0


def _templates() -> bool:
    folder = ROOT / "templates"
    if not any(folder.rglob("*.html")):
        return True
    ignored = f"--ignore={','.join(TEMPLATE_RULES_LEFT_OUT)}"
    return _passes("djlint", "--profile=jinja", "--lint", "--quiet", ignored, "templates")


def _locks() -> bool:
    """Tell whether the lock files name no host and pin every package by hash."""
    good = True
    for name in LOCKS:
        text = (ROOT / name).read_text()
        if "://" in text or "http" in text or '"resolved"' in text:
            print(f"{name} names an address; `make lock` writes it without.")
            good = False
        if name.endswith(".txt") and not _hashed(text):
            print(f"{name} has a package without a hash; `make lock` writes it anew.")
            good = False
    return good


def _hashed(text: str) -> bool:
    lines = text.splitlines()
    return all(
        line.endswith("\\") and following.strip().startswith("--hash=sha256:")
        for line, following in zip(lines, [*lines[1:], ""], strict=True)
        if PINNED.match(line)
    )


if __name__ == "__main__":
    sys.exit(main())
