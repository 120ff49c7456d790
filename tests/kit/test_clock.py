"""The clock: moments are stored in UTC on both databases, days are the city's."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import StatementError

from portal.demo.models import DemoMark
from portal.kit import clock as kit_clock
from portal.kit.clock import CITY_ZONE, city_time, today, yesterday
from portal.kit.extensions import db
from tests.conftest import MovableClock

WRITTEN_IN = [UTC, CITY_ZONE, timezone(timedelta(hours=-9, minutes=-30))]


@pytest.mark.parametrize("zone", WRITTEN_IN, ids=str)
def test_a_moment_comes_back_as_it_was_whatever_zone_it_was_written_in(
    database: Flask, zone: timezone
) -> None:
    moment = datetime(2026, 11, 24, 16, 59, 59, 123456, tzinfo=UTC)
    db.session.add(DemoMark(id=1, complete=True, set_at=moment.astimezone(zone)))
    db.session.commit()
    db.session.expunge_all()
    found = db.session.get_one(DemoMark, 1).set_at
    assert found == moment
    assert found.tzinfo is UTC
    written = db.session.scalar(text("SELECT CAST(set_at AS VARCHAR(40)) FROM demo_mark"))
    assert str(written).startswith("2026-11-24 16:59:59.123456"), "UTC also to other readers"


def test_a_moment_is_found_again_by_comparison(database: Flask) -> None:
    moment = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)
    db.session.add(DemoMark(id=1, complete=True, set_at=moment))
    db.session.commit()
    here = DemoMark.set_at == moment.astimezone(CITY_ZONE)
    assert db.session.scalar(db.select(DemoMark.id).where(here)) == 1
    assert db.session.scalar(db.select(DemoMark.id).where(DemoMark.set_at < moment)) is None


def test_a_moment_without_a_zone_is_refused(database: Flask) -> None:
    naive = datetime(2026, 11, 24, 12, 0)  # noqa: DTZ001 - that is the point
    db.session.add(DemoMark(id=1, complete=True, set_at=naive))
    with pytest.raises(StatementError, match="has no time zone"):
        db.session.flush()


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 11, 24, 16, 59, 59, 999999, tzinfo=UTC), date(2026, 11, 24)),
        (datetime(2026, 11, 24, 17, 0, tzinfo=UTC), date(2026, 11, 25)),
        (datetime(2026, 12, 31, 17, 0, tzinfo=UTC), date(2027, 1, 1)),
        (datetime(2028, 2, 28, 17, 0, tzinfo=UTC), date(2028, 2, 29)),
    ],
)
def test_the_citys_day_begins_at_17_utc(clock: MovableClock, moment: datetime, day: date) -> None:
    clock.moment = moment
    assert today() == day
    assert yesterday() == day - timedelta(days=1)


@given(st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_the_citys_wall_clock_is_seven_hours_ahead_all_year(moment: datetime) -> None:
    here = city_time(moment)
    assert here == moment
    assert here.utcoffset() == timedelta(hours=7)


def test_now_is_aware_and_utc() -> None:
    assert kit_clock.now().tzinfo is UTC
    assert abs(kit_clock.now() - datetime.now(UTC)) < timedelta(seconds=5)
