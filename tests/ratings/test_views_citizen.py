"""The citizen's pages: scan, rate, be refused, look a receipt up."""

from io import BytesIO

import pytest
from flask import Flask

from portal.directory.queries import Counter
from tests.conftest import MovableClock
from tests.ratings.reading import receipt_on, stored, ticket_on
from tests.support.pages import PageClient


def test_the_scanned_page_names_counter_service_and_unit(
    client: PageClient, address: str, counter: Counter
) -> None:
    page = client.get(address)
    assert page.status_code == 200
    for words in (counter.service, counter.unit, counter.place):
        assert words in page.text


def test_two_taps_store_a_rating_and_show_a_receipt(
    app: Flask, client: PageClient, address: str
) -> None:
    ticket = ticket_on(client.get(address).text)
    page = client.post(address, data={"tiket": ticket, "nilai": "5"})
    assert page.status_code == 200
    assert "Terima kasih" in page.text
    assert "esok hari" in page.text
    [rating] = stored(app)
    assert (rating.score, rating.words, rating.exclusion) == (5, None, None)
    assert receipt_on(page.text) == f"R-{rating.receipt[:4]}-{rating.receipt[4:]}"


@pytest.mark.parametrize("score", [None, "", "0", "6", "tiga", "1.5", "-1", "５", "1\x00"])
def test_a_missing_or_absurd_score_is_refused_beside_the_faces_and_keeps_the_words(
    app: Flask, client: PageClient, address: str, score: str | None
) -> None:
    form = {"tiket": ticket_on(client.get(address).text), "kata": "Sudah saya tulis <panjang>"}
    if score is not None:
        form["nilai"] = score
    page = client.post(address, data=form)
    assert page.status_code == 400
    assert "Pilih satu wajah" in page.text
    assert "Sudah saya tulis &lt;panjang&gt;" in page.text
    assert stored(app) == []
    assert ticket_on(page.text) == form["tiket"], "a valid ticket is given back unchanged"


def test_ten_thousand_letters_are_refused_with_the_surplus_and_kept(
    app: Flask, client: PageClient, address: str
) -> None:
    form = {"tiket": ticket_on(client.get(address).text), "nilai": "2", "kata": "a" * 10_000}
    page = client.post(address, data=form)
    assert page.status_code == 400
    assert "kelebihan 9000" in page.text
    assert "a" * 10_000 in page.text
    assert stored(app) == []


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Bagus 👍🏽 sekali 👨‍👩‍👧", "Bagus 👍🏽 sekali 👨‍👩‍👧"),
        ("خدمة ممتازة", "خدمة ممتازة"),
        ("nol\x00di tengah", "noldi tengah"),
        ("balik\u202e arah", "balik arah"),
        ("dua\r\nbaris", "dua\nbaris"),
        ("  \n ", None),
        ("\ud83d lepas", "? lepas"),
    ],
)
def test_any_writing_is_stored_without_what_breaks_pages(
    app: Flask, client: PageClient, address: str, typed: str, kept: str | None
) -> None:
    form = {
        "tiket": ticket_on(client.get(address).text),
        "nilai": "4",
        "kata": typed.encode("utf-8", "replace"),
    }
    assert client.post(address, data=form).status_code == 200
    assert [rating.words for rating in stored(app)] == [kept]


def test_an_expired_ticket_keeps_the_form_and_brings_a_fresh_one(
    app: Flask, client: PageClient, address: str, clock: MovableClock
) -> None:
    form = {"tiket": ticket_on(client.get(address).text), "nilai": "2", "kata": "Lama sekali"}
    clock.forward(hours=24, seconds=2)
    page = client.post(address, data=form)
    assert page.status_code == 400
    assert "lebih dari 24 jam" in page.text
    assert "Lama sekali" in page.text
    assert stored(app) == []
    form["tiket"] = ticket_on(page.text)
    assert client.post(address, data=form).status_code == 200
    assert len(stored(app)) == 1


def test_a_ticket_of_another_counter_is_refused(
    app: Flask, client: PageClient, address: str, city: dict[str, int]
) -> None:
    with app.app_context():
        from portal.directory.queries import open_point_codes
        from portal.kit.codes import POINT

        other = f"/q/{POINT.shown(open_point_codes(2)[1])}"
    ticket = ticket_on(client.get(other).text)
    assert client.post(address, data={"tiket": ticket, "nilai": "5"}).status_code == 400
    assert stored(app) == []


def test_a_form_sent_from_a_foreign_site_is_refused(
    app: Flask, client: PageClient, address: str
) -> None:
    form = {"tiket": ticket_on(client.get(address).text), "nilai": "1"}
    page = client.post(address, data=form, headers={"Sec-Fetch-Site": "cross-site"})
    assert page.status_code == 403
    assert stored(app) == []


def test_a_second_rating_of_the_device_within_ten_minutes_is_kept_but_not_counted(
    app: Flask, client: PageClient, address: str, clock: MovableClock
) -> None:
    def rate() -> str:
        form = {"tiket": ticket_on(client.get(address).text), "nilai": "5"}
        return client.post(address, data=form).text

    rate()
    clock.forward(minutes=9)
    assert "tidak ikut dihitung" in rate()
    clock.forward(minutes=1, seconds=1)
    assert "Ikut dihitung" in rate()
    assert [rating.exclusion for rating in stored(app)].count("repeat") == 1


def test_from_the_twenty_first_rating_in_ten_minutes_a_burst_is_not_counted(
    app: Flask, client: PageClient, address: str, clock: MovableClock
) -> None:
    for phone in range(22):
        form = {"tiket": ticket_on(client.get(address).text), "nilai": "5"}
        client.post(address, data=form, headers={"User-Agent": f"Ponsel {phone}"})
    exclusions = [rating.exclusion for rating in stored(app)]
    assert exclusions.count("burst") == 2
    assert exclusions.count(None) == 20


def test_repeats_of_one_device_do_not_shut_others_out(
    app: Flask, client: PageClient, address: str, clock: MovableClock
) -> None:
    for _ in range(25):
        form = {"tiket": ticket_on(client.get(address).text), "nilai": "1"}
        client.post(address, data=form, headers={"User-Agent": "Satu"})
    form = {"tiket": ticket_on(client.get(address).text), "nilai": "5"}
    page = client.post(address, data=form, headers={"User-Agent": "Lain"})
    assert "Ikut dihitung" in page.text


class TestALimitedAddress:
    """A network address that used up its hour."""

    @pytest.fixture
    def settings(self) -> dict[str, object]:
        return {"ADDRESS_PER_HOUR": 2}

    def test_is_told_when_to_come_back_and_keeps_the_text(
        self, app: Flask, client: PageClient, address: str, clock: MovableClock
    ) -> None:
        forms = [
            {"tiket": ticket_on(client.get(address).text), "nilai": "2", "kata": f"Antre {n}"}
            for n in range(3)
        ]
        for form in forms[:2]:
            assert client.post(address, data=form).status_code == 200
            clock.forward(minutes=1)
        page = client.post(address, data=forms[2])
        assert page.status_code == 429
        assert 3000 < int(page.headers["Retry-After"]) <= 3700
        assert "kirim lagi pukul <b>11.43</b>" in page.text
        assert "Antre 2" in page.text
        assert client.post(address, data=forms[0]).status_code == 200, "a known nonce costs nothing"
        clock.forward(minutes=61)
        assert client.post(address, data=forms[2]).status_code == 200
        assert len(stored(app)) == 3


def test_a_receipt_tells_counter_day_score_and_fate_but_never_the_words(
    client: PageClient, address: str, counter: Counter, clock: MovableClock
) -> None:
    form = {"tiket": ticket_on(client.get(address).text), "nilai": "2", "kata": "Rahasia kecil"}
    code = receipt_on(client.post(address, data=form).text)
    page = client.post("/struk", data={"kode": code.lower().replace("-", " ")})
    assert page.status_code == 200
    for words in (counter.service, "24 November 2026", "2 dari 5, buruk", "Ikut dihitung"):
        assert words in page.text
    assert "Rahasia kecil" not in page.text
    assert "10.42" not in page.text


@pytest.mark.parametrize(
    ("typed", "status", "sentence"),
    [
        ("", 400, "R- dan delapan"),
        ("R-1234", 400, "R- dan delapan"),
        ("R-0000-0001", 400, "Huruf terakhir tidak cocok"),
        ("R-0000-0000", 404, "tidak ada penilaian"),
        ("R-<b>ÜÜÜ-ÜÜÜÜ", 400, "hanya berisi huruf dan angka"),
        ("\x00" * 8, 400, "R- dan delapan"),
        ("9" * 5000, 400, "R- dan delapan"),
    ],
)
def test_a_wrong_receipt_code_is_explained_beside_the_field(
    client: PageClient, city: dict[str, int], typed: str, status: int, sentence: str
) -> None:
    page = client.post("/struk", data={"kode": typed})
    assert page.status_code == status
    assert sentence in page.text


def test_looking_receipts_up_is_slowed(
    client: PageClient, city: dict[str, int], clock: MovableClock
) -> None:
    answers = [client.post("/struk", data={"kode": "R-0000-0000"}) for _ in range(31)]
    assert [answer.status_code for answer in answers[-2:]] == [404, 429]
    assert "Silakan coba lagi pukul" in answers[-1].text
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 120


@pytest.mark.parametrize(
    ("typed", "status", "sentence"),
    [
        ("PLG-000001", 404, "Huruf terakhir tidak cocok"),
        ("PLG-123", 404, "enam huruf atau angka"),
        ("PLG-ÜÜÜÜÜÜ", 404, "hanya berisi huruf dan angka"),
        ("PLG-000000", 404, "tidak terdaftar"),
    ],
)
def test_a_mistyped_code_is_told_apart_from_an_unknown_one(
    client: PageClient, city: dict[str, int], typed: str, status: int, sentence: str
) -> None:
    page = client.get(f"/q/{typed}")
    assert page.status_code == status
    assert sentence in page.text


def test_the_code_field_leads_to_the_counter_however_it_is_typed(
    client: PageClient, counter: Counter
) -> None:
    typed = counter.code.lower().replace("0", "o").replace("1", "l")
    for text in (typed, f"plg {typed}", counter.shown_code):
        answer = client.get("/q", query_string={"kode": text})
        assert answer.status_code == 303
        assert answer.headers["Location"] == f"/q/{counter.shown_code}"


def test_a_retired_point_explains_itself_and_leads_on(
    app: Flask, client: PageClient, counter: Counter, city: dict[str, int]
) -> None:
    ticket = ticket_on(client.get(f"/q/{counter.shown_code}").text)
    codes = _retire_first_of_chain(app)
    page = client.post(
        f"/q/{counter.shown_code}", data={"tiket": ticket, "nilai": "1", "kata": "Tetap ada"}
    )
    assert page.status_code == 410
    assert "dipensiunkan" in page.text
    assert f"/q/{codes[2]}" in page.text, "over two moves to the one that is open"
    assert "Tetap ada" in page.text
    assert stored(app) == []


def _retire_first_of_chain(app: Flask) -> list[str]:
    runner = app.test_cli_runner()
    with app.app_context():
        from portal.directory.queries import open_point_codes
        from portal.kit.codes import POINT

        codes = [POINT.shown(code) for code in open_point_codes(3)]
    for old, new in ((codes[0], codes[1]), (codes[1], codes[2])):
        result = runner.invoke(args=["point", "retire", old, "--successor", new])
        assert result.exit_code == 0, result.output
    return codes


def test_one_rating_costs_one_read_and_three_writes(
    client: PageClient, address: str, count_queries: object
) -> None:
    form = {"tiket": ticket_on(client.get(address).text), "nilai": "4", "kata": "Cepat dan ramah"}
    with count_queries() as statements:  # type: ignore[operator]
        client.post(address, data=form)
    kinds = sorted(statement.split()[0] for statement in statements)
    assert kinds == ["INSERT", "INSERT", "INSERT", "SELECT"]


def test_a_citizen_is_given_no_cookie(client: PageClient, address: str) -> None:
    page = client.get(address)
    thanks = client.post(address, data={"tiket": ticket_on(page.text), "nilai": "4"})
    for answer in (page, thanks, client.get("/"), client.get("/transparansi")):
        assert "Set-Cookie" not in answer.headers
        assert "Cookie" not in answer.headers.get("Vary", "")


def test_a_page_with_a_ticket_is_never_shared(client: PageClient, address: str) -> None:
    page = client.get(address)
    assert page.headers["Cache-Control"] == "private, no-cache"
    assert "ETag" not in page.headers


def test_a_file_sent_in_place_of_words_is_no_words(
    app: Flask, client: PageClient, address: str
) -> None:
    ticket = ticket_on(client.get(address).text)
    file = (BytesIO(b"rahasia"), "passwd")
    page = client.post(address, data={"tiket": ticket, "nilai": "5", "kata": file})
    assert page.status_code == 200
    assert [rating.words for rating in stored(app)] == [None]


def test_a_whole_ipv6_network_is_one_address(
    app: Flask, client: PageClient, address: str, clock: MovableClock
) -> None:
    for host in (1, 2):
        form = {"tiket": ticket_on(client.get(address).text), "nilai": "5"}
        client.post(address, data=form, environ_base={"REMOTE_ADDR": f"2001:db8::{host}"})
    assert sorted(str(rating.exclusion) for rating in stored(app)) == ["None", "repeat"]


@pytest.mark.parametrize("way", ["ubah", "tarik"])
def test_the_address_of_a_sent_form_leads_back_to_the_counter(
    client: PageClient, address: str, way: str
) -> None:
    answer = client.get(f"{address}/{way}")
    assert (answer.status_code, answer.headers["Location"]) == (303, address)


def test_an_old_receipt_says_since_when_it_counts(
    client: PageClient, address: str, clock: MovableClock
) -> None:
    form = {"tiket": ticket_on(client.get(address).text), "nilai": "2"}
    code = receipt_on(client.post(address, data=form).text)
    clock.forward(days=40)
    page = client.post("/struk", data={"kode": code})
    assert "sejak 25 November 2026" in page.text
    assert "esok" not in page.text


def test_a_code_of_the_other_kind_is_recognised(
    client: PageClient, address: str, counter: Counter
) -> None:
    form = {"tiket": ticket_on(client.get(address).text), "nilai": "2"}
    code = receipt_on(client.post(address, data=form).text)
    assert "Ini kode struk" in client.get("/q", query_string={"kode": code}).text
    assert "Ini kode loket" in client.post("/struk", data={"kode": counter.shown_code}).text
