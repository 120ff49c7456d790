"""What tests read off the page of citizens' words, and off the database behind it."""

import re

from flask import Flask

from portal.kit.extensions import db
from portal.ratings import proof
from portal.ratings.models import Rating

LIST = "/meja/penilaian"


def texts(page: str) -> list[str]:
    """The words in the list, in their order."""
    return re.findall(r'<p dir="auto" id="t-\d+-kata">(.*?)</p>', page, re.DOTALL)


def form_of(page: str, rating_id: int) -> dict[str, str]:
    """The hidden fields of the form under one text."""
    item = page.split(f'<li id="t-{rating_id}"')[1].partition("</li>")[0]
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', item))
    return {name: value.replace("&amp;", "&") for name, value in fields.items()}


def tones(app: Flask) -> dict[int, str | None]:
    """The tone of every rating; the tallies are proven on the way."""
    with app.app_context():
        assert proof.differences() == []
        return {rating.id: rating.tone for rating in db.session.scalars(db.select(Rating))}
