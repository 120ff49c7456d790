"""The page of citizens' words: who sees which, how they are filtered, what stands beside them."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask

from portal.access.terms import Role
from portal.directory.models import Unit
from portal.kit.extensions import db
from portal.people.models import Grant
from portal.ratings.commands import record_past
from portal.ratings.terms import Exclusion
from tests.conftest import MovableClock
from tests.desk.conftest import sign_in
from tests.desk.factories import YESTERDAY, Colleague, Hire, Office, Say, adopt
from tests.desk.reading import LIST, texts, tones
from tests.support.pages import PageClient


class TestWhoReads:
    def test_an_officer_reads_the_words_of_the_own_unit_only(
        self, desk: PageClient, say: Say, offices: list[Office]
    ) -> None:
        say("Antre rapi")
        say("Milik kantor lain", office=offices[1])
        page = desk.get(LIST)
        assert page.status_code == 200
        assert texts(page.text) == ["Antre rapi"]
        assert "<h1>Suara warga, DPMPTSP</h1>" in page.text

    def test_a_right_above_covers_the_units_below(
        self, app: Flask, client: PageClient, say: Say, hire: Hire, offices: list[Office]
    ) -> None:
        with app.app_context():
            adopt(offices[1], offices[0])
        say("Dari unit atas")
        say("Dari unit bawah", office=offices[1])
        sign_in(app, client, hire(offices[0]))
        assert sorted(texts(client.get(LIST).text)) == ["Dari unit atas", "Dari unit bawah"]
        sign_in(app, client, hire(offices[1]))
        assert texts(client.get(LIST).text) == ["Dari unit bawah"]

    def test_an_administrator_does_not_read_what_citizens_wrote(
        self, app: Flask, client: PageClient, say: Say, hire: Hire
    ) -> None:
        rating_id = say("Rahasia warga")
        sign_in(app, client, hire(None, Role.ADMINISTRATOR))
        for answer in (client.get(LIST), client.post(LIST, data={"tulisan": str(rating_id)})):
            assert answer.status_code == 403
            assert "Rahasia" not in answer.text

    def test_an_ended_right_reads_nothing(
        self, app: Flask, desk: PageClient, say: Say, clock: MovableClock
    ) -> None:
        say("Masih rahasia")
        with app.app_context():
            db.session.execute(db.update(Grant).values(ended_at=clock()))
            db.session.commit()
        answer = desk.get(LIST)
        assert answer.status_code == 303
        assert "/masuk" in answer.headers["Location"]

    def test_a_stranger_is_led_to_the_sign_in_and_back(self, client: PageClient, city: Any) -> None:
        answer = client.get(f"{LIST}?nada=ragu")
        assert answer.status_code == 303
        assert answer.headers["Location"].startswith("/masuk?lanjut=")

    def test_the_desk_leads_to_the_words(self, desk: PageClient) -> None:
        assert desk.get("/meja").headers["Location"] == LIST

    def test_what_is_read_is_stored_nowhere(self, desk: PageClient) -> None:
        assert desk.get(LIST).headers["Cache-Control"] == "private, no-store"


class TestWhen:
    def test_words_of_today_appear_tomorrow(
        self,
        app: Flask,
        client: PageClient,
        officer: Colleague,
        say: Say,
        clock: MovableClock,
    ) -> None:
        say("Baru saja", at=datetime(2026, 11, 24, 3, tzinfo=UTC))
        page = sign_in(app, client, officer).get(LIST)
        assert texts(page.text) == []
        assert "besok pagi" in page.text
        clock.moment = datetime(2026, 11, 24, 17, 9, tzinfo=UTC)
        sign_in(app, client, officer)
        assert texts(client.get(LIST).text) == [], "its author may still change it"
        clock.forward(minutes=1)
        assert texts(client.get(LIST).text) == ["Baru saja"]

    def test_neither_the_page_nor_the_order_within_a_day_tells_the_time(
        self, app: Flask, desk: PageClient, say: Say
    ) -> None:
        said = {
            say(f"Tulisan {hour}", at=datetime(2026, 11, 23, hour, 17, tzinfo=UTC)): hour
            for hour in range(1, 9)
        }
        page = desk.get(LIST).text.split("</head>")[1]
        order = [said[int(key)] for key in re.findall(r'<li id="t-(\d+)"', page)]
        assert [key for key, _ in sorted(said.items(), reverse=True)] == [
            int(key) for key in re.findall(r'<li id="t-(\d+)"', page)
        ]
        assert sorted(order) == list(range(1, 9))
        assert not re.search(r"\b\d\d?[.:]17\b", page)

    def test_a_closed_month_or_quarter_is_picked_from_those_with_ratings(
        self, desk: PageClient, say: Say
    ) -> None:
        say("Dulu", on=date(2026, 8, 5))
        say("Baru", on=YESTERDAY)
        page = desk.get(LIST).text
        assert texts(page) == ["Baru"]
        offered = re.findall(r'<option value="(\d{4}-[^"]+)"', page)
        assert offered == ["2026-Q3", "2026-11", "2026-08"]
        for period in ("2026-Q3", "2026-08"):
            assert texts(desk.get(f"{LIST}?periode={period}").text) == ["Dulu"]
        assert texts(desk.get(f"{LIST}?periode=2026-11").text) == ["Baru"]


class TestFilters:
    def test_tones_are_counted_and_filtered(self, desk: PageClient, say: Say) -> None:
        say("Bagus", tone="positive")
        say("Buruk", tone="negative")
        say("Entah", tone="uncertain")
        say("Entah juga", tone="uncertain")
        page = desk.get(f"{LIST}?nada=ragu").text
        assert sorted(texts(page)) == ["Entah", "Entah juga"]
        counts = re.findall(r"<a href=\"/meja/penilaian[^>]*>([^<]+) <b>(\d+)</b></a>", page)
        assert dict(counts) == {
            "Semua": "4",
            "Negatif": "1",
            "Netral": "0",
            "Positif": "1",
            "Mesin tidak yakin": "2",
        }

    def test_a_service_is_picked_and_a_foreign_one_changes_nothing(
        self, desk: PageClient, say: Say, offices: list[Office]
    ) -> None:
        say("Milik kita")
        say("Milik orang", office=offices[1])
        for service_id in (offices[0].service_id, offices[1].service_id):
            page = desk.get(f"{LIST}?layanan={service_id}").text
            assert texts(page) == ["Milik kita"]

    def test_the_worst_come_first_then_the_newest(self, desk: PageClient, say: Say) -> None:
        for day, score in ((20, 5), (21, 1), (22, 3), (23, 1)):
            say(f"{score} pada {day}", score=score, on=date(2026, 11, day))
        worst = texts(desk.get(f"{LIST}?urut=terburuk").text)
        assert worst == ["1 pada 23", "1 pada 21", "3 pada 22", "5 pada 20"]
        newest = texts(desk.get(LIST).text)
        assert newest == ["1 pada 23", "3 pada 22", "1 pada 21", "5 pada 20"]

    def test_words_are_searched_as_they_are_typed(self, desk: PageClient, say: Say) -> None:
        queue, praise = "Antre 100% lama_sekali", "Petugas bilang 'tunggu' 👍🏽"
        say(queue, on=date(2026, 11, 23))
        say(praise, on=date(2026, 11, 22))
        for search, found in (
            ("antre", [queue]),
            ("ANTRE lama", [queue]),
            ("100%", [queue]),
            ("_", [queue]),
            ("%", [queue]),
            ("'", [praise]),
            ("👍🏽", [praise]),
            ("antre petugas", []),
            ('"; DROP TABLE rating; --', []),
            ("\\", []),
            ("/", []),
            ("\x00", [queue, praise]),
            ("a" * 10_000, []),
            ("'" * 10_000, []),
            ("👍" * 3_000, []),
        ):
            page = desk.get(LIST, query_string={"kata": search})
            assert page.status_code == 200, search
            assert [words.replace("&#39;", "'") for words in texts(page.text)] == found, search
            if not found:
                assert "lihat semua tulisan tanpa pencarian" in page.text

    @pytest.mark.parametrize("name", ["layanan", "periode", "nada", "urut", "setelah", "tulisan"])
    def test_an_absurd_address_still_opens_a_list(
        self, desk: PageClient, say: Say, name: str
    ) -> None:
        say("Tetap ada")
        for value in (
            "",
            "0",
            "-1",
            "abc",
            "9" * 30,
            "9" * 19,
            "9223372036854775807",
            "٣",
            "\x00",
            "\ud83d",
            "2026-Q9",
            "2026-13",
            "9999-12",
            "0000-00",
            "1_2026-02-30_5",
            "1_2026-11-23_99999999999999999999",
            "3_0001-01-01_1",
            "3_9999-12-31_9223372036854775807",
            "'; --",
            "x" * 10_000,
        ):
            sent = value.encode("utf-8", "surrogatepass")
            assert desk.get(LIST, query_string={name: sent}).status_code == 200, value

    def test_every_page_holds_25_and_all_are_met_once(
        self, app: Flask, desk: PageClient, say: Say
    ) -> None:
        for number in range(60):
            say(f"Nomor {number}", score=1 + number % 5, on=date(2026, 11, 10 + number % 9))
        for order in ("", "terburuk"):
            address, met, pages = f"{LIST}?urut={order}", [], 0
            while address:
                page = desk.get(address).text
                met, pages = met + texts(page), pages + 1
                more = re.search(r'data-next href="([^"]+)"', page)
                address = more[1].replace("&amp;", "&") if more else ""
            assert (len(met), len(set(met)), pages) == (60, 60, 3)

    def test_a_list_beyond_its_end_leads_back(self, desk: PageClient, say: Say) -> None:
        say("Satu saja")
        page = desk.get(f"{LIST}?setelah=5_2000-01-01_1").text
        assert "Daftar ini sudah habis" in page


class TestWhatIsShown:
    def test_day_counter_score_and_confidence_stand_beside_the_words(
        self, desk: PageClient, say: Say, offices: list[Office]
    ) -> None:
        say("Cepat dan ramah", score=5, tone="positive")
        page = desk.get(LIST).text
        for words in (
            "<b>5 dari 5</b>, 23 November, ",
            "Sangat baik",
            offices[0].service,
            "keyakinan 0,90",
        ):
            assert words in page

    def test_an_unsure_machine_gives_its_reason(
        self, app: Flask, desk: PageClient, say: Say
    ) -> None:
        rating_id = say("Petugas galak nian")
        assert tones(app)[rating_id] == "uncertain"
        assert re.search(r"Negatif 0,\d\d\. Kata “galak” punya dua arti", desk.get(LIST).text)

    def test_markup_and_line_breaks_stay_what_they_are(self, desk: PageClient, say: Say) -> None:
        say("<script>alert(1)</script>\nbaris dua")
        assert "&lt;script&gt;alert(1)&lt;/script&gt;\nbaris dua" in desk.get(LIST).text

    def test_words_of_a_rating_that_does_not_count_say_so(self, desk: PageClient, say: Say) -> None:
        say("Dua kali", exclusion=Exclusion.REPEAT)
        assert "Tidak dihitung:" in desk.get(LIST).text

    def test_the_chart_counts_what_counts(self, desk: PageClient, say: Say) -> None:
        say("Bagus", tone="positive")
        say(None)
        say("Tidak dihitung", exclusion=Exclusion.BURST)
        page = desk.get(LIST).text
        assert "1 tulisan dari 2 penilaian" in page
        assert ">2 tulisan</h2>" in page.replace("Semua nada, ", ">")

    def test_a_period_without_words_says_what_to_do(self, desk: PageClient) -> None:
        page = desk.get(LIST).text
        assert "Belum ada tulisan pada masa ini" in page
        assert "Pilih masa lain" in page

    def test_a_tone_without_words_leads_to_all(self, desk: PageClient, say: Say) -> None:
        say("Bagus", tone="positive")
        assert "Mesin tidak ragu" in desk.get(f"{LIST}?nada=ragu").text
        assert "Lihat semua nada" in desk.get(f"{LIST}?nada=negatif").text

    def test_a_unit_without_services_is_told_whom_to_ask(
        self, app: Flask, client: PageClient, hire: Hire, city: dict[str, int]
    ) -> None:
        with app.app_context():
            unit = Unit(slug="baru", name="Unit Baru", short_name="Baru", path="")
            db.session.add(unit)
            db.session.flush()
            unit.path = f"/{unit.id}/"
            db.session.commit()
            office = Office(unit.id, unit.path, unit.name, 0, 0, "", 0)
        page = sign_in(app, client, hire(office)).get(LIST)
        assert "Belum ada layanan" in page.text


@pytest.mark.parametrize("number", [30, 3_000])
def test_the_page_costs_the_same_however_many_words_there_are(
    app: Flask,
    desk: PageClient,
    offices: list[Office],
    count_queries: Callable[[], Any],
    number: int,
) -> None:
    with app.app_context():
        record_past([offices[0].past(f"Tulisan {n}", score=1 + n % 5) for n in range(number)])
    desk.get(LIST)
    with count_queries() as statements:
        page = desk.get(f"{LIST}?kata=tulisan&urut=terburuk")
    assert len(texts(page.text)) == 25
    assert len(statements) == 7, statements
