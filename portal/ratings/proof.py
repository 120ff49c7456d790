"""Whether the tallies say what the rows say: both counted anew and compared."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from portal.figures.periods import month_of
from portal.kit.extensions import db
from portal.ratings import rules
from portal.ratings.models import PointDayTally, Rating, ServiceMonthTally
from portal.ratings.rules import COUNTERS, Standing

Key = tuple[Any, ...]
Tally = dict[Key, dict[str, int]]


@dataclass(frozen=True)
class Difference:
    """A counter of a tally row that is not what the ratings add up to."""

    tally: str
    key: Key
    counter: str
    stored: int
    counted: int


def differences() -> list[Difference]:
    """Every counter, of both tallies, that differs from its rows; empty when all is well."""
    days, months = _recounted()
    found = _compared(PointDayTally, days)
    return found + _compared(ServiceMonthTally, months)


def _recounted() -> tuple[Tally, Tally]:
    days: Tally = defaultdict(lambda: dict.fromkeys(COUNTERS, 0))
    months: Tally = defaultdict(lambda: dict.fromkeys(COUNTERS, 0))
    place = (Rating.point_id, Rating.rated_on, Rating.service_id, Rating.area_id)
    standing = (Rating.score, Rating.tone, Rating.exclusion, Rating.withdrawn_at.is_not(None))
    query = select(*place, *standing, func.count()).group_by(*place, *standing)
    for point, day, service, area, score, tone, exclusion, withdrawn, n in db.session.execute(
        query
    ):
        counted = rules.counted(Standing(score, tone, exclusion, withdrawn=bool(withdrawn)))
        for counter in counted:
            days[point, day, service, area][counter] += n
            months[service, area, month_of(day)][counter] += n
    return days, months


def _compared(tally: Any, recounted: Tally) -> list[Difference]:
    key_columns = tally.__table__.primary_key.columns
    columns = [tally.__table__.c[name] for name in COUNTERS]
    stored: Tally = {}
    for row in db.session.execute(select(*key_columns, *columns)):
        key, counters = tuple(row[: len(key_columns)]), row[len(key_columns) :]
        stored[key] = dict(zip(COUNTERS, counters, strict=True))
    nothing = dict.fromkeys(COUNTERS, 0)
    return [
        Difference(tally.__tablename__, key, name, stored.get(key, nothing)[name], value)
        for key in stored.keys() | recounted.keys()
        for name, value in recounted.get(key, nothing).items()
        if stored.get(key, nothing)[name] != value
    ]
