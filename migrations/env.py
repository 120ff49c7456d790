"""Runs migrations in one transaction, keeps SQLite's foreign keys honest, protects histories."""

from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from portal.kit.clock import UtcDateTime
from portal.kit.extensions import db
from portal.kit.histories import protect


def _render(kind: str, item: Any, _context: Any) -> str | bool:
    """Migrations name what the database stores, so that they stay true when our types change."""
    return "sa.DateTime()" if kind == "type" and isinstance(item, UtcDateTime) else False


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        render_item=_render,
        transactional_ddl=True,
        **current_app.extensions["migrate"].configure_args,
    )
    with context.begin_transaction():
        context.run_migrations()
        protect(connection)
        if connection.dialect.name == "sqlite":
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            if broken:
                raise RuntimeError(f"foreign keys broken by a migration: {broken[:5]}")


def _migrate() -> None:
    """SQLite's foreign keys rest meanwhile: a batch rebuild would delete child rows by cascade."""
    with db.engine.connect() as connection:
        if connection.dialect.name != "sqlite":
            _run(connection)
            return
        raw = connection.connection.driver_connection
        raw.execute("PRAGMA foreign_keys = OFF")
        try:
            _run(connection)
        finally:
            connection.rollback()
            raw.execute("PRAGMA foreign_keys = ON")


if context.is_offline_mode():
    raise RuntimeError("migrations run against a database only")
_migrate()
