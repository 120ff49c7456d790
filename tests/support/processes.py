"""Starts server processes that never outlive the test run, even when it is killed."""

import atexit
import contextlib
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

KEEPER = Path(__file__).with_name("keeper.py")


@dataclass(frozen=True)
class Owner:
    """The user and group, by number, that a process runs as."""

    uid: int
    gid: int


class KeptProcess:
    """A server that runs until `stop()`, the end of this process, or its death by any signal.

    The keeper in between holds a pipe from here: its closing is the one event that also a killed
    process causes. Only the process started here is ever signalled.
    """

    def __init__(
        self,
        command: Sequence[str | Path],
        *,
        log: Path,
        folder: Path | None = None,
        environment: Mapping[str, str] | None = None,
        owner: Owner | None = None,
        signal_at_end: str = "SIGTERM",
        patience: float = 10.0,
    ) -> None:
        """Start `command`; its output goes to `log`, and `folder` is removed after its end.

        `patience` is the number of seconds between `signal_at_end` and SIGKILL.
        """
        spec = {
            "command": [str(part) for part in command],
            "log": str(log),
            "folder": str(folder) if folder else None,
            "cwd": str(folder or Path.cwd()),
            "environment": dict(environment if environment is not None else os.environ),
            "uid": owner.uid if owner else None,
            "gid": owner.gid if owner else None,
            "signal": signal_at_end,
            "patience": patience,
        }
        self.log = log
        self._keeper = subprocess.Popen(
            [sys.executable, "-I", str(KEEPER), json.dumps(spec)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        atexit.register(self.stop)
        first_line = self._keeper.stdout.readline() if self._keeper.stdout else b""
        if not first_line.strip():
            self.stop()
            raise RuntimeError(f"The server could not be started: {command[0]}")
        self.pid = int(first_line)

    def alive(self) -> bool:
        """Tell whether the server itself still runs."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        return True

    def tail(self, size: int = 3000) -> str:
        """Return the end of the server's log, for a message about its failure."""
        with contextlib.suppress(OSError):
            return self.log.read_text(errors="replace")[-size:]
        return ""

    def wait_until(self, ready: Callable[[], bool], *, seconds: float, what: str) -> None:
        """Return once `ready()` is true; else stop, and raise RuntimeError with the log's end."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if ready():
                return
            if not self.alive():
                break
            time.sleep(0.02)
        fate = (
            f"did not answer within {seconds:.0f} s" if self.alive() else "ended while it started"
        )
        said = self.tail()
        self.stop()
        raise RuntimeError(f"{what} {fate}. Its log ends with:\n{said}")

    def stop(self) -> None:
        """End the server and wait for it; does nothing the second time."""
        atexit.unregister(self.stop)
        if self._keeper.stdin and not self._keeper.stdin.closed:
            with contextlib.suppress(BrokenPipeError):
                self._keeper.stdin.close()
            self._keeper.wait()
            if self._keeper.stdout:
                self._keeper.stdout.close()


def free_port() -> int:
    """Return a port of the loopback address that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
