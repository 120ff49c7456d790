"""The serving process as an operator sees it: how soon it is ready, and what memory it holds."""

import re
from collections.abc import Iterator
from statistics import median

from portal.kit.codes import POINT
from tests.bench import senders, served, staff
from tests.bench.rows import Row, at_most, below
from tests.bench.served import Server
from tests.bench.stage import City, Stage
from tests.bench.weight import text_of
from tests.bench.wire import Connection

START_SECONDS = 5
MEMORY_MB = 180
POSTS = 200
_MEGABYTE = 1_000_000
_LINK = re.compile(r'href="(/[^"#?]*)')


def rows(stage: Stage) -> Iterator[Row]:
    """Seconds of a second start, and memory after a walk over all pages and 200 ratings."""
    city = stage.city("SQLite")
    _second_start(city)  # the first one, which may have something to do
    starts = [_second_start(city) for _ in range(stage.effort(3, 1))]
    with served.portal(city.url, city.instance) as server:
        if server.fetch("/readyz").status != 200:
            raise RuntimeError("The portal serves but says that it is not ready.")
        at_start = server.resident_bytes() / _MEGABYTE
        pages = walk(server, city)
        _post(server, city)
        after = server.resident_bytes() / _MEGABYTE
    seconds, cpu = (median(figures) for figures in zip(*starts, strict=True))
    yield Row("second start of `serve`", seconds, "s", below(START_SECONDS))
    yield Row("second start: CPU", cpu, "s")
    yield Row("memory after the start", at_start, "MB")
    name = f"memory after {pages} pages and {POSTS} ratings"
    yield Row(name, after, "MB", at_most(MEMORY_MB))


def _second_start(city: City) -> tuple[float, float]:
    """Seconds by the clock, and of CPU, until a portal whose database stands already answers."""
    with served.portal(city.url, city.instance) as server:
        return server.seconds_to_start, server.cpu_seconds()


def walk(server: Server, city: City) -> int:
    """Open every counter's page, and all that links lead to, the staff's too; returns how many."""
    waiting = ["/", staff.PAGE, *(f"/q/{POINT.shown(code)}" for code in city.codes)]
    seen, signed_in = set(waiting), staff.cookie(server)
    for path in waiting:
        answer = server.fetch(path, signed_in)
        if answer.status not in {200, 303}:  # the sign-in leads whoever is signed in on
            raise RuntimeError(f"{path} answers with {answer.status}.")
        if answer.headers["content-type"].startswith("text/html"):
            new = [link for link in _LINK.findall(text_of(answer)) if link not in seen]
            seen.update(new)
            waiting.extend(new)
    return len(waiting)


def _post(server: Server, city: City) -> None:
    sendings = senders.ratings(city.codes)
    with Connection(server.port) as connection:
        for _ in range(POSTS):
            answer = connection.exchange(next(sendings).request)
            if answer.status != 200:
                raise RuntimeError(f"A rating was answered with {answer.status}.")
