"""Months and quarters, the periods that figures are published for."""

from dataclasses import dataclass
from datetime import date, timedelta

_ROMAN = ("I", "II", "III", "IV")


@dataclass(frozen=True)
class Quarter:
    """A calendar quarter; `number` is 1–4."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> "Quarter":
        """The quarter that `day` lies in."""
        return cls(day.year, (day.month + 2) // 3)

    @property
    def name(self) -> str:
        """As people write it, `Triwulan IV 2026`."""
        return f"Triwulan {_ROMAN[self.number - 1]} {self.year}"

    @property
    def months(self) -> tuple[date, date, date]:
        """The first days of its three months, as monthly tallies are keyed."""
        first = 3 * self.number - 2
        return (
            date(self.year, first, 1),
            date(self.year, first + 1, 1),
            date(self.year, first + 2, 1),
        )

    @property
    def first_day(self) -> date:
        """Its first day."""
        return self.months[0]

    @property
    def last_day(self) -> date:
        """Its last day."""
        return last_day_of(self.months[2])


@dataclass(frozen=True)
class Running:
    """The quarter being counted on `today`: all complete days of it, the last of them yesterday.

    On the first day of a quarter that is the whole quarter before, since today never counts.
    """

    today: date

    @property
    def last_day(self) -> date:
        """The last day that counts."""
        return self.today - timedelta(days=1)

    @property
    def quarter(self) -> Quarter:
        """The quarter of the last day that counts."""
        return Quarter.of(self.last_day)

    @property
    def complete(self) -> bool:
        """Whether the quarter has ended."""
        return self.quarter.last_day == self.last_day

    @property
    def holds_today(self) -> bool:
        """Whether today's ratings stand in the quarter's monthly tallies and must be taken out."""
        return not self.complete


def last_day_of(month: date) -> date:
    """The last day of the month that begins on `month`."""
    return month_of(month + timedelta(days=31)) - timedelta(days=1)


def month_of(day: date) -> date:
    """The first day of the month of `day`."""
    return day.replace(day=1)
