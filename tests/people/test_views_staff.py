"""One's own account, and how the guards treat a session that has ended."""

from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.access.terms import Role
from portal.kit.extensions import db
from portal.people.models import StaffSession
from tests.conftest import MovableClock
from tests.people import accounts
from tests.people.accounts import OTHER_PASSWORD, PASSWORD
from tests.support.pages import PageClient


@pytest.fixture
def siti(app: Flask, clock: MovableClock) -> int:
    """An officer of the whole city."""
    with app.app_context():
        return accounts.enter()


def test_the_account_page_names_rights_with_days_in_words(client: PageClient, siti: int) -> None:
    accounts.sign_in(client)
    page = client.get("/akun").text
    assert "Petugas untuk seluruh kota" in page
    assert "sejak 24 November 2026, tanpa batas" in page
    assert "Ini pertama kalinya Anda masuk." in page


def test_the_account_page_names_the_sign_in_before_this_one(
    client: PageClient, app: Flask, siti: int, clock: MovableClock
) -> None:
    accounts.sign_in(app.test_client())
    clock.forward(minutes=5)
    accounts.sign_in(client)
    page = client.get("/akun").text
    assert "Sebelum ini Anda masuk 24 November 2026, pukul 10.42" in page
    assert "Masih masuk di 1 perangkat lain" in page


def test_all_other_devices_are_signed_out(client: PageClient, app: Flask, siti: int) -> None:
    other = app.test_client()
    accounts.sign_in(other)
    accounts.sign_in(client)
    answer = accounts.send(client, "/akun", "/akun/keluar-lain")
    assert answer.status_code == 303
    assert other.get("/akun").status_code == 303
    assert "keluar di semua perangkat lain" in client.get("/akun").text


def _change(
    client: PageClient, old: str, new: str = OTHER_PASSWORD, again: str | None = None
) -> TestResponse:
    return accounts.send(
        client,
        "/akun",
        "/akun/sandi",
        sandi_lama=old,
        sandi_baru=new,
        sandi_ulang=new if again is None else again,
    )


def test_a_password_is_changed_and_only_this_device_stays(
    client: PageClient, app: Flask, siti: int
) -> None:
    other = app.test_client()
    accounts.sign_in(other)
    accounts.sign_in(client)
    assert _change(client, PASSWORD).status_code == 303
    assert "Kata sandi diganti" in client.get("/akun").text
    assert other.get("/akun").status_code == 303
    assert accounts.sign_in(app.test_client()).status_code == 401
    assert accounts.sign_in(app.test_client(), password=OTHER_PASSWORD).status_code == 303


@pytest.mark.parametrize(
    ("old", "new", "again", "words"),
    [
        ("wrong", OTHER_PASSWORD, None, "bukan kata sandi Anda"),
        ("", OTHER_PASSWORD, None, "yang sekarang"),
        (PASSWORD, "kurang", None, "Paling sedikit 12"),
        (PASSWORD, "sitimardiana77", None, "nama atau surel"),
        (PASSWORD, OTHER_PASSWORD, "lain sama sekali", "berbeda"),
    ],
)
def test_a_refused_change_says_why_and_changes_nothing(
    client: PageClient, app: Flask, siti: int, old: str, new: str, again: str | None, words: str
) -> None:
    accounts.sign_in(client)
    answer = _change(client, old, new, again)
    assert answer.status_code == 400
    assert words in answer.text
    assert new not in answer.text
    assert accounts.sign_in(app.test_client()).status_code == 303


def test_the_current_password_is_not_guessed_from_an_open_session(
    client: PageClient, siti: int
) -> None:
    accounts.sign_in(client)
    for _ in range(9):
        _change(client, "wrong")
    answer = _change(client, PASSWORD)
    assert answer.status_code == 429
    assert "coba lagi pukul" in answer.text


@pytest.mark.parametrize("path", ["/akun", "/kelola", "/kelola/orang?cari=a&hal=2"])
def test_whoever_is_not_signed_in_is_led_to_the_sign_in_and_back(
    client: PageClient, path: str
) -> None:
    answer = client.get(path)
    assert answer.status_code == 303
    page = client.get(answer.headers["Location"])
    assert f'name="lanjut" type="hidden" value="{path.replace("&", "&amp;")}"' in page.text


@pytest.mark.parametrize("minutes", [30, 12 * 60])
def test_an_ended_session_is_over_in_the_browser(
    client: PageClient, siti: int, clock: MovableClock, minutes: int
) -> None:
    accounts.sign_in(client)
    clock.forward(minutes=minutes)
    assert client.get("/akun").status_code == 303


def test_last_seen_is_written_once_a_minute(
    client: PageClient, app: Flask, siti: int, clock: MovableClock, count_queries: Callable[[], Any]
) -> None:
    accounts.sign_in(client)

    def updates() -> int:
        with count_queries() as statements:
            assert client.get("/akun").status_code == 200
        return sum(statement.startswith("UPDATE staff_session") for statement in statements)

    clock.forward(seconds=59)
    assert updates() == 0
    clock.forward(seconds=1)
    assert updates() == 1
    assert updates() == 0
    with app.app_context():
        assert db.session.scalars(select(StaffSession.last_seen_at)).one() == clock.moment


def test_a_form_sent_after_the_session_ended_is_sent_again_after_the_sign_in(
    client: PageClient, app: Flask, clock: MovableClock
) -> None:
    with app.app_context():
        root = accounts.root_actor()
        person = accounts.enter()
    accounts.sign_in(client, "root@contoh.test")
    path = f"/kelola/orang/{person}/hak"
    token = accounts.csrf_of(client.get(f"/kelola/orang/{person}"))
    clock.forward(minutes=31)
    typed = {"peran": "unit_head", "unit": "kota", "mulai": "2026-11-24", "sampai": ""}
    held = client.post(path, data={"csrf_token": token, **typed})
    assert held.status_code == 401
    assert "Isian tadi tetap ada" in held.text
    fields = _hidden(held.text)
    assert token not in fields["bawaan"]
    again = client.post("/masuk", data={**fields, "surel": "root@contoh.test", "sandi": PASSWORD})
    assert again.status_code == 200
    assert "Ratna Kota" in again.text
    with app.app_context():
        assert len(accounts.grant_ids(person)) == 1
    sent = client.post(path, data=_hidden(again.text))
    assert sent.status_code == 303
    with app.app_context():
        assert len(accounts.grant_ids(person)) == 2
        assert root.person_id


def test_passwords_are_not_carried_through_a_sign_in(
    client: PageClient, siti: int, clock: MovableClock
) -> None:
    accounts.sign_in(client)
    token = accounts.csrf_of(client.get("/akun"))
    clock.forward(minutes=31)
    fields = {"sandi_lama": PASSWORD, "sandi_baru": OTHER_PASSWORD, "sandi_ulang": OTHER_PASSWORD}
    held = client.post("/akun/sandi", data={"csrf_token": token, **fields})
    assert held.status_code == 401
    assert PASSWORD not in held.text
    assert OTHER_PASSWORD not in held.text


def test_a_foreign_form_is_not_carried(client: PageClient, siti: int) -> None:
    fields = {"nama": "Orang asing", "csrf_token": "palsu"}
    for headers in ({}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}):
        held = client.post("/kelola/orang/undang", data=fields, headers=headers)
        assert held.status_code == 401
        assert "Orang asing" not in held.text


def test_a_form_of_our_own_is_carried_after_a_sign_out_in_another_tab(client: PageClient) -> None:
    fields = {"nama": "Budi Santoso", "csrf_token": "dari sesi yang lalu"}
    own = {"Sec-Fetch-Site": "same-origin"}
    held = client.post("/kelola/orang/undang", data=fields, headers=own)
    assert held.status_code == 401
    assert "Budi Santoso" in held.text


def test_a_bare_press_after_the_session_ended_leads_to_a_page_after_the_sign_in(
    client: PageClient, siti: int, clock: MovableClock
) -> None:
    accounts.sign_in(client)
    token = accounts.csrf_of(client.get("/akun"))
    clock.forward(minutes=31)
    held = client.post("/akun/keluar-lain", data={"csrf_token": token})
    fields = {**_hidden(held.text), "surel": accounts.EMAIL, "sandi": PASSWORD}
    led = client.post("/masuk", data=fields)
    assert client.get(led.headers["Location"]).status_code == 200


def _begun_anew(client: PageClient, email: str, page: str) -> str:
    """The token of a page that was opened before the session was ended and begun anew."""
    accounts.sign_in(client, email)
    token = accounts.csrf_of(client.get(page))
    client.delete_cookie("ampera")
    accounts.sign_in(client, email)
    return token


@pytest.mark.parametrize("path", ["/akun/sandi", "/akun/keluar-lain", "/keluar"])
def test_a_form_of_an_earlier_session_is_answered_with_the_page_and_a_fresh_token(
    client: PageClient, siti: int, path: str
) -> None:
    fields = {"sandi_lama": PASSWORD, "sandi_baru": OTHER_PASSWORD, "sandi_ulang": OTHER_PASSWORD}
    old = _begun_anew(client, accounts.EMAIL, "/akun")
    answer = client.post(path, data={"csrf_token": old, **fields})
    assert answer.status_code == 400
    assert "Silakan kirim sekali lagi" in answer.text
    assert PASSWORD not in answer.text
    again = client.post(path, data={"csrf_token": accounts.csrf_of(answer), **fields})
    assert again.status_code == 303


@pytest.mark.parametrize("bawaan", ["{", "[1]", '{"a": 1}', "null", "[[1, 2, 3]]"])
def test_a_spoilt_carried_form_is_dropped(client: PageClient, siti: int, bawaan: str) -> None:
    answer = accounts.send(
        client,
        "/masuk",
        surel=accounts.EMAIL,
        sandi=PASSWORD,
        lanjut="/akun",
        bawaan=bawaan,
    )
    assert answer.headers["Location"] == "/akun"


def test_staff_pages_are_not_stored(client: PageClient, siti: int) -> None:
    accounts.sign_in(client)
    assert client.get("/akun").headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("path", ["/", "/struk", "/transparansi", "/healthz"])
def test_public_pages_read_and_set_no_cookie_even_of_staff(
    client: PageClient, siti: int, path: str
) -> None:
    accounts.sign_in(client)
    page = client.get(path)
    assert "Set-Cookie" not in page.headers
    assert "Cookie" not in page.headers.get("Vary", "")
    assert "Siti" not in page.text


def test_the_staff_bar_shows_only_what_the_role_may_enter(client: PageClient, app: Flask) -> None:
    with app.app_context():
        for role in Role:
            accounts.enter(f"{role}@b.id", role)
    for role, shown in {"officer": False, "unit_head": False, "administrator": True}.items():
        fresh = app.test_client()
        accounts.sign_in(fresh, f"{role}@b.id")
        assert ('href="/kelola/orang"' in fresh.get("/akun").text) is shown


def _hidden(page: str) -> dict[str, str]:
    """The hidden fields of the page's own form, the sign-out's left aside."""
    found: dict[str, str] = {}

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            facts = dict(attrs)
            if tag == "input" and facts.get("type") == "hidden":
                found[str(facts["name"])] = facts.get("value") or ""

    Reader().feed(page)
    return found


def test_the_password_form_tells_all_its_faults_at_once(client: PageClient, siti: int) -> None:
    accounts.sign_in(client)
    page = _change(client, "wrong", "kurang", "lain").text
    for words in ("bukan kata sandi Anda", "Paling sedikit 12 huruf;", "berbeda dari yang pertama"):
        assert page.count(words) == 2, words


def test_the_account_page_promises_only_what_somebody_can_do(client: PageClient, siti: int) -> None:
    accounts.sign_in(client)
    page = client.get("/akun").text
    assert "Hak keliru? Admin unit Anda yang mengaturnya." in page
    assert "Admin membuat undangan baru, lalu menutup akun ini." in page
