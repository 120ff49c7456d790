"""What tests share: a fresh database on SQLite and PostgreSQL, clients, and the clock."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from flask import Flask
from flask_migrate import upgrade
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import NullPool, create_engine, event, text

from portal import create_app
from portal.demo import loader
from portal.directory import queries as directory
from portal.directory.queries import Counter
from portal.kit import clock as kit_clock
from portal.kit.extensions import db
from tests.support.browser import chromium
from tests.support.checker import HtmlChecker
from tests.support.missing import Missing, closing_lines, exit_status
from tests.support.pages import PageClient
from tests.support.postgres import PostgresServer

NOW = datetime(2026, 11, 24, 3, 42, tzinfo=UTC)
"""Where the clock stands when a test begins: a Tuesday, 10.42 in Palembang."""

# A busy machine is no fault of the code.
hypothesis.settings.register_profile("any machine", deadline=None)
hypothesis.settings.load_profile("any machine")

SETTINGS = {"LOG_LEVEL": "ERROR", "SECRET_KEY": "s" * 32, "DATA_KEYS": f"test:{'ab' * 32}"}


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Under CI a missing server or browser fails the run."""
    session.exitstatus = exit_status(exitstatus)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Name, in the last lines, what could not be had and the command that brings it."""
    for line in closing_lines():
        terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A real PostgreSQL server for the whole run."""
    try:
        server = PostgresServer().start()
    except Missing as gap:
        pytest.skip(str(gap))
    yield server
    server.stop()


@pytest.fixture(scope="session")
def checker() -> Iterator[HtmlChecker]:
    """The Nu Html Checker for the whole run."""
    try:
        server = HtmlChecker().start()
    except Missing as gap:
        pytest.skip(str(gap))
    yield server
    server.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A real Chromium for the whole run: Playwright runs once a process."""
    try:
        options = chromium().launch_options()
    except Missing as gap:
        pytest.skip(str(gap))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**options)
        yield browser
        browser.close()


def make_app(url: str, instance: Path, **settings: object) -> Flask:
    """An application on this database, with settings for tests."""
    app = create_app({**SETTINGS, "DATABASE_URL": url, **settings}, instance)
    app.testing = True
    return app


def _migrated(app: Flask) -> None:
    with app.app_context():
        upgrade()
        db.engine.dispose()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file to copy."""
    folder = tmp_path_factory.mktemp("template")
    _migrated(make_app(f"sqlite:///{folder / 'portal.db'}", folder))
    return folder / "portal.db"


@pytest.fixture(scope="session")
def postgres_template(postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a migrated, empty PostgreSQL database to copy."""
    url = postgres.create_database("ampera_template")
    _migrated(make_app(url, tmp_path_factory.mktemp("template")))
    return "ampera_template"


@pytest.fixture(params=["sqlite", "postgresql"])
def dialect(request: pytest.FixtureRequest) -> str:
    """Each test that touches a database runs on both."""
    return str(request.param)


@pytest.fixture(scope="module")
def postgres_database(
    request: pytest.FixtureRequest, postgres: PostgresServer, postgres_template: str
) -> Iterator[str]:
    """A PostgreSQL database of the module's own; each of its tests finds it empty."""
    name = f"ampera_{abs(hash(request.node.nodeid))}"
    yield postgres.create_database(name, template=postgres_template)
    postgres.drop_database(name)


@pytest.fixture
def database_url(request: pytest.FixtureRequest, dialect: str, tmp_path: Path) -> str:
    """The address of a migrated, empty database that belongs to this test alone."""
    if dialect == "sqlite":
        template = request.getfixturevalue("sqlite_template")
        shutil.copy(template, tmp_path / "portal.db")
        return f"sqlite:///{tmp_path / 'portal.db'}"
    url: str = request.getfixturevalue("postgres_database")
    _empty(url)
    return url


def _empty(url: str) -> None:
    """Empty every table, the histories too, whose triggers rest meanwhile."""
    engine = create_engine(url, poolclass=NullPool)
    tables = ", ".join(f'"{name}"' for name in db.metadata.tables)
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text(f"TRUNCATE {tables} RESTART IDENTITY"))


@pytest.fixture
def settings() -> dict[str, object]:
    """Settings of the application under test; a module may override this fixture."""
    return {}


@pytest.fixture
def app(
    request: pytest.FixtureRequest, database_url: str, tmp_path: Path, settings: dict[str, object]
) -> Iterator[Flask]:
    """The portal on a fresh database. No context is pushed: requests get their own."""
    app = make_app(database_url, tmp_path, **settings)
    app.test_client_class = PageClient
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def database(app: Flask) -> Iterator[Flask]:
    """The same with a context pushed, for tests of commands and queries."""
    with app.app_context():
        yield app


@pytest.fixture
def client(app: Flask, checker: HtmlChecker) -> PageClient:
    """A browser without a screen that inspects every page it opens."""
    client = app.test_client()
    assert isinstance(client, PageClient)
    client.checker = checker
    return client


@pytest.fixture
def city(app: Flask) -> dict[str, int]:
    """The seed directory, entered: 3 units, 6 services, 10 points; point ids by key."""
    with app.app_context():
        return loader.enter_places(loader.seed_city(), kit_clock.today())


@pytest.fixture
def counter(app: Flask, city: dict[str, int]) -> Counter:
    """One open counter of the seed."""
    with app.app_context():
        found = directory.counter(directory.open_point_codes(1)[0])
    assert found is not None
    return found


class MovableClock:
    """The only clock, under the test's hand; rate limits read it too."""

    def __init__(self) -> None:
        self.moment = NOW

    def __call__(self) -> datetime:
        return self.moment

    def time(self) -> float:
        """Seconds since the epoch, as the limits ask for them."""
        return self.moment.timestamp()

    def forward(self, **amount: float) -> None:
        """Move on by `timedelta(**amount)`."""
        self.moment += timedelta(**amount)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> MovableClock:
    """Stop the clock at `NOW` and move it by hand."""
    movable = MovableClock()
    monkeypatch.setattr(kit_clock, "now", movable)
    for module in ("limits.strategies", "flask_limiter._limits"):
        monkeypatch.setattr(f"{module}.time", movable, raising=False)
    return movable


@pytest.fixture
def count_queries(app: Flask) -> Callable[[], Any]:
    """A context manager that lists the SQL statements inside it, without BEGIN and COMMIT."""

    @contextmanager
    def counted() -> Iterator[list[str]]:
        statements: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
            if not statement.startswith(("BEGIN", "PRAGMA")):
                statements.append(statement)

        with app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", note)
        try:
            yield statements
        finally:
            event.remove(engine, "before_cursor_execute", note)

    return counted
