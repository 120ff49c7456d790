"""Finds a real Chromium and the options under which it runs, as root and as anybody else."""

import contextlib
import functools
import io
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import brotli

from tests.support.missing import missing

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "node_modules" / "@sparticuz" / "chromium"
UNPACKED = ROOT / ".cache" / "chromium"
# A test talks to this machine only; without these, Chromium greets its maker at every start.
QUIET = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
BRING = "make test where npm is reached, apt-get install chromium, or CHROMIUM=/its/path make test"


@dataclass(frozen=True)
class Chromium:
    """A browser that starts here: its program, its arguments, what its environment needs."""

    path: Path
    args: tuple[str, ...] = QUIET
    environment: Mapping[str, str] = field(default_factory=dict)
    version: str = ""

    def launch_options(self) -> dict[str, Any]:
        """Return the keyword arguments for Playwright's `chromium.launch`."""
        return {
            "executable_path": str(self.path),
            "args": list(self.args),
            "env": {**os.environ, **self.environment},
        }


@functools.cache
def chromium() -> Chromium:
    """Return the browser: that of $CHROMIUM, else an installed one, else the one from npm.

    Raises `Missing` where none of them starts. A $CHROMIUM that does not start is not silently
    replaced.
    """
    given = os.environ.get("CHROMIUM")
    if given:
        found = _started(Chromium(Path(shutil.which(given) or given)))
        if found is None:
            raise missing("A browser", f"CHROMIUM={given} does not start.", BRING)
        return found
    for name in ("chromium", "google-chrome", "google-chrome-stable"):
        place = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/bin:/usr/local/bin")
        installed = _started(Chromium(Path(place))) if place else None
        if installed is not None:
            return installed
    return _from_npm()


def _from_npm() -> Chromium:
    if not (PACKAGE / "bin" / "chromium.br").exists():
        raise missing(
            "A browser", "no Chromium is installed, and npm's package is not there.", BRING
        )
    folder = _unpack(("chromium.br", "swiftshader.tar.br", "fonts.tar.br"))
    plain = Chromium(
        folder / "chromium", (*QUIET, "--headless=shell", "--no-zygote"), _fonts(folder)
    )
    found = _started(plain)
    if found is None:
        # A machine without a desktop lacks NSS and its like; the package carries them.
        libraries = _unpack(("al2023.tar.br",))
        borrowed = {**plain.environment, "LD_LIBRARY_PATH": str(libraries / "lib")}
        found = _started(Chromium(plain.path, plain.args, borrowed))
    if found is None:
        raise missing("A browser", "the Chromium that npm brought does not start here.", BRING)
    return found


def _fonts(folder: Path) -> dict[str, str]:
    """Return the setting that brings the package's fonts to a machine that has none of its own."""
    if any(Path("/usr/share/fonts").rglob("*.[to]t[fc]")):
        return {}
    return {"FONTCONFIG_PATH": str(folder / "fonts")}


def _started(candidate: Chromium) -> Chromium | None:
    """Return the candidate with its version when it runs at all, else None."""
    try:
        done = subprocess.run(
            [candidate.path, "--version"],
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
            env={**os.environ, **candidate.environment},
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    if done.returncode != 0:
        return None
    return Chromium(candidate.path, candidate.args, candidate.environment, done.stdout.strip())


def _unpack(archives: tuple[str, ...]) -> Path:
    """Unpack archives of npm's package once and return their folder.

    The package's own unpacking needs a newer Node than many machines have, and writes where
    others may look.
    """
    version = json.loads((PACKAGE / "package.json").read_text())["version"]
    target = UNPACKED / f"{archives[0].partition('.')[0]}-{version}"
    if target.exists():
        return target
    UNPACKED.mkdir(parents=True, exist_ok=True)
    half = Path(tempfile.mkdtemp(dir=UNPACKED))
    for name in archives:
        if name.endswith(".tar.br"):
            plain = io.BytesIO()
            _decompress(PACKAGE / "bin" / name, plain)
            plain.seek(0)
            with tarfile.open(fileobj=plain) as archive:
                # Python before 3.11.4 has no filters; npm has compared the package's hash.
                archive.extraction_filter = getattr(tarfile, "data_filter", None)
                archive.extractall(half)
        else:
            program = half / name.removesuffix(".br")
            with program.open("wb") as plain_file:
                _decompress(PACKAGE / "bin" / name, plain_file)
            program.chmod(0o755)
    # Whoever comes second finds the first one's folder and leaves it.
    with contextlib.suppress(OSError):
        half.rename(target)
    shutil.rmtree(half, ignore_errors=True)
    return target


def _decompress(packed: Path, plain: Any) -> None:
    reader = brotli.Decompressor()
    with packed.open("rb") as source:
        while chunk := source.read(1 << 20):
            plain.write(reader.process(chunk))


if __name__ == "__main__":
    print(chromium())
