"""Tests that the checker of HTML and CSS finds what is wrong and passes what is right."""

from collections.abc import Iterator

import pytest

from tests.support.checker import HtmlChecker
from tests.support.missing import Missing

GOOD = (
    '<!DOCTYPE html><html lang="id"><head><title>Loket</title></head>'
    "<body><h1>Nilai</h1></body></html>"
)


@pytest.fixture(scope="module")
def checker() -> Iterator[HtmlChecker]:
    """Give the checker, started."""
    server = HtmlChecker()
    try:
        server.start()
    except Missing as gap:
        pytest.skip(str(gap))
    yield server
    server.stop()


def test_a_good_page_passes(checker: HtmlChecker) -> None:
    assert checker.check(GOOD.encode()) == []


def test_an_id_given_twice_is_found_with_its_line(checker: HtmlChecker) -> None:
    page = GOOD.replace("</h1>", "</h1>\n<p id=a></p><p id=a></p>")
    found = checker.check(page.encode())
    assert any("Duplicate ID" in message.text and message.line == 2 for message in found)
    assert "Duplicate ID" in "\n".join(map(str, found))


def test_a_style_sheet_is_checked_as_one(checker: HtmlChecker) -> None:
    assert (
        checker.check(
            b"main { color: oklch(60% 0.1 200); container-type: inline-size }", "text/css"
        )
        == []
    )
    assert checker.check(b"main { color: blau }", "text/css")[0].kind == "error"


def test_a_checker_that_was_not_started_says_so() -> None:
    with pytest.raises(RuntimeError, match="not started"):
        HtmlChecker().check(b"")
