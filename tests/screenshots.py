"""Takes the pictures of the README anew: the demo in a real browser, with ratings of a year."""

import tempfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from flask_migrate import upgrade
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from portal.demo import accounts, loader
from portal.kit.extensions import db
from tests.conftest import make_app
from tests.journeys.conftest import Portal, running
from tests.support.browser import chromium

PICTURES = Path(__file__).parent.parent / "docs" / "pictures"
RATINGS = 12_000
SEED = 2026
_COLOURS = 96
_PHONE = {"width": 360, "height": 740}
_DESK = {"width": 1280, "height": 800}


def _rate(page: Page, portal: Portal) -> None:
    page.goto(f"{portal.address}/q/{portal.codes[4]}")
    page.get_by_text("Buruk", exact=True).click()
    page.get_by_label("Ceritakan sedikit").fill(
        "Antre dua jam, mesin rusak dak ado yang ngasih tau."
    )


def _thanks(page: Page, portal: Portal) -> None:
    _rate(page, portal)
    page.get_by_role("button", name="Kirim penilaian").click()
    page.locator("output").wait_for()


def _open(path: str) -> Callable[[Page, Portal], None]:
    return lambda page, portal: page.goto(portal.address + path) and None


def _words(page: Page, portal: Portal) -> None:
    with portal.app.app_context():
        password = accounts.password_of(accounts.ACCOUNTS[0].email)
    page.goto(f"{portal.address}/masuk")
    page.get_by_label("Surel dinas").fill(accounts.ACCOUNTS[0].email)
    page.get_by_label("Kata sandi").fill(password)
    page.get_by_role("button", name="Masuk", exact=True).click()
    page.locator("li[tabindex]").first.focus()


SHOTS = (
    ("home", _DESK, "light", _open("/")),
    ("rate", _PHONE, "light", _rate),
    ("thanks", _PHONE, "light", _thanks),
    ("unit", _DESK, "light", _open("/transparansi/disdukcapil")),
    ("unit-dark", _PHONE, "dark", _open("/transparansi/disdukcapil")),
    ("words", _DESK, "light", _words),
)


def main() -> None:
    """Take every picture into `docs/pictures/`."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        url = f"sqlite:///{folder}/portal.db"
        app = make_app(url, Path(folder))
        with app.app_context():
            upgrade()
            db.engine.dispose()
        with running(url, Path(folder), lambda: loader.load(seed=SEED, ratings=RATINGS)) as portal:
            browser = playwright.chromium.launch(**chromium().launch_options())
            for shot in SHOTS:
                _take(browser, portal, *shot)
            browser.close()


def _take(
    browser: Browser,
    portal: Portal,
    name: str,
    size: dict[str, int],
    scheme: str,
    go: Callable[[Page, Portal], None],
) -> None:
    page = browser.new_page(viewport=size, color_scheme=scheme, user_agent=name)  # type: ignore[arg-type]
    go(page, portal)
    picture = Image.open(BytesIO(page.screenshot()))
    picture.quantize(_COLOURS).save(PICTURES / f"{name}.png", optimize=True)
    page.close()


if __name__ == "__main__":
    main()
