"""Staff of two offices, and the words they read."""

import pytest
from flask import Flask

from portal.people import sessions
from tests.desk.factories import Colleague, Hire, Office, Say, hiring, saying, seed_offices
from tests.support.pages import PageClient


@pytest.fixture(autouse=True)
def still(request: pytest.FixtureRequest) -> None:
    """Every test of the desk begins on the same Tuesday morning, unless a server keeps the time."""
    if request.node.get_closest_marker("browser") is None:
        request.getfixturevalue("clock")


@pytest.fixture
def offices(app: Flask, city: dict[str, int]) -> list[Office]:
    """The three units of the seed."""
    with app.app_context():
        return seed_offices()


@pytest.fixture
def say(app: Flask, offices: list[Office]) -> Say:
    """Enter one rating with words, at the first office if no other is named."""
    return saying(app, offices[0])


@pytest.fixture
def hire(app: Flask) -> Hire:
    """Open an account with one role at an office, or (None) in the whole city."""
    return hiring(app)


@pytest.fixture
def officer(hire: Hire, offices: list[Office]) -> Colleague:
    """An officer of the first office."""
    return hire(offices[0])


@pytest.fixture
def desk(app: Flask, client: PageClient, officer: Colleague) -> PageClient:
    """A browser in which that officer is signed in."""
    return sign_in(app, client, officer)


def sign_in(app: Flask, client: PageClient, colleague: Colleague) -> PageClient:
    """Put the cookie of a fresh session into the client."""
    with app.app_context():
        token = sessions.sign_in(colleague.actor.person_id, 0)
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = token, True
    return client
