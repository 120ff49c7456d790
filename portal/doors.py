"""Every way into the portal: each blueprint stands here beside the guard that is asked first."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, Flask
from flask.typing import ResponseReturnValue

from portal.access.terms import Permission
from portal.desk import views_staff as desk
from portal.kit import assets, health
from portal.kit.extensions import csrf
from portal.language.terms import TONE_NAMES
from portal.office import views_staff as office
from portal.people import guards, views_entrance
from portal.people import views_staff as account
from portal.ratings import views_citizen as ratings
from portal.transparency import views_public as transparency

Guard = Callable[[], ResponseReturnValue | None]


def public() -> None:
    """Anyone; reads only, no cookie is looked at."""


def citizen() -> None:
    """Anyone; what writes is protected by a form ticket instead of a cookie."""


@dataclass(frozen=True)
class Door:
    """A blueprint and its guard."""

    blueprint: Blueprint
    guard: Guard


DOORS = (
    Door(assets.blueprint, public),
    Door(health.blueprint, public),
    Door(transparency.blueprint, public),
    Door(ratings.blueprint, citizen),
    Door(views_entrance.blueprint, guards.stranger),
    Door(account.blueprint, guards.signed_in),
    Door(desk.blueprint, guards.holding(Permission.READ_WORDS)),
    Door(office.blueprint, guards.holding(Permission.MANAGE_PEOPLE)),
)

for _door in DOORS:
    _door.blueprint.before_request(_door.guard)


def open_doors(app: Flask) -> None:
    """Register every blueprint, outside the check of Flask-WTF, which answers with a bare page.

    Forms of citizens check their ticket, forms of staff the session's token (`StaffForm`).
    """
    app.jinja_env.globals.update(tone_names=TONE_NAMES)
    for door in DOORS:
        app.register_blueprint(door.blueprint)
        csrf.exempt(door.blueprint)
