"""Servers under measurement: each a child process, whose CPU time and memory are read."""

import os
import secrets
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from portal.kit import settings
from tests.bench.wire import Answer, Connection, get
from tests.support.processes import KeptProcess, free_port

SECRET_KEY = secrets.token_hex(32)
THREADS = "8"
ROOMY = {"ADDRESS_PER_HOUR": "100000", "BURST_RATINGS": "10000"}
"""Limits that a benchmark from one address does not reach; each is still asked for each rating."""

_PER_PROCESS_CPU_CLOCK = 2
_START_SECONDS = 60.0


class Server:
    """A serving process and the port it listens on; made by `portal` or `bare`."""

    def __init__(self, command: list[str], environment: Mapping[str, str], log: Path) -> None:
        """Start `command`, which serves on the port its environment names, and wait for it."""
        self.port = int(environment["PORT"])
        begun = time.monotonic()
        self.process = KeptProcess(command, log=log, environment=environment)
        self.process.wait_until(self._answers, seconds=_START_SECONDS, what="The server")
        self.seconds_to_start = time.monotonic() - begun

    def _answers(self) -> bool:
        try:
            return self.fetch("/").status == 200
        except OSError:
            return False

    def fetch(self, path: str, headers: Mapping[str, str] | None = None) -> Answer:
        """One page, over a connection of its own."""
        with Connection(self.port) as connection:
            return connection.exchange(get(path, headers))

    def cpu_seconds(self) -> float:
        """CPU time of all its threads since its start, user and system, to the nanosecond."""
        # The number under which Linux keeps the CPU clock of another process.
        return time.clock_gettime((~self.process.pid << 3) | _PER_PROCESS_CPU_CLOCK)

    def resident_bytes(self) -> int:
        """Memory it holds now."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        [line] = [line for line in status.splitlines() if line.startswith("VmRSS:")]
        return int(line.split()[1]) * 1024

    def __enter__(self) -> Self:
        """The server, which already answers."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End it."""
        self.stop()

    def stop(self) -> None:
        """End it; does nothing the second time."""
        self.process.stop()


def portal(database_url: str, instance: Path, **more: str) -> Server:
    """The portal as an operator starts it, on this database; `more` are settings."""
    given = {"INSTANCE": str(instance), "SECRET_KEY": SECRET_KEY, "LOG_LEVEL": "ERROR"}
    environment = _environment(database_url, {**given, **ROOMY, **more})
    command = [sys.executable, "-m", "flask", "--app", "portal", "serve"]
    return Server(command, environment, instance / "portal.log")


def bare(database_url: str, instance: Path) -> Server:
    """The application it is compared with, on the same server with the same settings."""
    command = [sys.executable, "-m", "tests.bench.bare"]
    return Server(command, _environment(database_url, {}), instance / "bare.log")


def _environment(database_url: str, more: Mapping[str, str]) -> dict[str, str]:
    """This process' environment without settings of a portal that is meant to be used."""
    own = {setting.name for setting in settings.SETTINGS} | {"INSTANCE"}
    kept = {name: value for name, value in os.environ.items() if name not in own}
    address = {"HOST": "127.0.0.1", "PORT": str(free_port()), "THREADS": THREADS}
    return {**kept, **address, "DATABASE_URL": database_url, **more}
