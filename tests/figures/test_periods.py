"""Months, quarters and the running period, above all at their edges."""

from calendar import monthrange
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.figures.periods import Quarter, Running, month_of

DAYS = st.dates(date(1990, 1, 2), date(2099, 12, 31))


@pytest.mark.parametrize(
    ("today", "quarter", "last_day", "complete"),
    [
        (date(2026, 11, 24), Quarter(2026, 4), date(2026, 11, 23), False),
        (date(2026, 10, 1), Quarter(2026, 3), date(2026, 9, 30), True),
        (date(2026, 10, 2), Quarter(2026, 4), date(2026, 10, 1), False),
        (date(2026, 12, 31), Quarter(2026, 4), date(2026, 12, 30), False),
        (date(2027, 1, 1), Quarter(2026, 4), date(2026, 12, 31), True),
        (date(2027, 1, 2), Quarter(2027, 1), date(2027, 1, 1), False),
        (date(2028, 2, 29), Quarter(2028, 1), date(2028, 2, 28), False),
        (date(2028, 3, 1), Quarter(2028, 1), date(2028, 2, 29), False),
        (date(2028, 4, 1), Quarter(2028, 1), date(2028, 3, 31), True),
        (date(2026, 7, 1), Quarter(2026, 2), date(2026, 6, 30), True),
    ],
)
def test_the_running_quarter_ends_yesterday(
    today: date, quarter: Quarter, last_day: date, complete: bool
) -> None:
    running = Running(today)
    assert (running.quarter, running.last_day) == (quarter, last_day)
    assert running.complete is complete
    assert running.holds_today is not complete


@given(DAYS)
def test_today_is_taken_out_exactly_when_its_month_is_summed(today: date) -> None:
    running = Running(today)
    assert running.holds_today == (month_of(today) in running.quarter.months)


@given(DAYS)
def test_each_day_lies_in_its_own_quarter(day: date) -> None:
    quarter = Quarter.of(day)
    assert quarter.first_day <= day <= quarter.last_day
    assert Quarter.of(quarter.first_day) == Quarter.of(quarter.last_day) == quarter
    assert Quarter.of(quarter.last_day + timedelta(days=1)) != quarter
    assert month_of(day) in quarter.months


@given(DAYS)
def test_a_quarter_is_three_whole_months(day: date) -> None:
    quarter = Quarter.of(day)
    lengths = [monthrange(month.year, month.month)[1] for month in quarter.months]
    assert (quarter.last_day - quarter.first_day).days + 1 == sum(lengths)
    assert all(month.day == 1 for month in quarter.months)


def test_a_leap_year_shows_in_the_first_quarter_only() -> None:
    assert [Quarter(2028, n).last_day for n in (1, 2, 3, 4)] == [
        date(2028, 3, 31),
        date(2028, 6, 30),
        date(2028, 9, 30),
        date(2028, 12, 31),
    ]
    assert month_of(date(2028, 2, 29)) == date(2028, 2, 1)
