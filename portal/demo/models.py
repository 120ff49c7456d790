"""The one mark that makes the whole portal a demonstration."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.kit.clock import UtcDateTime
from portal.kit.extensions import db


class DemoMark(db.Model):
    """At most one row: while it stands, everything in the database is an example.

    `complete` is set last: a load that was cut short is emptied and begun again.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)
    complete: Mapped[bool]

    __table_args__ = (CheckConstraint("id = 1", name="single"),)
