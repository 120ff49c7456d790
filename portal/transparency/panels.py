"""What a public page shows of a set of services: figures ready to be drawn, none without its n."""

from dataclasses import dataclass

from portal.directory.queries import ServiceEntry, UnitEntry
from portal.figures.distributions import Row, rows
from portal.figures.intervals import Estimate, mean_score
from portal.ratings.queries import Counts, RunningCounts


@dataclass(frozen=True)
class Panel:
    """The running figures of some services together.

    `mean` is None below the fewest ratings for which one is shown. `today` counts the ratings of
    the day so far, which no other figure contains.
    """

    counts: Counts
    mean: Estimate | None
    today: int

    @property
    def scores(self) -> list[Row]:
        """The distribution, best score first."""
        pairs = [(str(score), n) for score, n in enumerate(self.counts.scores, start=1)]
        return rows(reversed(pairs), self.counts.ratings)

    @property
    def tones(self) -> list[Row]:
        """The tones of texts, with the share that the machine was not sure about."""
        return rows(self.counts.tones.items(), self.counts.texts)

    @property
    def left_out(self) -> dict[str, int]:
        """Ratings kept but not counted, by reason; reasons without any are not named."""
        names = ("excluded_repeat", "excluded_burst", "withdrawn")
        return {name: self.counts.counters[name] for name in names if self.counts.counters[name]}


@dataclass(frozen=True)
class Line:
    """A unit or service in a list, with its figures."""

    entry: UnitEntry | ServiceEntry
    panel: Panel


def panel(counts: RunningCounts, service_ids: set[int], min_shown: int) -> Panel:
    """The figures of these services together."""
    sums = counts.of(service_ids)
    mean = mean_score(sums.scores) if sums.ratings >= min_shown else None
    return Panel(sums, mean, counts.today_of(service_ids))


def unit_lines(
    counts: RunningCounts,
    units: list[UnitEntry],
    services: list[ServiceEntry],
    min_shown: int,
) -> list[Line]:
    """One line a unit, in the order given; a unit sums its own services only."""
    own: dict[int, set[int]] = {unit.id: set() for unit in units}
    for service in services:
        own[service.unit_id].add(service.id)
    return [Line(unit, panel(counts, own[unit.id], min_shown)) for unit in units]


def service_lines(
    counts: RunningCounts, services: list[ServiceEntry], min_shown: int
) -> list[Line]:
    """One line a service, in the order given."""
    return [Line(service, panel(counts, {service.id}, min_shown)) for service in services]
