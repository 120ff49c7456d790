"""Logs: one stream, one format, and nothing in it that belongs to a person."""

import logging
import sys


def prepare(level: str) -> None:
    """Send everything from `level` up to standard error; quiet chatty libraries."""
    logging.basicConfig(
        level=level, stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    for name in ("flask-limiter", "waitress.queue", "alembic"):
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLevelName(level)))
