"""Sixteen people who send at the same moment: nobody is turned away, and nobody waits for long."""

from collections.abc import Iterator

from tests.bench import senders
from tests.bench.rounds import Contender, measure_throughput, ratio
from tests.bench.rows import Row, at_least, at_most
from tests.bench.stage import Stage

PEOPLE = 16
SHARE_OF_BARE = 0.6


def rows(stage: Stage) -> Iterator[Row]:
    """Errors and throughput on each database."""
    for dialect in stage.dialects:
        with stage.pair(dialect) as (city, portal, bare):
            ours = Contender(portal, (one.request for one in senders.ratings(city.codes)))
            theirs = Contender(bare, senders.entries(bare))
            measure_throughput(
                [ours, theirs],
                people=PEOPLE,
                rounds=stage.effort(11, 2),
                requests=stage.effort(160, 64),
            )
        who = f"{PEOPLE} post at once, {dialect}"
        yield Row(f"{who}: errors", ours.errors, "answers", at_most(0))
        yield Row(f"{who}: ratings", ours.figure, "per second")
        yield Row(f"{who}: bare entries", theirs.figure, "per second")
        if theirs.errors:
            yield Row(f"{who}: errors of the bare one", theirs.errors, "answers")
        yield Row(f"{who}, against bare", ratio(ours, theirs), "times", at_least(SHARE_OF_BARE))
