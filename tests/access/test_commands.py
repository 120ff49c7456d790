"""The record of what was done: it grows, and nothing in it changes or goes."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Executable, delete, select, text, update
from sqlalchemy.exc import DBAPIError

from portal.access.commands import record
from portal.access.models import AuditEntry
from portal.kit.extensions import db
from portal.kit.keys import KeyedHash, stored_ids
from portal.kit.transaction import command
from portal.people.terms import Act, Kind
from tests.conftest import MovableClock


def test_a_deed_is_recorded_with_who_what_about_which_and_when(
    database: Flask, clock: MovableClock
) -> None:
    record(3, Act.PERSON_RETIRED, Kind.PERSON, 7)
    entry = db.session.scalars(select(AuditEntry)).one()
    assert (entry.actor_id, entry.act, entry.about_kind, entry.about_id, entry.at) == (
        3,
        "person_retired",
        "person",
        7,
        clock.moment,
    )


def test_a_record_falls_with_the_command_that_it_belongs_to(database: Flask) -> None:
    @command
    def fails() -> None:
        record(3, Act.PERSON_RETIRED, Kind.PERSON, 7)
        raise LookupError

    with pytest.raises(LookupError):
        fails()
    assert db.session.scalar(select(AuditEntry)) is None


@pytest.mark.parametrize(
    "statement",
    [
        update(AuditEntry).values(actor_id=4),
        delete(AuditEntry),
        text("INSERT OR REPLACE INTO audit_entry SELECT * FROM audit_entry"),
        text("TRUNCATE audit_entry"),
    ],
    ids=["update", "delete", "replace", "truncate"],
)
def test_the_record_refuses_change(database: Flask, dialect: str, statement: Executable) -> None:
    only = {"replace": "sqlite", "truncate": "postgresql"}
    word = next((only[w] for w in only if w in str(statement).lower()), dialect)
    if word != dialect:
        return
    record(3, Act.PERSON_RETIRED, Kind.PERSON, 7)
    with pytest.raises(DBAPIError, match="never changed"):
        db.session.execute(statement)
    db.session.rollback()
    assert db.session.scalars(select(AuditEntry.actor_id)).all() == [3]


def test_names_of_keys_are_found_over_the_index(
    database: Flask, count_queries: Callable[[], Any]
) -> None:
    for key_id in ("b", "a", "b", "c", "a"):
        record(None, Act.SIGN_IN_FAILED, Kind.SESSION, typed=KeyedHash(key_id, "0" * 64))
    record(1, Act.SIGNED_IN, Kind.SESSION, 1)
    with count_queries() as statements:
        assert stored_ids(AuditEntry.key_id) == {"a", "b", "c"}
    assert len(statements) == 4


def test_without_hashes_no_key_is_needed(database: Flask) -> None:
    record(1, Act.SIGNED_IN, Kind.SESSION, 1)
    assert stored_ids(AuditEntry.key_id) == set()
