"""The city of the demonstration: areas, units, services and points, read from the tables beside it.

Names of agencies and areas are public facts; services, counters and where they stand are examples.
The kind of a service is the key under which `comments.csv` keeps what is said about it.
"""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_HERE = Path(__file__).parent

AREAS: tuple[tuple[str, str, str | None], ...] = (
    ("16.71.01", "Ilir Barat Dua", "Ilir Barat II"),
    ("16.71.02", "Seberang Ulu Satu", "Seberang Ulu I"),
    ("16.71.03", "Seberang Ulu Dua", "Seberang Ulu II"),
    ("16.71.04", "Ilir Barat Satu", "Ilir Barat I"),
    ("16.71.05", "Ilir Timur Satu", "Ilir Timur I"),
    ("16.71.06", "Ilir Timur Dua", "Ilir Timur II"),
    ("16.71.07", "Sukarami", None),
    ("16.71.08", "Sako", None),
    ("16.71.09", "Kemuning", None),
    ("16.71.10", "Kalidoni", None),
    ("16.71.11", "Bukitkecil", None),
    ("16.71.12", "Gandus", None),
    ("16.71.13", "Kertapati", None),
    ("16.71.14", "Plaju", None),
    ("16.71.15", "Alang-alang Lebar", None),
    ("16.71.16", "Sematangborang", None),
    ("16.71.17", "Jakabaring", None),
    ("16.71.18", "Ilir Timur Tiga", "Ilir Timur III"),
)
"""Code, official name and, where people write it differently, the usual name of each kecamatan."""

_SEED_POINTS = (
    "disdukcapil-ktp-el-loket-1-kantor-demang-lebar-daun",
    "disdukcapil-ktp-el-loket-2-kantor-demang-lebar-daun",
    "disdukcapil-kartu-keluarga-loket-3-kantor-demang-lebar-daun",
    "disdukcapil-akta-kelahiran-loket-5-kantor-demang-lebar-daun",
    "dpmptsp-pendampingan-nib-loket-1-mpp",
    "dpmptsp-pendampingan-nib-loket-2-mpp",
    "dpmptsp-informasi-perizinan-meja-informasi-mpp",
    "kecamatan-ilir-timur-satu-paten-loket-1-kantor-camat-ilir-timur-satu",
    "kecamatan-ilir-timur-satu-paten-meja-informasi-kantor-camat-ilir-timur-satu",
    "kecamatan-ilir-timur-satu-paten-ruang-tunggu-kantor-camat-ilir-timur-satu",
)


@dataclass(frozen=True, slots=True)
class Area:
    """A kecamatan with its official code and name; `alias` is the name people use, if another."""

    code: str
    name: str
    alias: str | None

    @property
    def usual_name(self) -> str:
        """The name people use."""
        return self.alias or self.name


@dataclass(frozen=True, slots=True)
class Unit:
    """An agency, office or kecamatan; `key` is its slug."""

    key: str
    name: str
    short_name: str


@dataclass(frozen=True, slots=True)
class Service:
    """What a unit does for people. `slug` is unique within the unit, `key` within the city."""

    unit: str
    slug: str
    name: str
    kind: str

    @property
    def key(self) -> str:
        """The unit's key and the slug."""
        return f"{self.unit}-{self.slug}"


@dataclass(frozen=True, slots=True)
class Point:
    """A place where people rate: the key of its service, its sign, its building, its area's code.

    `moved_to` is the key of the point that takes over in March, None for a point that stays.
    """

    key: str
    service: str
    label: str
    place: str
    area: str
    moved_to: str | None


@dataclass(frozen=True, slots=True)
class City:
    """Everything that stands in the directory, parents before children."""

    areas: tuple[Area, ...]
    units: tuple[Unit, ...]
    services: tuple[Service, ...]
    points: tuple[Point, ...]


@cache
def city() -> City:
    """The whole city: 18 areas, 40 units, 80 services, 200 points, one of which moves in March."""
    return City(
        areas=tuple(Area(*area) for area in AREAS),
        units=tuple(Unit(**row) for row in _rows("city_units.csv")),
        services=tuple(Service(**row) for row in _rows("city_services.csv")),
        points=tuple(
            Point(
                key=row["key"],
                service=row["service"],
                label=row["label"],
                place=row["place"],
                area=row["area"],
                moved_to=row["moved_to"] or None,
            )
            for row in _rows("city_points.csv")
        ),
    )


@cache
def seed_city() -> City:
    """What a plain installation starts with: all areas, 3 units, 6 services, 10 points."""
    whole = city()
    points = tuple(point for point in whole.points if point.key in _SEED_POINTS)
    used = {point.service for point in points}
    services = tuple(service for service in whole.services if service.key in used)
    owners = {service.unit for service in services}
    units = tuple(unit for unit in whole.units if unit.key in owners)
    return City(whole.areas, units, services, points)


def _rows(name: str) -> list[dict[str, str]]:
    with (_HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
