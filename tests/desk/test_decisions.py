"""A reader sets a tone right on the page, by a plain form and by a script."""

import json

import pytest
from flask import Flask

from portal.access.terms import Role
from portal.kit.extensions import db
from portal.people.commands import end_grant, give_grant
from portal.ratings.corrections import correct_tone
from portal.ratings.models import ToneCorrection
from tests.conftest import MovableClock
from tests.desk.factories import Colleague, Hire, Office, Say
from tests.desk.reading import LIST, form_of, texts, tones
from tests.people import accounts
from tests.support.pages import PageClient


class TestDeciding:
    """Without script: a form, a redirect back to the same place, a word of confirmation."""

    def test_one_press_sets_the_tone_and_leads_back_to_the_same_place(
        self, app: Flask, desk: PageClient, say: Say
    ) -> None:
        rating_id = say("Bagus nian, tiga kali disuruh balik", tone="uncertain")
        say("Lain", tone="uncertain")
        form = form_of(desk.get(f"{LIST}?nada=ragu&urut=terburuk").text, rating_id)
        answer = desk.post(LIST, data={**form, "nada": "negatif"})
        assert answer.status_code == 303
        place = answer.headers["Location"]
        assert place.endswith(f"#t-{rating_id}")
        assert tones(app)[rating_id] == "negative"
        page = desk.get(place).text
        assert sorted(texts(page)) == ["Bagus nian, tiga kali disuruh balik", "Lain"]
        assert "Tersimpan sebagai negatif" in page
        assert "Anda: negatif" in page
        assert "Mesin tidak yakin, 1 tulisan" in page

    def test_the_undo_takes_it_back(self, app: Flask, desk: PageClient, say: Say) -> None:
        rating_id = say("Entah", tone="uncertain")
        form = form_of(desk.get(LIST).text, rating_id)
        place = desk.post(LIST, data={**form, "nada": "positif"}).headers["Location"]
        form = form_of(desk.get(place).text, rating_id)
        place = desk.post(LIST, data={**form, "nada": "batal"}).headers["Location"]
        assert tones(app)[rating_id] == "uncertain"
        page = desk.get(place).text
        assert "Dibatalkan, kembali ke mesin tidak yakin." in page
        assert "Anda:" not in page

    def test_a_colleague_who_was_faster_is_told_beside_the_text(
        self, app: Flask, desk: PageClient, say: Say, hire: Hire, offices: list[Office]
    ) -> None:
        rating_id = say("Entah", tone="uncertain")
        form = form_of(desk.get(f"{LIST}?nada=ragu").text, rating_id)
        with app.app_context():
            correct_tone(hire(offices[0]).actor, rating_id, "negative", "uncertain")
        page = desk.post(LIST, data={**form, "nada": "positif"})
        assert page.status_code == 409
        assert page.text.count("Rekan Anda baru saja mengubah") == 2
        assert "Petugas lain: negatif" in page.text
        assert "Dibatalkan" not in page.text
        assert tones(app)[rating_id] == "negative"

    def test_the_same_press_twice_is_the_same(self, app: Flask, desk: PageClient, say: Say) -> None:
        rating_id = say("Entah", tone="uncertain")
        form = {**form_of(desk.get(LIST).text, rating_id), "nada": "positif"}
        assert [desk.post(LIST, data=form).status_code for _ in range(2)] == [303, 303]
        with app.app_context():
            assert db.session.query(ToneCorrection).count() == 1

    @pytest.mark.parametrize("foreign", [True, False], ids=["foreign", "unknown"])
    def test_what_may_not_be_seen_cannot_be_told_from_what_is_not_there(
        self, app: Flask, desk: PageClient, say: Say, offices: list[Office], foreign: bool
    ) -> None:
        own, other = say("Milik kita"), say("Milik orang", office=offices[1], tone="uncertain")
        form = form_of(desk.get(LIST).text, own)
        wanted = str(other if foreign else 12345)
        page = desk.post(LIST, data={**form, "tulisan": wanted, "nada": "negatif"})
        assert page.status_code == 404
        assert "Tulisan ini tidak ada, atau bukan untuk unit Anda." in page.text
        assert texts(page.text) == ["Milik kita"]
        assert tones(app)[other] == "uncertain"

    def test_a_name_in_the_address_does_not_show_foreign_words(
        self, desk: PageClient, say: Say, offices: list[Office]
    ) -> None:
        other = say("Milik orang", office=offices[1])
        assert "Milik orang" not in desk.get(f"{LIST}?tulisan={other}").text

    @pytest.mark.parametrize("field", ["tulisan", "nada", "dilihat", "csrf_token"])
    def test_a_broken_form_is_answered_and_stores_nothing(
        self, app: Flask, desk: PageClient, say: Say, field: str
    ) -> None:
        rating_id = say("Entah", tone="uncertain")
        whole = {**form_of(desk.get(LIST).text, rating_id), "nada": "positif"}
        for value in (None, "", "x", "\x00", "9" * 30, "y" * 10_000):
            form = {name: sent for name, sent in whole.items() if name != field}
            if value is not None:
                form[field] = value
            answer = desk.post(LIST, data=form)
            assert answer.status_code in (400, 404, 409), value
            assert "Belum tersimpan" in answer.text
            assert tones(app)[rating_id] == "uncertain"

    @pytest.mark.parametrize("place", ["", "x", "\x00", "y" * 10_000, "a=%ff&=&&", "setelah=1_2_3"])
    def test_a_broken_way_back_leads_to_the_list(
        self, app: Flask, desk: PageClient, say: Say, place: str
    ) -> None:
        rating_id = say("Entah", tone="uncertain")
        form = {**form_of(desk.get(LIST).text, rating_id), "nada": "positif", "kembali": place}
        answer = desk.post(LIST, data=form)
        assert answer.headers["Location"] == f"{LIST}?tulisan={rating_id}#t-{rating_id}"
        assert tones(app)[rating_id] == "positive"

    def test_an_old_page_is_answered_beside_the_text_and_its_new_form_works(
        self, app: Flask, desk: PageClient, officer: Colleague, say: Say
    ) -> None:
        rating_id = say("Entah", tone="uncertain")
        form = {**form_of(desk.get(LIST).text, rating_id), "csrf_token": "lama"}
        page = desk.post(LIST, data={**form, "nada": "positif"})
        assert page.status_code == 400
        assert "Silakan kirim sekali lagi" in page.text
        fresh = form_of(page.text, rating_id)
        assert desk.post(LIST, data={**fresh, "nada": "positif"}).status_code == 303

    def test_a_press_after_the_session_ended_is_carried_to_the_sign_in(
        self, app: Flask, desk: PageClient, say: Say, clock: MovableClock
    ) -> None:
        rating_id = say("Entah", tone="uncertain")
        form = form_of(desk.get(LIST).text, rating_id)
        clock.forward(minutes=31)
        page = desk.post(LIST, data={**form, "nada": "positif"})
        assert page.status_code == 401
        assert str(rating_id) in page.text
        assert tones(app)[rating_id] == "uncertain"


class TestDecidingByScript:
    """The same press asks for JSON and gets the parts of the page that changed."""

    HEADERS = {"Accept": "application/json"}

    def test_the_changed_parts_come_back(self, app: Flask, desk: PageClient, say: Say) -> None:
        rating_id = say("Entah", tone="uncertain")
        form = form_of(desk.get(f"{LIST}?nada=ragu").text, rating_id)
        answer = desk.post(LIST, data={**form, "nada": "negatif"}, headers=self.HEADERS)
        assert answer.status_code == 200
        told = json.loads(answer.text)
        assert told["said"] == "Tersimpan sebagai negatif."
        assert set(told["parts"]) == {"nada", "daftar", "gambar-nada", f"t-{rating_id}"}
        assert "Anda: negatif" in told["parts"][f"t-{rating_id}"]
        assert "Negatif <b>1</b>" in told["parts"]["nada"]
        form = form_of(told["parts"][f"t-{rating_id}"], rating_id)
        told = desk.post(LIST, data={**form, "nada": "batal"}, headers=self.HEADERS).json
        assert told is not None
        assert told["said"] == "Dibatalkan, kembali ke mesin tidak yakin."

    def test_a_refusal_comes_with_its_sentence_and_what_stands_now(
        self, app: Flask, desk: PageClient, say: Say
    ) -> None:
        rating_id = say("Bagus", tone="positive")
        form = {**form_of(desk.get(LIST).text, rating_id), "dilihat": "ragu", "nada": "negatif"}
        answer = desk.post(LIST, data=form, headers=self.HEADERS)
        assert answer.status_code == 409
        assert answer.json is not None
        assert "Rekan Anda" in answer.json["error"]
        assert f"t-{rating_id}" in answer.json["parts"]

    def test_an_old_page_is_told_so_and_gets_a_form_that_works(
        self, desk: PageClient, say: Say
    ) -> None:
        rating_id = say("Entah", tone="uncertain")
        form = {**form_of(desk.get(LIST).text, rating_id), "csrf_token": "lama", "nada": "positif"}
        answer = desk.post(LIST, data=form, headers=self.HEADERS)
        assert answer.status_code == 400
        assert answer.json is not None
        assert "Silakan kirim sekali lagi" in answer.json["error"]
        assert answer.json["status"] == 400
        fresh = {**form_of(answer.json["parts"][f"t-{rating_id}"], rating_id), "nada": "positif"}
        assert desk.post(LIST, data=fresh, headers=self.HEADERS).status_code == 200

    def test_a_right_that_ended_is_said_in_the_same_shape(
        self, desk: PageClient, app: Flask, say: Say, officer: Colleague
    ) -> None:
        rating_id = say("Entah", tone="uncertain")
        form = form_of(desk.get(LIST).text, rating_id)
        with app.app_context():
            root = accounts.root_actor()
            admin = accounts.new_grant(Role.ADMINISTRATOR)
            give_grant(root, officer.actor.person_id, admin)
            end_grant(root, accounts.grant_ids(officer.actor.person_id)[0])
        answer = desk.post(LIST, data={**form, "nada": "positif"}, headers=self.HEADERS)
        assert answer.status_code == 403
        assert answer.json == {"error": "Hak Anda tidak mencakup halaman ini.", "status": 403}

    def test_an_error_of_any_kind_is_told_in_the_same_shape(self, desk: PageClient) -> None:
        told = desk.get("/meja/tidak-ada", headers=self.HEADERS)
        assert told.status_code == 404
        assert told.json is not None
        assert set(told.json) == {"error", "status"}
        assert told.json["error"].startswith("Halaman tidak ditemukan. ")
        assert desk.get("/meja/tidak-ada", headers={"Accept": "*/*"}).mimetype == "text/html"
