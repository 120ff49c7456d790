"""The only clock: every other module asks here what time it is, so that tests can move it."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import DateTime
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

CITY_ZONE = ZoneInfo("Asia/Jakarta")


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The city's calendar day (Asia/Jakarta), which differs from UTC's for seven hours a day."""
    return city_time(now()).date()


def yesterday() -> date:
    """The last complete city day, up to which public figures count."""
    return today() - timedelta(days=1)


def city_time(moment: datetime) -> datetime:
    """The same moment on the city's wall clock."""
    return moment.astimezone(CITY_ZONE)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, stored in UTC without a zone on both databases and always handed back aware.

    A naive value is refused with `ValueError`: nobody can say which clock it was read from.
    """

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The naive UTC value to store."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The stored value, made aware."""
        return None if value is None else value.replace(tzinfo=UTC)
