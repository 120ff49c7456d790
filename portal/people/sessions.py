"""Sessions: signing in and out, and choosing a password, each one transaction."""

from datetime import datetime

from sqlalchemy import ColumnElement, select, update

from portal.access.commands import record
from portal.access.rules import Actor
from portal.kit import clock
from portal.kit.errors import Conflict, NotAllowed, NotFound
from portal.kit.extensions import db
from portal.kit.keys import keyed_hash
from portal.kit.transaction import command
from portal.people import grants, queries, rules
from portal.people.models import OneTimeLink, Person, StaffSession
from portal.people.terms import Act, Kind
from portal.people.tokens import hash_of, new_token

TYPED_EMAIL = "sign-in-email"
"""Purpose of the keyed hash of an e-mail that was tried in vain."""


@command
def sign_in(person_id: int, epoch: int) -> str:
    """Open a session for a person whose password of this epoch was just proven; returns its token.

    Refuses, with `NotAllowed`, a retired person, one without a grant that holds today, and one
    whose password has changed since.
    """
    person = locked_person(person_id)
    if person.retired_on or person.epoch != epoch or not _holds_a_grant(person_id):
        raise NotAllowed("Akun ini tidak berlaku sekarang.")
    token, session_id = _opened(person)
    record(person_id, Act.SIGNED_IN, Kind.SESSION, session_id)
    return token


@command
def record_failed_sign_in(typed_email: str) -> None:
    """Note that somebody tried in vain; of the e-mail they typed only a keyed hash is kept."""
    typed = keyed_hash(TYPED_EMAIL, typed_email.strip().lower())
    record(None, Act.SIGN_IN_FAILED, Kind.SESSION, typed=typed)


@command
def sign_out(actor: Actor, session_id: int) -> None:
    """Close the actor's session. Does nothing to one that is closed already or is another's."""
    if _close(actor.person_id, StaffSession.id == session_id):
        record(actor.person_id, Act.SIGNED_OUT, Kind.SESSION, session_id)


@command
def sign_out_elsewhere(actor: Actor, session_id: int) -> int:
    """Close the actor's sessions but this one; returns how many there were."""
    closed = _close(actor.person_id, StaffSession.id != session_id)
    if closed:
        record(actor.person_id, Act.OTHERS_SIGNED_OUT, Kind.PERSON, actor.person_id)
    return closed


@command
def note_seen(session_id: int, at: datetime) -> None:
    """Write a session's last-seen, unless it is closed or a later one stands there."""
    db.session.execute(
        update(StaffSession)
        .where(
            StaffSession.id == session_id,
            StaffSession.ended_at.is_(None),
            StaffSession.last_seen_at < at,
        )
        .values(last_seen_at=at)
    )


@command
def change_password(actor: Actor, known_epoch: int, password_hash: str) -> str:
    """Give the actor a new password, close all sessions and open a fresh one; returns its token.

    Refuses, with `Conflict`, when the password that was proven is no longer the current one.
    """
    person = locked_person(actor.person_id)
    if person.epoch != known_epoch:
        raise Conflict("Kata sandi ini baru saja diganti dari tempat lain. Silakan masuk lagi.")
    _renew_password(person, password_hash)
    token, _ = _opened(person)
    record(actor.person_id, Act.PASSWORD_CHANGED, Kind.PERSON, actor.person_id)
    return token


@command
def choose_password(link_token: str, password_hash: str) -> str | None:
    """Use a one-time link up: set the password, close all sessions, end the other open links.

    Returns the token of a fresh session, or None for a person without a grant that holds today.
    Refuses: `NotFound` for an unknown link or a retired person, `Conflict` for a link that was
    used, replaced or is past its time, or whose maker has lost the rights that it took to make it:
    whoever kept a link gets no account that has outgrown them.
    """
    found = queries.link(link_token)
    if found is None:
        raise NotFound("Tautan ini tidak kami kenali.")
    person = locked_person(found.person_id)
    if person.retired_on:
        raise NotFound("Akun untuk tautan ini sudah ditutup.")
    row = db.session.get_one(OneTimeLink, found.link_id, populate_existing=True)
    moment = clock.now()
    rules.check_link(
        used_at=row.used_at, replaced_at=row.replaced_at, expires_at=row.expires_at, now=moment
    )
    if row.made_by is not None and not grants.governs(row.made_by, person.id, clock.today()):
        raise Conflict("Hak pembuat tautan ini sudah berubah. Mintalah tautan baru.")
    row.used_at = moment
    end_open_links(person.id, moment)
    _renew_password(person, password_hash)
    token, session_id = _opened(person) if _holds_a_grant(person.id) else (None, None)
    record(person.id, Act.PASSWORD_CHOSEN, Kind.PERSON, person.id)
    if session_id is not None:
        record(person.id, Act.SIGNED_IN, Kind.SESSION, session_id)
    return token


def locked_person(person_id: int) -> Person:
    """The person's row, locked first of all rows, so that what happens to one person is in order.

    Refuses, with `NotFound`, an unknown one.
    """
    query = select(Person).filter_by(id=person_id).with_for_update(key_share=True)
    person: Person | None = db.session.scalar(query.execution_options(populate_existing=True))
    if person is None:
        raise NotFound("Orang ini tidak ada.")
    return person


def end_open_links(person_id: int, moment: datetime) -> None:
    """End every link of a person that was neither used nor replaced."""
    db.session.flush()
    db.session.execute(
        update(OneTimeLink)
        .where(
            OneTimeLink.person_id == person_id,
            OneTimeLink.used_at.is_(None),
            OneTimeLink.replaced_at.is_(None),
        )
        .values(replaced_at=moment)
    )


def close_all(person_id: int) -> None:
    """Close every session of a person."""
    _close(person_id, StaffSession.id.is_not(None))


def _renew_password(person: Person, password_hash: str) -> None:
    person.password_hash = password_hash
    person.epoch += 1
    close_all(person.id)


def _opened(person: Person) -> tuple[str, int]:
    """Token and id of a fresh session."""
    token, moment = new_token(), clock.now()
    session = StaffSession(
        token_hash=hash_of(token),
        person_id=person.id,
        epoch=person.epoch,
        created_at=moment,
        last_seen_at=moment,
    )
    db.session.add(session)
    db.session.flush()
    return token, session.id


def _close(person_id: int, condition: ColumnElement[bool]) -> int:
    """Close the open sessions of a person that meet the condition; returns how many."""
    closed = db.session.scalars(
        update(StaffSession)
        .where(StaffSession.person_id == person_id, StaffSession.ended_at.is_(None), condition)
        .values(ended_at=clock.now())
        .returning(StaffSession.id)
    )
    return len(closed.all())


def _holds_a_grant(person_id: int) -> bool:
    return grants.holds_any(person_id, clock.today())
