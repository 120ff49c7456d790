"""Tests that the browser found here is real, and that it is not replaced behind one's back."""

import pytest
from playwright.sync_api import Browser

from tests.support import browser as finder
from tests.support import missing as list_of_gaps
from tests.support.checker import axe_source
from tests.support.missing import Missing

PAGE = (
    "<!DOCTYPE html><html lang=id><title>Loket</title><main><h1>Nilai</h1><img src='data:,'></main>"
)


@pytest.mark.browser
def test_it_draws_a_page_with_letters(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content(PAGE)
    assert page.title() == "Loket"
    assert page.locator("h1").bounding_box()["width"] > 100  # type: ignore[index]
    letters = "e => [...'iW'].map(c => { e.style.display = 'inline'; e.textContent = c; return e.getBoundingClientRect().width })"  # noqa: E501
    narrow, wide = page.locator("h1").evaluate(letters)
    assert 0 < narrow < wide
    page.close()


@pytest.mark.browser
def test_axe_finds_a_picture_without_words(browser: Browser) -> None:
    try:
        source = axe_source()
    except Missing as gap:
        pytest.skip(str(gap))
    page = browser.new_page()
    page.set_content(PAGE)
    page.evaluate(source)
    result = page.evaluate("axe.run(document)")
    assert "image-alt" in {violation["id"] for violation in result["violations"]}
    page.close()


@pytest.mark.browser
def test_a_page_works_without_scripts(browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.set_content("<title>tanpa</title><noscript><p>skrip</p></noscript>")
    assert page.locator("p").inner_text() == "skrip"
    context.close()


def test_a_named_browser_that_does_not_start_is_said_to_be_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(list_of_gaps, "_gaps", {})
    monkeypatch.setenv("CHROMIUM", "/bin/false")
    with pytest.raises(Missing, match="CHROMIUM=/bin/false does not start"):
        finder.chromium.__wrapped__()
