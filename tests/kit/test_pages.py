"""Error pages are whole pages with a way on, numbers and days are words, and logs tell nothing."""

import io
import logging
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from flask import Flask, abort, request
from sqlalchemy import event, insert

from portal.directory.models import Area
from portal.directory.queries import Counter
from portal.kit import logs, pages
from portal.kit.errors import Conflict, Invalid, NotAllowed, NotFound, Refusal
from portal.kit.extensions import db
from tests.support.pages import PageClient

STATUSES = (400, 403, 404, 405, 413, 429, 500, 503)
SAID = "kata-rahasia"


def _wrong(status: int) -> str:
    abort(status)


@pytest.fixture
def app(app: Flask) -> Iterator[Flask]:
    """The portal with a few ways to go wrong."""
    refusals = {kind.__name__: kind for kind in (Refusal, Invalid, NotAllowed, NotFound, Conflict)}

    def refused(kind: str) -> str:
        raise refusals[kind]("Kalimat untuk pembaca.")

    def broken(code: str) -> str:
        try:
            int(request.form["kata"])
        except ValueError as fault:
            raise LookupError(f"{code} {request.form['kata']}") from fault
        return ""

    def twice(code: str) -> str:
        for _ in range(2):
            row = {"code": code, "name": request.form["kata"], "usual_name": code}
            db.session.execute(insert(Area.__table__), row)
        return ""

    app.add_url_rule("/galat/<int:status>", "wrong", _wrong)
    app.add_url_rule("/tolak/<kind>", "refused", refused)
    app.add_url_rule("/rusak/<code>", "broken", broken, methods=["POST"])
    app.add_url_rule("/dua/<code>", "twice", twice, methods=["POST"])
    app.add_url_rule("/antre", "busy", lambda: abort(429, retry_after=60))
    app.config["PROPAGATE_EXCEPTIONS"] = False
    protection = app.extensions["csrf"]  # shared by all applications of this process
    before = set(protection._exempt_views)
    for name in ("broken", "twice"):
        protection.exempt(app.view_functions[name])
    yield app
    protection._exempt_views.intersection_update(before)


def is_whole(page: str, status: int) -> None:
    """A page with its number, a heading, and a way on."""
    assert f"Galat {status}" in page
    assert 'href="/"' in page
    assert "Ke halaman depan" in page
    assert "/transparansi" in page


@pytest.mark.parametrize("status", STATUSES)
def test_every_error_is_a_whole_page_with_a_way_on(client: PageClient, status: int) -> None:
    answer = client.get(f"/galat/{status}")
    assert answer.status_code == status
    assert answer.mimetype == "text/html"
    is_whole(answer.text, status)
    assert "Content-Security-Policy" in answer.headers


def test_an_error_without_words_of_its_own_borrows_its_neighbours(client: PageClient) -> None:
    assert client.get("/galat/418").status_code == 418
    assert client.get("/galat/501").status_code == 501


def test_an_unknown_address_is_explained(client: PageClient) -> None:
    answer = client.get("/tidak/ada")
    assert answer.status_code == 404
    assert "Halaman tidak ditemukan" in answer.text


def test_a_page_opened_the_wrong_way_says_which_ways_there_are(client: PageClient) -> None:
    answer = client.delete("/transparansi")
    assert answer.status_code == 405
    is_whole(answer.text, 405)
    assert "GET" in answer.headers["Allow"]


def test_a_sending_larger_than_any_form_is_refused_with_a_page(
    client: PageClient, counter: Counter
) -> None:
    answer = client.post(f"/q/{counter.shown_code}", data={"kata": "a" * 600_000})
    assert answer.status_code == 413
    is_whole(answer.text, 413)


def test_whoever_has_to_wait_is_told_how_long(client: PageClient) -> None:
    answer = client.get("/antre")
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "60"
    is_whole(answer.text, 429)


@pytest.mark.parametrize(
    ("kind", "status"),
    [("Refusal", 400), ("Invalid", 400), ("NotAllowed", 403), ("NotFound", 404), ("Conflict", 409)],
)
def test_a_refusal_becomes_a_page_with_its_sentence(
    client: PageClient, kind: str, status: int
) -> None:
    answer = client.get(f"/tolak/{kind}")
    assert answer.status_code == status
    assert "Kalimat untuk pembaca." in answer.text


def test_the_page_of_a_failure_asks_no_database(app: Flask, client: PageClient) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("the page of a failure must not ask the database")

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", refuse)
    try:
        for status in (500, 503):
            answer = client.get(f"/galat/{status}")
            is_whole(answer.text, status)
        answer = client.post(f"/rusak/{SAID}", data={"kata": "x"})
    finally:
        event.remove(engine, "before_cursor_execute", refuse)
    assert answer.status_code == 500
    is_whole(answer.text, 500)


@pytest.mark.parametrize("way", ["rusak", "dua"])
def test_the_log_of_an_exception_holds_nothing_that_a_person_typed(
    app: Flask, client: PageClient, way: str
) -> None:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(logs.FORMATTER)
    app.logger.addHandler(handler)
    try:
        answer = client.post(f"/{way}/KODE-{SAID}", data={"kata": SAID})
    finally:
        app.logger.removeHandler(handler)
    assert answer.status_code == 500
    log = written.getvalue()
    assert SAID not in log
    assert "KODE" not in log
    endpoint, kind = {"rusak": ("broken", "LookupError"), "dua": ("twice", "IntegrityError")}[way]
    assert f"Exception in {endpoint}" in log
    assert kind in log, "what happened is still told"
    assert "test_pages.py" in log, "and where"
    if way == "rusak":
        assert "ValueError" in log, "the cause too"


def test_what_the_database_says_of_a_statement_hides_its_values(database: Flask) -> None:
    assert db.engine.hide_parameters


def test_days_moments_and_hours_are_those_of_the_city() -> None:
    moment = datetime(2026, 11, 24, 17, 5, tzinfo=UTC)
    assert pages.day_words(date(2026, 11, 24)) == "24 November 2026"
    assert pages.day_words(date(2026, 2, 1), year=False) == "1 Februari"
    assert pages.moment_words(moment) == "25 November 2026, pukul 00.05"
    assert pages.hour_words(moment) == "00.05"


@pytest.mark.parametrize(
    ("number", "words"), [(0, "0"), (999, "999"), (28402, "28.402"), (1_234_567, "1.234.567")]
)
def test_whole_numbers_have_dots_between_thousands(number: int, words: str) -> None:
    assert pages.whole(number) == words


@pytest.mark.parametrize(
    ("number", "words"), [(4.1, "4,10"), (4.126, "4,13"), (1234.5, "1.234,50"), (5, "5,00")]
)
def test_decimals_have_a_comma(number: float, words: str) -> None:
    assert pages.decimal(number) == words


def test_a_share_is_percent_with_a_space_that_does_not_break() -> None:
    assert pages.percent(0.74) == "74,0\u00a0%"
    assert pages.percent(1 / 3, 0) == "33\u00a0%"
