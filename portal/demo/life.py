"""A year of ratings as a city might give them: the same seed gives the same year."""

from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from random import Random
from typing import Literal

from portal.demo.city import City, Point
from portal.demo.comments import Comments
from portal.demo.hours import Spans, spans
from portal.demo.quality import YEAR, Quality, first_monday
from portal.demo.seasons import popularity, season
from portal.demo.words import Words
from portal.kit.clock import CITY_ZONE

Excluded = Literal["repeat", "burst"]

REPEAT_SHARE = 0.015
BURST_SHARE = 0.005
BURST_AFTER = 20
BURST_WITHIN = timedelta(minutes=10)
LAST_MORNING_MINUTE = 11 * 60 + 30
"""Nothing is rated later than this on the day that the year ends on."""

_LOST_STICKER = "dlh-taman-kota-papan-taman-taman-polda"
_LOST_FOR = timedelta(days=45)
_BURST_SPREAD = 570
_PER_BURST = 30


@dataclass(frozen=True, slots=True)
class LifeRating:
    """One rating. `rated_at` is aware, in UTC; `language` is that of the words, None without.

    `excluded` says why it does not count: `repeat` (same device and point within ten minutes)
    or `burst` (more than 20 at one point in ten minutes, from the 21st on).
    """

    point_key: str
    rated_at: datetime
    score: int
    words: str | None
    language: str | None
    excluded: Excluded | None


@dataclass(frozen=True, slots=True)
class _Visit:
    point: Point
    day: date
    second: int
    score: int
    excluded: Literal["repeat"] | None = None
    crowd: bool = False


@dataclass(frozen=True, slots=True)
class _OpenDay:
    point: Point
    day: date
    spans: Spans


def moved_on(ending_on: date) -> date:
    """The day in March on which the moved counter opens at its new place."""
    return first_monday(3, ending_on)


def year_of_ratings(
    city: City, comments: Comments, *, seed: int, ending_on: date, ratings: int = 50_000
) -> Iterator[LifeRating]:
    """Exactly so many ratings, in the order of their time, from 365 days before `ending_on`.

    The last of them are given on the morning of `ending_on` itself, before 11.30 city time, if
    anything is open that day.
    """
    quality = Quality(city, seed=seed, ending_on=ending_on)
    words = Words(city, comments, quality, seed=seed)
    visits = _visits(city, quality, Random(f"{seed} visits"), ending_on, ratings)
    bursts = _BurstWatch()
    for visit in sorted(visits, key=lambda visit: (visit.day, visit.second)):
        rated_at = _moment(visit.day, visit.second)
        excluded = visit.excluded or bursts.verdict(visit.point.key, rated_at)
        said = words.said(visit.point, visit.day, visit.score, rarely=visit.crowd)
        text, language = said or (None, None)
        yield LifeRating(visit.point.key, rated_at, visit.score, text, language, excluded)


def _visits(
    city: City, quality: Quality, rng: Random, ending_on: date, ratings: int
) -> list[_Visit]:
    repeats, surplus = round(ratings * REPEAT_SHARE), round(ratings * BURST_SHARE)
    crowds = -(-surplus // _PER_BURST)
    single = ratings - repeats - surplus - crowds * BURST_AFTER
    if single < repeats:
        repeats, surplus, crowds, single = 0, 0, 0, ratings
    days = _open_days(city, ending_on)
    visits = _single(days, quality, rng, single)
    visits += [_again(visit, rng) for visit in rng.sample(visits, repeats)]
    for number in range(crowds):
        size = BURST_AFTER + surplus // crowds + (number < surplus % crowds)
        visits += _crowd(days, rng, size, ending_on, pleased=number % 4 != 3)
    return visits


def _open_days(city: City, ending_on: date) -> list[tuple[_OpenDay, float]]:
    """Every day on which a point is open, with how many ratings to expect of it, relatively."""
    kinds = {service.key: service.kind for service in city.services}
    newcomers = {point.moved_to for point in city.points}
    found = []
    for point in city.points:
        kind = kinds[point.service]
        usual = popularity(kind, point.label)
        for day in _days_in_use(point, point.key in newcomers, ending_on):
            until = LAST_MORNING_MINUTE if day == ending_on else 24 * 60
            hours = spans(kind, point.place, day, until=until)
            growth = 1.15 - 0.4 * ((ending_on - day) / YEAR)
            if hours.volume:
                weight = hours.volume * usual * season(kind, day) * growth
                found.append((_OpenDay(point, day, hours), weight))
    return found


def _days_in_use(point: Point, newcomer: bool, ending_on: date) -> Iterator[date]:
    first, last = ending_on - YEAR, ending_on
    if point.moved_to:
        last = moved_on(ending_on) - timedelta(days=1)
    elif newcomer:
        first = max(first, moved_on(ending_on))
    elif point.key == _LOST_STICKER:
        last = ending_on - _LOST_FOR
    return (first + timedelta(days=number) for number in range((last - first).days + 1))


def _single(
    days: list[tuple[_OpenDay, float]], quality: Quality, rng: Random, number: int
) -> list[_Visit]:
    weights = list(accumulate(weight for _, weight in days))
    drawn = rng.choices([day for day, _ in days], cum_weights=weights, k=number)
    return [
        _Visit(
            open_day.point,
            open_day.day,
            open_day.spans.second(rng),
            quality.score(rng, open_day.point, open_day.day),
        )
        for open_day in drawn
    ]


def _again(visit: _Visit, rng: Random) -> _Visit:
    score = visit.score
    if rng.random() < 0.3:
        score = min(5, max(1, score + rng.choice((-1, 1))))
    return _Visit(visit.point, visit.day, visit.second + rng.randrange(15, 280), score, "repeat")


def _crowd(
    days: list[tuple[_OpenDay, float]], rng: Random, size: int, ending_on: date, *, pleased: bool
) -> list[_Visit]:
    """Many ratings of one mind at one point within ten minutes of a weekday morning."""
    candidates = [day for day, _ in days if day.day.weekday() < 5 and day.day < ending_on]
    chosen = rng.choice(candidates)
    start = rng.randrange(9 * 3600, 11 * 3600 - _BURST_SPREAD)
    seconds = sorted(rng.randrange(_BURST_SPREAD) for _ in range(size))
    usual, other = (5, 4) if pleased else (1, 2)
    return [
        _Visit(
            chosen.point,
            chosen.day,
            start + second,
            usual if rng.random() < 0.92 else other,
            crowd=True,
        )
        for second in seconds
    ]


class _BurstWatch:
    """Counts, at each point, what was accepted in the last ten minutes."""

    def __init__(self) -> None:
        self._accepted: defaultdict[str, deque[datetime]] = defaultdict(deque)

    def verdict(self, point_key: str, at: datetime) -> Literal["burst"] | None:
        recent = self._accepted[point_key]
        while recent and at - recent[0] >= BURST_WITHIN:
            recent.popleft()
        if len(recent) >= BURST_AFTER:
            return "burst"
        recent.append(at)
        return None


def _moment(day: date, second: int) -> datetime:
    local = datetime.combine(day, time(), CITY_ZONE) + timedelta(seconds=second)
    return local.astimezone(UTC)
