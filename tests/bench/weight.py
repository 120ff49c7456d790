"""What a phone must load: the scanned page with everything it names, and the thanks page."""

from collections.abc import Iterator
from html.parser import HTMLParser

import brotli

from portal.kit.codes import POINT
from tests.bench import senders, served
from tests.bench.rows import Row, at_most
from tests.bench.served import Server
from tests.bench.stage import Stage
from tests.bench.wire import Answer, Connection, get

FIRST_VISIT_BYTES = 14_600
FIRST_VISIT_REQUESTS = 4
THANKS_BYTES = 4_000
_LOADED_RELS = {"stylesheet", "icon", "preload", "manifest"}


def rows(stage: Stage) -> Iterator[Row]:
    """Bytes and requests of a first visit, and bytes of the answer to a rating."""
    city = stage.city("SQLite")
    with served.portal(city.url, city.instance) as server:
        code = max(city.codes, key=lambda code: _page(server, code).size)
        answers = first_visit(server, f"/q/{POINT.shown(code)}")
        with Connection(server.port) as connection:
            thanks = connection.exchange(next(senders.ratings([code])).request)
    weight = sum(answer.size for answer in answers)
    yield Row("first visit to /q/<code>", weight, "bytes", at_most(FIRST_VISIT_BYTES))
    yield Row("of it the page itself", answers[0].size, "bytes")
    yield Row("first visit: requests", len(answers), "requests", at_most(FIRST_VISIT_REQUESTS))
    yield Row("thanks page", thanks.size, "bytes", at_most(THANKS_BYTES))


def _page(server: Server, code: str) -> Answer:
    return server.fetch(f"/q/{POINT.shown(code)}")


def first_visit(server: Server, path: str) -> list[Answer]:
    """The page and everything a browser loads with it, over one connection."""
    with Connection(server.port) as connection:
        page = connection.exchange(get(path))
        loaded = [connection.exchange(get(address)) for address in loads(text_of(page))]
    answers = [page, *loaded]
    if any(answer.status != 200 for answer in answers):
        raise RuntimeError(f"{path} names something that cannot be loaded.")
    return answers


def text_of(answer: Answer) -> str:
    """The body as the browser unpacks it."""
    packed = answer.headers.get("content-encoding") == "br"
    return (brotli.decompress(answer.body) if packed else answer.body).decode()


def loads(page: str) -> list[str]:
    """The addresses that a browser asks for by itself while it shows a page, each once."""
    reader = _Reader()
    reader.feed(page)
    return list(dict.fromkeys(reader.found))


class _Reader(HTMLParser):
    """Collects what is loaded without a tap."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        rels = set((named.get("rel") or "").split())
        if tag == "link" and rels & _LOADED_RELS:
            self.found.append(named.get("href") or "")
        elif named.get("src"):
            self.found.append(named["src"] or "")
