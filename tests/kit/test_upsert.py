"""Insert-or-nothing and insert-or-add lose nothing, whoever else writes at the same time."""

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.directory.models import Area
from portal.kit import upsert
from portal.kit.extensions import db
from portal.kit.transaction import command
from portal.ratings.models import ServiceMonthTally
from portal.ratings.rules import COUNTERS

TALLY = ServiceMonthTally.__table__
AREA = Area.__table__
MONTH = date(2026, 11, 1)

add_to = command(upsert.add_to)
add_many = command(upsert.add_many)
insert_once = command(upsert.insert_once)


@pytest.fixture
def key(city: dict[str, int], database: Flask) -> dict[str, object]:
    """The key of a tally row that may exist."""
    area = db.session.scalar(select(func.min(Area.id)))
    return {"service_id": 1, "area_id": area, "month": MONTH}


def counters() -> list[dict[str, int]]:
    """The rows of the tally without the counters that are nought."""
    db.session.rollback()
    rows = db.session.execute(select(*(TALLY.c[name] for name in COUNTERS)))
    return [{name: n for name, n in row._mapping.items() if n} for row in rows]


def test_a_row_is_made_by_the_first_addition_and_grows_with_the_next(
    key: dict[str, object],
) -> None:
    add_to(TALLY, key, {"s5": 1, "positive": 1})
    assert counters() == [{"s5": 1, "positive": 1}]
    add_to(TALLY, key, {"s5": 2, "s1": 1, "positive": -1})
    assert counters() == [{"s1": 1, "s5": 3}]


def test_many_rows_grow_at_once(key: dict[str, object]) -> None:
    here, next_month = tuple(key.values()), (*list(key.values())[:2], date(2026, 12, 1))
    add_to(TALLY, key, {"s5": 1})
    add_many(TALLY, {here: {"s5": 2}, next_month: {"s1": 4, "withdrawn": 1}})
    assert sorted(counters(), key=str) == [{"s1": 4, "withdrawn": 1}, {"s5": 3}]


def test_a_row_whose_key_is_there_already_is_not_written_again(database: Flask) -> None:
    row = {"code": "A", "name": "Pertama", "usual_name": "Pertama"}
    assert insert_once(AREA, row) is True
    assert insert_once(AREA, row | {"name": "Kedua"}) is False
    db.session.rollback()
    assert db.session.scalars(select(Area.name)).all() == ["Pertama"]


def test_concurrent_additions_of_threads_lose_nothing(app: Flask, key: dict[str, object]) -> None:
    start = threading.Barrier(4, timeout=20)

    def work() -> None:
        with app.app_context():
            start.wait()
            for _ in range(25):
                add_to(TALLY, key, {"s4": 1})

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(work) for _ in range(4)]:
            done.result(timeout=60)
    assert counters() == [{"s4": 100}]


def test_of_threads_that_insert_the_same_row_exactly_one_does(app: Flask) -> None:
    start = threading.Barrier(4, timeout=20)

    def work(name: str) -> bool:
        with app.app_context():
            start.wait()
            return insert_once(AREA, {"code": "A", "name": name, "usual_name": name})

    with ThreadPoolExecutor(4) as pool:
        done = [pool.submit(work, name) for name in "abcd"]
        assert sorted(one.result(timeout=60) for one in done) == [False, False, False, True]


_WORK = """
import sys
from datetime import date
from pathlib import Path
from portal import create_app
from portal.kit import upsert
from portal.kit.transaction import command
from portal.ratings.models import ServiceMonthTally

app = create_app({"DATABASE_URL": sys.argv[1], "LOG_LEVEL": "ERROR"}, Path(sys.argv[2]))
key = {"service_id": 1, "area_id": int(sys.argv[3]), "month": date(2026, 11, 1)}
with app.app_context():
    print("ready", flush=True)
    sys.stdin.readline()
    for _ in range(50):
        command(upsert.add_to)(ServiceMonthTally.__table__, key, {"s3": 1})
"""


def test_concurrent_additions_of_processes_lose_nothing(
    key: dict[str, object], database_url: str, tmp_path: Path
) -> None:
    command_line = [sys.executable, "-c", _WORK, database_url, str(tmp_path), str(key["area_id"])]
    pipe = subprocess.PIPE
    with ExitStack() as running:
        workers = [
            running.enter_context(
                subprocess.Popen(command_line, stdin=pipe, stdout=pipe, text=True)
            )
            for _ in range(2)
        ]
        ready = [worker.stdout.readline() for worker in workers if worker.stdout]
        for worker in workers:
            assert worker.stdin is not None
            worker.stdin.write("go\n")
            worker.stdin.close()
    assert ready == ["ready\n"] * 2
    assert [worker.returncode for worker in workers] == [0, 0]
    assert counters() == [{"s3": 100}]
