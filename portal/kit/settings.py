"""Settings: name, default and meaning in one table, read from environment and `instance/`."""

import contextlib
import os
import secrets
import tempfile
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

SETTINGS_FILE = "settings.toml"
LEAST_SECRET = 32
_MOST_DIGITS = 9


class SettingsError(SystemExit):
    """The portal cannot start with these settings; one sentence for each fault.

    Uncaught, it ends the program with these sentences and no traceback.
    """

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True)
class Setting:
    """One setting. `read` turns its text into a value and raises `ValueError` with the reason."""

    name: str
    default: str
    meaning: str
    read: Callable[[str], Any] = str


def _one_of(*choices: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in choices:
            raise ValueError(f"must be one of {', '.join(choices)}")
        return text

    return read


def _whole(least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not text.isdecimal() or len(text) > _MOST_DIGITS or not least <= int(text) <= most:
            raise ValueError(f"must be a whole number from {least} to {most}")
        return int(text)

    return read


def _address(*schemes: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        try:
            parts = urlsplit(text)
        except ValueError:
            parts = urlsplit("")
        if text and (parts.scheme not in schemes or not parts.netloc):
            raise ValueError(f"must be an address starting with {' or '.join(schemes)}://")
        return text.rstrip("/")

    return read


def _database(text: str) -> str:
    if not text:
        return ""
    scheme, _, rest = text.partition("://")
    known = {
        "sqlite": "sqlite",
        "postgres": "postgresql+psycopg",
        "postgresql": "postgresql+psycopg",
        "postgresql+psycopg": "postgresql+psycopg",
    }
    if scheme not in known or not rest:
        raise ValueError("must start with sqlite:/// or postgresql://")
    return f"{known[scheme]}://{rest}"


def _secret(text: str) -> str:
    if text and len(text) < LEAST_SECRET:
        raise ValueError(f"must have at least {LEAST_SECRET} characters")
    return text


def _keys(text: str) -> dict[str, bytes]:
    pairs = [pair.partition(":") for pair in text.split(",") if pair.strip()]
    keys = {name.strip(): _key_bytes(value) for name, _, value in pairs}
    if len(keys) != len(pairs):
        raise ValueError("names a key twice")
    return keys


def _key_bytes(value: str) -> bytes:
    try:
        key = bytes.fromhex(value.strip())
    except ValueError:
        key = b""
    if len(key) < LEAST_SECRET:
        raise ValueError("must be name:hex pairs with at least 32 bytes (64 hex digits) each")
    return key


SETTINGS = (
    Setting(
        "ENVIRONMENT",
        "development",
        "`development` or `production`. Outside development every secret must be given.",
        _one_of("development", "production"),
    ),
    Setting(
        "SECRET_KEY",
        "",
        "Signs form tickets and staff cookies; at least 32 characters. "
        "Development writes a random one into `instance/`.",
        _secret,
    ),
    Setting(
        "DATA_KEYS",
        "",
        "Keys of the hashes stored in the database, newest first: `name:hex,name:hex`. "
        "Development writes a random one into `instance/`.",
        _keys,
    ),
    Setting(
        "DATABASE_URL",
        "",
        "`postgresql://user@host/name`; empty means SQLite at `instance/portal.db`.",
        _database,
    ),
    Setting(
        "PUBLIC_URL",
        "",
        "The address people type, as `https://ampera.example`; stands in codes and one-time links. "
        "Production needs it.",
        _address("https", "http"),
    ),
    Setting(
        "TRUSTED_PROXIES",
        "0",
        "How many proxies in front may tell the client's address (X-Forwarded-For).",
        _whole(0, 9),
    ),
    Setting("HOST", "127.0.0.1", "The address `serve` listens on."),
    Setting("PORT", "8000", "The port `serve` listens on.", _whole(1, 65535)),
    Setting("THREADS", "8", "Threads that answer requests.", _whole(1, 64)),
    Setting(
        "LOG_LEVEL",
        "INFO",
        "`DEBUG`, `INFO`, `WARNING` or `ERROR`.",
        _one_of("DEBUG", "INFO", "WARNING", "ERROR"),
    ),
    Setting("CITY_NAME", "Kota Palembang", "The city, as pages name it."),
    Setting("CITY_CONTACT", "", "Where people reach the portal's keepers; shown on pages."),
    Setting(
        "DECREE",
        "",
        "Number of the decree that established the portal; without it pages say it is a pilot.",
    ),
    Setting("MIN_SHOWN", "5", "Fewest ratings for which a mean is shown.", _whole(1, 1000)),
    Setting(
        "REPEAT_MINUTES",
        "10",
        "Minutes in which a second rating of one device at one point is kept but not counted.",
        _whole(1, 1440),
    ),
    Setting(
        "BURST_RATINGS",
        "20",
        "Ratings at one point in 10 minutes that count; the next ones are kept but not counted.",
        _whole(1, 10000),
    ),
    Setting(
        "ADDRESS_PER_HOUR",
        "300",
        "Ratings one network address may send in an hour; many phones share one.",
        _whole(1, 100000),
    ),
)


def load(instance: Path, overrides: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """All settings by name, typed. The environment wins over `instance/settings.toml`.

    `overrides` (text values, for tests) win over both. Raises `SettingsError` with one sentence
    for each fault, so that a person mends all of them at once.
    """
    faults: list[str] = []
    given = {**_from_file(instance / SETTINGS_FILE, faults), **_from_environment()}
    given |= {name: str(value) for name, value in (overrides or {}).items()}
    known = {setting.name for setting in SETTINGS}
    faults += [
        f"{name} is not a setting; see the table in README.md." for name in given.keys() - known
    ]
    values: dict[str, Any] = {}
    for setting in SETTINGS:
        try:
            values[setting.name] = setting.read(given.get(setting.name, setting.default))
        except ValueError as reason:
            faults.append(f"{setting.name} {reason}.")
    if not faults:
        faults += _complete(values, instance)
    if faults:
        raise SettingsError(sorted(faults))
    return values


def _from_file(path: Path, faults: list[str]) -> dict[str, str]:
    if not path.exists():
        return {}
    try:
        return {name: str(value) for name, value in tomllib.loads(path.read_text()).items()}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        faults.append(f"{path.name} cannot be read as TOML: {error}.")
        return {}


def _from_environment() -> dict[str, str]:
    return {
        setting.name: os.environ[setting.name] for setting in SETTINGS if setting.name in os.environ
    }


def _complete(values: dict[str, Any], instance: Path) -> list[str]:
    """Fill what has no written default; returns the faults found on the way."""
    values["DATABASE_URL"] = values["DATABASE_URL"] or f"sqlite:///{instance / 'portal.db'}"
    if values["ENVIRONMENT"] == "development":
        return _from_kept(values, instance)
    return [
        f"{name} must be given when ENVIRONMENT is production; nothing is made up there."
        for name in ("SECRET_KEY", "DATA_KEYS", "PUBLIC_URL")
        if not values[name]
    ]


def _from_kept(values: dict[str, Any], instance: Path) -> list[str]:
    """Development's own secrets, read with the same care as given ones."""
    faults = []
    for name, file, read in (
        ("SECRET_KEY", "secret_key", lambda text: _key_bytes(text) and text),
        ("DATA_KEYS", "data_key", lambda text: {"dev": _key_bytes(text)}),
    ):
        try:
            values[name] = values[name] or read(_kept(instance / file))
        except ValueError:
            faults.append(f"{instance / file} is damaged; delete it, and a new one is made.")
    return faults


def _kept(path: Path) -> str:
    """A random hex secret, written once, whole, with access for its owner alone."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_hex(LEAST_SECRET))
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        Path(draft).unlink()
    return path.read_text("utf-8", "replace").strip()
