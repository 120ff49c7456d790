"""A form that was sent after the session had ended: what is carried, by whom, and what is shown."""

from io import BytesIO

import pytest
from flask import Flask

from portal.people.carried import MOST, packed, unpacked
from tests.conftest import MovableClock
from tests.people import accounts
from tests.people.accounts import EMAIL, PASSWORD
from tests.people.test_views_staff import _hidden
from tests.support.pages import PageClient

ROOT = "root@contoh.test"
TYPED = {"peran": "unit_head", "unit": "kota", "mulai": "2026-11-24", "sampai": ""}


def test_a_carried_form_comes_back_as_it_was_sent() -> None:
    fields = [("nama", "Budi & Ani"), ("kata", "baris satu\nbaris dua 👍🏽"), ("kata", "lagi")]
    assert unpacked(packed(fields)) == fields


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "{",
        "null",
        "[1]",
        "[[1, 2, 3]]",
        '[["a", 1]]',
        '[["a", ["b"]]]',
        '["ab"]',
        '{"ab": 1}',
        '[["a", "b"], "cd"]',
        "[" * 5000 + "]" * 5000,
        '[["a", "' + "x" * MOST + '"]]',
    ],
)
def test_what_is_no_list_of_pairs_of_texts_is_dropped(text: str | None) -> None:
    assert unpacked(text) == []


def test_half_characters_and_control_characters_are_taken_out() -> None:
    assert unpacked(r'[["a\u0000", "x\ud800y\u202e\u0000"]]') == [("a", "xy")]


def test_neither_passwords_nor_tokens_come_out_of_a_text_that_names_them() -> None:
    assert unpacked('[["csrf_token", "x"], ["sandi_baru", "y"], ["nama", "z"]]') == [("nama", "z")]


@pytest.mark.parametrize("bawaan", [r'[["a","\ud800"]]', "[" * 5000 + "]" * 5000])
def test_no_carried_text_breaks_a_good_sign_in(client: PageClient, app: Flask, bawaan: str) -> None:
    with app.app_context():
        accounts.enter()
    fields = {"surel": EMAIL, "sandi": PASSWORD, "lanjut": "/akun", "bawaan": bawaan}
    assert accounts.send(client, "/masuk", **fields).status_code in {200, 303}


def _held(app: Flask, client: PageClient, clock: MovableClock) -> tuple[str, dict[str, str]]:
    """Where the administrator's form went after the session's end, and the sign-in's fields."""
    with app.app_context():
        accounts.root_actor()
        person = accounts.enter()
    accounts.sign_in(client, ROOT)
    token = accounts.csrf_of(client.get(f"/kelola/orang/{person}"))
    clock.forward(minutes=31)
    path = f"/kelola/orang/{person}/hak"
    held = client.post(path, data={"csrf_token": token, **TYPED})
    assert held.status_code == 401
    return path, _hidden(held.text)


def test_what_is_going_to_be_sent_is_shown_before_it_is_sent(
    app: Flask, client: PageClient, clock: MovableClock
) -> None:
    path, fields = _held(app, client, clock)
    again = client.post("/masuk", data={**fields, "surel": ROOT, "sandi": PASSWORD})
    assert again.status_code == 200
    for words in ("Kepala unit", "Seluruh kota", "24 November 2026", path):
        assert words in again.text


def test_a_field_that_nobody_knows_is_shown_by_its_own_name(client: PageClient, app: Flask) -> None:
    with app.app_context():
        accounts.enter()
    fields = {
        "surel": EMAIL,
        "sandi": PASSWORD,
        "lanjut": "/akun",
        "bawaan": '[["xyz", "isi <b>"]]',
    }
    page = accounts.send(client, "/masuk", **fields).text
    assert "xyz: <b>isi &lt;b&gt;</b>" in page


def test_a_form_is_not_sent_again_in_the_name_of_somebody_else(
    app: Flask, client: PageClient, clock: MovableClock
) -> None:
    _, fields = _held(app, client, clock)
    other = client.post("/masuk", data={**fields, "surel": EMAIL, "sandi": PASSWORD})
    assert other.status_code == 303
    page = client.get(other.headers["Location"], follow_redirects=True)
    assert page.status_code == 200
    assert "akun lain" in page.text


@pytest.mark.parametrize("site", ["cross-site", "same-site", None])
def test_a_form_that_another_site_plants_in_the_sign_in_is_dropped(
    client: PageClient, site: str | None
) -> None:
    planted = {"lanjut": "/kelola/orang/1/hak", "bawaan": '[["peran", "administrator"]]'}
    headers = {"Sec-Fetch-Site": site} if site else {}
    page = client.post("/masuk", data=planted, headers=headers)
    assert page.status_code == 400
    assert "administrator" not in page.text


@pytest.mark.parametrize("name", ["surel", "sandi", "lanjut", "bawaan", "csrf_token"])
def test_a_field_sent_as_a_file_counts_as_empty(client: PageClient, app: Flask, name: str) -> None:
    with app.app_context():
        accounts.enter()
    token = accounts.csrf_of(client.get("/masuk"))
    fields = {"csrf_token": token, "surel": EMAIL, "sandi": PASSWORD}
    sent = {**fields, name: (BytesIO(b"x"), "x.txt")}
    answer = client.post("/masuk", data=sent, content_type="multipart/form-data")
    assert answer.status_code == (303 if name in {"lanjut", "bawaan"} else 400)
