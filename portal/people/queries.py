"""Reads of accounts, their sessions and one-time links."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, true

from portal.access.rules import WHOLE_CITY, Actor, Held
from portal.access.terms import Role
from portal.directory import queries as directory
from portal.directory.models import Unit
from portal.kit import clock
from portal.kit.extensions import db
from portal.people import rules
from portal.people.grants import GrantEntry, grants_of, held_at, holding
from portal.people.models import Grant, OneTimeLink, Person, StaffSession
from portal.people.tokens import hash_of

PAGE = 25


@dataclass(frozen=True)
class Credentials:
    """What a typed password is compared with. Nobody's name or e-mail is in it."""

    person_id: int
    password_hash: str | None
    epoch: int


@dataclass(frozen=True)
class OpenSession:
    """A session that stands, with the person in it as an actor."""

    session_id: int
    actor: Actor
    created_at: datetime
    last_seen_at: datetime


@dataclass(frozen=True)
class PersonEntry:
    """A person as lists and pages name them."""

    id: int
    name: str
    email: str
    has_password: bool
    retired_on: date | None


@dataclass(frozen=True)
class LinkEntry:
    """A one-time link, the person it is for, and whether it may still be used."""

    link_id: int
    person_id: int
    purpose: str
    name: str
    email: str
    expires_at: datetime
    used_at: datetime | None
    replaced_at: datetime | None
    retired: bool


@dataclass(frozen=True)
class PeoplePage:
    """One page of a list of people, each with the grants that are not over."""

    people: list[PersonEntry]
    grants: dict[int, list[GrantEntry]]
    total: int
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // PAGE))


_PERSON = (Person.id, Person.name, Person.email, Person.password_hash, Person.retired_on)


def credentials(email: str) -> Credentials | None:
    """What this account's password is compared with; the case of the e-mail does not matter."""
    return _credentials(Person.email == email.strip().lower())


def credentials_of(person_id: int) -> Credentials | None:
    """The same by person."""
    return _credentials(Person.id == person_id)


def _credentials(condition: ColumnElement[bool]) -> Credentials | None:
    query = select(Person.id, Person.password_hash, Person.epoch).where(condition)
    row = db.session.execute(query).first()
    return Credentials(*row) if row else None


def open_session(token: str) -> OpenSession | None:
    """The session with this token if it stands now; one statement."""
    today = clock.today()
    query = (
        select(
            StaffSession.id,
            StaffSession.created_at,
            StaffSession.last_seen_at,
            StaffSession.epoch,
            Person.epoch,
            Person.retired_on,
            Person.id,
            Person.name,
            Grant.role,
            Grant.unit_id,
            Unit.path,
        )
        .join(Person, Person.id == StaffSession.person_id)
        .outerjoin(Grant, and_(Grant.person_id == Person.id, holding(today)))
        .outerjoin(Unit, Unit.id == Grant.unit_id)
        .where(StaffSession.token_hash == hash_of(token), StaffSession.ended_at.is_(None))
    )
    rows = db.session.execute(query).all()
    if not rows:
        return None
    session_id, created_at, last_seen_at, epoch, person_epoch, retired_on, person_id, name = rows[
        0
    ][:8]
    held = tuple(
        Held(Role(role), held_at(unit_id, path)) for *_, role, unit_id, path in rows if role
    )
    standing = rules.Standing(
        created_at, last_seen_at, epoch, person_epoch, retired_on is not None, bool(held)
    )
    if not rules.stands(standing, clock.now()):
        return None
    return OpenSession(session_id, Actor(person_id, name, held), created_at, last_seen_at)


def person_of_session(token: str) -> int | None:
    """Whose session with this token is or was, whether it stands or not."""
    query = select(StaffSession.person_id).where(StaffSession.token_hash == hash_of(token))
    return db.session.scalar(query)


def person(person_id: int) -> PersonEntry | None:
    """The person with this id."""
    row = db.session.execute(select(*_PERSON).where(Person.id == person_id)).first()
    return _entry(row) if row else None


def person_id_by_email(email: str) -> int | None:
    """Whose account this e-mail is; its case does not matter."""
    return db.session.scalar(select(Person.id).where(Person.email == email.strip().lower()))


def _entry(row: Any) -> PersonEntry:
    key, name, email, password_hash, retired_on = row
    return PersonEntry(key, name, email, password_hash is not None, retired_on)


def people(unit_paths: Iterable[str], words: str, page: int) -> PeoplePage:
    """The people who hold or held a grant at or below these paths, by name; three statements.

    `words` are looked for in names and e-mails. `page` counts from 1; one beyond the last is the
    last.
    """
    condition = and_(_in_reach(tuple(unit_paths)), *map(_spelled, words.split()))
    total = db.session.scalar(select(func.count(Person.id)).where(condition)) or 0
    page = min(max(1, page), max(1, -(-total // PAGE)))
    query = select(*_PERSON).where(condition).order_by(Person.name, Person.id)
    rows = db.session.execute(query.limit(PAGE).offset((page - 1) * PAGE)).all()
    grants: dict[int, list[GrantEntry]] = {row[0]: [] for row in rows}
    for grant in grants_of(list(grants), not_over_on=clock.today()):
        grants[grant.person_id].append(grant)
    return PeoplePage([_entry(row) for row in rows], grants, total, page)


def _in_reach(unit_paths: tuple[str, ...]) -> ColumnElement[bool]:
    if WHOLE_CITY in unit_paths:
        return true()
    holders = select(Grant.person_id).join(Unit, Unit.id == Grant.unit_id)
    return Person.id.in_(holders.where(directory.within(unit_paths)))


def _spelled(word: str) -> ColumnElement[bool]:
    return or_(
        Person.name.icontains(word, autoescape=True), Person.email.icontains(word, autoescape=True)
    )


def link(token: str) -> LinkEntry | None:
    """The one-time link with this token, whether it may still be used or not."""
    query = (
        select(
            OneTimeLink.id,
            Person.id,
            OneTimeLink.purpose,
            Person.name,
            Person.email,
            OneTimeLink.expires_at,
            OneTimeLink.used_at,
            OneTimeLink.replaced_at,
            Person.retired_on.is_not(None),
        )
        .join(Person, Person.id == OneTimeLink.person_id)
        .where(OneTimeLink.token_hash == hash_of(token))
    )
    row = db.session.execute(query).first()
    return LinkEntry(*row) if row else None


def link_open_until(person_id: int) -> datetime | None:
    """When the person's open one-time link ends, or None without one."""
    return db.session.scalar(
        select(func.max(OneTimeLink.expires_at)).where(
            OneTimeLink.person_id == person_id,
            OneTimeLink.used_at.is_(None),
            OneTimeLink.replaced_at.is_(None),
            OneTimeLink.expires_at > clock.now(),
        )
    )


def last_sign_in(person_id: int, *, before_session: int | None = None) -> datetime | None:
    """When the person last signed in, this session left out."""
    query = select(func.max(StaffSession.created_at)).where(StaffSession.person_id == person_id)
    if before_session is not None:
        query = query.where(StaffSession.id < before_session)
    return db.session.scalar(query)


def sessions_elsewhere(person_id: int, session_id: int) -> int:
    """How many of the person's other sessions stand now."""
    now = clock.now()
    query = (
        select(func.count(StaffSession.id))
        .join(Person, Person.id == StaffSession.person_id)
        .where(
            StaffSession.person_id == person_id,
            StaffSession.id != session_id,
            StaffSession.ended_at.is_(None),
            StaffSession.epoch == Person.epoch,
            StaffSession.created_at > now - rules.ABSOLUTE_END,
            StaffSession.last_seen_at > now - rules.IDLE_END,
        )
    )
    return db.session.scalar(query) or 0
