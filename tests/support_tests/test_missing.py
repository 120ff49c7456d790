"""Tests that what a run went without is named once, with the way to it."""

import pytest

from tests.support import missing as list_of_gaps
from tests.support.missing import closing_lines, exit_status, missing


@pytest.fixture(autouse=True)
def empty_list(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep what these tests make up from the list of the run itself."""
    monkeypatch.setattr(list_of_gaps, "_gaps", {})


def test_a_run_that_missed_nothing_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    assert closing_lines() == []
    assert exit_status(0) == 0


def test_a_gap_is_named_once_with_its_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    fault = missing("A browser", "none starts.", "apt-get install chromium")
    missing("A browser", "none starts, again.", "apt-get install chromium")
    assert str(fault) == "A browser: none starts. To bring it: apt-get install chromium"
    assert closing_lines()[1:] == [f"  {fault}"]
    assert exit_status(0) == 0


def test_in_ci_a_gap_fails_a_run_that_would_have_passed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    missing("A browser", "none starts.", "apt-get install chromium")
    assert exit_status(0) == 1
    assert exit_status(2) == 2
    assert "failure" in closing_lines()[0]
