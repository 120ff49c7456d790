"""Logs: one stream, one format, and nothing in it that belongs to a person."""

import logging
import sys
import traceback
from typing import Any


class _Discreet(logging.Formatter):
    """Tells of an exception what it is and where it rose, but not its words.

    Those may repeat what somebody typed: `int()` quotes the text it cannot read, PostgreSQL the key
    that exists already.
    """

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the name that logging calls
        """The exception's kinds and places, causes first."""
        return "\n".join(reversed([_told(one) for one in _chain(ei[1])]))


def _chain(error: BaseException | None) -> list[BaseException]:
    chain: list[BaseException] = []
    while error is not None and error not in chain:
        chain.append(error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return chain


def _told(error: BaseException) -> str:
    places = "".join(traceback.format_tb(error.__traceback__))
    kind = type(error)
    return f"Traceback (most recent call last):\n{places}{kind.__module__}.{kind.__qualname__}"


FORMATTER = _Discreet("%(asctime)s %(levelname)s %(name)s: %(message)s")


def prepare(level: str) -> None:
    """Send everything from `level` up to standard error; quiet chatty libraries."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(FORMATTER)
    logging.basicConfig(level=level, handlers=[handler])
    for name in ("flask-limiter", "waitress.queue", "alembic"):
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLevelName(level)))
