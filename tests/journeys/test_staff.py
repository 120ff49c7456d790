"""The staff's side: from the first account to a corrected tone that the public page counts."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from portal.access.terms import Role
from portal.directory import queries as directory
from portal.kit import clock
from portal.kit.codes import POINT
from portal.kit.extensions import db
from portal.language.sentiment import tag
from portal.people import commands
from portal.people.commands import PastPerson
from portal.people.passwords import hash_password
from portal.ratings import proof
from portal.ratings.commands import PastRating, record_past
from portal.ratings.models import Rating
from tests.journeys.conftest import Portal

PASSWORD = "pempek lenjer jam empat sore"
UNIT = "disdukcapil"


@pytest.fixture(scope="module")
def words(portal: Portal) -> list[str]:
    """What citizens wrote yesterday at a counter of the unit."""
    said = ["Petugas galak bantu, cepet nian", "Dak jelas, disuruh balik lagi", "Buka jam berapa"]
    with portal.app.app_context():
        unit = directory.unit_by_slug(UNIT)
        assert unit is not None
        counters = [directory.counter(POINT.read(code)[0]) for code in portal.codes]
        counter = next(c for c in counters if c is not None and c.unit_id == unit.id)
        place = (counter.point_id, counter.service_id, counter.area_id)
        yesterday = clock.now() - timedelta(days=1)
        record_past(
            [
                PastRating(*place, score, text, tag(text), None, yesterday)
                for score, text in zip((5, 1, 3), said, strict=True)
            ]
        )
        db.session.remove()
    return said


def invited(portal: Portal, email: str) -> str:
    """The address of a fresh city administrator's one-time link, as the command line prints it."""
    with portal.app.app_context():
        token = commands.create_administrator(email, "Contoh Admin", another=True).token
        db.session.remove()
    return f"{portal.address}/undangan/{token}"


def choose_password(page: Page, link: str) -> None:
    """Open a one-time link and choose a password."""
    page.goto(link)
    page.get_by_label("Kata sandi baru").fill(PASSWORD)
    page.get_by_label("Sekali lagi, sama persis").fill(PASSWORD)
    page.get_by_role("button", name="Simpan dan masuk").click()


def sign_in(page: Page, portal: Portal, email: str) -> None:
    """Sign in with the password that all of these tests use."""
    page.goto(f"{portal.address}/masuk")
    page.get_by_label("Surel dinas").fill(email)
    page.get_by_label("Kata sandi").fill(PASSWORD)
    page.get_by_role("button", name="Masuk", exact=True).click()


@pytest.fixture
def officer(portal: Portal) -> str:
    """The e-mail of an officer of the unit who has chosen a password."""
    email = f"petugas-{clock.now().timestamp()}@contoh.test"
    with portal.app.app_context():
        unit = directory.unit_by_slug(UNIT)
        assert unit is not None
        person = PastPerson(email, "Contoh Petugas", hash_password(PASSWORD), Role.OFFICER, unit.id)
        commands.enter_people([person])
        db.session.remove()
    return email


def tone_of(portal: Portal, text: str) -> str | None:
    """The tone that counts for a text; the tallies are proven on the way."""
    with portal.app.app_context():
        assert proof.differences() == []
        tone = db.session.scalar(db.select(Rating.tone).where(Rating.words == text))
        db.session.remove()
    return tone


def test_the_first_administrator_invites_an_officer_who_reads_what_citizens_wrote(
    portal: Portal, new_page: Callable[..., Page], scripts: bool, words: list[str]
) -> None:
    admin = new_page(scripts=scripts, width=1280)
    choose_password(admin, invited(portal, f"admin-{scripts}@contoh.test"))
    admin.get_by_role("link", name="Undang orang").click()
    admin.get_by_label("Nama").fill("Contoh Baru")
    email = f"baru-{scripts}@contoh.test"
    admin.get_by_label("Surel dinas").fill(email)
    admin.get_by_text("Petugas", exact=True).first.click()
    admin.get_by_label("Berlaku di").select_option(label="Dinas Kependudukan dan Pencatatan Sipil")
    admin.get_by_role("button", name="Undang dan buat tautan").click()
    link = admin.get_by_label("Tautan sekali pakai").inner_text()
    officer = new_page(scripts=scripts)
    choose_password(officer, portal.address + "/undangan/" + link.rsplit("/", 1)[1])
    expect(officer.get_by_role("heading", level=1)).to_contain_text("Suara warga")
    for text in words:
        expect(officer.get_by_text(text)).to_be_visible()
    officer.get_by_role("button", name="Keluar").click()
    officer.goto(f"{portal.address}/meja/penilaian")
    expect(officer.get_by_role("heading", level=1)).to_have_text("Masuk petugas")
    officer.goto(link)
    expect(officer.get_by_role("heading", level=1)).to_have_text("Tautan ini tidak bisa dipakai")


def test_a_wrong_tone_is_corrected_with_one_key_and_taken_back(
    portal: Portal, new_page: Callable[..., Page], words: list[str], officer: str
) -> None:
    page = new_page(width=1280)
    sign_in(page, portal, officer)
    before = tone_of(portal, words[1])
    item = page.locator("li", has_text=words[1])
    item.focus()
    other = "3" if before != "positive" else "2"
    page.keyboard.press(other)
    expect(item.get_by_text("Tersimpan sebagai")).to_be_visible()
    assert tone_of(portal, words[1]) == {"3": "positive", "2": "neutral"}[other]
    page.keyboard.press("z")
    expect(page.locator("li", has_text=words[1]).get_by_text("Dibatalkan")).to_be_visible()
    assert tone_of(portal, words[1]) == before


def test_a_wrong_tone_is_corrected_without_scripts(
    portal: Portal, new_page: Callable[..., Page], words: list[str], officer: str
) -> None:
    page = new_page(scripts=False)
    sign_in(page, portal, officer)
    item = page.locator("li", has_text=words[2])
    wanted = "Negatif" if tone_of(portal, words[2]) != "negative" else "Positif"
    item.get_by_role("button", name=wanted).click()
    expect(page.locator("li", has_text=words[2]).get_by_text("Tersimpan sebagai")).to_be_visible()
    assert tone_of(portal, words[2]) == {"Negatif": "negative", "Positif": "positive"}[wanted]
    page.goto(f"{portal.address}/transparansi/{UNIT}")
    with portal.app.app_context():
        count = sum(tone_of(portal, text) == tone_of(portal, words[2]) for text in words)
    expect(page.get_by_role("row", name=wanted).get_by_role("cell").first).to_have_text(str(count))


def test_an_officer_does_not_enter_the_administrators_pages(
    portal: Portal, new_page: Callable[..., Page], officer: str
) -> None:
    page = new_page()
    sign_in(page, portal, officer)
    page.goto(f"{portal.address}/kelola/orang")
    expect(page.get_by_role("heading", level=1)).to_have_text("Halaman ini bukan untuk Anda")


def test_every_staff_page_is_accessible(
    portal: Portal,
    new_page: Callable[..., Page],
    inspect: Callable[[Page], None],
    words: list[str],
    officer: str,
) -> None:
    page = new_page()
    page.goto(f"{portal.address}/masuk")
    inspect(page)
    sign_in(page, portal, officer)
    for path in ("/meja/penilaian", "/meja/penilaian?kata=tidak+ada+yang+begini", "/akun"):
        page.goto(portal.address + path)
        inspect(page)
    admin = new_page()
    choose_password(admin, invited(portal, "admin-periksa@contoh.test"))
    for path in ("/kelola/orang", "/kelola/orang/undang", "/kelola/orang/1"):
        admin.goto(portal.address + path)
        inspect(admin)
