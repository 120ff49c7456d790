"""Histories only grow: triggers on both databases see to it, whoever writes."""

import pytest
from flask import Flask
from sqlalchemy import inspect, text

from portal.kit.extensions import db
from portal.kit.histories import HISTORIES
from tests.house.source import modules

WORDS = {"words", "text", "comment", "note", "name", "email", "phone", "address"}


def test_a_history_is_declared_once_and_has_a_table() -> None:
    assert len(set(HISTORIES)) == len(HISTORIES)
    assert set(HISTORIES) <= set(db.metadata.tables)
    assert "audit_entry" in HISTORIES


@pytest.mark.parametrize("name", HISTORIES)
def test_a_history_holds_no_words_and_nothing_of_a_person(name: str) -> None:
    columns = set(db.metadata.tables[name].columns.keys())
    assert not columns & WORDS, (
        f"{name}: a row that can never be changed must hold nothing that has to be forgotten; "
        "words stand beside it, the row keeps their keyed hash"
    )


def test_every_history_is_guarded_after_migration(database: Flask) -> None:
    with db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            endings = ("update", "delete")
        else:
            query = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
            endings = ("row", "truncate")
        found = set(connection.scalars(text(query)))
        assert set(HISTORIES) <= set(inspect(connection).get_table_names())
    assert found == {f"keep_{table}_{ending}" for table in HISTORIES for ending in endings}


def test_nothing_but_the_emptying_of_a_demo_takes_the_guards_away() -> None:
    users = {
        module.where
        for module in modules()
        if any(name == "portal.kit.histories.unprotect" for _, name in module.imports())
    }
    assert users == {"portal/demo/loader.py"}
