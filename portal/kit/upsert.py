"""Insert-or-nothing and insert-or-add, in the dialect of the database in use."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import Insert, Table
from sqlalchemy.dialects import postgresql, sqlite

from portal.kit.extensions import db


def insert_once(table: Table, values: Mapping[str, Any]) -> bool:
    """Insert a row unless a unique key of it exists already; whether a row was written."""
    result = db.session.connection().execute(
        _insert_or_nothing(table, db.engine.dialect.name), [dict(values)]
    )
    return bool(result.rowcount == 1)


def add_to(table: Table, key: Mapping[str, Any], amounts: Mapping[str, int]) -> None:
    """Add `amounts` to the counters of the row with primary key `key`, making the row if needed.

    The other counters of a new row start at their default in the database, 0.
    """
    statement = _insert_or_add(table, db.engine.dialect.name, tuple(amounts))
    db.session.connection().execute(statement, [{**key, **amounts}])


def add_many(table: Table, amounts_by_key: Mapping[tuple[object, ...], Mapping[str, int]]) -> None:
    """The same for many rows at once; keys are tuples in the order of the primary key."""
    names = [column.name for column in table.primary_key]
    counters = tuple(column.name for column in table.columns if not column.primary_key)
    zeroes = dict.fromkeys(counters, 0)
    rows = [
        {**dict(zip(names, key, strict=True)), **zeroes, **amounts}
        for key, amounts in amounts_by_key.items()
    ]
    db.session.execute(_insert_or_add(table, db.engine.dialect.name, counters), rows)


def _insert(table: Table, dialect: str) -> Any:
    return (postgresql.insert if dialect == "postgresql" else sqlite.insert)(table)


@cache
def _insert_or_nothing(table: Table, dialect: str) -> Insert:
    insert: Insert = _insert(table, dialect).on_conflict_do_nothing()
    return insert.execution_options(preserve_rowcount=True)  # or PostgreSQL's driver answers -1


@cache
def _insert_or_add(table: Table, dialect: str, counters: tuple[str, ...]) -> Insert:
    insert = _insert(table, dialect)
    sums = {name: table.c[name] + insert.excluded[name] for name in counters}
    return insert.on_conflict_do_update(index_elements=list(table.primary_key), set_=sums)
