"""The sign-in and the page behind a one-time link, as a browser meets them."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.access.models import AuditEntry
from portal.access.terms import Role
from portal.kit.extensions import db
from portal.people import commands, passwords
from portal.people.commands import NewLink
from portal.people.models import Person, StaffSession
from portal.people.views_entrance import FAILED
from tests.conftest import MovableClock
from tests.people import accounts
from tests.people.accounts import EMAIL, OTHER_PASSWORD, PASSWORD
from tests.support.pages import PageClient


@pytest.fixture
def siti(app: Flask) -> int:
    """An officer of the whole city."""
    with app.app_context():
        return accounts.enter()


@pytest.fixture
def link(app: Flask) -> commands.NewLink:
    """A fresh invitation of an administrator."""
    with app.app_context():
        return commands.create_administrator("ani@b.id", "Ani Wijaya", another=False)


def test_a_person_signs_in_and_out(client: PageClient, siti: int) -> None:
    entered = accounts.sign_in(client)
    assert entered.status_code == 303
    page = client.get("/akun")
    assert page.status_code == 200
    assert "Siti Mardiana" in page.text
    left = client.post("/keluar", data={"csrf_token": accounts.csrf_of(page)})
    assert left.headers["Location"] == "/masuk?keluar=1"
    assert "Anda sudah keluar" in client.get("/masuk?keluar=1").text
    assert client.get("/akun").status_code == 303


def test_the_session_on_the_server_is_over_after_signing_out(
    client: PageClient, app: Flask, siti: int
) -> None:
    accounts.sign_in(client)
    cookie = client.get_cookie("ampera").value
    page = client.get("/akun")
    client.post("/keluar", data={"csrf_token": accounts.csrf_of(page)})
    client.set_cookie("ampera", cookie)
    assert client.get("/akun").status_code == 303


def test_the_email_may_be_typed_in_any_case(client: PageClient, siti: int) -> None:
    assert accounts.sign_in(client, " Siti@CONTOH.test ").status_code == 303


def _retire(person_id: int) -> None:
    commands.retire_person(accounts.root_actor(), person_id)


def _end_grant(person_id: int) -> None:
    commands.end_grant(accounts.root_actor(), accounts.grant_ids(person_id)[0])


def _without_password(person_id: int) -> None:
    db.session.get(Person, person_id).password_hash = None
    db.session.commit()


def _as_it_is(person_id: int) -> None:
    """Nothing is done to the account."""


@pytest.mark.parametrize(
    ("email", "password", "before"),
    [
        (EMAIL, OTHER_PASSWORD, _as_it_is),
        ("nobody@contoh.test", PASSWORD, _as_it_is),
        ("tidak berbentuk surel", PASSWORD, _as_it_is),
        ("\x00' OR 1=1 --", PASSWORD, _as_it_is),
        (EMAIL, "x" * 10_000, _as_it_is),
        (EMAIL, PASSWORD, _retire),
        (EMAIL, PASSWORD, _end_grant),
        (EMAIL, PASSWORD, _without_password),
    ],
)
def test_every_failure_is_answered_alike_with_one_hash_computed(
    client: PageClient,
    app: Flask,
    siti: int,
    monkeypatch: pytest.MonkeyPatch,
    email: str,
    password: str,
    before: Callable[[int], None],
) -> None:
    with app.app_context():
        before(siti)
    verified = []
    verify = passwords._hasher.verify
    monkeypatch.setattr(
        passwords,
        "_hasher",
        type("Counting", (), {"verify": lambda *a: verified.append(1) or verify(*a[1:])})(),
    )
    answer = accounts.sign_in(client, email, password)
    assert answer.status_code == 401
    assert FAILED in answer.text
    assert password not in answer.text
    assert len(verified) == 1
    with app.app_context():
        assert db.session.scalar(select(func.count(StaffSession.id))) == 0
        last = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        assert (last.act, last.key_id) == ("sign_in_failed", "test")


@pytest.mark.parametrize(("surel", "sandi"), [("", PASSWORD), (EMAIL, ""), ("", "")])
def test_an_empty_field_is_named_and_the_email_comes_back(
    client: PageClient, siti: int, surel: str, sandi: str
) -> None:
    answer = accounts.sign_in(client, surel, sandi)
    assert answer.status_code == 400
    assert "Tulis" in answer.text
    assert f'value="{surel}"' in answer.text
    assert PASSWORD not in answer.text


def test_a_form_without_the_sessions_token_comes_back_filled(client: PageClient, siti: int) -> None:
    answer = client.post("/masuk", data={"surel": EMAIL, "sandi": PASSWORD})
    assert answer.status_code == 400
    assert "sudah lama terbuka" in answer.text
    assert f'value="{EMAIL}"' in answer.text


def test_a_session_is_renewed_at_sign_in(client: PageClient, siti: int) -> None:
    with client.session_transaction() as planted:
        planted["planted"] = "by somebody else"
    before = accounts.csrf_of(client.get("/masuk"))
    accounts.sign_in(client)
    with client.session_transaction() as now:
        assert "planted" not in now
    assert accounts.csrf_of(client.get("/akun")) != before


def test_the_cookie_is_http_only_and_not_sent_with_foreign_forms(
    client: PageClient, siti: int
) -> None:
    (cookie,) = accounts.sign_in(client).headers.getlist("Set-Cookie")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Expires" not in cookie


@pytest.mark.parametrize(
    ("onward", "leads_to"),
    [
        ("/akun", "/akun"),
        ("/akun?a=1", "/akun?a=1"),
        ("//evil.test", "/akun"),
        ("https://evil.test/", "/akun"),
        ("/\\evil.test", "/akun"),
        ("/keluar", "/akun"),
        ("", "/akun"),
    ],
)
def test_a_sign_in_leads_on_inside_the_portal_only(
    client: PageClient, siti: int, onward: str, leads_to: str
) -> None:
    location = accounts.sign_in(client, onward=onward).headers["Location"]
    if onward.startswith("/akun"):
        assert location == leads_to
    else:
        assert location.startswith(("/akun", "/meja"))


def test_whoever_is_signed_in_is_led_on(client: PageClient, siti: int) -> None:
    accounts.sign_in(client)
    assert client.get("/masuk?lanjut=/akun").headers["Location"] == "/akun"
    assert client.get("/masuk?lanjut=//evil.test").headers["Location"] in {
        "/akun",
        "/meja/penilaian",
    }


def test_an_administrator_is_led_to_the_office(client: PageClient, app: Flask) -> None:
    with app.app_context():
        accounts.root_actor()
    assert accounts.sign_in(client, "root@contoh.test").headers["Location"] == "/kelola/orang"


def test_a_person_tries_ten_times_and_is_told_when_to_come_back(
    client: PageClient, siti: int, clock: MovableClock
) -> None:
    for _ in range(10):
        assert accounts.sign_in(client, password="wrong").status_code == 401
    answer = accounts.sign_in(client)
    assert answer.status_code == 429
    assert "coba lagi pukul 10.58" in answer.text
    assert 0 < int(answer.headers["Retry-After"]) <= 17 * 60
    assert f'value="{EMAIL}"' in answer.text
    clock.forward(minutes=16)
    assert accounts.sign_in(client).status_code == 303


def test_an_account_that_does_not_exist_is_throttled_alike(
    client: PageClient, clock: MovableClock
) -> None:
    for _ in range(10):
        assert accounts.sign_in(client, "nobody@b.id", "wrong").status_code == 401
    assert accounts.sign_in(client, "NOBODY@b.id", "wrong").status_code == 429
    assert accounts.sign_in(client, "somebody@b.id", "wrong").status_code == 401


def test_one_address_is_throttled_over_all_accounts(
    client: PageClient, siti: int, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.people.views_entrance.is_password", lambda *_: False)
    token = accounts.csrf_of(client.get("/masuk"))

    def tried(number: int, address: str) -> int:
        data = {"csrf_token": token, "surel": f"{number}@b.id", "sandi": "wrong"}
        environ = {"REMOTE_ADDR": address}
        return client.post("/masuk", data=data, environ_base=environ).status_code

    assert {tried(number, "10.0.0.1") for number in range(60)} == {401}
    assert tried(60, "10.0.0.1") == 429
    assert tried(61, "10.0.0.2") == 401


def test_a_throttled_try_computes_no_hash_and_records_nothing(
    client: PageClient, app: Flask, siti: int, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(10):
        accounts.sign_in(client, password="wrong")
    monkeypatch.setattr(
        "portal.people.views_entrance.is_password", lambda *_: pytest.fail("a hash was computed")
    )
    assert accounts.sign_in(client).status_code == 429
    with app.app_context():
        query = select(func.count(AuditEntry.id)).filter_by(act="sign_in_failed")
        assert db.session.scalar(query) == 10


def test_looking_at_a_link_shows_whose_it_is_and_does_not_use_it_up(
    client: PageClient, link: NewLink
) -> None:
    for _ in range(3):
        page = client.get(f"/undangan/{link.token}")
        assert page.status_code == 200
        assert "Ani Wijaya" in page.text
        assert "ani@b.id" in page.text
    chosen = accounts.send(
        client, f"/undangan/{link.token}", sandi_baru=PASSWORD, sandi_ulang=PASSWORD
    )
    assert chosen.headers["Location"] == "/kelola/orang"
    assert "Ani Wijaya" in client.get("/akun").text


def test_a_link_page_is_neither_stored_nor_told_to_others(
    client: PageClient, link: NewLink
) -> None:
    page = client.get(f"/undangan/{link.token}")
    assert page.headers["Cache-Control"] == "private, no-store"
    assert '<meta name="referrer" content="no-referrer">' in page.text


def test_a_link_works_over_https_though_its_page_tells_no_referrer(
    client: PageClient, link: NewLink
) -> None:
    base = "https://ampera.example"
    page = client.get(f"/undangan/{link.token}", base_url=base)
    fields = {"sandi_baru": PASSWORD, "sandi_ulang": PASSWORD}
    answer = client.post(
        f"/undangan/{link.token}",
        base_url=base,
        data={"csrf_token": accounts.csrf_of(page), **fields},
    )
    assert answer.status_code == 303


def test_a_used_link_explains_itself_and_leads_on(
    client: PageClient, app: Flask, link: NewLink
) -> None:
    fields = {"sandi_baru": PASSWORD, "sandi_ulang": PASSWORD}
    accounts.send(client, f"/undangan/{link.token}", **fields)
    page = app.test_client().get(f"/undangan/{link.token}")
    assert page.status_code == 410
    assert "sudah dipakai" in page.text
    assert 'href="/masuk"' in page.text


def test_an_expired_link_explains_itself(
    client: PageClient, link: NewLink, clock: MovableClock
) -> None:
    clock.moment = link.expires_at
    page = client.get(f"/undangan/{link.token}")
    assert page.status_code == 410
    assert "kedaluwarsa" in page.text


@pytest.mark.parametrize("token", ["x", "a" * 43, "%00", "..%2f", "\u202e"])
def test_a_made_up_link_is_told_apart(client: PageClient, token: str) -> None:
    page = client.get(f"/undangan/{token}")
    assert page.status_code == 404
    assert 'href="/masuk"' in page.text or "Halaman tidak ditemukan" in page.text


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        ("", "", "Tulis kata sandi baru"),
        (PASSWORD, "", "Tulis sekali lagi"),
        (PASSWORD, OTHER_PASSWORD, "berbeda dari yang pertama"),
        ("kurang", "kurang", "Paling sedikit 12"),
        ("aniwijaya1234", "aniwijaya1234", "nama atau surel"),
        ("palembang12345", "palembang12345", "mudah ditebak"),
    ],
)
def test_an_unfit_password_is_refused_beside_its_field_and_the_link_stays_good(
    client: PageClient, app: Flask, link: NewLink, first: str, second: str, words: str
) -> None:
    path = f"/undangan/{link.token}"
    answer = accounts.send(client, path, sandi_baru=first, sandi_ulang=second)
    assert answer.status_code == 400
    assert words in answer.text
    assert not first or first not in answer.text
    with app.app_context():
        assert db.session.get(Person, link.person_id).password_hash is None
    assert client.get(path).status_code == 200


def test_whoever_uses_a_link_is_signed_out_of_the_account_before(
    client: PageClient, app: Flask, siti: int
) -> None:
    accounts.sign_in(client)
    with app.app_context():
        link = commands.create_administrator("ani@b.id", "Ani", another=True)
    fields = {"sandi_baru": PASSWORD, "sandi_ulang": PASSWORD}
    accounts.send(client, f"/undangan/{link.token}", **fields)
    assert "ani@b.id" in client.get("/akun").text


def test_a_link_sets_passwords_only_with_the_pages_own_token(
    client: PageClient, app: Flask, link: NewLink
) -> None:
    answer = client.post(
        f"/undangan/{link.token}", data={"sandi_baru": PASSWORD, "sandi_ulang": PASSWORD}
    )
    assert answer.status_code == 400
    with app.app_context():
        assert db.session.get(Person, link.person_id).password_hash is None


def test_a_demonstration_of_roles_leads_each_to_a_page_they_may_open(
    client: PageClient, app: Flask
) -> None:
    for role in Role:
        with app.app_context():
            accounts.enter(f"{role}@b.id", role)
        fresh = app.test_client()
        location = accounts.sign_in(fresh, f"{role}@b.id").headers["Location"]
        assert fresh.get(location).status_code == 200
