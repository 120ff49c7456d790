"""Story 1, scan and rate: two taps, a receipt, and a figure the next day; and what goes wrong."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from portal.kit.extensions import db
from portal.ratings import proof
from portal.ratings.models import Rating
from tests.journeys.conftest import Portal, running

WORDS = "Antre dua jam, mesin rusak dak ado yang ngasih tau."


def receipt(page: Page) -> str:
    """The receipt code on a thanks page."""
    return page.locator("output").inner_text()


def stored(portal: Portal, code: str) -> Rating:
    """The rating with this receipt; the tallies are proven on the way."""
    with portal.app.app_context():
        assert proof.differences() == []
        bare = code.removeprefix("R-").replace("-", "")
        return db.session.scalars(db.select(Rating).filter_by(receipt=bare)).one()


def rate(page: Page, portal: Portal, number: int, face: str, words: str = "") -> None:
    """Open a counter's page, tap a face, write, send."""
    page.goto(f"{portal.address}/q/{portal.codes[number]}")
    page.get_by_text(face, exact=True).click()
    if words:
        page.get_by_label("Ceritakan sedikit").fill(words)
    page.get_by_role("button", name="Kirim penilaian").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Terima kasih")


def test_a_citizen_scans_rates_and_checks_the_receipt(
    portal: Portal, new_page: Callable[..., Page], scripts: bool
) -> None:
    page = new_page(scripts=scripts, phone=f"Warga {scripts}")
    rate(page, portal, 0, "Buruk", WORDS)
    code = receipt(page)
    expect(page.locator(".ticket")).to_contain_text("2 dari 5, buruk")
    expect(page.locator(".ticket")).to_contain_text("Ikut dihitung")
    page.reload()
    assert receipt(page) == code, "a reload shows the same receipt"
    page.get_by_role("button", name="Periksa struk ini").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Struk {code}")
    expect(page.locator("main")).not_to_contain_text("Antre dua jam")
    assert (stored(portal, code).score, stored(portal, code).words) == (2, WORDS)


def test_whoever_goes_back_and_sends_anew_is_asked_whether_to_replace(
    portal: Portal, new_page: Callable[..., Page], scripts: bool
) -> None:
    page = new_page(scripts=scripts, phone=f"Kembali {scripts}")
    rate(page, portal, 1, "Sangat buruk")
    code = receipt(page)
    page.go_back()
    page.get_by_text("Baik", exact=True).click()
    page.get_by_role("button", name="Kirim penilaian").click()
    expect(page.get_by_role("heading", name="Ganti dengan kiriman yang baru?")).to_be_visible()
    assert stored(portal, code).score == 1
    page.get_by_role("button", name="Ganti dengan yang baru").click()
    expect(page.locator(".ticket")).to_contain_text("4 dari 5, baik")
    assert receipt(page) == code
    assert stored(portal, code).score == 4


def test_a_wrong_tap_is_corrected_or_withdrawn_from_the_thanks_page(
    portal: Portal, new_page: Callable[..., Page], scripts: bool
) -> None:
    page = new_page(scripts=scripts, phone=f"Salah {scripts}")
    rate(page, portal, 2, "Cukup")
    code = receipt(page)
    page.locator("summary").click()
    page.get_by_text("Sangat baik", exact=True).click()
    page.get_by_role("button", name="Simpan perubahan").click()
    expect(page.locator(".ticket")).to_contain_text("5 dari 5, sangat baik")
    page.locator("summary").click()
    page.get_by_role("button", name="Tarik penilaian ini").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Penilaian Anda sudah ditarik")
    assert stored(portal, code).withdrawn_at is not None


def test_a_form_without_a_face_comes_back_with_the_words(
    portal: Portal, new_page: Callable[..., Page], scripts: bool, inspect: Callable[[Page], None]
) -> None:
    page = new_page(scripts=scripts, phone=f"Lupa {scripts}")
    page.goto(f"{portal.address}/q/{portal.codes[3]}")
    page.get_by_label("Ceritakan sedikit").fill(WORDS)
    page.get_by_role("button", name="Kirim penilaian").click()
    expect(page.get_by_role("alert")).to_contain_text("Belum terkirim")
    expect(page.get_by_label("Ceritakan sedikit")).to_have_value(WORDS)
    if scripts:
        expect(page.get_by_role("alert")).to_be_focused()
        inspect(page)
    page.get_by_text("Cukup", exact=True).click()
    page.get_by_role("button", name="Kirim penilaian").click()
    expect(page.locator(".ticket")).to_contain_text("3 dari 5, cukup")


def test_without_a_network_the_words_stay_and_are_sent_once_it_is_back(
    portal: Portal, new_page: Callable[..., Page]
) -> None:
    page = new_page(phone="Tanpa sinyal")
    page.goto(f"{portal.address}/q/{portal.codes[4]}")
    page.get_by_text("Baik", exact=True).click()
    page.get_by_label("Ceritakan sedikit").fill(WORDS)
    page.context.set_offline(True)
    page.get_by_role("button", name="Kirim penilaian").click()
    expect(page.get_by_text("jaringan terputus")).to_be_visible()
    page.context.set_offline(False)
    page.get_by_role("button", name="Kirim penilaian").click()
    assert stored(portal, receipt(page)).words == WORDS


def test_a_page_that_was_lost_gives_the_words_back(
    portal: Portal, new_page: Callable[..., Page]
) -> None:
    page = new_page(phone="Tertutup")
    page.goto(f"{portal.address}/q/{portal.codes[5]}")
    page.get_by_label("Ceritakan sedikit").fill(WORDS)
    page.goto(f"{portal.address}/transparansi")
    page.goto(f"{portal.address}/q/{portal.codes[5]}")
    expect(page.get_by_label("Ceritakan sedikit")).to_have_value(WORDS)
    page.get_by_text("Buruk", exact=True).click()
    page.get_by_role("button", name="Kirim penilaian").click()
    expect(page.locator("output")).to_be_visible()
    page.goto(f"{portal.address}/q/{portal.codes[5]}")
    expect(page.get_by_label("Ceritakan sedikit")).to_have_value("")


def test_a_typed_code_leads_to_the_counter_and_a_mistyped_one_says_what_is_wrong(
    portal: Portal, new_page: Callable[..., Page], scripts: bool
) -> None:
    page = new_page(scripts=scripts)
    page.goto(portal.address)
    code = portal.codes[6]
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
    page.get_by_label("Kode loket").fill(wrong)
    page.get_by_role("button", name="Nilai").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kode ini salah ketik")
    expect(page.locator(".field-error")).to_contain_text("Huruf terakhir tidak cocok")
    page.get_by_label("Kode loket").fill(code.lower())
    page.get_by_role("button", name="Buka loket").click()
    expect(page).to_have_url(re.compile(f"/q/{code}$"))


def test_the_whole_walk_by_keyboard_alone(portal: Portal, new_page: Callable[..., Page]) -> None:
    page = new_page(phone="Papan tombol")
    page.goto(f"{portal.address}/q/{portal.codes[7]}")
    page.get_by_label("Cukup").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_label("Baik", exact=True)).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.type("Rapi")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".ticket")).to_contain_text("4 dari 5, baik")


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/q/{code}",
        "/q/PLG-1",
        "/q/PLG-000000",
        "/struk",
        "/transparansi",
        "/transparansi/disdukcapil",
        "/transparansi/disdukcapil/ktp-el",
        "/tidak-ada",
    ],
)
def test_every_page_is_accessible_and_never_scrolls_sideways(
    portal: Portal, new_page: Callable[..., Page], inspect: Callable[[Page], None], path: str
) -> None:
    page = new_page()
    page.goto(portal.address + path.format(code=portal.codes[8]))
    inspect(page)


def test_the_thanks_page_is_accessible(
    portal: Portal, new_page: Callable[..., Page], inspect: Callable[[Page], None]
) -> None:
    page = new_page(phone="Periksa")
    rate(page, portal, 8, "Buruk", WORDS)
    page.locator("summary").click()
    inspect(page)
    page.get_by_role("button", name="Periksa struk ini").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Struk R-")
    inspect(page)


def test_the_page_of_a_retired_counter_is_accessible(
    portal: Portal, new_page: Callable[..., Page], inspect: Callable[[Page], None]
) -> None:
    runner = portal.app.test_cli_runner()
    retired, successor = portal.codes[9], portal.codes[8]
    runner.invoke(args=["point", "retire", retired, "--successor", successor])
    page = new_page()
    page.goto(f"{portal.address}/q/{retired}")
    expect(page.get_by_role("link", name="Nilai")).to_be_visible()
    inspect(page)


def test_the_faces_show_which_one_the_keyboard_is_on(
    portal: Portal, new_page: Callable[..., Page]
) -> None:
    page = new_page()
    page.goto(f"{portal.address}/q/{portal.codes[0]}")
    page.get_by_label("Cukup").focus()
    page.keyboard.press("ArrowRight")
    outline = page.locator("label[for=n4]").evaluate(
        "label => getComputedStyle(label).outlineStyle"
    )
    assert outline == "solid"


def test_a_limited_network_is_told_when_to_come_back_and_keeps_the_text(
    sqlite_template: Path,
    tmp_path: Path,
    new_page: Callable[..., Page],
    inspect: Callable[[Page], None],
) -> None:
    (tmp_path / "portal.db").write_bytes(sqlite_template.read_bytes())
    with running(f"sqlite:///{tmp_path / 'portal.db'}", tmp_path, ADDRESS_PER_HOUR=1) as portal:
        page = new_page()
        rate(page, portal, 0, "Baik")
        page.goto(f"{portal.address}/q/{portal.codes[1]}")
        page.get_by_text("Cukup", exact=True).click()
        page.get_by_label("Ceritakan sedikit").fill(WORDS)
        page.get_by_role("button", name="Kirim penilaian").click()
        expect(page.get_by_role("alert")).to_contain_text("Silakan kirim lagi pukul")
        expect(page.get_by_label("Ceritakan sedikit")).to_have_value(WORDS)
        inspect(page)


def test_the_walk_works_on_sqlite_too(
    sqlite_template: Path, tmp_path: Path, browser: Browser
) -> None:
    (tmp_path / "portal.db").write_bytes(sqlite_template.read_bytes())
    with running(f"sqlite:///{tmp_path / 'portal.db'}", tmp_path) as portal:
        context = browser.new_context(viewport={"width": 360, "height": 740})
        page = context.new_page()
        rate(page, portal, 0, "Sangat baik", WORDS)
        assert stored(portal, receipt(page)).score == 5
        context.close()
