"""Reads of the directory."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, bindparam, false, or_, select, true

from portal.access.rules import WHOLE_CITY
from portal.directory.models import Area, Service, ServicePoint, Unit
from portal.kit.codes import POINT
from portal.kit.extensions import db

_MOST_MOVES = 20


@dataclass(frozen=True)
class Counter:
    """A service point with what its sign names: service, unit and place.

    `retired_on` is set once it takes no more ratings; `successor_code` then says where it went.
    """

    point_id: int
    code: str
    label: str
    place: str
    service_id: int
    service: str
    service_slug: str
    unit_id: int
    unit: str
    unit_slug: str
    area_id: int
    retired_on: date | None
    successor_code: str | None

    @property
    def shown_code(self) -> str:
        """The code as it is printed."""
        return POINT.shown(self.code)


@dataclass(frozen=True)
class UnitEntry:
    """A unit as lists name it."""

    id: int
    slug: str
    name: str
    short_name: str
    retired_on: date | None


@dataclass(frozen=True)
class ServiceEntry:
    """A service as lists name it."""

    id: int
    unit_id: int
    slug: str
    name: str
    retired_on: date | None


@dataclass(frozen=True)
class UnitChoice:
    """A unit to choose, with its path in the tree."""

    id: int
    name: str
    path: str


@dataclass(frozen=True)
class ServiceChoice:
    """A service to choose, with its unit; retired ones keep theirs."""

    id: int
    name: str
    unit_id: int
    unit: str
    short_unit: str


_point, _service, _unit = ServicePoint.__table__.c, Service.__table__.c, Unit.__table__.c
_successor = ServicePoint.__table__.alias("successor")
COUNTER_COLUMNS = (
    _point.id,
    _point.code,
    _point.label,
    _point.place,
    _service.id,
    _service.name,
    _service.slug,
    _unit.id,
    _unit.name,
    _unit.slug,
    _point.area_id,
    _point.retired_on,
    _successor.c.code,
)


def select_counter(*more: Any) -> Select[Any]:
    """A select of `COUNTER_COLUMNS`, and of `more`, that other rooms may narrow and join on.

    Building it costs as much as running it: make it once, with bind parameters.
    """
    return (
        select(*COUNTER_COLUMNS, *more)
        .select_from(ServicePoint.__table__)
        .join(Service.__table__, _service.id == _point.service_id)
        .join(Unit.__table__, _unit.id == _service.unit_id)
        .outerjoin(_successor, _successor.c.id == _point.successor_id)
    )


_BY_CODE = select_counter().where(_point.code == bindparam("code"))


def counter_from(row: Row[Any] | None) -> Counter | None:
    """The counter that the first columns of such a row describe."""
    return None if row is None else Counter(*row[: len(COUNTER_COLUMNS)])


def counter(code: str) -> Counter | None:
    """The counter with this code in stored form, retired or not; one statement."""
    return counter_from(db.session.execute(_BY_CODE, {"code": code}).first())


def latest_successor(retired: Counter) -> Counter | None:
    """The open counter that a retired one leads to, over as many moves as there were."""
    here: Counter | None = retired
    for _ in range(_MOST_MOVES):
        if here is None or here.retired_on is None:
            return here
        here = counter(here.successor_code) if here.successor_code else None
    return None


def units() -> list[UnitEntry]:
    """All units by name, the retired ones too."""
    columns = (Unit.id, Unit.slug, Unit.name, Unit.short_name, Unit.retired_on)
    return [UnitEntry(*row) for row in db.session.execute(select(*columns).order_by(Unit.name))]


def services(unit_id: int | None = None) -> list[ServiceEntry]:
    """The services of one unit, or of all, by name, the retired ones too."""
    columns = (Service.id, Service.unit_id, Service.slug, Service.name, Service.retired_on)
    query = select(*columns).order_by(Service.name)
    if unit_id is not None:
        query = query.where(Service.unit_id == unit_id)
    return [ServiceEntry(*row) for row in db.session.execute(query)]


def unit_by_slug(slug: str) -> UnitEntry | None:
    """The unit with this address part."""
    if "\0" in slug:  # PostgreSQL refuses to compare with it
        return None
    columns = (Unit.id, Unit.slug, Unit.name, Unit.short_name, Unit.retired_on)
    row = db.session.execute(select(*columns).where(Unit.slug == slug)).first()
    return UnitEntry(*row) if row else None


def unit_path(unit_id: int) -> str | None:
    """The path of a unit in the tree, such as `/1/7/`, against which rights are checked."""
    return db.session.scalar(select(Unit.path).where(Unit.id == unit_id))


def within(unit_paths: Iterable[str]) -> ColumnElement[bool]:
    """The condition that a unit lies at or below one of these paths; of all units for `/`."""
    paths = tuple(unit_paths)
    if WHOLE_CITY in paths:
        return true()
    return or_(false(), *(Unit.path.startswith(path, autoescape=True) for path in paths))


def units_within(unit_paths: Iterable[str]) -> list[UnitChoice]:
    """The units in use at or below these paths, by name; one statement."""
    query = select(Unit.id, Unit.name, Unit.path).where(
        within(unit_paths), Unit.retired_on.is_(None)
    )
    rows = db.session.execute(query.order_by(Unit.name, Unit.id))
    return [UnitChoice(*row) for row in rows]


def services_within(unit_paths: Iterable[str]) -> list[ServiceChoice]:
    """The services of the units at or below these paths, by unit and name; one statement."""
    query = (
        select(Service.id, Service.name, Unit.id, Unit.name, Unit.short_name)
        .join(Unit, Unit.id == Service.unit_id)
        .where(within(unit_paths))
        .order_by(Unit.name, Unit.id, Service.name, Service.id)
    )
    return [ServiceChoice(*row) for row in db.session.execute(query)]


def open_point_codes(limit: int) -> list[str]:
    """Codes of some open counters, oldest first, to show at start."""
    query = select(ServicePoint.code).where(ServicePoint.retired_on.is_(None))
    return list(db.session.scalars(query.order_by(ServicePoint.id).limit(limit)))


def area_ids() -> dict[str, int]:
    """Ids of the kecamatan by official code."""
    return dict(db.session.execute(select(Area.code, Area.id)).all())


def service_ids_by_point() -> dict[int, int]:
    """The service id of every point, by point id."""
    query = select(ServicePoint.id, ServicePoint.service_id)
    return dict(db.session.execute(query).all())
