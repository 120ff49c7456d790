"""When the offices of the demonstration are open, and how busy each part of a day is."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import accumulate
from random import Random

NEVER_LAST = 300
"""Seconds before the end of a span in which nobody begins, so that a second try still fits."""

_YEARLY = ("01-01", "05-01", "06-01", "08-17", "12-25")
_HOLIDAYS = {
    2025: "01-27 01-28 01-29 03-28 03-31 04-01 04-02 04-03 04-04 04-07 04-18 05-12 05-13 05-29"
    " 05-30 06-06 06-09 06-27 08-18 09-05 12-26",
    2026: "01-16 02-16 02-17 03-18 03-19 03-20 03-21 03-22 03-23 03-24 04-03 05-14 05-15 05-27"
    " 05-28 05-31 06-16 08-25 12-24",
    2027: "01-05 02-05 02-06 03-08 03-09 03-10 03-11 03-12 03-15 03-25 03-26 05-06 05-17 05-18"
    " 05-19 05-20 06-06 08-15 12-24",
}
"""Moving holidays and shared leave as month-day: an example, not the city's list of holidays."""

_FRIDAY, _SATURDAY = 4, 5
_BUSY_WEEKDAY = (1.2, 1.05, 1.0, 0.95, 1.0, 0.5, 0.5)
# Minutes after midnight, and how busy a minute is.
_OFFICE = (
    (450, 540, 0.7),
    (540, 660, 1.3),
    (660, 720, 0.9),
    (720, 780, 0.25),
    (780, 870, 1.1),
    (870, 960, 0.7),
)
_OFFICE_FRIDAY = ((450, 540, 0.8), (540, 690, 1.3), (810, 930, 1.0), (930, 990, 0.5))
_HALF_DAY = ((480, 720, 1.0),)
_LONG_DAY = ((480, 720, 3.0), (900, 1080, 3.0))
_OPEN_AIR = {"angkutan", "internet", "museum", "parkir", "taman", "wisata"}
_CLINICS = {"gigi", "puskesmas"}
_MALL = "Mal Pelayanan Publik"


@dataclass(frozen=True, slots=True)
class Spans:
    """The open parts of a day: (first second, last second, weight so far), and their weight."""

    parts: tuple[tuple[int, int, float], ...]
    volume: float

    def second(self, rng: Random) -> int:
        """A second of the day, likelier when it is busy. Only for a day with a volume above 0."""
        aim = rng.random() * self.volume
        for first, last, so_far in self.parts:
            if aim < so_far:
                return rng.randrange(first, last)
        return self.parts[-1][1] - 1


def is_holiday(day: date) -> bool:
    """Whether everything is closed on this day."""
    name = day.strftime("%m-%d")
    return name in _YEARLY or name in _HOLIDAYS.get(day.year, "").split()


def spans(kind: str, place: str, day: date, *, until: int = 24 * 60) -> Spans:
    """The open parts of a point's day, no later than `until` minutes after midnight."""
    if is_holiday(day):
        return _CLOSED
    return _weekly(_weekend_habit(kind, place), day.weekday(), until)


def _weekend_habit(kind: str, place: str) -> str:
    if kind in _OPEN_AIR:
        return "both days"
    return "saturday" if kind in _CLINICS or place == _MALL else "closed"


@cache
def _weekly(habit: str, weekday: int, until: int) -> Spans:
    parts = [
        (first * 60, min(last, until) * 60 - NEVER_LAST, busy * _BUSY_WEEKDAY[weekday])
        for first, last, busy in _minutes(habit, weekday)
    ]
    open_parts = [(first, last, busy) for first, last, busy in parts if first < last]
    so_far_each = list(
        accumulate((last - first) * busy / 30_000 for first, last, busy in open_parts)
    )
    weighed = [(*part[:2], so_far) for part, so_far in zip(open_parts, so_far_each, strict=True)]
    return Spans(tuple(weighed), so_far_each[-1] if so_far_each else 0.0)


def _minutes(habit: str, weekday: int) -> Iterator[tuple[int, int, float]]:
    if weekday >= _SATURDAY:
        if habit == "both days":
            yield from _LONG_DAY
        elif habit == "saturday" and weekday == _SATURDAY:
            yield from _HALF_DAY
    else:
        yield from _OFFICE_FRIDAY if weekday == _FRIDAY else _OFFICE


_CLOSED = Spans((), 0.0)
