"""Once is once: the same form again, corrected, withdrawn, too late, or after a failure."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask

from portal.kit.extensions import db
from tests.conftest import MovableClock
from tests.ratings.reading import receipt_on, stored, ticket_on
from tests.support.pages import PageClient


def test_the_same_form_sent_twice_counts_once_and_shows_the_same_receipt(
    app: Flask, client: PageClient, address: str
) -> None:
    form = {"tiket": ticket_on(client.get(address).text), "nilai": "4", "kata": "Rapi"}
    first, second = client.post(address, data=form), client.post(address, data=form)
    assert second.status_code == 200
    assert receipt_on(first.text) == receipt_on(second.text)
    assert "Ganti dengan" not in second.text
    assert len(stored(app)) == 1


def test_the_same_ticket_with_other_content_offers_to_correct_the_first(
    app: Flask, client: PageClient, address: str, clock: MovableClock
) -> None:
    ticket = ticket_on(client.get(address).text)
    client.post(address, data={"tiket": ticket, "nilai": "1"})
    page = client.post(address, data={"tiket": ticket, "nilai": "5", "kata": "Ternyata cepat"})
    assert "Ganti dengan kiriman yang baru?" in page.text
    assert [rating.score for rating in stored(app)] == [1]
    corrected = client.post(
        f"{address}/ubah", data={"tiket": ticket, "nilai": "5", "kata": "Ternyata cepat"}
    )
    assert corrected.status_code == 200
    assert "diubah pukul 10.42" in corrected.text
    assert [(rating.score, rating.words) for rating in stored(app)] == [(5, "Ternyata cepat")]


def test_after_ten_minutes_the_first_sending_stands(
    app: Flask, client: PageClient, address: str, clock: MovableClock
) -> None:
    ticket = ticket_on(client.get(address).text)
    client.post(address, data={"tiket": ticket, "nilai": "1"})
    clock.forward(minutes=10, seconds=1)
    again = client.post(address, data={"tiket": ticket, "nilai": "5"})
    assert "Yang pertama tetap dihitung" in again.text
    for way in ("ubah", "tarik"):
        refused = client.post(f"{address}/{way}", data={"tiket": ticket, "nilai": "5"})
        assert refused.status_code == 409
        assert "dalam 10 menit" in refused.text
    assert [rating.score for rating in stored(app)] == [1]


def test_a_withdrawn_rating_loses_its_words_and_its_count(
    app: Flask, client: PageClient, address: str
) -> None:
    ticket = ticket_on(client.get(address).text)
    client.post(address, data={"tiket": ticket, "nilai": "1", "kata": "Salah loket"})
    page = client.post(f"{address}/tarik", data={"tiket": ticket})
    assert "sudah ditarik" in page.text
    [rating] = stored(app)
    assert rating.words is None
    assert rating.withdrawn_at is not None
    assert client.post(f"{address}/tarik", data={"tiket": ticket}).status_code == 200
    refused = client.post(f"{address}/ubah", data={"tiket": ticket, "nilai": "5"})
    assert refused.status_code == 409


@pytest.mark.parametrize("way", ["ubah", "tarik"])
@pytest.mark.parametrize("ticket", ["", "palsu", "another"])
def test_whoever_lacks_the_ticket_changes_nothing(
    app: Flask, client: PageClient, address: str, way: str, ticket: str
) -> None:
    mine = ticket_on(client.get(address).text)
    client.post(address, data={"tiket": mine, "nilai": "3"})
    if ticket == "another":
        ticket = ticket_on(client.get(address).text)
    refused = client.post(f"{address}/{way}", data={"tiket": ticket, "nilai": "5"})
    assert refused.status_code == 403
    assert [rating.score for rating in stored(app)] == [3]


def test_a_retry_after_a_day_still_shows_the_first_receipt(
    app: Flask, client: PageClient, address: str, clock: MovableClock
) -> None:
    form = {"tiket": ticket_on(client.get(address).text), "nilai": "2"}
    first = client.post(address, data=form)
    clock.forward(hours=30)
    assert receipt_on(client.post(address, data=form).text) == receipt_on(first.text)
    assert len(stored(app)) == 1


@contextmanager
def broken(app: Flask, table: str) -> Iterator[None]:
    """Take a table away while the block runs, so that a write fails halfway."""
    for old, new in ((table, "elsewhere"), ("elsewhere", table)):
        with app.app_context(), db.engine.begin() as connection:
            connection.execute(db.text(f"ALTER TABLE {old} RENAME TO {new}"))
        if new != table:
            yield


def test_a_rating_that_could_not_be_stored_comes_back_filled_and_counts_when_sent_again(
    app: Flask, client: PageClient, address: str
) -> None:
    form = {"tiket": ticket_on(client.get(address).text), "nilai": "2", "kata": "Jangan hilang"}
    app.config["PROPAGATE_EXCEPTIONS"] = False
    with broken(app, "service_month_tally"):
        page = client.post(address, data=form)
        assert page.status_code in {500, 503}
        assert page.headers["Retry-After"] == "60"
        assert "Jangan hilang" in page.text
        assert ticket_on(page.text) == form["tiket"]
    assert stored(app) == []
    assert "Ikut dihitung" in client.post(address, data=form).text
    assert [rating.exclusion for rating in stored(app)] == [None]


def test_a_known_form_without_a_face_is_refused_and_keeps_the_words(
    app: Flask, client: PageClient, address: str
) -> None:
    ticket = ticket_on(client.get(address).text)
    client.post(address, data={"tiket": ticket, "nilai": "4"})
    page = client.post(address, data={"tiket": ticket, "kata": "Kali ini tanpa wajah"})
    assert page.status_code == 400
    assert "Pilih satu wajah" in page.text
    assert "None" not in page.text
    assert "Kali ini tanpa wajah" in page.text
    assert [rating.score for rating in stored(app)] == [4]


def test_a_reload_after_the_withdrawal_says_withdrawn_and_nothing_else(
    client: PageClient, address: str
) -> None:
    form = {"tiket": ticket_on(client.get(address).text), "nilai": "4", "kata": "Keliru"}
    client.post(address, data=form)
    client.post(f"{address}/tarik", data=form)
    page = client.post(address, data=form)
    assert "sudah ditarik" in page.text
    assert "tetap dihitung" not in page.text
    assert "Ganti dengan" not in page.text


@pytest.mark.parametrize("way", ["", "/ubah"])
def test_words_that_come_too_late_stay_on_the_page(
    client: PageClient, address: str, clock: MovableClock, way: str
) -> None:
    ticket = ticket_on(client.get(address).text)
    client.post(address, data={"tiket": ticket, "nilai": "4"})
    clock.forward(minutes=11)
    form = {"tiket": ticket, "nilai": "1", "kata": "Terlambat saya tulis"}
    page = client.post(address + way, data=form)
    assert page.status_code == (409 if way else 200)
    assert "Yang pertama tetap dihitung" in page.text
    assert "Terlambat saya tulis" in page.text


def test_a_correction_without_a_valid_ticket_comes_back_as_a_form(
    app: Flask, client: PageClient, address: str
) -> None:
    page = client.post(f"{address}/ubah", data={"tiket": "palsu", "nilai": "1", "kata": "Simpan"})
    assert page.status_code == 403
    assert "Simpan" in page.text
    assert "tidak kami kenali" in page.text
    assert stored(app) == []
