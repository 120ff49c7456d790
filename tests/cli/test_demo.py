"""`demo`: a small year is loaded, the same for the same seed, and emptied by its mark alone."""

from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from portal.demo import loader
from portal.demo.models import DemoMark
from portal.directory.models import Area, Service, ServicePoint, Unit
from portal.kit.extensions import db
from portal.ratings import proof
from portal.ratings.models import Rating
from tests.conftest import MovableClock, make_app
from tests.support.pages import PageClient

SMALL = 300
HEADING = "kind,score,language,text\n"


def run(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(args=["demo", *words])


def numbers(app: Flask) -> dict[str, int]:
    """Rows of every table that holds any."""
    with app.app_context():
        found = {
            name: db.session.scalar(select(func.count()).select_from(table)) or 0
            for name, table in db.metadata.tables.items()
        }
    return {name: n for name, n in found.items() if n}


def life(app: Flask) -> list[tuple[object, ...]]:
    """What the ratings say, without the random ids, codes and nonces."""
    columns = (Rating.rated_on, Rating.rated_at, Rating.score, Rating.words, Rating.exclusion)
    with app.app_context():
        query = select(*columns, ServicePoint.label, ServicePoint.place).join(
            ServicePoint, ServicePoint.id == Rating.point_id
        )
        return sorted((tuple(row) for row in db.session.execute(query)), key=str)


@pytest.fixture
def loaded(app: Flask, clock: MovableClock) -> Flask:
    """A portal with a small demo."""
    result = run(app, "load", "--ratings", str(SMALL), "--seed", "7")
    assert result.exit_code == 0, result.output
    return app


def test_a_year_of_a_whole_city_is_loaded(loaded: Flask, client: PageClient) -> None:
    with loaded.app_context():
        assert proof.differences() == []
        for table, number in ((Area, 18), (Unit, 40), (Service, 80), (ServicePoint, 200)):
            assert db.session.scalar(select(func.count(table.id))) == number
        ratings = db.session.scalar(select(func.count(Rating.id))) or 0
        worded = db.session.scalar(select(func.count(Rating.words))) or 0
        days = db.session.execute(select(func.min(Rating.rated_on), func.max(Rating.rated_on)))
        first, last = days.one()
    assert SMALL - 10 <= ratings <= SMALL, "all but those of this afternoon"
    assert 0 < worded < ratings
    assert (last - first).days > 330
    assert "semua isi contoh" in client.get("/").text


def test_the_same_seed_on_the_same_day_gives_the_same_life(loaded: Flask) -> None:
    first = life(loaded)
    for seed, same in (("7", True), ("8", False)):
        assert run(loaded, "purge", "--yes").exit_code == 0
        assert run(loaded, "load", "--ratings", str(SMALL), "--seed", seed).exit_code == 0
        assert (life(loaded) == first) is same


def test_a_database_that_holds_anything_is_left_alone(loaded: Flask) -> None:
    before = numbers(loaded)
    result = run(loaded, "load", "--ratings", "5")
    assert result.exit_code == 1
    assert "hanya bisa dimuat ke basis data kosong" in result.output
    assert numbers(loaded) == before


def test_a_portal_in_use_gets_no_demo_and_is_not_emptied(app: Flask, city: dict[str, int]) -> None:
    before = numbers(app)
    for words, sentence in (
        (("load", "--ratings", "5"), "basis data kosong"),
        (("purge", "--yes"), "bukan contoh"),
    ):
        result = run(app, *words)
        assert result.exit_code == 1
        assert sentence in result.output
        assert numbers(app) == before


def test_a_purge_empties_everything_and_lifts_the_mark(loaded: Flask) -> None:
    result = run(loaded, "purge", "--yes")
    assert result.exit_code == 0, result.output
    assert numbers(loaded) == {}
    assert run(loaded, "purge", "--yes").exit_code == 1
    assert run(loaded, "seed").exit_code == 0
    with loaded.app_context():
        assert db.session.scalar(select(func.count(DemoMark.id))) == 0


def test_a_purge_asks_first(loaded: Flask) -> None:
    before = numbers(loaded)
    result = loaded.test_cli_runner().invoke(args=["demo", "purge"], input="n\n")
    assert result.exit_code == 1
    assert numbers(loaded) == before


def test_a_plain_start_has_places_and_nothing_else(app: Flask, client: PageClient) -> None:
    result = run(app, "seed")
    assert result.exit_code == 0
    assert numbers(app) == {"area": 18, "unit": 3, "service": 6, "service_point": 10}
    assert "portal ini belum ditetapkan" in client.get("/").text
    again = run(app, "seed")
    assert again.exit_code == 1
    assert "sudah berisi" in again.output


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ("", ("milik-kota.csv", "text")),
        ("score\n5\n", ("milik-kota.csv", "text")),
        (f"{HEADING}umum,6,id,Bagus\n", ("milik-kota.csv, baris 2", "score", "6")),
        (f"{HEADING}umum,5,id,Bagus\numum,4,id,\n", ("milik-kota.csv, baris 3", "text")),
        (f"{HEADING}umum,5,xx,Bagus\n", ("milik-kota.csv, baris 2", "language", "xx")),
        (HEADING, ("milik-kota.csv", "tidak ada komentar")),
    ],
)
def test_a_table_of_comments_with_a_fault_is_refused_by_name_and_nothing_is_loaded(
    app: Flask, tmp_path: Path, content: str, named: tuple[str, ...]
) -> None:
    file = tmp_path / "milik-kota.csv"
    file.write_text(content, encoding="utf-8")
    result = run(app, "load", "--ratings", "20", "--comments", str(file))
    assert result.exit_code == 1
    for words in named:
        assert words in result.output
    assert "Traceback" not in result.output
    assert numbers(app) == {}


def test_a_table_of_ones_own_is_taken(app: Flask, tmp_path: Path, clock: MovableClock) -> None:
    file = tmp_path / "sendiri.csv"
    file.write_text("text;score\nSatu-satunya komentar;5\n", encoding="utf-8")
    result = run(app, "load", "--ratings", "60", "--comments", str(file))
    assert result.exit_code == 0, result.output
    with app.app_context():
        said = set(db.session.scalars(select(Rating.words).where(Rating.words.is_not(None))))
    assert {words.capitalize() for words in said} == {"Satu-satunya komentar"}


@pytest.mark.parametrize("number", ["0", "-1", "banyak"])
def test_a_number_of_ratings_that_makes_no_sense_is_refused(app: Flask, number: str) -> None:
    assert run(app, "load", "--ratings", number).exit_code == 2
    assert numbers(app) == {}


def test_a_load_that_was_cut_short_is_begun_again(app: Flask, clock: MovableClock) -> None:
    def cut(done: int, _whole: int) -> None:
        raise KeyboardInterrupt

    with app.app_context():
        with pytest.raises(KeyboardInterrupt):
            loader.load(seed=1, ratings=300, progress=cut)
        assert loader.is_wanting()
        db.session.remove()
    assert run(app, "load", "--ratings", "300").exit_code == 0
    with app.app_context():
        assert not loader.is_wanting()
        assert db.session.scalar(select(func.count()).select_from(Unit)) == 40
        assert proof.differences() == []


def test_an_account_is_enough_to_refuse_the_demo(app: Flask) -> None:
    assert (
        app.test_cli_runner()
        .invoke(args=["admin", "create", "--name", "Contoh", "--email", "a@contoh.test"])
        .exit_code
        == 0
    )
    answer = run(app, "load", "--ratings", "300")
    assert answer.exit_code == 1
    assert "hanya bisa dimuat ke basis data kosong" in answer.output


class TestInProduction:
    """Where nothing invented may be served."""

    @pytest.fixture
    def settings(self) -> dict[str, object]:
        return {"ENVIRONMENT": "production", "PUBLIC_URL": "https://ampera.example"}

    def test_serve_refuses_the_demo(self, app: Flask) -> None:
        answer = app.test_cli_runner().invoke(args=["serve", "--demo"])
        assert answer.exit_code == 1
        assert "Isi contoh tidak dimuat" in answer.output


def test_a_database_that_was_never_migrated_is_named_with_the_remedy(tmp_path: Path) -> None:
    app = make_app(f"sqlite:///{tmp_path / 'new.db'}", tmp_path)
    for words in (["demo", "seed"], ["admin", "create", "--name", "A", "--email", "a@contoh.test"]):
        answer = app.test_cli_runner().invoke(args=words)
        assert answer.exit_code == 1
        assert "flask --app portal db upgrade" in answer.output
    with app.app_context():
        db.engine.dispose()
