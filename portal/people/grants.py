"""Reads of grants: which there are, where they hold, and who decides about a person."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import aliased

from portal.access.rules import WHOLE_CITY, Actor, Held, may_at_all
from portal.access.terms import Permission, Role
from portal.directory.models import Unit
from portal.kit import clock
from portal.kit.extensions import db
from portal.people.models import Grant, Person


@dataclass(frozen=True)
class GrantEntry:
    """A grant of a person; `unit` and `unit_id` are empty for the whole city."""

    id: int
    person_id: int
    role: Role
    unit_id: int | None
    unit: str | None
    unit_path: str
    from_on: date
    until_on: date | None
    ended_at: datetime | None
    granted_by: str | None

    def is_over(self, day: date) -> bool:
        """Whether it was ended or its last day lies before this one."""
        return self.ended_at is not None or (self.until_on is not None and self.until_on < day)


def holding(day: date) -> ColumnElement[bool]:
    """The condition that a grant holds on this city day."""
    return and_(not_over(day), Grant.from_on <= day)


def not_over(day: date) -> ColumnElement[bool]:
    """The condition that a grant holds on this city day or on a later one."""
    return and_(Grant.ended_at.is_(None), or_(Grant.until_on.is_(None), Grant.until_on >= day))


def held_at(unit_id: int | None, path: str | None) -> str:
    """The path at which a grant holds, given its unit and the unit's path."""
    return WHOLE_CITY if unit_id is None or path is None else path


def grants_of(person_ids: Collection[int], *, not_over_on: date | None = None) -> list[GrantEntry]:
    """All grants of these people, the newest first, or those that hold on a day or later.

    Rights are decided from it, so it is never cut.
    """
    giver = aliased(Person)
    query = (
        select(
            Grant.id,
            Grant.person_id,
            Grant.role,
            Grant.unit_id,
            Unit.name,
            Unit.path,
            Grant.from_on,
            Grant.until_on,
            Grant.ended_at,
            giver.name,
        )
        .outerjoin(Unit, Unit.id == Grant.unit_id)
        .outerjoin(giver, giver.id == Grant.granted_by)
        .where(Grant.person_id.in_(person_ids))
        .order_by(Grant.from_on.desc(), Grant.id.desc())
    )
    if not_over_on is not None:
        query = query.where(not_over(not_over_on))
    return [
        GrantEntry(key, person_id, Role(role), unit_id, unit, held_at(unit_id, path), *rest)
        for key, person_id, role, unit_id, unit, path, *rest in db.session.execute(query)
    ]


def deciding_paths(grants: Iterable[GrantEntry], day: date) -> tuple[str, ...]:
    """The paths that decide who manages a person: of grants not over, or of all that ever were."""
    grants = tuple(grants)
    current = tuple(grant.unit_path for grant in grants if not grant.is_over(day))
    return current or tuple(grant.unit_path for grant in grants)


def governs(manager_id: int, person_id: int, day: date) -> bool:
    """Whether somebody's grants of this day cover every unit that decides about a person."""
    held = grants_of([manager_id], not_over_on=day)
    manager = Actor(
        manager_id,
        name="",
        grants=tuple(Held(one.role, one.unit_path) for one in held if one.from_on <= day),
    )
    deciding = deciding_paths(grants_of([person_id]), day)
    return may_at_all(manager, Permission.MANAGE_PEOPLE, deciding)


def holds_any(person_id: int, day: date) -> bool:
    """Whether the person holds a grant on this city day."""
    query = select(Grant.id).where(Grant.person_id == person_id, holding(day))
    return db.session.scalar(query.limit(1)) is not None


def grant(grant_id: int) -> tuple[int, str] | None:
    """Whose grant this is, and the path it holds at."""
    query = select(Grant.person_id, Grant.unit_id, Unit.path)
    row = db.session.execute(
        query.outerjoin(Unit, Unit.id == Grant.unit_id).where(Grant.id == grant_id)
    ).first()
    return (row[0], held_at(row[1], row[2])) if row else None


def has_administrator() -> bool:
    """Whether somebody who is not retired holds the whole city as administrator, now or later."""
    query = (
        select(Grant.id)
        .join(Person, Person.id == Grant.person_id)
        .where(
            Grant.role == Role.ADMINISTRATOR,
            Grant.unit_id.is_(None),
            not_over(clock.today()),
            Person.retired_on.is_(None),
        )
    )
    return db.session.scalar(query.limit(1)) is not None
