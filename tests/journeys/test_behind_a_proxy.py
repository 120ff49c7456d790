"""What the real server believes of a proxy in front of it."""

import urllib.request
from http.client import HTTPMessage
from pathlib import Path

import pytest

from tests.journeys.conftest import running

FORWARDED = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.7"}


def headers_of(address: str) -> HTTPMessage:
    """The headers of an answer to a request that a proxy claims to have forwarded."""
    request = urllib.request.Request(address, headers=FORWARDED)  # noqa: S310 - loopback
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
        found: HTTPMessage = answer.headers
    return found


@pytest.mark.parametrize(("proxies", "believed"), [(0, False), (1, True)])
def test_forwarded_headers_are_believed_from_trusted_proxies_alone(
    sqlite_template: Path, tmp_path: Path, proxies: int, believed: bool
) -> None:
    (tmp_path / "portal.db").write_bytes(sqlite_template.read_bytes())
    url = f"sqlite:///{tmp_path / 'portal.db'}"
    with running(url, tmp_path, TRUSTED_PROXIES=proxies) as portal:
        headers = headers_of(f"{portal.address}/struk")
    assert ("Strict-Transport-Security" in headers) is believed
