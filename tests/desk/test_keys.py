"""The list in a real browser: one key decides, one takes back, and nothing is lost on the way."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from portal.access.terms import Role
from portal.kit import clock
from portal.kit.extensions import db
from portal.people import sessions
from portal.ratings import proof
from portal.ratings.models import Rating
from tests.desk.factories import Colleague, employ, enter, seed_offices
from tests.journeys.conftest import Portal, running

pytestmark = pytest.mark.browser

LIST = "/meja/penilaian?nada=ragu"


@pytest.fixture
def portal(sqlite_template: Path, tmp_path: Path) -> Iterator[Portal]:
    """A running portal with four texts of yesterday that the machine is not sure of."""
    shutil.copy(sqlite_template, tmp_path / "portal.db")
    with running(f"sqlite:///{tmp_path / 'portal.db'}", tmp_path) as portal:
        with portal.app.app_context():
            office = seed_offices()[0]
            for number in range(4):
                past = office.past(f"Tulisan {number}", score=1 + number, on=clock.yesterday())
                enter(past, tone="uncertain")
        yield portal


@pytest.fixture
def officer(portal: Portal) -> Colleague:
    """An officer of the office they were given at."""
    with portal.app.app_context():
        return employ(seed_offices()[0], Role.OFFICER)


@pytest.fixture
def page(portal: Portal, officer: Colleague, browser: Browser) -> Iterator[Page]:
    """A browser in which the officer is signed in, on the list of what the machine doubts."""
    with portal.app.app_context():
        token = sessions.sign_in(officer.actor.person_id, 0)
    signer = portal.app.session_interface.get_signing_serializer(portal.app)  # type: ignore[attr-defined]
    cookie = signer.dumps({"_user_id": token, "_fresh": True})
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.add_cookies([{"name": "ampera", "value": cookie, "url": portal.address}])
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(portal.address + LIST)
    yield page
    context.close()
    assert not faults, faults


def stored(portal: Portal) -> dict[str, str | None]:
    """The tone of every text; the tallies are proven on the way."""
    with portal.app.app_context():
        assert proof.differences() == []
        rows = db.session.execute(db.select(Rating.words, Rating.tone))
        return {str(words): tone for words, tone in rows}


def test_keys_move_decide_and_take_back(portal: Portal, page: Page) -> None:
    items = page.locator("[data-voices] > li")
    words = [item.locator(".said p").inner_text() for item in items.all()]
    page.keyboard.press("1")
    assert set(stored(portal).values()) == {"uncertain"}, "no text is in hand yet"
    page.keyboard.press("j")
    expect(items.nth(0)).to_be_focused()
    page.keyboard.press("Control+1")
    page.keyboard.press("1")
    expect(items.nth(1)).to_be_focused()
    expect(page.locator("[data-said]")).to_have_text("Tersimpan sebagai negatif.")
    expect(page.locator("#daftar")).to_have_text("Mesin tidak yakin, 3 tulisan")
    page.keyboard.press("3")
    expect(items.nth(2)).to_be_focused()
    assert stored(portal) == {
        words[0]: "negative",
        words[1]: "positive",
        words[2]: "uncertain",
        words[3]: "uncertain",
    }
    for place in (1, 0):
        page.keyboard.press("z")
        expect(items.nth(place)).to_be_focused()
    expect(page.locator("[data-said]")).to_have_text("Dibatalkan, kembali ke mesin tidak yakin.")
    assert set(stored(portal).values()) == {"uncertain"}


def test_typing_in_a_field_and_a_switched_off_keyboard_decide_nothing(
    portal: Portal, page: Page
) -> None:
    page.locator("#kata").focus()
    page.keyboard.type("j123z")
    expect(page.locator("#kata")).to_have_value("j123z")
    page.locator("#pintasan").uncheck()
    page.locator("[data-voices] > li").first.focus()
    page.keyboard.press("1")
    page.reload()
    expect(page.locator("#pintasan")).not_to_be_checked()
    assert set(stored(portal).values()) == {"uncertain"}


def test_a_lost_network_is_said_beside_the_text_and_the_key_works_again(
    portal: Portal, page: Page
) -> None:
    first = page.locator("[data-voices] > li").first
    first.focus()
    page.context.set_offline(True)
    page.keyboard.press("2")
    expect(first.locator(".field-error")).to_contain_text("jaringan terputus")
    page.context.set_offline(False)
    page.keyboard.press("2")
    expect(page.locator(".field-error")).to_have_count(0)
    expect(first.locator(".tag")).to_have_text("Anda: netral")


@pytest.mark.parametrize("status", [403, 500, 503])
def test_a_refusal_of_the_portal_is_said_in_its_own_words(page: Page, status: int) -> None:
    told = {"error": "Kalimat dari portal.", "status": status}
    page.route("**/meja/penilaian", lambda route: route.fulfill(status=status, json=told))
    first = page.locator("[data-voices] > li").first
    first.focus()
    page.keyboard.press("2")
    expect(first.locator(".field-error")).to_have_text("Kalimat dari portal.")


def test_a_session_that_ended_leads_to_the_sign_in_with_the_press_in_hand(
    portal: Portal, page: Page, officer: Colleague
) -> None:
    with portal.app.app_context():
        sessions.sign_out_elsewhere(officer.actor, 0)
    page.locator("[data-voices] > li").first.focus()
    page.keyboard.press("1")
    expect(page.locator("#surel")).to_be_visible()
    assert "ragu" in str(page.locator("[name=bawaan]").get_attribute("value"))
    assert set(stored(portal).values()) == {"uncertain"}


def test_a_tone_that_stands_already_is_kept_and_leaves_the_last_decision_to_take_back(
    portal: Portal, page: Page
) -> None:
    page.goto(portal.address + LIST.split("?", maxsplit=1)[0])
    items = page.locator("[data-voices] > li")
    items.nth(0).focus()
    page.keyboard.press("1")
    expect(page.locator("[data-said]")).to_have_text("Tersimpan sebagai negatif.")
    items.nth(1).focus()
    page.keyboard.press("2")
    expect(page.locator("[data-said]")).to_have_text("Tersimpan sebagai netral.")
    items.nth(0).focus()
    page.keyboard.press("1")
    expect(page.locator("[data-said]")).to_have_text("Tetap negatif.")
    items.nth(2).focus()
    page.keyboard.press("z")
    expect(items.nth(1)).to_contain_text("Dibatalkan")
    items.nth(0).get_by_role("button", name="Batalkan").click()
    expect(items.nth(0)).to_contain_text("Dibatalkan")
    assert set(stored(portal).values()) == {"uncertain"}
    page.keyboard.press("z")
    expect(page.locator(".field-error")).to_have_count(0)
