"""The periods that a list of words may be asked for: the running quarter, a quarter, a month."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from portal.figures.periods import Quarter, Running, month_of
from portal.kit.pages import MONTHS, day_words

RUNNING = ""


@dataclass(frozen=True)
class Period:
    """A period by the key that stands in the address; empty for the running quarter."""

    key: str
    name: str
    first_on: date
    last_on: date

    @property
    def months(self) -> tuple[date, ...]:
        """The first days of its months, as monthly tallies are keyed."""
        found = [month_of(self.first_on)]
        while (following := month_of(found[-1] + timedelta(days=31))) <= self.last_on:
            found.append(following)
        return tuple(found)

    @property
    def days(self) -> str:
        """From when to when, in words."""
        same_year = self.first_on.year == self.last_on.year
        return f"{day_words(self.first_on, year=not same_year)} sampai {day_words(self.last_on)}"


def choices(today: date, rated_months: Iterable[date]) -> list[Period]:
    """The running quarter, then every closed quarter and every month with ratings, newest first.

    `today` is the first day that does not count; nothing that begins later is offered.
    """
    running = Running(today)
    months = [month for month in rated_months if month <= running.last_day]
    quarters = dict.fromkeys(Quarter.of(month) for month in months)
    closed = [_quarter(quarter) for quarter in quarters if quarter != running.quarter]
    return [_running(running), *closed, *(_month(month, running.last_day) for month in months)]


def _running(running: Running) -> Period:
    name = running.quarter.name + (" (berjalan)" if not running.complete else "")
    return Period(RUNNING, name, running.quarter.first_day, running.last_day)


def _quarter(quarter: Quarter) -> Period:
    key = f"{quarter.year}-Q{quarter.number}"
    return Period(key, quarter.name, quarter.first_day, quarter.last_day)


def _month(first: date, last_day: date) -> Period:
    end = month_of(first + timedelta(days=31)) - timedelta(days=1)
    name = f"{MONTHS[first.month - 1]} {first.year}"
    return Period(f"{first:%Y-%m}", name, first, min(end, last_day))
