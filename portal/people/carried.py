"""A form that was sent after the session had ended: carried through the sign-in, offered again."""

import json
from collections.abc import Iterable

MOST = 20_000
_NEVER = ("csrf_token", "sandi")
"""Beginnings of names of fields that are not sent along: the old session's token, and passwords."""


def packed(fields: Iterable[tuple[str, str]]) -> str:
    """The fields as one text; empty when they are none or too long."""
    kept = [(name, value) for name, value in fields if not name.startswith(_NEVER)]
    text = json.dumps(kept) if kept else ""
    return text if len(text) <= MOST else ""


def unpacked(text: str | None) -> list[tuple[str, str]]:
    """The fields of such a text; none when it is not one."""
    try:
        found = json.loads(text or "[]")
        return [(str(name), str(value).replace("\0", "")) for name, value in found]
    except (TypeError, ValueError):
        return []
