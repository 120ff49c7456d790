"""`@command`: one transaction, joined from within, undone by failure, tried again when worth it."""

import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError, OperationalError

from portal.directory.models import Area
from portal.kit.extensions import db
from portal.kit.transaction import TRIES, command


def stored(app: Flask) -> list[str]:
    """Codes of the areas that another thread sees, on a connection of its own."""

    def read() -> list[str]:
        with app.app_context(), db.engine.connect() as connection:
            return sorted(connection.scalars(select(Area.code)))

    with ThreadPoolExecutor(1) as elsewhere:
        return elsewhere.submit(read).result()


def add(code: str) -> None:
    db.session.add(Area(code=code, name=code, usual_name=code))
    db.session.flush()


def in_context(app: Flask, function: Callable[..., object]) -> Callable[..., object]:
    """The function, to be called by another thread."""

    def run(*args: object) -> object:
        with app.app_context():
            return function(*args)

    return run


def test_a_command_is_committed_when_it_returns(database: Flask) -> None:
    @command
    def enter(code: str) -> str:
        add(code)
        assert stored(database) == [], "not before"
        return code

    assert enter("A") == "A"
    assert stored(database) == ["A"]


def test_a_command_inside_a_command_joins_it(database: Flask) -> None:
    @command
    def inner() -> None:
        add("inner")

    @command
    def outer() -> None:
        add("outer")
        inner()
        assert stored(database) == [], "only the outermost commits"

    outer()
    assert stored(database) == ["inner", "outer"]


@pytest.mark.parametrize("failure", [RuntimeError("no"), KeyboardInterrupt()])
def test_a_command_that_fails_leaves_nothing_behind(
    database: Flask, failure: BaseException
) -> None:
    @command
    def inner() -> None:
        add("inner")

    @command
    def outer() -> None:
        add("outer")
        inner()
        raise failure

    with pytest.raises(type(failure)):
        outer()
    assert stored(database) == []
    inner()
    assert stored(database) == ["inner"], "and the next one is an outermost command again"


def test_what_the_database_refuses_is_raised_at_once(database: Flask) -> None:
    tries = []

    @command
    def twice_the_same() -> None:
        tries.append(1)
        add("A")
        add("A")

    with pytest.raises(IntegrityError):
        twice_the_same()
    assert len(tries) == 1
    assert stored(database) == []


def test_a_command_ends_the_requests_read_transaction(database: Flask) -> None:
    """Otherwise SQLite refuses the upgrade of a reader, and a row read before is stale."""
    assert db.session.scalars(select(Area.code)).all() == []
    with ThreadPoolExecutor(1) as elsewhere:
        elsewhere.submit(in_context(database, command(lambda: add("A")))).result()

    @command
    def see_and_enter() -> list[str]:
        seen = list(db.session.scalars(select(Area.code)))
        add("B")
        return seen

    assert see_and_enter() == ["A"]


class TestOnPostgres:
    """What only PostgreSQL asks for."""

    @pytest.fixture(params=["postgresql"])
    def dialect(self, request: pytest.FixtureRequest) -> str:
        return str(request.param)

    @pytest.mark.parametrize("code", ["40001", "40P01"])
    def test_a_conflict_of_transactions_is_tried_three_times(
        self, database: Flask, code: str
    ) -> None:
        tries = []

        @command
        def never_free() -> None:
            tries.append(1)
            add("A")
            db.session.execute(
                text(f"DO $$ BEGIN RAISE EXCEPTION 'conflict' USING ERRCODE = '{code}'; END $$")
            )

        with pytest.raises(OperationalError):
            never_free()
        assert len(tries) == TRIES == 3
        assert stored(database) == []

    def test_a_conflict_that_passes_leaves_one_row(self, database: Flask) -> None:
        tries = []

        @command
        def free_at_last() -> str:
            tries.append(1)
            add("A")
            if len(tries) < TRIES:
                db.session.execute(
                    text("DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '40001'; END $$")
                )
            return "done"

        assert free_at_last() == "done"
        assert stored(database) == ["A"]

    def test_of_two_commands_in_a_deadlock_both_succeed(self, database: Flask) -> None:
        command(lambda: (add("A"), add("B")))()
        both_hold_one = threading.Barrier(2, timeout=20)
        tries: list[str] = []

        @command
        def rename(first: str, second: str) -> None:
            tries.append(first)
            for code in (first, second):
                area = db.session.scalars(select(Area).filter_by(code=code)).one()
                area.name += first
                db.session.flush()
                if code == first and tries.count(first) == 1:
                    both_hold_one.wait()

        with ThreadPoolExecutor(2) as pool:
            work = in_context(database, rename)
            for done in [pool.submit(work, "A", "B"), pool.submit(work, "B", "A")]:
                done.result(timeout=60)
        assert len(tries) == 3, "the database broke the ring once, and that command ran again"
        db.session.rollback()
        db.session.expire_all()
        names = {area.code: area.name for area in db.session.scalars(select(Area))}
        assert {code: sorted(name) for code, name in names.items()} == {
            "A": ["A", "A", "B"],
            "B": ["A", "B", "B"],
        }

    def test_commands_read_what_was_committed(self, database: Flask) -> None:
        level = command(lambda: db.session.scalar(text("SHOW transaction_isolation")))
        assert level() == "read committed"


class TestOnSQLite:
    """What only SQLite asks for."""

    @pytest.fixture(params=["sqlite"])
    def dialect(self, request: pytest.FixtureRequest) -> str:
        return str(request.param)

    def test_every_connection_has_its_pragmas(self, database: Flask) -> None:
        pragmas = {
            name: db.session.scalar(text(f"PRAGMA {name}"))
            for name in ("journal_mode", "synchronous", "foreign_keys", "recursive_triggers")
        }
        assert pragmas == {
            "journal_mode": "wal",
            "synchronous": 2,
            "foreign_keys": 1,
            "recursive_triggers": 1,
        }

    def test_a_command_is_a_writer_from_its_first_word(
        self, database: Flask, tmp_path: Path
    ) -> None:
        """Another process cannot come in between its reading and its writing."""

        @command
        def read_then_write() -> None:
            db.session.scalar(select(Area.id))
            other = sqlite3.connect(tmp_path / "portal.db", timeout=0)
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                other.execute("BEGIN IMMEDIATE")
            other.close()
            add("A")

        read_then_write()
        assert stored(database) == ["A"]

    def test_a_read_outside_a_command_holds_nobody_up(
        self, database: Flask, tmp_path: Path
    ) -> None:
        db.session.scalar(select(Area.id))
        other = sqlite3.connect(tmp_path / "portal.db", timeout=0)
        other.execute("BEGIN IMMEDIATE")
        other.rollback()
        other.close()

    def test_a_command_waits_for_a_writer_in_another_process(
        self, database: Flask, tmp_path: Path
    ) -> None:
        other = sqlite3.connect(tmp_path / "portal.db", check_same_thread=False)
        other.execute("BEGIN IMMEDIATE")
        soon = threading.Timer(0.3, other.rollback)
        soon.start()
        command(lambda: add("A"))()
        soon.join()
        other.close()
        assert stored(database) == ["A"]

    def test_a_file_that_stays_locked_is_tried_three_times(
        self, database: Flask, tmp_path: Path
    ) -> None:
        other = sqlite3.connect(tmp_path / "portal.db")
        other.execute("BEGIN IMMEDIATE")
        db.session.execute(text("PRAGMA busy_timeout = 10"))
        db.session.rollback()
        tries = []

        @command
        def write() -> None:
            tries.append(1)
            add("A")

        with pytest.raises(OperationalError, match="locked"):
            write()
        other.rollback()
        other.close()
        assert len(tries) == TRIES

    def test_two_threads_that_read_and_then_write_both_succeed(self, database: Flask) -> None:
        command(lambda: add("A"))()
        start = threading.Barrier(2, timeout=20)

        @command
        def lengthen() -> None:
            area = db.session.scalars(select(Area)).one()
            area.name += "!"

        def run() -> None:
            start.wait()
            for _ in range(20):
                lengthen()
                db.session.expire_all()

        with ThreadPoolExecutor(2) as pool:
            for done in [pool.submit(in_context(database, run)) for _ in range(2)]:
                done.result(timeout=60)
        db.session.rollback()
        db.session.expire_all()
        assert db.session.scalars(select(Area.name)).one() == "A" + "!" * 40
