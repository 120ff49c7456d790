"""What the office's pages about people say and offer: roles, states, steps before what is final."""

import re
from datetime import date
from io import BytesIO

import pytest
from flask import Flask

from portal.access.terms import Role
from portal.kit.extensions import db
from portal.people.models import Grant, Person
from tests.conftest import MovableClock
from tests.people import accounts
from tests.support.pages import PageClient

ROOT = "root@contoh.test"
UNIT = "unit@b.id"
FILLED = {
    "nama": "Budi Santoso",
    "surel": "budi@contoh.test",
    "peran": "administrator",
    "mulai": "2026-11-24",
    "sampai": "2026-12-24",
}


@pytest.fixture
def siti(app: Flask, clock: MovableClock, city: dict[str, int]) -> int:
    """An officer of a unit that has an administrator of its own; the city has one as well."""
    with app.app_context():
        unit = accounts.unit_ids()[0]
        accounts.root_actor(ROOT)
        accounts.enter(UNIT, Role.ADMINISTRATOR, unit, name="Ujang Unit")
        return accounts.enter(unit_id=unit)


@pytest.fixture
def unit(app: Flask, siti: int) -> str:
    """The unit's id, as a form sends it."""
    with app.app_context():
        return str(accounts.unit_ids()[0])


@pytest.mark.parametrize("page", ["/kelola/orang/undang", "/kelola/orang/{siti}"])
@pytest.mark.parametrize(("email", "offered"), [(ROOT, True), (UNIT, False)])
def test_the_role_of_an_administrator_is_offered_to_whoever_may_give_it(
    client: PageClient, siti: int, page: str, email: str, offered: bool
) -> None:
    accounts.sign_in(client, email)
    text = client.get(page.format(siti=siti)).text
    assert 'value="officer"' in text
    assert ('value="administrator"' in text) is offered
    assert ("<b>Admin</b>" in text) is offered


@pytest.mark.parametrize("page", ["/kelola/orang/undang", "/kelola/orang/{siti}"])
def test_a_role_that_was_not_offered_is_refused_at_its_field_with_all_kept(
    app: Flask, client: PageClient, siti: int, unit: str, page: str
) -> None:
    page = page.format(siti=siti)
    to = page if page.endswith("undang") else f"{page}/hak"
    accounts.sign_in(client, UNIT)
    answer = accounts.send(client, page, to, **FILLED, unit=unit)
    assert answer.status_code == 400
    assert '<a href="#peran">Peran admin hanya diberikan admin kota.</a>' in answer.text
    assert 'id="peran-salah"' in answer.text
    assert f'<option value="{unit}" selected>' in answer.text
    assert 'value="2026-12-24"' in answer.text
    with app.app_context():
        query = db.select(db.func.count(Grant.id)).filter_by(role="administrator")
        assert db.session.scalar(query) == 2


@pytest.mark.parametrize("name", [*FILLED, "unit", "csrf_token"])
def test_a_field_of_the_invitation_sent_as_a_file_counts_as_empty(
    client: PageClient, siti: int, name: str
) -> None:
    accounts.sign_in(client, ROOT)
    token = accounts.csrf_of(client.get("/kelola/orang/undang"))
    sent = {"csrf_token": token, **FILLED, "unit": "kota", name: (BytesIO(b"x"), "x.txt")}
    answer = client.post("/kelola/orang/undang", data=sent, content_type="multipart/form-data")
    assert answer.status_code == (200 if name == "sampai" else 400)


def test_whose_only_right_starts_later_is_not_called_active(
    app: Flask, client: PageClient, siti: int
) -> None:
    with app.app_context():
        held = db.update(Grant).where(Grant.person_id == siti)
        db.session.execute(held.values(from_on=date(2026, 12, 1)))
        db.session.commit()
    accounts.sign_in(client, ROOT)
    for page in ("/kelola/orang?cari=siti", f"/kelola/orang/{siti}"):
        text = client.get(page).text
        assert re.search(r'tag--soon"><svg.*?</svg>Mulai 1 Desember 2026</span>', text), page
        assert "Aktif" not in text


def test_a_link_is_selected_as_a_whole_without_a_field_to_type_in(
    client: PageClient, siti: int
) -> None:
    accounts.sign_in(client, ROOT)
    page = f"/kelola/orang/{siti}"
    shown = accounts.send(client, page, f"{page}/tautan").text
    assert re.search(r'<output [^>]*id="tautan" tabindex="0">http://localhost/undangan/', shown)


def test_an_account_is_closed_not_pensioned(app: Flask, client: PageClient, siti: int) -> None:
    accounts.sign_in(client, ROOT)
    page = f"/kelola/orang/{siti}"
    before = client.get(page).text
    assert "Tutup akun Siti Mardiana</button>" in before
    accounts.send(client, page, f"{page}/tutup")
    after = client.get(page).text
    assert "Akun ditutup. Semua hak, tautan, dan sesinya berakhir." in after
    assert "ditutup 24 November 2026" in after
    assert "Ditutup</span>" in after
    assert "ensiun" not in before + after
    with app.app_context():
        assert db.session.get(Person, siti).retired_on


def test_a_right_is_ended_behind_a_step_of_its_own(client: PageClient, siti: int) -> None:
    accounts.sign_in(client, ROOT)
    text = client.get(f"/kelola/orang/{siti}").text
    assert re.search(r"<details[^>]*><summary>(?:(?!</details>).)*Akhiri sekarang", text, re.DOTALL)


def test_the_field_of_the_search_bears_a_label_that_is_seen(client: PageClient, siti: int) -> None:
    accounts.sign_in(client, ROOT)
    assert '<label for="cari">Nama atau surel</label>' in client.get("/kelola/orang").text


def test_the_summary_of_faults_takes_focus_without_a_script(client: PageClient, siti: int) -> None:
    accounts.sign_in(client, ROOT)
    answer = accounts.send(client, "/kelola/orang/undang")
    assert answer.status_code == 400
    assert re.findall(r"<[^>]* autofocus[ >]", answer.text) == [
        '<div class="error-summary stack-s" role="alert" tabindex="-1" autofocus>'
    ]
