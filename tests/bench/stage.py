"""Where a measurement takes place: folders, databases with the demo city, pairs of servers."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from flask_migrate import upgrade

from portal import create_app
from portal.access.terms import Role
from portal.demo import loader
from portal.directory import queries as directory
from portal.kit.extensions import db
from tests.bench import served
from tests.bench.served import SECRET_KEY, Server
from tests.people import accounts
from tests.support.missing import Missing
from tests.support.postgres import PostgresServer

SEED = 2026
FEW_RATINGS = 2_000
_MANY = 10_000


@dataclass(frozen=True)
class City:
    """A migrated database filled with the demo city; `codes` are its open points' codes.

    A unit head of the whole city has an account there, which `staff.cookie` opens.
    """

    url: str
    instance: Path
    codes: list[str]
    pages: list[str]
    """One address of each public page that shows figures: front, city, a unit, a service."""


@dataclass
class Stage:
    """One run of the measuring program; all it makes lies in `folder` and is gone after it."""

    folder: Path
    quick: bool
    postgres: PostgresServer | None
    _cities: dict[tuple[str, int], City] = field(default_factory=dict)
    _made: int = 0

    @property
    def dialects(self) -> tuple[str, ...]:
        """The databases that can be measured here."""
        return ("SQLite", "PostgreSQL") if self.postgres else ("SQLite",)

    def effort(self, full: int, quick: int) -> int:
        """How much to do: `full`, or `quick` where the run only has to show that it works."""
        return quick if self.quick else full

    def database(self, dialect: str, instance: Path) -> str:
        """The address of a new, empty database."""
        self._made += 1
        if dialect == "SQLite":
            return f"sqlite:///{instance / f'database{self._made}.db'}"
        assert self.postgres is not None
        return self.postgres.create_database(f"bench{self._made}")

    def city(self, dialect: str, ratings: int = FEW_RATINGS) -> City:
        """The demo city with so many ratings; made when it is first asked for."""
        if (dialect, ratings) not in self._cities:
            instance = self.folder / f"{dialect}-{ratings}"
            instance.mkdir()
            self._cities[dialect, ratings] = _filled(
                self.database(dialect, instance), instance, ratings
            )
        return self._cities[dialect, ratings]

    @contextmanager
    def pair(self, dialect: str) -> Iterator[tuple[City, Server, Server]]:
        """The demo city, the portal serving it, and the bare application on its own database."""
        city = self.city(dialect)
        empty = self.database(dialect, city.instance)
        with (
            served.portal(city.url, city.instance) as portal,
            served.bare(empty, city.instance) as bare,
        ):
            yield city, portal, bare


@contextmanager
def opened(folder: Path, *, quick: bool) -> Iterator[Stage]:
    """A stage in this empty folder, with a durable PostgreSQL server where one can be had."""
    with ExitStack() as stack:
        postgres: PostgresServer | None = PostgresServer(fsync=True)
        try:
            assert postgres is not None
            stack.enter_context(postgres)
        except Missing:
            postgres = None
        yield Stage(folder, quick, postgres)


def _filled(url: str, instance: Path, ratings: int) -> City:
    settings = {"DATABASE_URL": url, "SECRET_KEY": SECRET_KEY, "LOG_LEVEL": "ERROR"}
    app = create_app(settings, instance)
    with app.app_context():
        upgrade()
        loader.load(seed=SEED, ratings=ratings)
        accounts.enter(role=Role.UNIT_HEAD)
        codes = directory.open_point_codes(_MANY)
        pages = _pages(codes[0])
        db.session.remove()
        db.engine.dispose()
    return City(url, instance, codes, pages)


def _pages(code: str) -> list[str]:
    counter = directory.counter(code)
    assert counter is not None
    city, unit = "/transparansi", f"/transparansi/{counter.unit_slug}"
    return ["/", city, unit, f"{unit}/{counter.service_slug}"]
