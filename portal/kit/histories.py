"""Histories: tables that may only grow; triggers refuse to change or delete a row of them."""

from sqlalchemy import Connection, inspect

HISTORIES: list[str] = []
"""Names of the tables that are histories; models add theirs when they are defined."""

_REFUSAL = "rows of a history are never changed"


def history(table: str) -> str:
    """Declare a table a history; returns its name, so that a model can say it in one line."""
    HISTORIES.append(table)
    return table


def protect(connection: Connection) -> None:
    """Create the triggers on every history that exists; called at the end of each migration run.

    A batch rebuild of a SQLite table drops its triggers, which is why this is done every time.
    """
    existing = set(inspect(connection).get_table_names())
    for table in sorted(existing.intersection(HISTORIES)):
        unprotect(connection, table)
        for statement in _STATEMENTS[connection.dialect.name]:
            connection.exec_driver_sql(statement.format(table=table, refusal=_REFUSAL))


def unprotect(connection: Connection, table: str) -> None:
    """Drop the triggers of one history, for emptying a demo."""
    for event in _EVENTS[connection.dialect.name]:
        where = f" ON {table}" if connection.dialect.name == "postgresql" else ""
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS keep_{table}_{event}{where}")


_EVENTS = {"sqlite": ("update", "delete"), "postgresql": ("row", "truncate")}
_STATEMENTS = {
    "sqlite": tuple(
        f"CREATE TRIGGER keep_{{table}}_{event} BEFORE {event.upper()} ON {{table}} "
        "BEGIN SELECT RAISE(ABORT, '{refusal}'); END"
        for event in _EVENTS["sqlite"]
    ),
    "postgresql": (
        "CREATE OR REPLACE FUNCTION keep_history() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '{refusal}'; END $$",
        "CREATE TRIGGER keep_{table}_row BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION keep_history()",
        "CREATE TRIGGER keep_{table}_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION keep_history()",
    ),
}
