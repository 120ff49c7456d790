"""Pages after years: what each costs with 300,000 ratings against 10,000."""

import itertools
from collections.abc import Iterator, Mapping

from tests.bench import served, staff, wire
from tests.bench.rounds import Contender, measure_cpu, ratio
from tests.bench.rows import Row, at_most
from tests.bench.served import Server
from tests.bench.stage import City, Stage

FEW, MANY = 10_000, 300_000
MOST_GROWTH = 1.2
_PUBLIC = ("/", "/transparansi", "a unit", "a service")


def rows(stage: Stage) -> Iterator[Row]:
    """CPU time of each page that shows figures with many ratings, against few, on SQLite."""
    fewer, more = stage.effort(FEW, 500), stage.effort(MANY, 1_500)
    few, many = stage.city("SQLite", fewer), stage.city("SQLite", more)
    with (
        served.portal(few.url, few.instance) as small,
        served.portal(many.url, many.instance) as large,
    ):
        first, second = _requests(small, few), _requests(large, many)
        for name in first:
            lesser = Contender(small, itertools.repeat(first[name]))
            greater = Contender(large, itertools.repeat(second[name]))
            measure_cpu([lesser, greater], rounds=stage.effort(11, 2), requests=stage.effort(30, 5))
            yield Row(f"{name} with {more:,} ratings: CPU", greater.figure, "ms")
            grown = ratio(greater, lesser)
            yield Row(f"{name}, against {fewer:,}", grown, "times", at_most(MOST_GROWTH))


def _requests(server: Server, city: City) -> Mapping[str, bytes]:
    """The request for each page, by the page's name."""
    public = dict(zip(_PUBLIC, map(wire.get, city.pages), strict=True))
    return {**public, staff.PAGE: wire.get(staff.PAGE, staff.cookie(server))}
