"""`@command`: one call, one transaction, tried again when the database asks for it."""

import threading
from collections.abc import Callable
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import DBAPIError

from portal.kit.extensions import db

P = ParamSpec("P")
R = TypeVar("R")

TRIES = 3
_SERIALISATION_FAILURE, _DEADLOCK = "40001", "40P01"

_writing: ContextVar[bool] = ContextVar("writing", default=False)
_one_writer = threading.RLock()


def command(function: Callable[P, R]) -> Callable[P, R]:
    """Run `function` in a transaction of its own, committed once at the end.

    What was read before takes no part in it: on SQLite the read's transaction ends first, since a
    reader cannot become a writer; on PostgreSQL, where each statement sees what is committed by
    then, it goes on as the command's and saves two round trips. A command called inside a command
    joins it; only the outermost commits. Whatever it raises leaves nothing behind. A serialisation
    failure, a deadlock or a locked SQLite file is met by running it again, at most `TRIES` times in
    all, so the function must do nothing but decide and write rows.
    """

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if _writing.get():
            return function(*args, **kwargs)
        if db.engine.dialect.name == "sqlite":
            db.session.rollback()
            with _one_writer:  # threads queue here fairly instead of polling the file's lock
                return _tried(function, *args, **kwargs)
        db.session.expunge_all()
        return _tried(function, *args, **kwargs)

    return run


def _tried(function: Callable[..., R], *args: Any, **kwargs: Any) -> R:
    for left in reversed(range(TRIES)):
        token = _writing.set(True)
        try:
            result = function(*args, **kwargs)
            db.session.commit()
            return result
        except DBAPIError as error:
            db.session.rollback()
            if not left or not _worth_another_try(error):
                raise
        except BaseException:
            db.session.rollback()
            raise
        finally:
            _writing.reset(token)
    raise AssertionError("the last try returns or raises")


def _worth_another_try(error: DBAPIError) -> bool:
    if getattr(error.orig, "sqlstate", None) in (_SERIALISATION_FAILURE, _DEADLOCK):
        return True
    return "database is locked" in str(error.orig)


def read_one_state() -> None:
    """Begin a read in which every statement sees the same state of the database.

    SQLite reads so anyway; PostgreSQL otherwise shows each statement what was committed before it.
    """
    db.session.rollback()
    if db.engine.dialect.name == "postgresql":
        db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def prepare_engine(engine: Engine) -> None:
    """Give SQLite its pragmas and let it begin writing transactions as writers.

    A deferred transaction that reads and then writes fails at once when another writer came in
    between, whatever the busy timeout; hence BEGIN IMMEDIATE, for commands only.
    """
    if engine.dialect.name != "sqlite":
        return
    event.listen(engine, "connect", _configure_sqlite)
    event.listen(engine, "begin", _begin_sqlite)


def _configure_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "busy_timeout = 10000",
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "recursive_triggers = ON",
        "secure_delete = ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if _writing.get() else "BEGIN")
