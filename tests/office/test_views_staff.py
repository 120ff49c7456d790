"""The office's pages about people: each role at each route, and what administrators meet."""

import re
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.access.terms import Role
from portal.kit.errors import Conflict
from portal.kit.extensions import db
from portal.people import commands
from portal.people.models import Person
from tests.conftest import MovableClock
from tests.people import accounts
from tests.support.pages import PageClient

ROOT = "root@contoh.test"
FILLED = {
    "nama": "Budi Santoso",
    "surel": "Budi@contoh.test",
    "peran": "officer",
    "unit": "kota",
    "mulai": "2026-11-24",
    "sampai": "",
}


@pytest.fixture
def root(app: Flask, clock: MovableClock) -> int:
    """An administrator of the whole city."""
    with app.app_context():
        return accounts.root_actor(ROOT).person_id


@pytest.fixture
def siti(app: Flask, clock: MovableClock) -> int:
    """An officer of the whole city."""
    with app.app_context():
        return accounts.enter()


@pytest.fixture
def units(app: Flask, city: dict[str, int]) -> list[int]:
    """The ids of the seed's units."""
    with app.app_context():
        return accounts.unit_ids()


ROLE = {"peran": "unit_head", "mulai": "2026-12-01"}
ROUTES = [
    ("GET", "/kelola", 303),
    ("GET", "/kelola/orang", 200),
    ("GET", "/kelola/orang/undang", 200),
    ("POST", "/kelola/orang/undang", 400),
    ("GET", "/kelola/orang/{siti}", 200),
    ("POST", "/kelola/orang/{siti}/hak", 400),
    ("POST", "/kelola/orang/{siti}/tautan", 200),
    ("POST", "/kelola/orang/{siti}/hak/{grant}/akhiri", 303),
    ("POST", "/kelola/orang/{siti}/tutup", 303),
]


@pytest.mark.parametrize("role", [None, *Role])
@pytest.mark.parametrize(("method", "path", "status"), ROUTES)
def test_each_route_lets_in_administrators_only(
    app: Flask,
    client: PageClient,
    root: int,
    siti: int,
    method: str,
    path: str,
    status: int,
    role: Role | None,
) -> None:
    with app.app_context():
        grant = accounts.grant_ids(siti)[0]
        accounts.enter("somebody@b.id", role or Role.OFFICER)
    path = path.format(siti=siti, grant=grant)
    if role is None:
        token = accounts.csrf_of(client.get("/masuk"))
        expected = 303 if method == "GET" else 401
    else:
        accounts.sign_in(client, "somebody@b.id")
        token = accounts.csrf_of(client.get("/akun"))
        expected = status if role is Role.ADMINISTRATOR else 403
    answer = client.open(
        path, method=method, data={"csrf_token": token} if method == "POST" else None
    )
    assert answer.status_code == expected
    if role is None and method == "GET":
        assert answer.headers["Location"].startswith("/masuk?lanjut=")


@pytest.mark.parametrize(("method", "path", "status"), [r for r in ROUTES if r[0] == "POST"])
def test_no_route_takes_a_form_without_the_sessions_token(
    client: PageClient, root: int, siti: int, method: str, path: str, status: int
) -> None:
    accounts.sign_in(client, ROOT)
    assert client.post(path.format(siti=siti, grant=1)).status_code == 400


def test_an_invitation_of_an_earlier_session_comes_back_filled_and_can_be_sent_again(
    client: PageClient, root: int
) -> None:
    accounts.sign_in(client, ROOT)
    old = accounts.csrf_of(client.get("/kelola/orang/undang"))
    client.delete_cookie("ampera")
    accounts.sign_in(client, ROOT)
    answer = client.post("/kelola/orang/undang", data={"csrf_token": old, **FILLED})
    assert answer.status_code == 400
    assert "Silakan kirim sekali lagi" in answer.text
    assert 'value="Budi Santoso"' in answer.text
    sent = {"csrf_token": accounts.csrf_of(answer), **FILLED}
    assert client.post("/kelola/orang/undang", data=sent).status_code == 200


@pytest.mark.parametrize("press", ["hak", "hak/{grant}/akhiri", "tautan", "tutup"])
def test_a_press_of_an_earlier_session_is_answered_on_the_persons_page(
    app: Flask, client: PageClient, root: int, siti: int, press: str
) -> None:
    accounts.sign_in(client, ROOT)
    with app.app_context():
        press = press.format(grant=accounts.grant_ids(siti)[0])
    answer = client.post(f"/kelola/orang/{siti}/{press}", data={"csrf_token": "lama", **ROLE})
    assert answer.status_code == 400
    assert "Silakan kirim sekali lagi" in answer.text
    assert "<h1>Siti Mardiana</h1>" in answer.text
    assert ('value="2026-12-01"' in answer.text) is (press == "hak")


def test_an_invitation_shows_its_link_once_and_the_link_works(
    app: Flask, client: PageClient, root: int
) -> None:
    accounts.sign_in(client, ROOT)
    shown = accounts.send(client, "/kelola/orang/undang", **FILLED)
    assert shown.status_code == 200
    assert "27 November 2026, pukul 10.42" in shown.text
    assert shown.headers["Cache-Control"] == "private, no-store"
    path = _link_path(shown.text)
    guest = app.test_client()
    chosen = accounts.send(guest, path, sandi_baru=accounts.PASSWORD, sandi_ulang=accounts.PASSWORD)
    assert chosen.status_code == 303
    assert "Budi Santoso" in guest.get("/akun").text
    person = re.search(r'href="(/kelola/orang/\d+)"', shown.text)[1]
    page = client.get(person).text
    assert path not in page
    assert "diberikan oleh Ratna Kota" in page


def _link_path(page: str) -> str:
    found = re.search(r">http://localhost(/undangan/[\w-]+)</output>", page)
    assert found, page
    return found[1]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"nama": ""}, "Tulis nama orangnya"),
        ({"nama": "\x00\u202e"}, "Tulis nama orangnya"),
        ({"surel": "budi"}, "Tulis surel lengkap"),
        ({"surel": ROOT.upper()}, "sudah punya akun"),
        ({"peran": "king"}, "Pilih satu peran"),
        ({"peran": ""}, "Pilih satu peran"),
        ({"unit": ""}, "Pilih unit dari daftar"),
        ({"unit": "999"}, "Pilih unit dari daftar"),
        ({"unit": "1; DROP TABLE"}, "Pilih unit dari daftar"),
        ({"mulai": ""}, "Isi hari pertama"),
        ({"mulai": "2026-02-31"}, "Tanggal ini tidak ada"),
        ({"mulai": "besok"}, "Tanggal ini tidak ada"),
        ({"mulai": "2026-11-23"}, "paling cepat hari ini"),
        ({"sampai": "2026-11-23"}, "sebelum hari pertama"),
        ({"sampai": "99999-01-01"}, "Tanggal ini tidak ada"),
    ],
)
def test_a_refused_invitation_comes_back_filled_with_the_reason_at_the_field(
    app: Flask,
    client: PageClient,
    root: int,
    units: list[int],
    changes: dict[str, str],
    words: str,
) -> None:
    accounts.sign_in(client, ROOT)
    fields = {**FILLED, "nama": "Budi <b>& Ani", **changes}
    answer = accounts.send(client, "/kelola/orang/undang", **fields)
    assert answer.status_code in {400, 409}
    assert answer.text.count(words) >= 2
    if "nama" not in changes:
        assert 'value="Budi &lt;b&gt;&amp; Ani"' in answer.text
    (name,) = changes
    assert f'href="#{name}"' in answer.text
    with app.app_context():
        assert db.session.query(Person).count() == 1


def test_a_unit_administrator_is_offered_own_units_only(
    app: Flask, client: PageClient, root: int, units: list[int]
) -> None:
    with app.app_context():
        accounts.enter("unit@b.id", Role.ADMINISTRATOR, units[0])
    accounts.sign_in(client, "unit@b.id")
    page = client.get("/kelola/orang/undang").text
    assert "Seluruh kota" not in page
    assert f'<option value="{units[0]}">' in page
    assert f'<option value="{units[1]}">' not in page
    for unit in ("kota", str(units[1])):
        answer = accounts.send(client, "/kelola/orang/undang", **{**FILLED, "unit": unit})
        assert answer.status_code == 400


def test_a_person_of_another_unit_is_not_there(
    app: Flask, client: PageClient, root: int, units: list[int]
) -> None:
    with app.app_context():
        accounts.enter("unit@b.id", Role.ADMINISTRATOR, units[0])
        stranger = accounts.enter("stranger@b.id", Role.OFFICER, units[1], name="Cici")
    accounts.sign_in(client, "unit@b.id")
    assert "Cici" not in client.get("/kelola/orang?cari=stranger").text
    assert client.get(f"/kelola/orang/{stranger}").status_code == 404
    assert client.get("/kelola/orang/99999").status_code == 404
    assert client.get("/kelola/orang/99999999999999999999").status_code == 404


def _post(client: FlaskClient, page: str, to: str, **fields: str) -> str:
    answer = accounts.send(client, page, to, **fields)
    assert answer.status_code == 303, answer.text
    return client.get(answer.headers["Location"]).text


def test_a_role_is_added_and_ended_on_the_persons_page(
    app: Flask, client: PageClient, root: int, siti: int, units: list[int]
) -> None:
    accounts.sign_in(client, ROOT)
    page = f"/kelola/orang/{siti}"
    fields = {
        "peran": "unit_head",
        "unit": str(units[0]),
        "mulai": "2026-12-01",
        "sampai": "2026-12-31",
    }
    text = _post(client, page, f"{page}/hak", **fields)
    assert "Hak ditambahkan." in text
    assert "mulai 1 Desember 2026, sampai 31 Desember 2026" in text
    with app.app_context():
        grant = accounts.grant_ids(siti)[-1]
    text = _post(client, page, f"{page}/hak/{grant}/akhiri")
    assert "diakhiri 24 November 2026, pukul 10.42" in text


def test_the_same_role_twice_is_refused_with_the_form_filled(
    client: PageClient, root: int, siti: int
) -> None:
    accounts.sign_in(client, ROOT)
    page = f"/kelola/orang/{siti}"
    fields = {"peran": "officer", "unit": "kota", "mulai": "2026-11-30"}
    answer = accounts.send(client, page, f"{page}/hak", **fields)
    assert answer.status_code == 409
    assert "sudah punya peran itu" in answer.text
    assert 'value="2026-11-30"' in answer.text


def test_a_new_link_is_shown_once_and_the_old_one_dies(
    app: Flask, client: PageClient, root: int, siti: int
) -> None:
    accounts.sign_in(client, ROOT)
    page = f"/kelola/orang/{siti}"
    first = _link_path(accounts.send(client, page, f"{page}/tautan").text)
    second = _link_path(accounts.send(client, page, f"{page}/tautan").text)
    guest = app.test_client()
    assert "sudah diganti" in guest.get(first).text
    assert guest.get(second).status_code == 200
    assert "masih terbuka sampai 27 November 2026" in client.get(page).text


def test_a_link_is_under_the_public_address_when_there_is_one(
    app: Flask, client: PageClient, root: int, siti: int
) -> None:
    app.config["PUBLIC_URL"] = "https://ampera.example"
    accounts.sign_in(client, ROOT)
    page = f"/kelola/orang/{siti}"
    shown = accounts.send(client, page, f"{page}/tautan").text
    assert ">https://ampera.example/undangan/" in shown


def test_a_retired_person_is_out_at_the_next_step(
    app: Flask, client: PageClient, root: int, siti: int
) -> None:
    hers = app.test_client()
    accounts.sign_in(hers)
    assert hers.get("/akun").status_code == 200
    accounts.sign_in(client, ROOT)
    page = f"/kelola/orang/{siti}"
    text = _post(client, page, f"{page}/tutup")
    assert "ditutup 24 November 2026" in text
    assert "Tambah hak" not in text
    assert hers.get("/akun").status_code == 303
    assert accounts.sign_in(app.test_client()).status_code == 401


def test_the_last_administrator_is_kept_and_the_page_says_why(
    app: Flask, client: PageClient, root: int
) -> None:
    accounts.sign_in(client, ROOT)
    with app.app_context():
        grant = accounts.grant_ids(root)[0]
    page = f"/kelola/orang/{root}"
    answer = accounts.send(client, page, f"{page}/hak/{grant}/akhiri")
    assert answer.status_code == 409
    assert "admin terakhir untuk seluruh kota" in answer.text
    assert "Hak baru untuk Anda hanya bisa diberikan admin lain" in answer.text


def test_the_list_is_searched_and_paged(app: Flask, client: PageClient, root: int) -> None:
    with app.app_context():
        commands.enter_people(
            commands.PastPerson(f"p{n:02}@b.id", f"Orang {n:02}", "hash", Role.OFFICER, None)
            for n in range(30)
        )
    accounts.sign_in(client, ROOT)
    first = client.get("/kelola/orang").text
    assert "31 orang, halaman 1 dari 2" in first
    assert 'href="/kelola/orang?hal=2"' in first
    assert "Orang 29" in client.get("/kelola/orang?hal=2").text
    assert "1 orang" in client.get("/kelola/orang?cari=orang+17").text
    empty = client.get("/kelola/orang?cari=%22%3Cscript%3E").text
    assert "Lihat semua orang" in empty


@pytest.mark.parametrize(
    "query", ["hal=x", "hal=-1", "hal=99999999999999999999", "cari=%00", "cari=" + "x" * 5000]
)
def test_no_question_to_the_list_breaks_it(client: PageClient, root: int, query: str) -> None:
    accounts.sign_in(client, ROOT)
    assert client.get(f"/kelola/orang?{query}").status_code == 200


def test_a_persons_page_costs_the_same_however_many_rights_they_held(
    app: Flask,
    client: PageClient,
    root: int,
    siti: int,
    count_queries: Callable[[], Any],
    units: list[int],
) -> None:
    accounts.sign_in(client, ROOT)
    with app.app_context():
        admin = accounts.actor(root)
        for _ in range(3):
            for unit in units:
                commands.give_grant(admin, siti, accounts.new_grant(Role.OFFICER, unit))
            for grant in accounts.grant_ids(siti)[1:]:
                with suppress(Conflict):
                    commands.end_grant(admin, grant)
    with count_queries() as statements:
        page = client.get(f"/kelola/orang/{siti}")
    assert "Hak yang sudah berakhir, 9" in page.text
    assert len(statements) <= 7
