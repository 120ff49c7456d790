"""The first account from the command line, and a new link for whoever cannot get in."""

import re

import pytest
from click.testing import Result
from flask import Flask

from portal.people import commands, grants, queries, sessions
from tests.people import accounts


def _run(app: Flask, *words: str, typed: str | None = None) -> Result:
    return app.test_cli_runner().invoke(args=["admin", *words], input=typed)


def _token(result: Result) -> str:
    found = re.search(r"/undangan/([\w-]+)", result.stdout)
    assert found, result.output
    return found[1]


def test_the_first_administrator_is_asked_for_and_gets_a_link(app: Flask) -> None:
    result = _run(app, "create", typed="Ratna Kota\nratna@contoh.test\n")
    assert result.exit_code == 0, result.output
    assert "http://127.0.0.1:8000/undangan/" in result.stdout
    with app.app_context():
        token = sessions.choose_password(_token(result), accounts.known_hash())
        assert token
        found = queries.open_session(token)
        assert found
        assert [(held.role, held.unit_path) for held in found.actor.grants] == [
            ("administrator", "/")
        ]


def test_a_second_administrator_needs_a_word(app: Flask) -> None:
    assert _run(app, "create", "--name", "Ani", "--email", "a@b.id").exit_code == 0
    refused = _run(app, "create", "--name", "Budi", "--email", "b@b.id")
    assert refused.exit_code == 1
    assert "--another" in refused.output
    assert _run(app, "create", "--name", "Budi", "--email", "b@b.id", "--another").exit_code == 0


@pytest.mark.parametrize(("name", "email"), [("Ani", "no email"), (" ", "a@b.id")])
def test_a_senseless_account_is_refused_with_a_sentence(app: Flask, name: str, email: str) -> None:
    refused = _run(app, "create", "--name", name, "--email", email)
    assert refused.exit_code == 1
    assert "Traceback" not in refused.output
    with app.app_context():
        assert not grants.has_administrator()


def test_a_lost_link_is_replaced_under_the_public_address(app: Flask) -> None:
    app.config["PUBLIC_URL"] = "https://ampera.example"
    first = _run(app, "create", "--name", "Ani", "--email", "a@b.id")
    second = _run(app, "reset", "A@B.id")
    assert second.stdout.startswith("https://ampera.example/undangan/")
    with app.app_context():
        assert queries.link(_token(first)).replaced_at is not None
        assert sessions.choose_password(_token(second), accounts.known_hash())


def test_a_reset_of_nobody_or_of_a_retired_person_is_refused(app: Flask) -> None:
    assert "Tidak ada akun" in _run(app, "reset", "x@b.id").output
    with app.app_context():
        commands.retire_person(accounts.root_actor(), accounts.enter())
    assert "ditutup" in _run(app, "reset", accounts.EMAIL).output
