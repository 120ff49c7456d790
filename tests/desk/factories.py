"""Offices of the seed, citizens' words given there, and the staff who read them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import count

from flask import Flask

from portal.access.rules import WHOLE_CITY, Actor, Held
from portal.access.terms import Role
from portal.directory import queries as directory
from portal.directory.models import ServicePoint, Unit
from portal.kit.extensions import db
from portal.kit.transaction import command
from portal.language.sentiment import tag
from portal.people.commands import PastPerson, enter_people
from portal.ratings.commands import PastRating, record_past, recounted
from portal.ratings.models import Rating
from portal.ratings.terms import Exclusion

YESTERDAY = date(2026, 11, 23)
_numbers = count(1)


@dataclass(frozen=True)
class Office:
    """A unit of the seed with one of its counters."""

    unit_id: int
    path: str
    name: str
    point_id: int
    service_id: int
    service: str
    area_id: int

    def past(
        self,
        words: str | None,
        *,
        score: int = 4,
        on: date = YESTERDAY,
        at: datetime | None = None,
        exclusion: Exclusion | None = None,
    ) -> PastRating:
        """A rating given here, yesterday at noon if nothing else is said."""
        moment = at or datetime(on.year, on.month, on.day, 5, tzinfo=UTC)
        place = (self.point_id, self.service_id, self.area_id)
        return PastRating(*place, score, words, tag(words) if words else None, exclusion, moment)


@dataclass(frozen=True)
class Colleague:
    """A member of staff as an actor, and the e-mail of the account."""

    actor: Actor
    email: str


Say = Callable[..., int]
Hire = Callable[..., Colleague]


def seed_offices() -> list[Office]:
    """The three units of the seed, each with the first counter of its first service."""
    found = []
    for unit in db.session.scalars(db.select(Unit).order_by(Unit.id)):
        service = directory.services(unit.id)[0]
        points = db.select(ServicePoint).filter_by(service_id=service.id)
        point = db.session.scalars(points.order_by(ServicePoint.id)).first()
        assert point is not None
        place = (point.id, service.id, service.name, point.area_id)
        found.append(Office(unit.id, unit.path, unit.name, *place))
    return found


def enter(past: PastRating, tone: str | None = None) -> int:
    """Store one rating and return its id; `tone` replaces what the machine says of its words."""
    before = set(db.session.scalars(db.select(Rating.id)))
    record_past([past])
    [rating_id] = set(db.session.scalars(db.select(Rating.id))) - before
    if tone is not None:
        _retone(rating_id, tone)
    return int(rating_id)


@command
def _retone(rating_id: int, tone: str) -> None:
    rating = db.session.get_one(Rating, rating_id)
    with recounted(rating):
        rating.tone = rating.machine_tone = tone
        rating.confidence = 0.52 if tone == "uncertain" else 0.9


def employ(office: Office | None, role: Role) -> Colleague:
    """Open an account with one role at an office, or (None) in the whole city."""
    email = f"petugas{next(_numbers)}@contoh.test"
    unit_id = office.unit_id if office else None
    entered = enter_people([PastPerson(email, "Siti Mardiana", "-", role, unit_id)])
    held = Held(role, office.path if office else WHOLE_CITY)
    return Colleague(Actor(entered[email], "Siti Mardiana", (held,)), email)


@command
def adopt(child: Office, parent: Office) -> None:
    """Move a unit below another one in the tree."""
    unit = db.session.get_one(Unit, child.unit_id)
    unit.path = f"{parent.path}{unit.id}/"


def saying(app: Flask, office: Office) -> Say:
    """A function that enters one rating with words, at this office or at another."""

    def said(
        words: str | None,
        *,
        office: Office = office,
        tone: str | None = None,
        **facts: object,
    ) -> int:
        with app.app_context():
            return enter(office.past(words, **facts), tone)  # type: ignore[arg-type]

    return said


def hiring(app: Flask) -> Hire:
    """A function that opens an account."""

    def hired(office: Office | None = None, role: Role = Role.OFFICER) -> Colleague:
        with app.app_context():
            return employ(office, role)

    return hired
