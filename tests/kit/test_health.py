"""`/healthz` needs nothing; `/readyz` names the part that is not ready."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from portal.kit.extensions import db
from tests.conftest import make_app


@pytest.fixture
def unreachable(dialect: str, database_url: str, tmp_path: Path) -> Flask:
    """An application whose database is out of reach."""
    if dialect == "sqlite":
        return make_app(f"sqlite:///{tmp_path / 'no' / 'such' / 'folder.db'}", tmp_path)
    return make_app(database_url.replace("/ampera", "/no_such_ampera", 1), tmp_path)


def test_a_migrated_portal_is_ready(client: FlaskClient) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json == {"database": "ok", "migrations": "ok", "keys": "ok"}


def test_the_process_lives_without_a_database(unreachable: Flask) -> None:
    answer = unreachable.test_client().get("/healthz")
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})


def test_it_is_not_ready_without_a_database(unreachable: Flask) -> None:
    answer = unreachable.test_client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json["database"] == "out of reach"
    assert answer.json["migrations"] == answer.json["keys"] == "unknown"


@pytest.fixture(
    params=["UPDATE alembic_version SET version_num = '0000'", "DELETE FROM alembic_version"]
)
def behind(request: pytest.FixtureRequest, app: Flask) -> Iterator[Flask]:
    """A portal whose database is of another version; it is put right for the tests after it."""
    with app.app_context():
        newest = db.session.scalar(text("SELECT version_num FROM alembic_version"))
        db.session.execute(text(request.param))
        db.session.commit()
        yield app
        db.session.execute(text("DELETE FROM alembic_version"))
        insert = text("INSERT INTO alembic_version VALUES (:newest)")
        db.session.execute(insert, {"newest": newest})
        db.session.commit()


def test_it_is_not_ready_with_migrations_behind(behind: Flask) -> None:
    answer = behind.test_client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json["migrations"].startswith("database is at ")
    assert answer.json["database"] == "ok"


def test_it_is_not_ready_when_a_stored_hash_has_lost_its_key(
    app: Flask, client: FlaskClient
) -> None:
    app.extensions["stored_key_ids"] = lambda: {"test", "lost-2", "lost-1"}
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json["keys"] == "no key for lost-1, lost-2"
    app.extensions["stored_key_ids"] = lambda: {"test"}
    assert client.get("/readyz").status_code == 200
