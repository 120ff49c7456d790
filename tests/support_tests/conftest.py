"""Lets a test of the helpers be skipped where the thing it starts cannot be had."""

from collections.abc import Iterator

import pytest

from tests.support.missing import Missing
from tests.support.postgres import PostgresServer


@pytest.fixture(scope="module")
def own_server() -> Iterator[PostgresServer]:
    """Give a PostgreSQL server started here, whatever DATABASE_URL says."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("DATABASE_URL", raising=False)
        server = PostgresServer()
        try:
            server.start()
        except Missing as gap:
            pytest.skip(str(gap))
        yield server
        server.stop()
