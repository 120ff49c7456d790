"""A form that was sent after the session had ended: carried through the sign-in, offered again."""

import json
from collections.abc import Iterable
from contextlib import suppress
from datetime import date

from portal.access.rules import WHOLE_CITY
from portal.directory import queries as directory
from portal.kit.pages import day_words
from portal.kit.text import printable
from portal.people.forms import ROLE_NAMES

MOST = 20_000
_NEVER = ("csrf_token", "sandi")
"""Beginnings of names of fields that are not sent along: the old session's token, and passwords."""

_LABELS = {
    "nama": "Nama",
    "surel": "Surel dinas",
    "peran": "Peran",
    "unit": "Berlaku di",
    "mulai": "Mulai",
    "sampai": "Sampai",
    "tulisan": "Tulisan nomor",
    "nada": "Nada",
    "dilihat": "Nada yang Anda lihat",
    "kembali": "Daftar",
}
_ROLES = {role.value: name for role, name in ROLE_NAMES.items()}


def packed(fields: Iterable[tuple[str, str]]) -> str:
    """The fields as one text; empty when they are none or too long."""
    kept = _sendable(fields)
    text = json.dumps(kept) if kept else ""
    return text if len(text) <= MOST else ""


def unpacked(text: str | None) -> list[tuple[str, str]]:
    """The fields of such a text, printable; none when it is not one, whatever else it may be."""
    if not text or len(text) > MOST:
        return []
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return []
    if not isinstance(found, list) or not all(map(_is_pair, found)):
        return []
    return _sendable((printable(name, lines=False), printable(value)) for name, value in found)


def _sendable(fields: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(name, value) for name, value in fields if not name.startswith(_NEVER)]


def _is_pair(found: object) -> bool:
    return (
        isinstance(found, list) and len(found) == 2 and all(isinstance(text, str) for text in found)
    )


def in_words(fields: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Every field as its sender knew it, a label and a value; unknown ones as they are.

    One statement, where a unit is among them.
    """
    fields = list(fields)
    units = _unit_names() if "unit" in dict(fields) else {}
    return [(_LABELS.get(name, name), _value(name, value, units)) for name, value in fields]


def _unit_names() -> dict[str, str]:
    names = {str(unit.id): unit.name for unit in directory.units_within([WHOLE_CITY])}
    return {"kota": "Seluruh kota", **names}


def _value(name: str, value: str, units: dict[str, str]) -> str:
    if name == "peran":
        return _ROLES.get(value, value)
    if name == "unit":
        return units.get(value, value)
    if name in ("mulai", "sampai"):
        with suppress(ValueError):
            return day_words(date.fromisoformat(value))
    return value
