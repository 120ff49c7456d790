"""The table of what was done, which may only grow."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.kit.clock import UtcDateTime
from portal.kit.extensions import db
from portal.kit.histories import history


class AuditEntry(db.Model):
    """Who did what about which thing, and when.

    `actor_id` is a person's id, empty for the command line and for strangers. The thing is named
    by kind and id, so that this floor knows no other room's tables. No words and no personal data:
    what a stranger typed stands here as a keyed hash only.
    """

    __tablename__ = history("audit_entry")

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor_id: Mapped[int | None]
    act: Mapped[str] = mapped_column(String(40))
    about_kind: Mapped[str] = mapped_column(String(20))
    about_id: Mapped[int | None] = mapped_column(BigInteger)
    typed_hash: Mapped[str | None] = mapped_column(String(64))
    key_id: Mapped[str | None] = mapped_column(String(40), index=True)

    __table_args__ = (
        CheckConstraint("(typed_hash IS NULL) = (key_id IS NULL)", name="keyed"),
        Index("ix_audit_entry_about", "about_kind", "about_id"),
    )
