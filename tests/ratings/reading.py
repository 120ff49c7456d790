"""What the citizen's pages say, and what became of it."""

import re

from flask import Flask

from portal.kit.extensions import db
from portal.ratings import proof
from portal.ratings.models import Rating


def ticket_on(page: str) -> str:
    """The form ticket that a page carries."""
    found = re.search(r'name="tiket"[^>]*value="([^"]+)"', page)
    assert found, "no ticket on the page"
    return found[1]


def receipt_on(page: str) -> str:
    """The receipt code that a thanks page shows."""
    found = re.search(r"<output>(R-[0-9A-Z]{4}-[0-9A-Z]{4})</output>", page)
    assert found, "no receipt on the page"
    return found[1]


def stored(app: Flask) -> list[Rating]:
    """All ratings; the tallies are proven on the way."""
    with app.app_context():
        assert proof.differences() == []
        return list(db.session.scalars(db.select(Rating)))
