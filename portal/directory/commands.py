"""Writes of the directory. What ends is retired, never deleted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from portal.directory.models import Area, Service, ServicePoint, Unit
from portal.kit.codes import POINT
from portal.kit.errors import Conflict, Invalid, NotFound
from portal.kit.extensions import db
from portal.kit.transaction import command


@dataclass(frozen=True)
class AreaEntry:
    """A kecamatan to enter: official code, official name, usual name."""

    code: str
    name: str
    usual_name: str


@dataclass(frozen=True)
class NewUnit:
    """A unit to enter, at the root of the tree; `key` is also its address part."""

    key: str
    name: str
    short_name: str


@dataclass(frozen=True)
class NewService:
    """A service to enter; `key` is its own, `unit_key` its unit's, `slug` its address part."""

    key: str
    unit_key: str
    slug: str
    name: str


@dataclass(frozen=True)
class NewPoint:
    """A counter to enter; it gets a fresh code. A retired one may name the key of its successor."""

    key: str
    service_key: str
    area_code: str
    label: str
    place: str
    retired_on: date | None = None
    successor_key: str | None = None


@command
def enter_city(
    areas: Sequence[AreaEntry],
    units: Sequence[NewUnit],
    services: Sequence[NewService],
    points: Sequence[NewPoint],
) -> dict[str, int]:
    """Enter a whole city at once into an empty directory; returns the point ids by key.

    Refuses, with `Conflict`, a directory that already holds a unit.
    """
    if db.session.query(Unit.id).first() is not None:
        raise Conflict("Direktori sudah berisi; kota hanya bisa dimasukkan ke direktori kosong.")
    area_ids = _added({area.code: Area(**vars(area)) for area in areas})
    unit_ids = _added(
        {u.key: Unit(slug=u.key, name=u.name, short_name=u.short_name, path="") for u in units}
    )
    for unit in db.session.query(Unit):
        unit.path = f"/{unit.id}/"
    service_ids = _added(
        {s.key: Service(unit_id=unit_ids[s.unit_key], slug=s.slug, name=s.name) for s in services}
    )
    rows = {
        p.key: ServicePoint(
            code=code,
            service_id=service_ids[p.service_key],
            area_id=area_ids[p.area_code],
            label=p.label,
            place=p.place,
            retired_on=p.retired_on,
        )
        for p, code in zip(points, _fresh_codes(len(points)), strict=True)
    }
    point_ids = _added(rows)
    for p in points:
        rows[p.key].successor_id = point_ids[p.successor_key] if p.successor_key else None
    return point_ids


def _fresh_codes(number: int) -> list[str]:
    """So many codes for an empty directory, all different: among some hundred, twins do happen."""
    codes: set[str] = set()
    while len(codes) < number:
        codes.add(POINT.new())
    return list(codes)


def _added(
    rows: dict[str, Area] | dict[str, Unit] | dict[str, Service] | dict[str, ServicePoint],
) -> dict[str, int]:
    """The ids that new rows received, by key."""
    db.session.add_all(rows.values())
    db.session.flush()
    return {key: row.id for key, row in rows.items()}


@command
def retire_point(point_id: int, on: date, successor_id: int | None) -> None:
    """End a counter; its code then leads to the successor, if one is named.

    Refuses: `NotFound` for an unknown point, `Conflict` for one already retired, `Invalid` for a
    successor that is the point itself or is retired.
    """
    point = db.session.get(ServicePoint, point_id, with_for_update=True)
    if point is None:
        raise NotFound("Loket ini tidak ada.")
    if point.retired_on:
        raise Conflict("Loket ini sudah dipensiunkan.")
    if successor_id is not None:
        successor = db.session.get(ServicePoint, successor_id)
        if successor is None or successor is point or successor.retired_on:
            raise Invalid("Penerusnya harus loket lain yang masih dipakai.")
    point.retired_on = on
    point.successor_id = successor_id
