"""A browser reduced to its bytes: ready-made requests over one kept connection, answers weighed."""

import socket
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Self

PATIENCE_SECONDS = 30.0
BROWSER = {
    "User-Agent": "Mozilla/5.0 (Linux; Android 14; SM-A146P) AppleWebKit/537.36 "
    "(KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36",
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Encoding": "gzip, deflate, br, zstd",
    "Accept-Language": "id-ID,id;q=0.9,en;q=0.8",
}
FORM_TYPE = "application/x-www-form-urlencoded"


class Unfinished(ConnectionError):
    """The connection ended before the whole answer was there."""


@dataclass(frozen=True)
class Answer:
    """A whole answer. `size` is its weight on the wire: status line, headers and body."""

    status: int
    headers: dict[str, str]
    cookies: tuple[str, ...]
    body: bytes
    size: int


def get(path: str, headers: Mapping[str, str] | None = None) -> bytes:
    """A GET as a browser on a phone sends it; `headers` replace or add to its own."""
    return _head("GET", path, headers or {}) + b"\r\n"


def post(path: str, body: bytes, headers: Mapping[str, str] | None = None) -> bytes:
    """A form sent by the same browser."""
    of_body = {"Content-Type": FORM_TYPE, "Content-Length": str(len(body))}
    return _head("POST", path, {**of_body, **(headers or {})}) + b"\r\n" + body


def _head(method: str, path: str, headers: Mapping[str, str]) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1"]
    lines += [f"{name}: {value}" for name, value in {**BROWSER, **headers}.items()]
    return ("\r\n".join(lines) + "\r\n").encode()


class Connection:
    """One connection that is kept from request to request; used as a context manager."""

    def __init__(self, port: int) -> None:
        """Connect to the loopback address; raises `OSError` when nobody listens."""
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._rest = b""

    def __enter__(self) -> Self:
        """The connection itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """Hang up."""
        self._socket.close()

    def exchange(self, request: bytes) -> Answer:
        """Send a request and return the whole answer; raises `OSError` when it does not come."""
        self._socket.sendall(request)
        head = self._head()
        status_line, *fields = head[:-4].decode("latin-1").split("\r\n")
        pairs = [(name.lower(), value) for name, _, value in (f.partition(": ") for f in fields)]
        headers = dict(pairs)
        body = self._exactly(int(headers["content-length"]))
        return Answer(
            status=int(status_line.split(" ", 2)[1]),
            headers=headers,
            cookies=tuple(value for name, value in pairs if name == "set-cookie"),
            body=body,
            size=len(head) + len(body),
        )

    def _head(self) -> bytes:
        while (end := self._rest.find(b"\r\n\r\n")) < 0:
            self._rest += self._more()
        head, self._rest = self._rest[: end + 4], self._rest[end + 4 :]
        return head

    def _exactly(self, size: int) -> bytes:
        while len(self._rest) < size:
            self._rest += self._more()
        body, self._rest = self._rest[:size], self._rest[size:]
        return body

    def _more(self) -> bytes:
        data = self._socket.recv(65536)
        if not data:
            raise Unfinished("the server hung up in the middle of an answer")
        return data
