"""Migrations lead to what the models say, and back, with rows in the tables."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from itertools import count, pairwise
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import Table, func, insert, inspect, select, text, update

from portal.kit.clock import UtcDateTime
from portal.kit.extensions import db
from portal.kit.histories import HISTORIES
from tests.conftest import make_app
from tests.support.postgres import PostgresServer

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = ScriptDirectory(str(ROOT / "migrations"))
REVISIONS = [script.revision for script in reversed(list(SCRIPTS.walk_revisions()))]

_names = count()


@pytest.fixture
def empty(request: pytest.FixtureRequest, dialect: str, tmp_path: Path) -> Iterator[Flask]:
    """A portal on a database without any table."""
    if dialect == "sqlite":
        yield from _pushed(make_app(f"sqlite:///{tmp_path / 'portal.db'}", tmp_path))
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    name = f"ampera_migrations_{next(_names)}"
    yield from _pushed(make_app(server.create_database(name), tmp_path))
    server.drop_database(name)


def _pushed(app: Flask) -> Iterator[Flask]:
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def schema() -> dict[str, Any]:
    """Everything the database knows of its tables, in an order of our own."""
    with db.engine.connect() as connection:
        seen = inspect(connection)
        facts: dict[str, Any] = {"triggers": triggers(connection)}
        for table in sorted(seen.get_table_names()):
            columns = [{**one, "type": str(one["type"])} for one in seen.get_columns(table)]
            facts[table] = {
                "columns": sorted(map(told, columns)),
                "key": str(seen.get_pk_constraint(table)),
                "foreign": sorted(map(told, seen.get_foreign_keys(table))),
                "unique": sorted(map(told, seen.get_unique_constraints(table))),
                "checks": sorted(map(told, seen.get_check_constraints(table))),
                "indexes": sorted(map(told, seen.get_indexes(table))),
            }
        return facts


def told(thing: Any) -> str:
    """The same words for the same thing, also where its `repr` is an address in memory."""
    if isinstance(thing, dict):
        return str({name: told(value) for name, value in thing.items()})
    return str([told(one) for one in thing]) if isinstance(thing, list) else str(thing)


def triggers(connection: Any) -> list[str]:
    query = {
        "sqlite": "SELECT sql FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    }[connection.dialect.name]
    return sorted(connection.scalars(text(query)))


def fill() -> dict[str, int]:
    """Put a row into every table of the models; returns how many rows each then has."""
    with db.engine.begin() as connection:
        for table in db.metadata.sorted_tables:
            if connection.scalar(select(func.count()).select_from(table)) == 0:
                connection.execute(insert(table), [_row(table)])
    return numbers()


def _row(table: Table) -> dict[str, Any]:
    """Plain values that satisfy every constraint: ones, names of columns, one day."""
    made: dict[type, Callable[[Any], Any]] = {
        int: lambda _: 1,
        str: lambda column: column.name[: column.type.length or 99],
        date: lambda _: date(2026, 11, 24),
        datetime: lambda _: datetime(2026, 11, 24, tzinfo=UTC),
        bool: lambda _: True,
        float: lambda _: 0.5,
    }
    return {
        column.name: made[_kind(column)](column) for column in table.columns if not column.nullable
    }


def _kind(column: Any) -> type:
    return datetime if isinstance(column.type, UtcDateTime) else column.type.python_type


def numbers() -> dict[str, int]:
    """Rows of each table that stands, but the one of Alembic."""
    with db.engine.connect() as connection:
        tables = set(inspect(connection).get_table_names()) - {"alembic_version"}
        return {
            table: connection.scalar(text(f'SELECT count(*) FROM "{table}"')) or 0  # noqa: S608
            for table in tables
        }


def broken_ties() -> list[Any]:
    if db.engine.dialect.name != "sqlite":
        return []
    with db.engine.connect() as connection:
        return list(connection.execute(text("PRAGMA foreign_key_check")))


def test_there_is_one_head_and_one_line_to_it() -> None:
    assert len(SCRIPTS.get_heads()) == 1
    assert [f"{n:04}" for n, _ in enumerate(REVISIONS, start=1)] == REVISIONS
    for script in SCRIPTS.walk_revisions():
        assert Path(script.path).name.startswith(f"{script.revision}_")


def test_the_newest_migration_is_what_the_models_say(empty: Flask) -> None:
    upgrade()
    with db.engine.connect() as connection:
        options = {"compare_type": True, "compare_server_default": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, db.metadata) == []


def test_each_step_can_be_taken_back_and_again_with_rows_in_the_tables(empty: Flask) -> None:
    upgrade()
    head, full = schema(), fill()
    assert set(full) == set(db.metadata.tables)
    assert set(full.values()) == {1}
    for revision, below in pairwise(reversed(["base", *REVISIONS])):
        db.engine.dispose()
        downgrade(revision=below)
        kept = numbers()
        assert {table: full[table] for table in kept} == kept, f"{revision} lost rows going down"
        upgrade()
        assert schema() == head, f"{revision} does not lead back to where it was"
        again = numbers()
        assert {table: again[table] for table in kept} == kept, f"{revision} lost rows going up"
        assert broken_ties() == []
        full = fill()


def test_nothing_is_left_below_the_first_migration(empty: Flask) -> None:
    upgrade()
    fill()
    downgrade(revision="base")
    assert numbers() == {}


def test_migrating_twice_changes_nothing(empty: Flask) -> None:
    upgrade()
    before, full = schema(), fill()
    upgrade()
    assert schema() == before
    assert numbers() == full


def test_a_lost_guard_of_a_history_comes_back_with_the_next_run(empty: Flask) -> None:
    upgrade()
    before = schema()["triggers"]
    with db.engine.begin() as connection:
        for table in HISTORIES:
            for name in ("update", "delete") if db.engine.name == "sqlite" else ("row", "truncate"):
                where = f" ON {table}" if db.engine.name == "postgresql" else ""
                connection.execute(text(f"DROP TRIGGER IF EXISTS keep_{table}_{name}{where}"))
        assert triggers(connection) == []
    upgrade()
    assert schema()["triggers"] == before
    assert len(before) == 2 * len(set(HISTORIES))


class TestOnSQLite:
    """Foreign keys rest while a table is rebuilt, and are checked afterwards."""

    @pytest.fixture(params=["sqlite"])
    def dialect(self, request: pytest.FixtureRequest) -> str:
        return str(request.param)

    def test_foreign_keys_are_on_again_after_a_migration(self, empty: Flask) -> None:
        upgrade()
        with db.engine.connect() as connection:
            assert connection.scalar(text("PRAGMA foreign_keys")) == 1

    def test_a_migration_that_leaves_orphans_is_refused(
        self, empty: Flask, caplog: pytest.LogCaptureFixture
    ) -> None:
        upgrade()
        fill()
        with db.engine.connect() as connection:
            raw = connection.connection.driver_connection
            assert raw is not None
            raw.execute("PRAGMA foreign_keys = OFF")
            raw.execute("UPDATE service SET unit_id = 99")
            raw.execute("PRAGMA foreign_keys = ON")
        with pytest.raises(SystemExit):
            upgrade()
        assert "foreign keys broken by a migration: [('service', 1, 'unit', 0)]" in caplog.text


def test_rows_of_a_history_are_never_changed(empty: Flask) -> None:
    upgrade()
    fill()
    for name in set(HISTORIES):
        table = db.metadata.tables[name]
        column = next(c for c in table.columns if not c.primary_key and not c.foreign_keys)
        for statement in (
            update(table).values({column: column}),
            table.delete(),
            *([text(f"TRUNCATE {name} CASCADE")] if db.engine.name == "postgresql" else []),
        ):
            with (
                pytest.raises(Exception, match="rows of a history are never changed"),
                db.engine.begin() as connection,
            ):
                connection.execute(statement)
    assert set(numbers().values()) == {1}
