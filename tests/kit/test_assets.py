"""Style sheets and scripts are sent compressed, under their hash, good for ever."""

import gzip
import hashlib
import re

import brotli
import pytest
from flask import Flask

from portal.kit.assets import BUNDLES, STATIC
from tests.support.checker import HtmlChecker
from tests.support.pages import PageClient


@pytest.fixture(params=["sqlite"])
def dialect(request: pytest.FixtureRequest) -> str:
    """No database is asked, so one will do."""
    return str(request.param)


@pytest.fixture
def addresses(app: Flask) -> dict[str, str]:
    """Where each bundle is found, as templates are told."""
    with app.test_request_context():
        asset = app.jinja_env.globals["asset"]
        return {name: asset(name) for name in BUNDLES}  # type: ignore[operator]


DECODERS = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}


@pytest.mark.parametrize(
    ("accepted", "sent"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate", "gzip"),
        ("gzip;q=1.0, br;q=0.5", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("identity", None),
        ("zstd", None),
        ("", None),
        (None, None),
    ],
)
@pytest.mark.parametrize("name", BUNDLES)
def test_a_bundle_comes_in_the_best_encoding_the_browser_takes(
    client: PageClient, addresses: dict[str, str], name: str, accepted: str | None, sent: str | None
) -> None:
    headers = {} if accepted is None else {"Accept-Encoding": accepted}
    answer = client.get(addresses[name], headers=headers)
    assert answer.status_code == 200
    assert answer.headers.get("Content-Encoding") == sent
    assert "Accept-Encoding" in answer.headers["Vary"]
    plain = DECODERS[sent](answer.data)
    digest = hashlib.sha256(plain).hexdigest()[:8]
    assert addresses[name] == "/static/" + f".{digest}.".join(name.split("."))


@pytest.mark.parametrize("name", BUNDLES)
def test_a_bundle_is_kept_for_ever_under_its_own_name(
    client: PageClient, addresses: dict[str, str], name: str
) -> None:
    answer = client.get(addresses[name])
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Set-Cookie" not in answer.headers
    kind = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
    assert answer.mimetype == kind[name.split(".")[1]]


@pytest.mark.parametrize(
    "name", ["warga.css", "warga.00000000.css", "..%2fkit%2fsettings.py", "tokens.css", "%00"]
)
def test_any_other_name_is_not_found(client: PageClient, name: str) -> None:
    answer = client.get(f"/static/{name}")
    assert answer.status_code == 404
    assert "immutable" not in answer.headers.get("Cache-Control", "")


def test_every_part_on_the_disk_stands_in_a_bundle_once() -> None:
    parts = [f"{part}.{name.split('.')[1]}" for name in BUNDLES for part in BUNDLES[name]]
    on_disk = [path.name for path in STATIC.rglob("*") if path.is_file()]
    assert sorted(parts) == sorted(on_disk)


@pytest.mark.parametrize("name", [name for name in BUNDLES if name.endswith(".css")])
def test_a_trimmed_sheet_says_what_its_parts_say(
    client: PageClient, addresses: dict[str, str], checker: HtmlChecker, name: str
) -> None:
    sent = client.get(addresses[name]).data
    assert checker.check(sent, "text/css; charset=utf-8") == []
    source = "\n".join((STATIC / "css" / f"{part}.css").read_text() for part in BUNDLES[name])
    bare = re.sub(r"/\*.*?\*/|[\s;]", "", source, flags=re.DOTALL)
    assert re.sub(r"[\s;]", "", sent.decode()) == bare
    assert b"/*" not in sent


def test_a_page_and_its_sheet_together_fit_the_first_round_trip(
    client: PageClient, addresses: dict[str, str]
) -> None:
    """Ten packets of 1,460 bytes is what a server may send before the first acknowledgement."""
    headers = {"Accept-Encoding": "br"}
    page, sheet = client.get("/"), client.get(addresses["warga.css"], headers=headers)
    assert len(brotli.compress(page.data, quality=4)) + len(sheet.data) < 14_600
