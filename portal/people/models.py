"""Tables of accounts, where nobody is deleted: people retire, grants end, sessions close."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.kit.clock import UtcDateTime
from portal.kit.extensions import db


class Person(db.Model):
    """An account of one member of staff.

    `email` is in small letters, so that its uniqueness does not depend on case. Without a
    `password_hash` the invitation has not been taken up yet. A new password raises `epoch`, and
    sessions of an older epoch are over.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    password_hash: Mapped[str | None] = mapped_column(String(120))
    epoch: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    retired_on: Mapped[date | None]

    __table_args__ = (CheckConstraint("email = lower(email)", name="email_small"),)


class Grant(db.Model):
    """A role at a unit and all below it, from a first to a last city day; `ended_at` cuts it short.

    Without a unit it holds for the whole city. `granted_by` is empty for the command line.
    """

    __tablename__ = "person_grant"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    granted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    granted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (CheckConstraint("until_on >= from_on", name="period"),)


class StaffSession(db.Model):
    """One signed-in browser. Only the SHA-256 of its random token is stored."""

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    epoch: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (Index("ix_staff_session_person", "person_id", "created_at"),)


class OneTimeLink(db.Model):
    """A link that lets its holder choose the password of one account, once.

    Only the SHA-256 of its token is stored. A newer link, or a password chosen, ends the open ones.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(10))
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    replaced_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
