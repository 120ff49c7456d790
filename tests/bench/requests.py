"""What one request costs the server: CPU time against the bare application, and statements."""

from collections.abc import Iterator
from typing import Any

from flask import Flask
from sqlalchemy import event

from portal import create_app
from portal.kit.extensions import db
from tests.bench import senders, wire
from tests.bench.rounds import Contender, measure_cpu, ratio
from tests.bench.rows import Row, at_most
from tests.bench.served import ROOMY, SECRET_KEY
from tests.bench.stage import Stage

TIMES_HELLO = 6.0
TIMES_BARE = 1.8


def rows(stage: Stage) -> Iterator[Row]:
    """A scan, a rating on each database, and the statements of a rating."""
    yield from _scan(stage)
    for dialect in stage.dialects:
        yield from _rating(stage, dialect)
    yield from _statements(stage)


def _scan(stage: Stage) -> Iterator[Row]:
    with stage.pair("SQLite") as (city, portal, bare):
        page = Contender(portal, senders.scans(city.codes))
        hello = Contender(bare, iter(lambda: wire.get("/"), b""))
        measure_cpu([page, hello], rounds=stage.effort(11, 3), requests=stage.effort(200, 50))
    yield Row("GET /q/<code>: CPU", page.figure, "ms")
    yield Row("bare hello-world page: CPU", hello.figure, "ms")
    yield Row("GET /q/<code>, against hello", ratio(page, hello), "times", at_most(TIMES_HELLO))


def _rating(stage: Stage, dialect: str) -> Iterator[Row]:
    with stage.pair(dialect) as (city, portal, bare):
        sending = Contender(portal, (one.request for one in senders.ratings(city.codes)))
        form = Contender(bare, senders.entries(bare))
        measure_cpu([sending, form], rounds=stage.effort(11, 3), requests=stage.effort(75, 30))
    yield Row(f"POST of a rating, {dialect}: CPU", sending.figure, "ms")
    yield Row(f"bare form POST, {dialect}: CPU", form.figure, "ms")
    name = f"POST of a rating, {dialect}, against bare"
    yield Row(name, ratio(sending, form), "times", at_most(TIMES_BARE))


def _statements(stage: Stage) -> Iterator[Row]:
    city = stage.city("SQLite")
    app = create_app(
        {"DATABASE_URL": city.url, "SECRET_KEY": SECRET_KEY, "LOG_LEVEL": "ERROR", **ROOMY},
        city.instance,
    )
    said = statements_of_a_rating(app, city.codes[0])
    reads = sum(statement.startswith("SELECT") for statement in said)
    yield Row("reads of a rating", reads, "statements", at_most(1))
    yield Row("writes of a rating", len(said) - reads, "statements", at_most(3))


def statements_of_a_rating(app: Flask, code: str) -> list[str]:
    """The SQL that one rating executes, without BEGIN, COMMIT and SQLite's pragmas.

    One rating goes before it, since what a page remembers for half a minute is no cost of a rating.
    """
    said: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            said.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    for sending in (next(senders.ratings([code])), next(senders.ratings([code]))):
        said.clear()
        head, _, body = sending.request.partition(b"\r\n\r\n")
        answer = app.test_client().post(
            head.split()[1].decode(), data=body, content_type=wire.FORM_TYPE
        )
        assert answer.status_code == 200
    event.remove(engine, "before_cursor_execute", note)
    engine.dispose()
    return said
