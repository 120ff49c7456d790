"""The counter that the citizen's pages are tried at, and the offices whose staff read words."""

import pytest

from portal.access.terms import Role
from portal.directory.queries import Counter
from tests.desk.factories import Colleague, Office, employ, seed_offices


@pytest.fixture
def address(counter: Counter) -> str:
    """The counter's page."""
    return f"/q/{counter.shown_code}"


@pytest.fixture
def offices() -> list[Office]:
    """The three units of the seed."""
    return seed_offices()


@pytest.fixture
def officer(offices: list[Office]) -> Colleague:
    """An officer of the first office."""
    return employ(offices[0], Role.OFFICER)
