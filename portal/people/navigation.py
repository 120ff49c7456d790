"""Where a member of staff may go: the parts of the staff bar, each with the permission it needs."""

from dataclasses import dataclass

from flask import url_for

from portal.access import rules
from portal.access.rules import Actor
from portal.access.terms import Permission


@dataclass(frozen=True)
class Place:
    """A part of the staff's side, named by its endpoint, so that no room above is imported."""

    section: str
    endpoint: str
    words: str
    permission: Permission


PLACES = (
    Place("desk", "desk.voices", "Meja", Permission.READ_WORDS),
    Place("office", "office.people", "Kelola", Permission.MANAGE_PEOPLE),
)


def places(actor: Actor) -> list[Place]:
    """The parts that the actor may enter, in the bar's order."""
    return [place for place in PLACES if rules.paths(actor, place.permission)]


def first_address(actor: Actor) -> str:
    """Where a sign-in leads when nothing else was asked for."""
    for place in places(actor):
        return url_for(place.endpoint)
    return url_for("account.own")
