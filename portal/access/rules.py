"""Pure decisions about rights: one table of roles and permissions; a path holds for all below."""

from collections.abc import Iterable
from dataclasses import dataclass

from portal.access.terms import Permission, Role
from portal.kit.errors import NotAllowed

WHOLE_CITY = "/"
"""The path of which every unit's path is a continuation."""

ALLOWED: dict[Role, frozenset[Permission]] = {
    Role.OFFICER: frozenset({Permission.READ_WORDS, Permission.CORRECT_TONE}),
    Role.UNIT_HEAD: frozenset({Permission.READ_WORDS, Permission.CORRECT_TONE}),
    Role.ADMINISTRATOR: frozenset({Permission.MANAGE_PEOPLE}),
}
"""The only table of rights. An administrator does not read what citizens wrote."""


@dataclass(frozen=True)
class Held:
    """A role at a unit, named by its path in the tree as `/1/7/`, or `/` for the whole city."""

    role: Role
    unit_path: str


@dataclass(frozen=True)
class Actor:
    """A person who acts: a value loaded once a request, with the grants that hold today."""

    person_id: int
    name: str
    grants: tuple[Held, ...]


def may(actor: Actor, permission: Permission, unit_path: str) -> bool:
    """Whether the actor has this permission at the unit with this path: there or anywhere above."""
    return any(unit_path.startswith(path) for path in paths(actor, permission))


def require(actor: Actor, permission: Permission, unit_path: str) -> None:
    """Refuse, with `NotAllowed`, an actor without this permission at the unit with this path."""
    if not may(actor, permission, unit_path):
        raise NotAllowed("Hak Anda tidak mencakup unit ini.")


def paths(actor: Actor, permission: Permission) -> tuple[str, ...]:
    """The topmost paths at and below which the actor has this permission; empty when nowhere."""
    held = {grant.unit_path for grant in actor.grants if permission in ALLOWED[grant.role]}
    return tuple(
        sorted(
            path
            for path in held
            if not any(path != above and path.startswith(above) for above in held)
        )
    )


def may_at_any(actor: Actor, permission: Permission, unit_paths: Iterable[str]) -> bool:
    """Whether the actor has this permission at one of these paths; at none means the whole city."""
    return any(may(actor, permission, path) for path in tuple(unit_paths) or (WHOLE_CITY,))


def may_at_all(actor: Actor, permission: Permission, unit_paths: Iterable[str]) -> bool:
    """Whether the actor has this permission at all of these paths; at none means the whole city."""
    return all(may(actor, permission, path) for path in tuple(unit_paths) or (WHOLE_CITY,))
