"""A killed portal keeps its word: what was thanked for is there once, the rest can be resent."""

import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import select

from portal.demo import loader
from portal.directory import queries as directory
from portal.kit.extensions import db
from portal.ratings import proof
from portal.ratings.models import Rating
from tests.bench import served
from tests.bench.served import Server
from tests.conftest import make_app
from tests.kill.crowd import Crowd
from tests.support.missing import Missing
from tests.support.postgres import PostgresServer

KILLS = 5
LEAST_RATINGS = 40
MOST_SECONDS = 0.5

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def durable_postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server that waits for the disk, as in real use."""
    try:
        server = PostgresServer(fsync=True).start()
    except Missing as gap:
        pytest.skip(str(gap))
    yield server
    server.stop()


@pytest.fixture
def address(request: pytest.FixtureRequest, dialect: str, tmp_path: Path) -> Iterator[str]:
    """A new database that waits for the disk."""
    if dialect == "sqlite":
        yield f"sqlite:///{tmp_path / 'portal.db'}"
        return
    server: PostgresServer = request.getfixturevalue("durable_postgres")
    yield server.create_database("killed")
    server.drop_database("killed")


@pytest.fixture
def books(address: str, tmp_path: Path) -> Iterator[Flask]:
    """The application with which a test reads the same database; the seed directory is entered."""
    app = make_app(address, tmp_path)
    with app.app_context():
        upgrade()
        loader.enter_seed()
        db.session.remove()
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def crowd(books: Flask) -> Crowd:
    """People at all the seed's counters."""
    codes = directory.open_point_codes(100)
    db.session.remove()
    return Crowd(codes)


@pytest.fixture
def start(address: str, tmp_path: Path) -> Iterator[Callable[[], Server]]:
    """Starts the real serving process on the database; what still runs at the end is stopped."""
    started: list[Server] = []

    def run() -> Server:
        started.append(served.portal(address, tmp_path))
        return started[-1]

    yield run
    for server in started:
        server.stop()


def stored() -> dict[str, str]:
    """Receipts by nonce of all ratings, which are proven to be what the tallies say."""
    assert proof.differences() == []
    rows = db.session.execute(select(Rating.nonce, Rating.receipt)).all()
    db.session.rollback()
    found = {row.nonce: row.receipt for row in rows}
    assert len(found) == len(rows)
    return found


def kill(server: Server) -> None:
    """End the serving process without a word, as a power cut does."""
    os.kill(server.process.pid, signal.SIGKILL)
    server.stop()


def test_every_rating_thanked_for_survives_five_kills_and_unfinished_ones_count_once(
    start: Callable[[], Server], crowd: Crowd
) -> None:
    chance, sent_again = random.Random(2026), 0
    server = start()
    for _ in range(KILLS):
        with crowd.rating(server.port):
            crowd.wait_for(LEAST_RATINGS)
            time.sleep(chance.uniform(0, MOST_SECONDS))
            kill(server)
        assert crowd.thanked.items() <= stored().items()
        server = start()
        sent_again += crowd.send_again(server.port)
        assert stored() == crowd.thanked
    assert sent_again, "no kill met a rating on its way"


@pytest.mark.parametrize("dialect", ["postgresql"])
def test_a_crash_of_the_database_loses_no_rating_that_was_thanked_for(
    start: Callable[[], Server],
    crowd: Crowd,
    durable_postgres: PostgresServer,
    address: str,
) -> None:
    if durable_postgres.process is None:
        pytest.skip("the server of DATABASE_URL is not ours to crash")
    server = start()
    with crowd.rating(server.port):
        crowd.wait_for(LEAST_RATINGS)
        crash(durable_postgres, address)
        crowd.wait_for(LEAST_RATINGS)
    assert crowd.send_again(server.port)
    db.engine.dispose()
    assert stored() == crowd.thanked


def crash(server: PostgresServer, address: str) -> None:
    """Kill one session of the portal's: PostgreSQL ends all others at once and recovers its log."""
    plain = server.url().replace("+psycopg", "")
    with psycopg.connect(plain, autocommit=True) as connection:
        name = address.rpartition("/")[2].partition("?")[0]
        query = "SELECT pid FROM pg_stat_activity WHERE datname = %s AND state IS NOT NULL LIMIT 1"
        row = connection.execute(query, (name,)).fetchone()
        assert row is not None
        os.kill(row[0], signal.SIGKILL)
