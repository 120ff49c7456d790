"""`/healthz`: the process lives. `/readyz`: it can serve, or which part cannot."""

from functools import cache

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Blueprint, current_app
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from portal.kit import keys
from portal.kit.extensions import db

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def healthz() -> ResponseReturnValue:
    """The process answers."""
    return {"status": "ok"}


@blueprint.get("/readyz")
def readyz() -> ResponseReturnValue:
    """Database, migrations and keys, each `ok` or what is wrong; 503 when any is not ok."""
    parts = {"database": "ok", "migrations": "ok", "keys": "ok"}
    try:
        stored = MigrationContext.configure(db.session.connection()).get_current_revision()
        if stored != _newest():
            parts["migrations"] = f"database is at {stored}, the code at {_newest()}"
        elif missing := keys.missing_keys(current_app.extensions["stored_key_ids"]()):
            parts["keys"] = f"no key for {', '.join(sorted(missing))}"
    except SQLAlchemyError:
        parts = dict.fromkeys(parts, "unknown") | {"database": "out of reach"}
    ready = set(parts.values()) == {"ok"}
    return parts, 200 if ready else 503


@cache
def _newest() -> str | None:
    return ScriptDirectory(current_app.extensions["migrate"].directory).get_current_head()
