"""Reads of ratings: one citizen's own, and the counts that figures are computed from."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, and_, bindparam, func, literal, select, union_all

from portal.directory.models import ServicePoint
from portal.directory.queries import (
    COUNTER_COLUMNS,
    Counter,
    counter_from,
    select_counter,
)
from portal.figures.periods import Running, last_day_of
from portal.kit import clock
from portal.kit.codes import RECEIPT
from portal.kit.extensions import db
from portal.ratings import rules
from portal.ratings.models import PointDayTally, Rating, ServiceMonthTally
from portal.ratings.rules import CHANGEABLE_FOR, COUNTERS, SCORES, TONES

_rating = Rating.__table__.c
_GIVEN_COLUMNS = (
    _rating.nonce,
    _rating.receipt,
    _rating.score,
    _rating.words,
    _rating.exclusion,
    _rating.rated_at,
    _rating.rated_on,
    _rating.corrected_at,
    _rating.withdrawn_at,
)
_BY_CODE_AND_NONCE = (
    select_counter(*_GIVEN_COLUMNS)
    .outerjoin(
        Rating.__table__,
        and_(_rating.point_id == ServicePoint.__table__.c.id, _rating.nonce == bindparam("nonce")),
    )
    .where(ServicePoint.__table__.c.code == bindparam("code"))
)
_BY_RECEIPT = (
    select_counter(*_GIVEN_COLUMNS)
    .join(Rating.__table__, _rating.point_id == ServicePoint.__table__.c.id)
    .where(_rating.receipt == bindparam("receipt"))
)
_SCORE_COUNTERS = tuple(f"s{score}" for score in SCORES)


@dataclass(frozen=True)
class Given:
    """A stored rating as its own author may see it again."""

    nonce: str
    receipt: str
    score: int
    words: str | None
    exclusion: str | None
    rated_at: datetime
    rated_on: date
    corrected_at: datetime | None
    withdrawn_at: datetime | None

    @property
    def shown_receipt(self) -> str:
        """The receipt code as it is printed."""
        return RECEIPT.shown(self.receipt)

    @property
    def counted(self) -> bool:
        """Whether it stands in the public figures (from the day after it was given)."""
        return self.exclusion is None and self.withdrawn_at is None

    @property
    def counted_from(self) -> date:
        """The first day on which public figures contain it, if it counts."""
        return self.rated_on + timedelta(days=1)

    @property
    def changeable_until(self) -> datetime:
        """The moment after which it stays as it is."""
        return self.rated_at + CHANGEABLE_FOR

    def changeable(self, now: datetime) -> bool:
        """Whether it may still be corrected or withdrawn."""
        return self.withdrawn_at is None and now <= self.changeable_until

    def says(self, score: int | None, words: str | None) -> bool:
        """Whether this is what it said."""
        return (self.score, self.words) == (score, words)


def counter_and_given(code: str, nonce: str | None) -> tuple[Counter | None, Given | None]:
    """The counter with this code and the rating already stored for this nonce; one statement."""
    row = db.session.execute(_BY_CODE_AND_NONCE, {"code": code, "nonce": nonce}).first()
    return counter_from(row), _given_from(row)


def by_receipt(receipt: str) -> tuple[Counter, Given] | None:
    """The rating with this receipt code in stored form, and the counter it was given at."""
    row = db.session.execute(_BY_RECEIPT, {"receipt": receipt}).first()
    counter, given = counter_from(row), _given_from(row)
    return (counter, given) if counter and given else None


def given_of(rating: Rating) -> Given:
    """The same of a loaded row."""
    return Given(*(getattr(rating, column.key) for column in _GIVEN_COLUMNS))


def _given_from(row: Row[Any] | None) -> Given | None:
    if row is None or row[len(COUNTER_COLUMNS)] is None:
        return None
    return Given(*row[len(COUNTER_COLUMNS) :])


@dataclass(frozen=True)
class Counts:
    """Counters of a tally, summed over some services, kecamatan and days."""

    counters: dict[str, int]

    @property
    def scores(self) -> tuple[int, ...]:
        """How many ratings of 1, 2, 3, 4 and 5 count."""
        return tuple(self.counters[name] for name in _SCORE_COUNTERS)

    @property
    def ratings(self) -> int:
        """How many ratings count."""
        return sum(self.scores)

    @property
    def tones(self) -> dict[str, int]:
        """How many texts of ratings that count bear each tone."""
        return {tone: self.counters[tone] for tone in TONES}

    @property
    def texts(self) -> int:
        """How many ratings that count came with words."""
        return sum(self.tones.values())

    def __add__(self, other: "Counts") -> "Counts":
        return Counts({name: self.counters[name] + other.counters[name] for name in COUNTERS})

    def __sub__(self, other: "Counts") -> "Counts":
        return Counts({name: self.counters[name] - other.counters[name] for name in COUNTERS})


NOTHING = Counts(dict.fromkeys(COUNTERS, 0))


@dataclass(frozen=True)
class RunningCounts:
    """By service id: what counts in the running period up to yesterday, and how many came today."""

    period: Running
    until_yesterday: dict[int, Counts]
    today: dict[int, int]

    def of(self, service_ids: Collection[int]) -> Counts:
        """The counts of these services together."""
        return sum((self.until_yesterday.get(key, NOTHING) for key in service_ids), NOTHING)

    def today_of(self, service_ids: Collection[int]) -> int:
        """How many ratings these services received today."""
        return sum(self.today.get(key, 0) for key in service_ids)


def hidden_from() -> date:
    """The first city day whose ratings neither count nor are read yet: today, from 00.10 on."""
    return rules.hidden_from(clock.city_time(clock.now()))


def running_counts(today: date, service_ids: Collection[int] | None = None) -> RunningCounts:
    """Counts of the running quarter for some services, or all; one statement.

    `today` is the first day that does not count. Its ratings stand in the monthly tallies already
    and are taken out again, so that nobody reads the score of the customer who has just left.
    """
    return _running(today, _Of(service_ids))


def running_total(today: date) -> RunningCounts:
    """The same of the whole city in one sum, under the key 0."""
    return _running(today, _Of(None, apart=False))


def settled_counts(months: Sequence[date], service_ids: Collection[int]) -> Counts:
    """What counts for these services in these months, without hidden days; one statement."""
    first, last = max(hidden_from(), min(months)), last_day_of(max(months))
    whole, hidden = _months_and_days(months, first, last, _Of(service_ids, apart=False))
    return whole[0] - hidden[0]


@dataclass(frozen=True)
class _Of:
    """Which services (all, if None) are summed: each apart, or together under the key 0."""

    service_ids: Collection[int] | None
    apart: bool = True

    def sums(self, kind: str, tally: Any, condition: Any) -> Select[Any]:
        """The counters of a tally, each row with its kind and service in front."""
        columns = [func.coalesce(func.sum(getattr(tally, name)), 0) for name in COUNTERS]
        key = tally.service_id if self.apart else literal(0)
        query = select(literal(kind), key, *columns).where(condition)
        if self.service_ids is not None:
            query = query.where(tally.service_id.in_(self.service_ids))
        return query.group_by(key) if self.apart else query


def _running(today: date, services: _Of) -> RunningCounts:
    period = Running(today)
    last = period.quarter.last_day if period.holds_today else date.max
    months, days = _months_and_days(period.quarter.months, today, last, services)
    if period.holds_today:
        months = {key: counts - days.get(key, NOTHING) for key, counts in months.items()}
    return RunningCounts(period, months, {key: counts.ratings for key, counts in days.items()})


def _months_and_days(
    months: Collection[date], first: date, last: date, services: _Of
) -> tuple[dict[int, Counts], dict[int, Counts]]:
    """Counts of the months, and of the days from `first` to `last`.

    One statement, because a rating stored between two would be taken out of the months without
    ever having been in them.
    """
    both = union_all(
        services.sums("month", ServiceMonthTally, ServiceMonthTally.month.in_(months)),
        services.sums("day", PointDayTally, PointDayTally.rated_on.between(first, last)),
    )
    found: dict[str, dict[int, Counts]] = {"month": {}, "day": {}}
    for kind, key, *sums in db.session.execute(both):
        found[kind][key] = Counts(dict(zip(COUNTERS, map(int, sums), strict=True)))
    return found["month"], found["day"]
