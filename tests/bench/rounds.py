"""Interleaved rounds: a shared machine's noise meets both sides, and medians drop the rest."""

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from statistics import median

from tests.bench.served import Server
from tests.bench.wire import Connection


@dataclass
class Contender:
    """A server, the requests it gets, and what it was measured at, a figure a round."""

    server: Server
    requests: Iterator[bytes]
    figures: list[float] = field(default_factory=list)
    errors: int = 0

    @property
    def figure(self) -> float:
        """The median of its rounds."""
        return median(self.figures)


def ratio(first: Contender, second: Contender) -> float:
    """The median, over the rounds, of the first's figure divided by the second's of that round."""
    return median(a / b for a, b in zip(first.figures, second.figures, strict=True))


def measure_cpu(contenders: Sequence[Contender], *, rounds: int, requests: int) -> None:
    """Give each contender its rounds' CPU time per request, in milliseconds.

    One kept connection each; only the server's time counts. Raises `RuntimeError` at an answer
    other than 200. A first round warms up and is not kept.
    """
    connections = [Connection(contender.server.port) for contender in contenders]
    pairs = list(zip(contenders, connections, strict=True))
    try:
        for number in range(rounds + 1):
            for contender, connection in pairs if number % 2 else reversed(pairs):
                figure = _cpu_of_round(contender, connection, requests)
                if number:
                    contender.figures.append(figure)
    finally:
        for connection in connections:
            connection.close()


def _cpu_of_round(contender: Contender, connection: Connection, requests: int) -> float:
    batch = list(islice(contender.requests, requests))
    begun = contender.server.cpu_seconds()
    for request in batch:
        answer = connection.exchange(request)
        if answer.status != 200:
            raise RuntimeError(f"{request[:60]!r}… was answered with {answer.status}.")
    return 1000 * (contender.server.cpu_seconds() - begun) / requests


def measure_throughput(
    contenders: Sequence[Contender], *, people: int, rounds: int, requests: int
) -> None:
    """Give each contender its rounds' answers per second, with `people` asking at the same time.

    An answer other than 200, or none, is an error and does not count as answered. The first round
    warms up and is not kept; its errors are.
    """
    for number in range(rounds + 1):
        for contender in contenders if number % 2 else reversed(contenders):
            batch = list(islice(contender.requests, requests))
            figure = _throughput_of_round(contender, batch, people)
            if number:
                contender.figures.append(figure)


def _throughput_of_round(contender: Contender, batch: Sequence[bytes], people: int) -> float:
    answered: list[int] = []
    start = threading.Barrier(people + 1)

    def person(own: Sequence[bytes]) -> None:
        with Connection(contender.server.port) as connection:
            start.wait()
            answered.append(_answered(connection, own))

    threads = [threading.Thread(target=person, args=(batch[n::people],)) for n in range(people)]
    for thread in threads:
        thread.start()
    start.wait()
    begun = time.perf_counter()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - begun
    contender.errors += len(batch) - sum(answered)
    return sum(answered) / seconds


def _answered(connection: Connection, requests: Sequence[bytes]) -> int:
    """How many were answered with 200; after a broken connection the rest is lost."""
    good = 0
    for request in requests:
        try:
            good += connection.exchange(request).status == 200
        except OSError:
            break
    return good
