"""Tests that the tests' PostgreSQL server serves, and that nothing of it is left behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine, text

from tests.support.missing import Missing
from tests.support.postgres import PostgresServer

ROOT = Path(__file__).resolve().parents[2]


def scalar(url: str, statement: str) -> object:
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            result = connection.execute(text(statement))
            return result.scalar() if result.returns_rows else None
    finally:
        engine.dispose()


def gone(condition: Callable[[], bool], seconds: float = 15) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if not condition():
            return True
        time.sleep(0.05)
    return False


def test_a_database_is_a_copy_of_its_template(own_server: PostgresServer) -> None:
    origin = own_server.create_database("origin")
    scalar(origin, "CREATE TABLE word AS SELECT 'ampera' AS said")
    copy = own_server.create_database("copy", template="origin")
    assert scalar(copy, "SELECT said FROM word") == "ampera"
    own_server.drop_database("copy")
    own_server.drop_database("copy")
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(copy.replace("+psycopg", "")).close()


def test_it_stores_every_letter_and_keeps_a_zone_of_its_own(own_server: PostgresServer) -> None:
    url = own_server.url()
    assert scalar(url, "SHOW server_encoding") == "UTF8"
    assert scalar(url, "SHOW timezone") == "Asia/Jakarta"
    assert scalar(url, "SHOW fsync") == "off"


def test_a_durable_server_writes_to_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    try:
        with PostgresServer(fsync=True) as server:
            assert scalar(server.url(), "SHOW fsync") == "on"
            assert scalar(server.url(), "SHOW synchronous_commit") == "on"
    except Missing as gap:
        pytest.skip(str(gap))


def test_a_given_server_is_left_as_it_was_found(
    own_server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", own_server.url().replace("+psycopg", ""))
    names = "SELECT string_agg(datname, ' ' ORDER BY datname) FROM pg_database"
    before = scalar(own_server.url(), names)
    with PostgresServer() as guest:
        guest.create_database("house")
        room = guest.create_database("room", template="house")
        assert str(scalar(room, "SELECT current_database()")).startswith("ampera_test_")
        assert guest.process is None
    assert scalar(own_server.url(), names) == before


def test_the_server_dies_with_the_run_that_started_it() -> None:
    script = (
        "import os, signal; from tests.support.postgres import PostgresServer;"
        "server = PostgresServer().start();"
        "print(server.process.pid, server.process.log.parent, flush=True);"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    run = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if "Missing" in run.stderr:
        pytest.skip(run.stderr.strip().splitlines()[-1])
    assert run.returncode == -signal.SIGKILL, run.stderr
    pid, folder = run.stdout.split()
    assert gone(Path("/proc", pid).exists)
    assert gone(Path(folder).exists)
