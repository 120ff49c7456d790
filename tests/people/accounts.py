"""Accounts for tests, and the way a browser signs in to them."""

import re
from datetime import date
from functools import cache

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.access.rules import WHOLE_CITY, Actor, Held
from portal.access.terms import Role
from portal.directory.models import Unit
from portal.kit import clock
from portal.kit.extensions import db
from portal.people import commands
from portal.people.commands import NewGrant, PastPerson
from portal.people.models import Grant
from portal.people.passwords import hash_password

PASSWORD = "pempek kapal selam di Ampera"
OTHER_PASSWORD = "sungai Musi pasang lagi malam ini"
EMAIL = "siti@contoh.test"


@cache
def known_hash() -> str:
    """The hash of `PASSWORD`, computed once."""
    return hash_password(PASSWORD)


def enter(
    email: str = EMAIL,
    role: Role = Role.OFFICER,
    unit_id: int | None = None,
    *,
    name: str = "Siti Mardiana",
) -> int:
    """The id of a person who can sign in with `PASSWORD` and holds one role from today."""
    past = PastPerson(email, name, known_hash(), role, unit_id)
    return commands.enter_people([past])[email]


def actor(person_id: int, *held: tuple[Role, str], name: str = "Admin") -> Actor:
    """The person as an actor with these roles; as administrator of the whole city without any."""
    grants = held or ((Role.ADMINISTRATOR, WHOLE_CITY),)
    return Actor(person_id, name, tuple(Held(role, path) for role, path in grants))


def root_actor(email: str = "root@contoh.test") -> Actor:
    """A stored administrator of the whole city, ready to act."""
    return actor(enter(email, Role.ADMINISTRATOR, name="Ratna Kota"))


def unit_ids() -> list[int]:
    """The ids of the seed's units."""
    return list(db.session.scalars(select(Unit.id).order_by(Unit.id)))


def path_of(unit_id: int) -> str:
    """The path of a unit at the root of the tree."""
    return f"/{unit_id}/"


def new_grant(
    role: Role = Role.OFFICER, unit_id: int | None = None, until_on: date | None = None
) -> NewGrant:
    """A grant to give from today on."""
    return NewGrant(role, unit_id, clock.today(), until_on)


def grant_ids(person_id: int) -> list[int]:
    """The ids of a person's grants, oldest first."""
    query = select(Grant.id).filter_by(person_id=person_id).order_by(Grant.id)
    return list(db.session.scalars(query))


def csrf_of(page: TestResponse) -> str:
    """The token that the forms of a page carry."""
    found = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', page.text)
    assert found, page.text[:300]
    return found[1]


def send(client: FlaskClient, page: str, to: str | None = None, **fields: str) -> TestResponse:
    """Open a page and send its form, here or to another address."""
    opened = client.get(page)
    assert opened.status_code == 200, (page, opened.status_code)
    return client.post(to or page, data={"csrf_token": csrf_of(opened), **fields})


def sign_in(
    client: FlaskClient, email: str = EMAIL, password: str = PASSWORD, onward: str = ""
) -> TestResponse:
    """Sign in as a person does, with the page's form."""
    fields = {"surel": email, "sandi": password, "lanjut": onward}
    return send(client, f"/masuk?lanjut={onward}", "/masuk", **fields)
