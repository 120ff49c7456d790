"""Whether the portal is a demonstration, remembered for a moment since every page asks."""

import time

from flask import Flask, current_app
from sqlalchemy import select

from portal.demo.models import DemoMark
from portal.kit.extensions import db

REMEMBERED_SECONDS = 30
_EXTENSION = "demo-mark"


def prepare(app: Flask) -> None:
    """Give templates `ribbon()`: `demo`, `pilot` until there is a decree, or None."""
    app.extensions[_EXTENSION] = (0.0, False)
    app.jinja_env.globals["ribbon"] = ribbon


def ribbon() -> str | None:
    """Which line every page bears."""
    asked_at, demo = current_app.extensions[_EXTENSION]
    if time.monotonic() > asked_at + REMEMBERED_SECONDS or not asked_at:
        demo = stands()
        current_app.extensions[_EXTENSION] = (time.monotonic(), demo)
    if demo:
        return "demo"
    return None if current_app.config["DECREE"] else "pilot"


def stands() -> bool:
    """Whether the mark is set in the database now."""
    return db.session.scalar(select(DemoMark.id)) is not None


def is_unfinished() -> bool:
    """Whether the mark stands and its load was cut short."""
    return db.session.scalar(select(DemoMark.complete)) is False
