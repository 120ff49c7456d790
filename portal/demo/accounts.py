"""The accounts of the demonstration; their names are obviously invented."""

import base64
import hashlib
import hmac
from dataclasses import dataclass

from flask import current_app

from portal.access.terms import Role
from portal.directory import queries as directory
from portal.people.commands import PastPerson, enter_people
from portal.people.passwords import hash_password

_GROUPS, _GROUP = 4, 4


@dataclass(frozen=True)
class DemoAccount:
    """An account to try the staff's side with; without a unit its role holds for the whole city."""

    email: str
    name: str
    role: Role
    unit_slug: str | None


ACCOUNTS = (
    DemoAccount("petugas@contoh.test", "Contoh Petugas", Role.OFFICER, "disdukcapil"),
    DemoAccount("kepala@contoh.test", "Contoh Kepala Unit", Role.UNIT_HEAD, "disdukcapil"),
    DemoAccount("admin@contoh.test", "Contoh Administrator", Role.ADMINISTRATOR, None),
)


def password_of(email: str) -> str:
    """The password of a demo account: random for each installation, the same at each start.

    It is derived from the secret key, so that it can be printed again without being stored.
    """
    key = str(current_app.secret_key).encode()
    digest = hmac.new(key, f"demo-account\0{email}".encode(), hashlib.sha256).digest()
    letters = base64.b32encode(digest).decode().lower()
    return "-".join(letters[start : start + _GROUP] for start in range(0, _GROUPS * _GROUP, _GROUP))


def enter() -> None:
    """Enter the demo accounts into a directory that holds their units."""
    unit_ids = {unit.slug: unit.id for unit in directory.units()}
    enter_people(
        [
            PastPerson(
                email=account.email,
                name=account.name,
                password_hash=hash_password(password_of(account.email)),
                role=account.role,
                unit_id=unit_ids[account.unit_slug] if account.unit_slug else None,
            )
            for account in ACCOUNTS
        ]
    )
