"""Tables of the directory. Nothing is deleted: what ends is retired and may name its successor."""

from datetime import date

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.kit.extensions import db


class Unit(db.Model):
    """An agency, office or kecamatan that answers for services.

    `path` lists the ids from the root to the unit itself as `/1/7/`, so that a right given at a
    unit holds for all below it by prefix.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    short_name: Mapped[str] = mapped_column(String(60))
    path: Mapped[str] = mapped_column(String(200), index=True)
    retired_on: Mapped[date | None]


class Service(db.Model):
    """What a unit does for people, such as recording identity cards; it keeps its unit."""

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    slug: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(200))
    retired_on: Mapped[date | None]

    __table_args__ = (db.UniqueConstraint("unit_id", "slug"),)


class Area(db.Model):
    """A kecamatan, with its official code, official name and the name people use."""

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    usual_name: Mapped[str] = mapped_column(String(80))


class ServicePoint(db.Model):
    """A counter with a printed code: `label` is on its sign, `place` is its building."""

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(6), unique=True)
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"), index=True)
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id"))
    label: Mapped[str] = mapped_column(String(60))
    place: Mapped[str] = mapped_column(String(120))
    retired_on: Mapped[date | None]
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("service_point.id"))
