"""The counter that the citizen's pages are tried at."""

import pytest

from portal.directory.queries import Counter


@pytest.fixture
def address(counter: Counter) -> str:
    """The counter's page."""
    return f"/q/{counter.shown_code}"
