"""The web server: waitress in one process, which finishes running requests before it stops."""

import fcntl
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import text
from waitress.server import create_server

from portal.kit.extensions import db

PATIENCE_SECONDS = 10
_MOST_BODY = 2**20
_MOST_CONNECTIONS = 500
_ADVISORY_LOCK = 0x414D5045524120
_SECOND = (
    "Portal ini sudah berjalan dalam proses lain. Satu basis data dilayani satu proses, "
    "supaya batas kiriman dihitung di satu tempat."
)


class AlreadyServing(SystemExit):
    """Another process serves this database; two would count limits apart."""

    def __init__(self) -> None:
        super().__init__(_SECOND)


@contextmanager
def only_one(app: Flask) -> Iterator[None]:
    """Hold the right to serve this database, which limits kept in memory demand to be one's own.

    Raises `AlreadyServing` when another process holds it. Needs an application context.
    """
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect() as connection:
            query = text("SELECT pg_try_advisory_lock(:key)")
            if not connection.scalar(query, {"key": _ADVISORY_LOCK}):
                raise AlreadyServing
            connection.commit()
            yield
    else:
        with Path(f"{db.engine.url.database}.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as held:
                raise AlreadyServing from held
            yield


def serve(app: Flask, ready: Callable[[], None] = lambda: None) -> None:
    """Serve until SIGTERM or SIGINT; on SIGTERM requests that are running are finished first.

    `ready` is called once the port is held; `OSError` says that it cannot be.

    Flask's own, lower limit on bodies refuses with a page; waitress' is the last resort.
    """
    server: Any = create_server(
        app,
        listen=f"{app.config['HOST']}:{app.config['PORT']}",
        threads=app.config["THREADS"],
        ident=None,
        connection_limit=_MOST_CONNECTIONS,
        asyncore_use_poll=True,  # select() ends the process at the 1,024th open file
        max_request_body_size=_MOST_BODY,
        clear_untrusted_proxy_headers=not app.config["TRUSTED_PROXIES"],  # ProxyFix reads them
    )

    def drain() -> None:
        tasks, end = server.task_dispatcher, time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end and (
            tasks.queue
            or tasks.active_count
            or any(channel.total_outbufs_len for channel in list(server.active_channels.values()))
        ):
            time.sleep(0.05)
        signal.raise_signal(signal.SIGINT)

    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=drain, daemon=True).start())
    ready()
    server.run()
