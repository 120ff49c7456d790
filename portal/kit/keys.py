"""Keyed hashes: what is stored of a value that must be recognised again but not read."""

import hashlib
import hmac
from dataclasses import dataclass
from typing import Any

from flask import current_app
from sqlalchemy import func, select

from portal.kit.extensions import db


@dataclass(frozen=True)
class KeyedHash:
    """A hash (64 hex digits) and the name of the key it was made with."""

    key_id: str
    digest: str


def keyed_hash(purpose: str, text: str) -> KeyedHash:
    """HMAC-SHA256 of `text` under the newest data key; `purpose` keeps uses apart."""
    key_id, key = next(iter(current_app.config["DATA_KEYS"].items()))
    message = f"{purpose}\0{text}".encode()
    return KeyedHash(key_id, hmac.new(key, message, hashlib.sha256).hexdigest())


def stored_ids(*columns: Any) -> set[str]:
    """Names of the keys that stored hashes were made with, from these indexed columns.

    Steps from one name to the next over the index, so that it stays quick however long a table
    is: one statement a key, and one more.
    """
    found: set[str] = set()
    for column in columns:
        query = select(func.min(column))
        here = db.session.scalar(query)
        while here is not None:
            found.add(here)
            here = db.session.scalar(query.where(column > here))
    return found


def missing_keys(stored_key_ids: set[str]) -> set[str]:
    """The key ids that rows name and no setting holds: their hashes can no longer be compared."""
    return stored_key_ids - current_app.config["DATA_KEYS"].keys()
