"""Fills an empty database with a year of plausible life, and empties it again."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache
from itertools import islice
from pathlib import Path

from sqlalchemy import delete, exists, select, update

from portal.demo import accounts
from portal.demo.city import City, city, seed_city
from portal.demo.comments import read_comments
from portal.demo.life import LifeRating, moved_on, year_of_ratings
from portal.demo.mark import is_unfinished, stands
from portal.demo.models import DemoMark
from portal.directory import queries as directory
from portal.directory.commands import AreaEntry, NewPoint, NewService, NewUnit, enter_city
from portal.kit import clock
from portal.kit.errors import Conflict
from portal.kit.extensions import db
from portal.kit.histories import HISTORIES, protect, unprotect
from portal.kit.transaction import command
from portal.language.sentiment import tag
from portal.ratings.commands import PastRating, record_past
from portal.ratings.terms import Exclusion

COMMENTS = Path(__file__).with_name("comments.csv")
RATINGS = 50_000
_BATCH = 2_500

Progress = Callable[[int, int], None]


def load(
    *,
    seed: int,
    ratings: int = RATINGS,
    comments: Path = COMMENTS,
    progress: Progress = lambda done, whole: None,
) -> None:
    """Set the mark and fill the empty database: a city, accounts, a year of ratings up to today.

    The same seed on the same day gives the same life. `progress` hears how many of how many
    ratings are in. A load that was cut short is emptied and begun again. Refuses, with
    `Conflict`, a database that holds anything else, and, with `ValueError`, a table of comments
    that cannot be read.
    """
    said = read_comments(comments)
    if is_unfinished():
        _empty()
    if not _is_empty():
        raise Conflict("Basis data sudah berisi; contoh hanya bisa dimuat ke basis data kosong.")
    _set_mark()
    whole, today = city(), clock.today()
    point_ids = enter_places(whole, today)
    accounts.enter()
    year = year_of_ratings(whole, said, seed=seed, ending_on=today, ratings=ratings)
    now = clock.now()
    life = (rating for rating in year if rating.rated_at <= now)
    places = _places(whole, point_ids)
    done = 0
    while batch := list(islice(life, _BATCH)):
        record_past([_past(rating, places) for rating in batch])
        done += len(batch)
        progress(done, ratings)
    _complete_mark()
    progress(ratings, ratings)


def is_wanting() -> bool:
    """Whether the database is empty, or holds a demo whose load was cut short."""
    return is_unfinished() or _is_empty()


def _is_empty() -> bool:
    tables = db.metadata.sorted_tables
    return not any(db.session.scalar(select(exists(select(table)))) for table in tables)


def enter_seed() -> None:
    """Enter a plain start: the kecamatan, 3 units, 6 services, 10 points."""
    enter_places(seed_city(), clock.today())


def enter_places(places: City, today: date) -> dict[str, int]:
    """Enter a city's directory; returns the point ids by key. A moved point is retired already."""
    last_day = moved_on(today) - timedelta(days=1)
    return enter_city(
        [AreaEntry(area.code, area.name, area.usual_name) for area in places.areas],
        [NewUnit(unit.key, unit.name, unit.short_name) for unit in places.units],
        [NewService(s.key, s.unit, s.slug, s.name) for s in places.services],
        [
            NewPoint(
                point.key,
                point.service,
                point.area,
                point.label,
                point.place,
                retired_on=last_day if point.moved_to else None,
                successor_key=point.moved_to,
            )
            for point in places.points
        ],
    )


_Places = dict[str, tuple[int, int, int]]


def _places(whole: City, point_ids: dict[str, int]) -> _Places:
    """Point, service and area ids by point key."""
    areas, services = directory.area_ids(), directory.service_ids_by_point()
    return {
        point.key: (point_ids[point.key], services[point_ids[point.key]], areas[point.area])
        for point in whole.points
    }


def _past(rating: LifeRating, places: _Places) -> PastRating:
    point_id, service_id, area_id = places[rating.point_key]
    return PastRating(
        point_id=point_id,
        service_id=service_id,
        area_id=area_id,
        score=rating.score,
        words=rating.words,
        tagged=_tagged(rating.words) if rating.words else None,
        exclusion=Exclusion(rating.excluded) if rating.excluded else None,
        rated_at=rating.rated_at,
    )


_tagged = lru_cache(maxsize=4096)(tag)


@command
def _set_mark() -> None:
    db.session.add(DemoMark(id=1, set_at=clock.now(), complete=False))


@command
def _complete_mark() -> None:
    db.session.execute(update(DemoMark).values(complete=True))


def purge() -> None:
    """Empty every table and lift the mark. Refuses, with `Conflict`, a portal that is no demo."""
    if not stands():
        raise Conflict("Portal ini bukan contoh, jadi isinya tidak dihapus.")
    _empty()


@command
def _empty() -> None:
    connection = db.session.connection()
    for table in HISTORIES:
        unprotect(connection, table)
    points = db.metadata.tables["service_point"]
    db.session.execute(points.update().values(successor_id=None))
    for table in reversed(db.metadata.sorted_tables):
        db.session.execute(delete(table))
    protect(connection)
