"""How well each service of the demonstration serves on each day, and the scores that follow."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from math import sin, tau
from random import Random

from portal.demo.city import City, Point, Service

YEAR = timedelta(days=365)

# Shares of the scores 1–5 among those who leave content, and among those who do not.
_CONTENT = tuple(accumulate((0.02, 0.02, 0.06, 0.22, 0.68)))
_CROSS = tuple(accumulate((0.48, 0.18, 0.14, 0.10, 0.10)))
_USUAL = 0.83
_CONTENT_BY_KIND = {
    "parkir": 0.60,
    "jalan": 0.66,
    "lampu": 0.70,
    "air": 0.70,
    "sampah": 0.73,
    "bansos": 0.74,
    "sekolah": 0.79,
    "bangunan": 0.74,
    "ketertiban": 0.74,
    "angkutan": 0.80,
    "uji_kendaraan": 0.80,
    "ktp": 0.83,
    "pajak": 0.85,
    "puskesmas": 0.86,
    "taman": 0.87,
    "wisata": 0.87,
    "ikd": 0.88,
    "kia": 0.89,
    "pelatihan": 0.91,
    "perlindungan": 0.92,
    "hewan": 0.92,
    "museum": 0.93,
}
_CONTENT_BY_UNIT = {"kecamatan-kertapati": 0.70, "kecamatan-kemuning": 0.92}


@dataclass(frozen=True, slots=True)
class Spell:
    """Days on which something raises or lowers the share of the content by `shift`.

    It holds where each of unit, service, place and kinds that is given matches. `theme` is the
    kind of comment of which a share of the words then speaks.
    """

    first: date
    last: date
    shift: float
    unit: str | None = None
    service: str | None = None
    place: str | None = None
    kinds: frozenset[str] | None = None
    theme: str | None = None
    theme_share: float = 0.0

    def concerns(self, point: Point, service: Service) -> bool:
        """Whether the point is one of those it holds for, on whatever day."""
        return (
            self.unit in (None, service.unit)
            and self.service in (None, service.key)
            and self.place in (None, point.place)
            and (self.kinds is None or service.kind in self.kinds)
        )


def first_monday(month: int, before: date) -> date:
    """The first Monday of that month in the last year that ends before the given day."""
    this_year = _first_monday(before.year, month)
    return this_year if this_year < before else _first_monday(before.year - 1, month)


def _first_monday(year: int, month: int) -> date:
    start = date(year, month, 1)
    return start + timedelta(days=-start.weekday() % 7)


def spells(ending_on: date) -> tuple[Spell, ...]:
    """What happens in the year before a day: two bad spells, two seasons, one campaign."""
    machine = first_monday(9, ending_on)
    heat = first_monday(10, ending_on)
    rain = first_monday(12, ending_on)
    enrolment = first_monday(6, ending_on)
    campaign = first_monday(5, ending_on)
    days = timedelta(days=1)
    return (
        Spell(
            machine,
            machine + 13 * days,
            -0.38,
            service="disdukcapil-ktp-el",
            theme="mesin_rusak",
            theme_share=0.6,
        ),
        Spell(
            heat,
            heat + 11 * days,
            -0.14,
            place="Mal Pelayanan Publik",
            theme="panas",
            theme_share=0.4,
        ),
        Spell(rain, rain + 83 * days, -0.10, kinds=frozenset({"jalan", "lampu", "sampah"})),
        Spell(enrolment, enrolment + 55 * days, -0.12, kinds=frozenset({"sekolah"})),
        Spell(campaign, ending_on, 0.20, unit="kecamatan-kertapati"),
    )


class Quality:
    """The quality of every point over the year before `ending_on`; the same for the same seed."""

    def __init__(self, city: City, *, seed: int, ending_on: date) -> None:
        services = {service.key: service for service in city.services}
        happenings = spells(ending_on)
        self._start = ending_on - YEAR
        self._drifts = {key: _Drift.of(service, seed) for key, service in services.items()}
        self._spells: Mapping[str, tuple[Spell, ...]] = {
            point.key: tuple(s for s in happenings if s.concerns(point, services[point.service]))
            for point in city.points
        }
        self._points = {
            point.key: Random(f"{seed} point {point.key}").gauss(0, 0.015) for point in city.points
        }

    def score(self, rng: Random, point: Point, day: date) -> int:
        """A score 1–5 as somebody gives it at this point on this day."""
        content = rng.random() < self.content(point, day)
        return rng.choices((1, 2, 3, 4, 5), cum_weights=_CONTENT if content else _CROSS)[0]

    def content(self, point: Point, day: date) -> float:
        """The share of people who leave this point content on this day, 0–1."""
        share = self._drifts[point.service].at((day - self._start) / YEAR) + self._points[point.key]
        share += sum(spell.shift for spell in self.happening(point, day))
        return min(0.97, max(0.05, share))

    def happening(self, point: Point, day: date) -> tuple[Spell, ...]:
        """The spells that hold at this point on this day."""
        return tuple(s for s in self._spells[point.key] if s.first <= day <= s.last)


@dataclass(frozen=True, slots=True)
class _Drift:
    base: float
    slope: float
    phase: float

    @classmethod
    def of(cls, service: Service, seed: int) -> "_Drift":
        rng = Random(f"{seed} service {service.key}")
        usual = _CONTENT_BY_KIND.get(service.kind, _USUAL)
        given = _CONTENT_BY_UNIT.get(service.unit)
        base = usual + rng.gauss(0, 0.035) if given is None else given
        return cls(base, rng.gauss(0, 0.04), rng.random())

    def at(self, part_of_year: float) -> float:
        wave = 0.015 * sin(tau * (2 * part_of_year + self.phase))
        return self.base + self.slope * (part_of_year - 0.5) + wave
