"""A real browser in front of a real server: one portal for the run, a fresh page for each test."""

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from portal.demo import loader
from portal.directory import queries as directory
from portal.kit import clock
from portal.kit.codes import POINT
from portal.kit.extensions import db
from tests.conftest import SETTINGS, make_app
from tests.support.checker import axe_source
from tests.support.missing import Missing
from tests.support.postgres import PostgresServer
from tests.support.processes import free_port

_SECONDS_TO_START = 30
_SECONDS_TO_ANSWER = 15
_WIDTHS = (360, 768, 1280)


@dataclass(frozen=True)
class Portal:
    """A running portal: where it answers, the codes of its counters, the application behind it."""

    address: str
    codes: list[str]
    app: Flask


def _seed() -> None:
    loader.enter_places(loader.seed_city(), clock.today())


@contextmanager
def running(
    url: str, instance: Path, fill: Callable[[], None] = _seed, **more: object
) -> Iterator[Portal]:
    """The real `serve` in a process of its own, on a migrated database that `fill` fills."""
    port = free_port()
    app = make_app(url, instance)
    with app.app_context():
        fill()
        codes = [POINT.shown(code) for code in directory.open_point_codes(10)]
    settings = {**SETTINGS, "DATABASE_URL": url, "PORT": port, "INSTANCE": instance, **more}
    process = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "portal", "serve"],
        env={**os.environ, **{name: str(value) for name, value in settings.items()}},
        stdout=subprocess.DEVNULL,
    )
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_for(f"{address}/healthz", process)
        yield Portal(address, codes, app)
    finally:
        process.terminate()
        process.wait(_SECONDS_TO_ANSWER)
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(_SECONDS_TO_START * 10):
        assert process.poll() is None, "the server ended before it answered"
        try:
            urllib.request.urlopen(address, timeout=1).close()  # noqa: S310 - loopback
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"{address} does not answer")


@pytest.fixture(scope="session")
def portal(
    postgres: PostgresServer, postgres_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Portal]:
    """The portal on PostgreSQL, as a grown city runs it."""
    url = postgres.create_database("ampera_journeys", template=postgres_template)
    with running(url, tmp_path_factory.mktemp("journeys")) as portal:
        yield portal


@pytest.fixture(params=[True, False], ids=["scripts", "no-scripts"])
def scripts(request: pytest.FixtureRequest) -> bool:
    """Each journey is walked with scripts and without."""
    return bool(request.param)


@pytest.fixture
def new_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open a phone of one's own: its own cookies, its own user agent, no console errors allowed."""
    contexts, faults = [], []

    def open_page(*, scripts: bool = True, phone: str = "Ponsel A", width: int = 360) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 740},
            java_script_enabled=scripts,
            user_agent=phone,
            locale="id-ID",
        )
        context.set_default_timeout(_SECONDS_TO_ANSWER * 1000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
        return page

    yield open_page
    for context in contexts:
        context.close()
    refused = [fault for fault in faults if "status of 4" not in fault]
    assert not refused, refused


@pytest.fixture(scope="session")
def axe() -> str:
    """The accessibility checker's source."""
    try:
        return axe_source()
    except Missing as gap:
        pytest.skip(str(gap))


@pytest.fixture
def inspect(browser: Browser, axe: str) -> Callable[[Page], None]:
    """Check the page as it stands: axe finds nothing, nothing scrolls sideways, light and dark."""

    def inspected(page: Page) -> None:
        size = page.viewport_size or {"width": 360, "height": 740}
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            for width in (320, *_WIDTHS):
                page.set_viewport_size({"width": width, "height": 740})
                wide = page.evaluate("document.documentElement.scrollWidth")
                assert wide <= width, f"{page.url} is {wide} px wide at {width}"
            page.evaluate(axe)
            result = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
            found = [f"{v['id']}: {v['nodes'][0]['html']}" for v in result["violations"]]
            assert not found, f"{page.url} in {scheme}: {found}"
        page.emulate_media(color_scheme="light")
        page.set_viewport_size(size)

    return inspected
