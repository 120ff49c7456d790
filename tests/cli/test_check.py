"""`check`: exit status 0 when every tally says what its rows say, else 1 and what differs."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import event, text

from portal.directory.queries import Counter
from portal.kit.extensions import db
from portal.ratings.commands import NewRating, PastRating, record_past, submit_rating


def check(app: Flask) -> Result:
    return app.test_cli_runner().invoke(args=["check"])


@pytest.fixture
def rated(app: Flask, counter: Counter) -> Flask:
    """Thirty days with a rating each."""
    place = (counter.point_id, counter.service_id, counter.area_id)
    with app.app_context():
        record_past(
            [
                PastRating(*place, 5, None, None, None, datetime(2026, 11, day, 5, tzinfo=UTC))
                for day in range(1, 31)
            ]
        )
    return app


def change(app: Flask, statement: str) -> None:
    with app.app_context():
        db.session.execute(text(statement))
        db.session.commit()


def test_an_empty_portal_passes(app: Flask) -> None:
    result = check(app)
    assert result.exit_code == 0
    assert "Semua rekap cocok" in result.output


def test_tallies_that_say_what_the_rows_say_pass(rated: Flask) -> None:
    assert check(rated).exit_code == 0


def test_a_tally_that_was_tampered_with_fails_and_is_named(rated: Flask) -> None:
    change(rated, "UPDATE service_month_tally SET s5 = 31, s1 = 2")
    result = check(rated)
    assert result.exit_code == 1
    assert "service_month_tally" in result.output
    assert "s5: tersimpan 31, dihitung 30" in result.output
    assert "s1: tersimpan 2, dihitung 0" in result.output
    assert "2 angka rekap tidak cocok" in result.output
    assert "point_day_tally" not in result.output


def test_a_rating_that_arrives_meanwhile_is_no_difference(rated: Flask, counter: Counter) -> None:
    """Rows and tallies are read one after the other, but from one state of the database."""
    place = (counter.point_id, counter.service_id, counter.area_id)
    arrived = []

    def send() -> None:
        with rated.app_context():
            submit_rating(NewRating("meanwhile", *place, 1, None, None, None))

    def meanwhile(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if "FROM rating" in statement and not arrived:
            arrived.append(statement)
            with ThreadPoolExecutor(1) as elsewhere:
                elsewhere.submit(send).result(timeout=30)

    with rated.app_context():
        engine = db.engine
    event.listen(engine, "after_cursor_execute", meanwhile)
    try:
        result = check(rated)
    finally:
        event.remove(engine, "after_cursor_execute", meanwhile)
    assert arrived
    assert result.exit_code == 0, result.output
    assert check(rated).exit_code == 0


def test_a_long_list_is_cut_and_still_counted(rated: Flask) -> None:
    change(rated, "UPDATE point_day_tally SET s4 = 1")
    result = check(rated)
    assert result.exit_code == 1
    assert result.output.count("point_day_tally") == 20
    assert "30 angka rekap tidak cocok" in result.output
