"""What administrators do with accounts: invite, grant, renew a link, retire."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal.access.commands import record
from portal.access.rules import WHOLE_CITY, Actor, may, may_at_all, may_at_any, require
from portal.access.terms import Permission, Role
from portal.directory import queries as directory
from portal.kit import clock
from portal.kit.errors import Conflict, Invalid, NotAllowed, NotFound
from portal.kit.extensions import db
from portal.kit.transaction import command
from portal.people import grants, queries, rules
from portal.people.models import Grant, OneTimeLink, Person
from portal.people.sessions import close_all, end_open_links, locked_person
from portal.people.terms import Act, Kind, Purpose
from portal.people.tokens import hash_of, new_token

_MANAGE = Permission.MANAGE_PEOPLE


@dataclass(frozen=True)
class NewGrant:
    """A role to give at a unit, or in the whole city (None), from a first day on or to a last."""

    role: Role
    unit_id: int | None
    from_on: date
    until_on: date | None


@dataclass(frozen=True)
class NewLink:
    """A one-time link as it is shown once; afterwards only its hash is left."""

    person_id: int
    token: str
    expires_at: datetime


@dataclass(frozen=True)
class PastPerson:
    """An account to be entered with its password's hash, and one role from today."""

    email: str
    name: str
    password_hash: str
    role: Role
    unit_id: int | None


@command
def invite_person(actor: Actor, email: str, name: str, new: NewGrant) -> NewLink:
    """Open an account with one grant and return the link by which its password is chosen.

    Refuses: `NotAllowed` outside the actor's units, `Invalid` for an e-mail, name, unit or period
    that makes no sense, `Conflict` for an e-mail that has an account.
    """
    _check_may_give(actor, new)
    rules.check_period(new.from_on, new.until_on, clock.today())
    person_id = _entered(actor.person_id, email, name)
    _granted(actor.person_id, person_id, new)
    return _linked(actor.person_id, person_id, Purpose.INVITE)


@command
def give_grant(actor: Actor, person_id: int, new: NewGrant) -> None:
    """Give a person in the actor's reach another role.

    Refuses: `NotAllowed` outside the actor's units and for the actor's own account, `NotFound` for
    a person out of reach, `Invalid` for a unit or period that makes no sense, `Conflict` for a
    retired person and for a role the person has there already.
    """
    _check_may_give(actor, new)
    _not_oneself(actor, person_id, "Hak untuk akun sendiri hanya bisa diberikan admin lain.")
    person = locked_person(person_id)
    held = grants.grants_of([person_id])
    if not may_at_any(actor, _MANAGE, (grant.unit_path for grant in held)):
        raise NotFound("Orang ini tidak ada di unit Anda.")
    _check_not_retired(person)
    today = clock.today()
    rules.check_period(new.from_on, new.until_on, today)
    if any(
        (grant.role, grant.unit_id) == (new.role, new.unit_id) and not grant.is_over(today)
        for grant in held
    ):
        raise Conflict("Orang ini sudah punya peran itu di sana. Akhiri dulu yang lama.")
    _granted(actor.person_id, person_id, new)


@command
def end_grant(actor: Actor, grant_id: int) -> None:
    """End a grant now.

    Refuses: `NotFound` for an unknown one or one outside the actor's units, `Conflict` for one
    that is over, and when the city would be left without an administrator.
    """
    found = grants.grant(grant_id)
    if found is None or not may(actor, _MANAGE, found[1]):
        raise NotFound("Hak ini tidak ada di unit Anda.")
    person_id, _path = found
    locked_person(person_id)
    _end_grants([grant_id])
    record(actor.person_id, Act.GRANT_ENDED, Kind.GRANT, grant_id)


@command
def make_link(actor: Actor, person_id: int) -> NewLink:
    """Make a link by which a person chooses a password; links made before no longer work.

    Refuses: `NotAllowed` for the actor's own account and for a person with a role outside the
    actor's units, `NotFound` for an unknown person, `Conflict` for a retired one.
    """
    _not_oneself(actor, person_id, "Kata sandi sendiri diganti di halaman akun Anda.")
    person = locked_person(person_id)
    _check_governed(actor, person_id)
    _check_not_retired(person)
    return _linked(actor.person_id, person_id, _purpose(person))


@command
def retire_person(actor: Actor, person_id: int) -> None:
    """Close an account for good: grants, sessions and links end now.

    Refuses as `make_link` does, and with `Conflict` when the city would be left without an
    administrator.
    """
    _not_oneself(actor, person_id, "Akun sendiri hanya bisa ditutup admin lain.")
    person = locked_person(person_id)
    _check_governed(actor, person_id)
    _check_not_retired(person)
    today = clock.today()
    running = [grant.id for grant in grants.grants_of([person_id], not_over_on=today)]
    _end_grants(running)
    person.retired_on = today
    close_all(person_id)
    end_open_links(person_id, clock.now())
    for grant_id in running:
        record(actor.person_id, Act.GRANT_ENDED, Kind.GRANT, grant_id)
    record(actor.person_id, Act.PERSON_RETIRED, Kind.PERSON, person_id)


@command
def create_administrator(email: str, name: str, *, another: bool) -> NewLink:
    """Open the account of an administrator of the whole city; for the command line, without actor.

    Refuses: `Conflict` when there is one and `another` is not said, or the e-mail has an account;
    `Invalid` for an e-mail or name that makes no sense.
    """
    if not another and grants.has_administrator():
        raise Conflict("Admin kota sudah ada. Dengan --another, satu lagi ditambahkan.")
    person_id = _entered(None, email, name)
    _granted(None, person_id, NewGrant(Role.ADMINISTRATOR, None, clock.today(), None))
    return _linked(None, person_id, Purpose.INVITE)


@command
def renew_link(email: str) -> NewLink:
    """Make a link for the account with this e-mail; for the command line, without actor.

    Refuses: `NotFound` for an e-mail without account, `Conflict` for a retired person.
    """
    person_id = queries.person_id_by_email(email)
    if person_id is None:
        raise NotFound(f"Tidak ada akun dengan surel {email}.")
    person = locked_person(person_id)
    _check_not_retired(person)
    return _linked(None, person_id, _purpose(person))


@command
def enter_people(people: Iterable[PastPerson]) -> dict[str, int]:
    """Enter many accounts at once, each with one role from today; returns their ids by e-mail.

    Refuses, with `Conflict`, an e-mail that has an account.
    """
    entered = {}
    for past in people:
        person_id = _entered(None, past.email, past.name, past.password_hash)
        _granted(None, person_id, NewGrant(past.role, past.unit_id, clock.today(), None))
        entered[past.email] = person_id
    return entered


def _entered(actor_id: int | None, email: str, name: str, password_hash: str | None = None) -> int:
    """The id of a new person; two who enter the same e-mail at once meet a refusal, not a fault."""
    person = Person(
        email=rules.cleaned_email(email),
        name=rules.cleaned_name(name),
        password_hash=password_hash,
        epoch=0,
        created_at=clock.now(),
    )
    try:
        with db.session.begin_nested():
            db.session.add(person)
    except IntegrityError as taken:
        raise Conflict(
            "Surel ini sudah punya akun. Cari orangnya di daftar; bila tidak tampak, "
            "ia bekerja di unit lain dan admin kota bisa menambah haknya.",
            field="surel",
        ) from taken
    record(actor_id, Act.PERSON_ENTERED, Kind.PERSON, person.id)
    return person.id


def _granted(actor_id: int | None, person_id: int, new: NewGrant) -> None:
    grant = Grant(
        person_id=person_id,
        role=new.role.value,
        unit_id=new.unit_id,
        from_on=new.from_on,
        until_on=new.until_on,
        granted_by=actor_id,
        granted_at=clock.now(),
    )
    db.session.add(grant)
    db.session.flush()
    record(actor_id, Act.GRANT_GIVEN, Kind.GRANT, grant.id)


def _linked(actor_id: int | None, person_id: int, purpose: Purpose) -> NewLink:
    token, moment = new_token(), clock.now()
    end_open_links(person_id, moment)
    link = OneTimeLink(
        token_hash=hash_of(token),
        person_id=person_id,
        purpose=purpose.value,
        made_by=actor_id,
        created_at=moment,
        expires_at=moment + rules.LINK_LASTS,
    )
    db.session.add(link)
    record(actor_id, Act.LINK_MADE, Kind.PERSON, person_id)
    return NewLink(person_id, token, link.expires_at)


def _purpose(person: Person) -> Purpose:
    return Purpose.RESET if person.password_hash else Purpose.INVITE


def _check_may_give(actor: Actor, new: NewGrant) -> None:
    """A role is given by who manages its unit; that of administrator by the city's alone.

    Otherwise a unit's administrator could make a second one and let that one grant them the rest.
    """
    require(actor, _MANAGE, _path_of(new.unit_id))
    if new.role is Role.ADMINISTRATOR and not may(actor, _MANAGE, WHOLE_CITY):
        raise NotAllowed("Peran admin hanya diberikan admin kota.")


def _path_of(unit_id: int | None) -> str:
    path = WHOLE_CITY if unit_id is None else directory.unit_path(unit_id)
    if path is None:
        raise Invalid("Pilih unit dari daftar.", field="unit")
    return path


def _not_oneself(actor: Actor, person_id: int, sentence: str) -> None:
    if actor.person_id == person_id:
        raise NotAllowed(sentence)


def _check_governed(actor: Actor, person_id: int) -> None:
    """Whoever may act for a whole account manages every unit that the person works in."""
    paths = grants.deciding_paths(grants.grants_of([person_id]), clock.today())
    if not may_at_all(actor, _MANAGE, paths):
        raise NotAllowed(
            "Orang ini juga bekerja di luar unit Anda. Mintalah admin yang membawahi semuanya."
        )


def _check_not_retired(person: Person) -> None:
    if person.retired_on:
        raise Conflict("Akun ini sudah ditutup.")


def _end_grants(grant_ids: Collection[int]) -> None:
    """End grants of one person, whose row is locked; the city keeps an administrator."""
    query = select(Grant).where(Grant.id.in_(grant_ids)).order_by(Grant.id)
    ending = db.session.scalars(query.execution_options(populate_existing=True)).all()
    today = clock.today()
    if any(
        grant.ended_at is not None or (grant.until_on is not None and grant.until_on < today)
        for grant in ending
    ):
        raise Conflict("Hak ini sudah berakhir.")
    if any(grant.role == Role.ADMINISTRATOR and grant.unit_id is None for grant in ending):
        _check_administrator_stays(grant_ids)
    for grant in ending:
        grant.ended_at = clock.now()
    db.session.flush()


def _check_administrator_stays(ending: Collection[int]) -> None:
    """Lock what makes administrators of the city, so that two cannot remove each other at once."""
    query = (
        select(Grant.id)
        .join(Person, Person.id == Grant.person_id)
        .where(
            grants.holding(clock.today()),
            Grant.role == Role.ADMINISTRATOR.value,
            Grant.unit_id.is_(None),
            Person.retired_on.is_(None),
            Person.password_hash.is_not(None),
        )
        .order_by(Grant.id)
        .with_for_update(of=Grant, key_share=True)
    )
    if not set(db.session.scalars(query)) - set(ending):
        raise Conflict("Ini admin terakhir untuk seluruh kota. Angkat dulu yang lain.")
