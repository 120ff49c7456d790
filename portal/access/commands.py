"""Writes of this floor: one row for each thing done."""

from enum import StrEnum

from portal.access.models import AuditEntry
from portal.kit import clock
from portal.kit.extensions import db
from portal.kit.keys import KeyedHash
from portal.kit.transaction import command


@command
def record(
    actor_id: int | None,
    act: StrEnum,
    about_kind: str,
    about_id: int | None = None,
    *,
    typed: KeyedHash | None = None,
) -> None:
    """Append one row; called last in the command that did the thing, whose transaction it joins.

    `act` comes from the room's own `StrEnum`. `typed` stands for what somebody typed and must be
    recognised again without being readable.
    """
    db.session.add(
        AuditEntry(
            at=clock.now(),
            actor_id=actor_id,
            act=act.value,
            about_kind=about_kind,
            about_id=about_id,
            typed_hash=typed.digest if typed else None,
            key_id=typed.key_id if typed else None,
        )
    )
