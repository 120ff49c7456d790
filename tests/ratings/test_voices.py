"""What staff read of citizens' words, and what of it teaches the machine."""

import csv
import stat
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from portal.access.terms import Role
from portal.directory import queries as directory
from portal.kit.extensions import db
from portal.language.samples import Sample, read_samples
from portal.language.terms import Tone
from portal.ratings import voices
from portal.ratings.commands import record_past
from portal.ratings.corrections import correct_tone, undo_correction
from portal.ratings.models import Rating
from portal.ratings.queries import settled_counts
from portal.ratings.terms import Exclusion
from portal.ratings.voices import Selection
from tests.conftest import MovableClock
from tests.desk.factories import Colleague, Office, adopt, employ, enter


@pytest.fixture(autouse=True)
def in_the_portal(database: Flask, clock: MovableClock, city: dict[str, int]) -> None:
    """Every test here stands inside the portal, on the same Tuesday morning."""


@pytest.fixture
def year(offices: list[Office]) -> Selection:
    """All words of the first two offices' first services in this year."""
    ids = (offices[0].service_id, offices[1].service_id)
    return Selection(ids, date(2026, 1, 1), date(2026, 12, 31))


def test_services_are_those_at_and_below_the_paths(offices: list[Office]) -> None:
    def units(*paths: str) -> set[str]:
        return {service.unit for service in directory.services_within(paths)}

    assert units() == set()
    assert units(offices[0].path) == {offices[0].name}
    assert units("/") == {office.name for office in offices}
    adopt(offices[1], offices[0])
    assert units(offices[0].path) == {offices[0].name, offices[1].name}


def test_words_of_today_are_neither_listed_nor_counted_nor_found(
    offices: list[Office], year: Selection, clock: MovableClock
) -> None:
    today = datetime(2026, 11, 24, 3, tzinfo=UTC)
    hidden = enter(offices[0].past("Baru saja", at=today), tone="positive")
    seen = enter(offices[0].past("Kemarin"), tone="positive")
    page = voices.voices(year, None, worst_first=False, after=None)
    assert [voice.id for voice in page.voices] == [seen]
    assert voices.counts_by_tone(year)["positive"] == 1
    assert voices.voice(hidden, year.service_ids) is None
    assert settled_counts([date(2026, 11, 1)], year.service_ids).tones["positive"] == 1
    clock.forward(days=1)
    assert voices.counts_by_tone(year)["positive"] == 2
    assert settled_counts([date(2026, 11, 1)], year.service_ids).tones["positive"] == 2


def test_a_voice_carries_the_day_and_no_time(offices: list[Office], year: Selection) -> None:
    rating_id = enter(offices[0].past("Kemarin"))
    voice = voices.voice(rating_id, year.service_ids)
    assert voice is not None
    assert voice.rated_on == date(2026, 11, 23)
    assert not any(isinstance(value, datetime) for value in vars(voice).values())


@pytest.mark.parametrize("worst_first", [False, True])
@pytest.mark.parametrize("number", [0, 1, 24, 25, 26, 50, 77])
def test_pages_meet_every_text_once_and_in_order(
    offices: list[Office], year: Selection, worst_first: bool, number: int
) -> None:
    if number:
        record_past(
            [
                offices[n % 2].past(f"{n}", score=1 + n % 5, on=date(2026, 11, 1 + n % 3))
                for n in range(number)
            ]
        )
    met, after = [], None
    while True:
        page = voices.voices(year, None, worst_first=worst_first, after=after)
        assert len(page.voices) <= voices.PAGE
        met += page.voices
        after = page.following
        if after is None:
            break
    keys = [
        (voice.score if worst_first else 0, -voice.rated_on.toordinal(), -voice.id) for voice in met
    ]
    assert keys == sorted(keys)
    assert len({voice.id for voice in met}) == number == len(met)


def test_the_last_word_of_a_person_stands_beside_the_text(
    offices: list[Office], officer: Colleague, year: Selection
) -> None:
    rating_id = enter(offices[0].past("Entah"), tone="uncertain")
    colleague = employ(offices[0], Role.OFFICER)

    def verdict() -> tuple[int, str, str, bool] | None:
        voice = voices.voice(rating_id, year.service_ids)
        assert voice is not None
        found = voice.verdict
        return found and (found.person_id, found.from_tone, found.to_tone, found.undo)

    assert verdict() is None
    correct_tone(officer.actor, rating_id, "negative", "uncertain")
    assert verdict() == (officer.actor.person_id, "uncertain", "negative", False)
    correct_tone(colleague.actor, rating_id, "positive", "negative")
    assert verdict() == (colleague.actor.person_id, "negative", "positive", False)
    undo_correction(colleague.actor, rating_id, "positive")
    assert verdict() == (colleague.actor.person_id, "positive", "negative", True)


def test_months_are_those_with_ratings_newest_first(offices: list[Office], year: Selection) -> None:
    for day in (date(2026, 3, 5), date(2026, 11, 2), date(2026, 3, 30)):
        enter(offices[0].past("Ada", on=day))
    enter(offices[2].past("Di tempat lain", on=date(2026, 5, 5)))
    assert voices.months_with_ratings(year.service_ids) == [date(2026, 11, 1), date(2026, 3, 1)]


@pytest.mark.parametrize("number", [30, 3_000])
def test_every_read_costs_the_same_number_of_statements(
    offices: list[Office],
    year: Selection,
    count_queries: Callable[[], Any],
    number: int,
) -> None:
    record_past([offices[0].past(f"Tulisan {n}") for n in range(number)])
    with count_queries() as statements:
        page = voices.voices(year, None, worst_first=True, after=None)
        assert len(page.voices) == 25
    assert len(statements) == 2
    with count_queries() as statements:
        assert sum(voices.counts_by_tone(year).values()) == number
    assert len(statements) == 1


def test_the_list_and_its_counts_are_read_over_the_index(
    offices: list[Office], year: Selection, dialect: str
) -> None:
    record_past([offices[n % 2].past(f"Tulisan {n}") for n in range(100)])
    sent: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        sent.append((statement, values))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        voices.voices(year, "negative", worst_first=True, after=None)
        voices.counts_by_tone(year)
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    connection = db.session.connection()
    explain = "EXPLAIN QUERY PLAN "
    if dialect == "postgresql":
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        explain = "EXPLAIN "
    for statement, values in sent:
        if "rating.words IS NOT NULL" in statement:
            plan = connection.exec_driver_sql(explain + statement, values)
            assert "ix_rating_words" in " ".join(str(row[-1]) for row in plan)


class TestTraining:
    def test_what_a_person_decided_is_a_sample(
        self, offices: list[Office], officer: Colleague
    ) -> None:
        rating_id = enter(offices[0].past("Petugas galak nian"), tone="uncertain")
        enter(offices[0].past("Tidak pernah dibaca"), tone="positive")
        correct_tone(officer.actor, rating_id, "negative", "uncertain")
        assert list(voices.corrections_for_training()) == [
            Sample("Petugas galak nian", Tone.NEGATIVE, "staff", "id")
        ]

    def test_agreeing_with_the_machine_against_a_colleague_is_one_too(
        self, offices: list[Office], officer: Colleague
    ) -> None:
        rating_id = enter(offices[0].past("Bagus"), tone="positive")
        correct_tone(officer.actor, rating_id, "negative", "positive")
        correct_tone(officer.actor, rating_id, "positive", "negative")
        assert [sample.label for sample in voices.corrections_for_training()] == ["positive"]

    def test_what_was_taken_back_is_none(self, offices: list[Office], officer: Colleague) -> None:
        for tone in ("uncertain", "positive"):
            rating_id = enter(offices[0].past("Entah"), tone=tone)
            correct_tone(officer.actor, rating_id, "negative", tone)
            undo_correction(officer.actor, rating_id, "negative")
        assert list(voices.corrections_for_training()) == []

    def test_an_undo_leaves_the_colleagues_word_standing(
        self, offices: list[Office], officer: Colleague
    ) -> None:
        colleague = employ(offices[0], Role.OFFICER)
        rating_id = enter(offices[0].past("Entah"), tone="uncertain")
        correct_tone(officer.actor, rating_id, "negative", "uncertain")
        correct_tone(colleague.actor, rating_id, "positive", "negative")
        undo_correction(colleague.actor, rating_id, "positive")
        assert [sample.label for sample in voices.corrections_for_training()] == ["negative"]

    def test_words_that_were_emptied_are_none(
        self, offices: list[Office], officer: Colleague
    ) -> None:
        rating_id = enter(offices[0].past("Nanti dihapus"), tone="uncertain")
        correct_tone(officer.actor, rating_id, "negative", "uncertain")
        db.session.get_one(Rating, rating_id).words = None
        db.session.commit()
        assert list(voices.corrections_for_training()) == []

    def test_a_label_given_to_other_words_is_none(
        self, offices: list[Office], officer: Colleague, clock: MovableClock
    ) -> None:
        rating_id = enter(offices[0].past("Lama"), tone="uncertain")
        correct_tone(officer.actor, rating_id, "negative", "uncertain")
        clock.forward(minutes=1)
        rating = db.session.get_one(Rating, rating_id)
        rating.words, rating.corrected_at = "Baru", clock()
        db.session.commit()
        assert list(voices.corrections_for_training()) == []

    def test_words_that_do_not_count_teach_all_the_same(
        self, offices: list[Office], officer: Colleague
    ) -> None:
        past = offices[0].past("Dua kali", exclusion=Exclusion.REPEAT)
        rating_id = enter(past, tone="uncertain")
        correct_tone(officer.actor, rating_id, "neutral", "uncertain")
        assert len(list(voices.corrections_for_training())) == 1


class TestTheTable:
    """`flask --app portal corrections FILE.csv`."""

    WORDS = 'Kata "petik", koma,\nbaris baru 👍🏽'

    def test_is_readable_by_its_owner_alone_and_by_the_trainer(
        self, app: Flask, offices: list[Office], officer: Colleague, tmp_path: Path
    ) -> None:
        rating_id = enter(offices[0].past(self.WORDS), tone="uncertain")
        correct_tone(officer.actor, rating_id, "neutral", "uncertain")
        file = tmp_path / "pembetulan.csv"
        file.write_text("lama")
        file.chmod(0o644)
        result = app.test_cli_runner().invoke(args=["corrections", str(file)])
        assert result.exit_code == 0, result.output
        assert "1 tulisan" in result.output
        assert "memuat tulisan warga" in result.output
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        with file.open(encoding="utf-8", newline="") as stream:
            assert next(csv.reader(stream)) == ["text", "label", "source", "language"]
        assert read_samples(file) == [Sample(self.WORDS, Tone.NEUTRAL, "staff", "id")]
        assert [path.name for path in tmp_path.glob(".pembetulan*")] == []

    def test_without_corrections_says_none(self, app: Flask, tmp_path: Path) -> None:
        result = app.test_cli_runner().invoke(args=["corrections", str(tmp_path / "kosong.csv")])
        assert result.exit_code == 0
        assert "0 tulisan" in result.output

    def test_a_place_that_cannot_be_written_is_named(self, app: Flask, tmp_path: Path) -> None:
        result = app.test_cli_runner().invoke(args=["corrections", str(tmp_path / "tidak" / "a")])
        assert result.exit_code == 1
        assert "tidak bisa ditulis" in result.output
