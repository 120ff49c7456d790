"""A person sets a tone right: who may, what moves with it, and what two people at once are told."""

import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy.exc import DBAPIError

from portal.access.models import AuditEntry
from portal.access.rules import Actor
from portal.access.terms import Role
from portal.kit.errors import Conflict, Invalid, NotAllowed, NotFound, Refusal
from portal.kit.extensions import db
from portal.kit.keys import keyed_hash
from portal.language.sentiment import model_version, tag
from portal.ratings import proof
from portal.ratings.commands import correct_rating, withdraw_rating
from portal.ratings.corrections import WORDS, ToneChange, correct_tone, undo_correction
from portal.ratings.models import PointDayTally, Rating, ServiceMonthTally, ToneCorrection
from portal.ratings.terms import Exclusion
from tests.conftest import MovableClock
from tests.desk.factories import Colleague, Office, adopt, employ, enter, seed_offices

LABELS = ("negative", "neutral", "positive")


@pytest.fixture(autouse=True)
def in_the_portal(database: Flask, clock: MovableClock, city: dict[str, int]) -> None:
    """Every test here stands inside the portal, on the same Tuesday morning."""


@pytest.fixture
def unsure(offices: list[Office]) -> int:
    """Words that the machine is not sure of."""
    return enter(offices[0].past("Petugas galak nian"), tone="uncertain")


@pytest.fixture(autouse=True)
def tallies_equal_rows(in_the_portal: None) -> Iterator[None]:
    """Whatever a test does, afterwards every tally says what the rows say."""
    yield
    db.session.rollback()
    assert proof.differences() == []


def tone_of(rating_id: int) -> str | None:
    """The tone as it stands in the database."""
    db.session.rollback()
    return db.session.scalar(db.select(Rating.tone).filter_by(id=rating_id))


def history() -> list[tuple[str, str, bool]]:
    """All corrections in their order."""
    rows = db.session.scalars(db.select(ToneCorrection).order_by(ToneCorrection.id))
    return [(row.from_tone, row.to_tone, row.undo) for row in rows]


def acts() -> list[tuple[str, int | None, int | None]]:
    """What the record says was done to ratings, by whom, to which."""
    query = db.select(AuditEntry).filter_by(about_kind="rating").order_by(AuditEntry.id)
    return [(row.act, row.actor_id, row.about_id) for row in db.session.scalars(query)]


def counters(name: str) -> list[int]:
    """One counter summed over each of the two tallies."""
    tallies = (PointDayTally, ServiceMonthTally)
    return [sum(getattr(row, name) for row in db.session.scalars(db.select(t))) for t in tallies]


def test_a_correction_moves_row_tallies_history_and_record(unsure: int, officer: Colleague) -> None:
    change = correct_tone(officer.actor, unsure, "negative", "uncertain")
    assert change == ToneChange("negative")
    assert tone_of(unsure) == "negative"
    assert counters("negative") == [1, 1]
    assert counters("uncertain") == [0, 0]
    assert history() == [("uncertain", "negative", False)]
    assert acts() == [("tone_corrected", officer.actor.person_id, unsure)]


def test_the_history_keeps_a_hash_and_the_model_but_no_words(
    unsure: int, officer: Colleague
) -> None:
    correct_tone(officer.actor, unsure, "negative", "uncertain")
    [row] = db.session.scalars(db.select(ToneCorrection))
    words = keyed_hash(WORDS, "Petugas galak nian")
    assert (row.words_hash, row.key_id) == (words.digest, words.key_id)
    assert row.model_version == model_version()
    assert row.person_id == officer.actor.person_id
    columns = {column.name for column in ToneCorrection.__table__.columns}
    assert "words" not in columns
    assert "galak" not in " ".join(str(getattr(row, name)) for name in columns)


@pytest.mark.parametrize(
    ("role", "where", "allowed"),
    [
        (Role.OFFICER, "own", True),
        (Role.OFFICER, "parent", True),
        (Role.OFFICER, "other", False),
        (Role.UNIT_HEAD, "own", True),
        (Role.UNIT_HEAD, "parent", True),
        (Role.UNIT_HEAD, "other", False),
        (Role.UNIT_HEAD, "city", True),
        (Role.ADMINISTRATOR, "own", False),
        (Role.ADMINISTRATOR, "city", False),
    ],
)
def test_who_may_correct(
    unsure: int, offices: list[Office], role: Role, where: str, allowed: bool
) -> None:
    adopt(offices[0], offices[1])
    office = {"own": offices[0], "parent": offices[1], "other": offices[2], "city": None}[where]
    db.session.rollback()
    [own, *_] = seed_offices()
    actor = employ(own if where == "own" else office, role).actor
    if allowed:
        correct_tone(actor, unsure, "negative", "uncertain")
    else:
        with pytest.raises((NotAllowed, NotFound)):
            correct_tone(actor, unsure, "negative", "uncertain")
    assert (tone_of(unsure) == "negative") is allowed


def test_a_person_without_any_grant_may_nothing(unsure: int) -> None:
    nobody = Actor(1, "Tanpa hak", ())
    for act in (
        lambda: correct_tone(nobody, unsure, "negative", "uncertain"),
        lambda: undo_correction(nobody, unsure, "negative"),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_what_may_not_be_seen_is_refused_with_one_same_sentence(
    offices: list[Office], officer: Colleague
) -> None:
    here = offices[0]
    today = datetime(2026, 11, 24, 3, 40, tzinfo=UTC)
    hidden = {
        "unknown": 12345,
        "foreign": enter(offices[1].past("Milik orang"), tone="uncertain"),
        "without words": enter(here.past(None)),
        "of today": enter(here.past("Baru saja", at=today), tone="uncertain"),
        "withdrawn": enter(here.past("Ditarik", at=today), tone="uncertain"),
    }
    nonce = db.session.scalar(db.select(Rating.nonce).filter_by(id=hidden["withdrawn"]))
    withdraw_rating(str(nonce))
    sentences = set()
    for rating_id in hidden.values():
        for act in (correct_tone, _undo):
            with pytest.raises(NotFound) as refusal:
                act(officer.actor, rating_id, "negative", "uncertain")
            sentences.add(refusal.value.sentence)
    assert len(sentences) == 1
    assert history() == []
    assert acts() == []


def _undo(actor: Actor, rating_id: int, _to: str, seen: str) -> ToneChange:
    return undo_correction(actor, rating_id, seen)


def test_words_of_today_can_be_corrected_tomorrow(
    offices: list[Office], officer: Colleague, clock: MovableClock
) -> None:
    late = datetime(2026, 11, 24, 16, 59, tzinfo=UTC)
    clock.moment = late
    rating_id = enter(offices[0].past("Menjelang tengah malam", at=late), tone="uncertain")
    clock.forward(minutes=10)
    with pytest.raises(NotFound):
        correct_tone(officer.actor, rating_id, "negative", "uncertain")
    clock.forward(minutes=1)
    correct_tone(officer.actor, rating_id, "negative", "uncertain")


@pytest.mark.parametrize("tone", ["uncertain", "", "baik", "NEGATIVE", "x" * 1000])
def test_a_person_gives_one_of_three_tones(unsure: int, officer: Colleague, tone: str) -> None:
    with pytest.raises(Invalid):
        correct_tone(officer.actor, unsure, tone, "uncertain")
    assert history() == []


def test_the_tone_that_stands_already_changes_nothing(
    offices: list[Office], officer: Colleague
) -> None:
    rating_id = enter(offices[0].past("Bagus"), tone="positive")
    same = correct_tone(officer.actor, rating_id, "positive", "positive")
    assert same == ToneChange("positive")
    assert history() == []
    assert acts() == []


def test_the_same_sending_twice_counts_once(unsure: int, officer: Colleague) -> None:
    for _ in range(2):
        correct_tone(officer.actor, unsure, "negative", "uncertain")
    for _ in range(2):
        undo_correction(officer.actor, unsure, "negative")
    assert history() == [("uncertain", "negative", False), ("negative", "uncertain", True)]
    assert [act for act, *_ in acts()] == ["tone_corrected", "tone_restored"]


def test_a_colleague_who_was_slower_is_told(
    unsure: int, officer: Colleague, offices: list[Office]
) -> None:
    colleague = employ(offices[0], Role.OFFICER)
    correct_tone(officer.actor, unsure, "negative", "uncertain")
    for tone in ("positive", "negative"):
        with pytest.raises(Conflict, match="Rekan Anda"):
            correct_tone(colleague.actor, unsure, tone, "uncertain")
    assert tone_of(unsure) == "negative"
    correct_tone(colleague.actor, unsure, "positive", "negative")
    assert tone_of(unsure) == "positive"


def test_of_two_officers_at_once_one_wins_and_one_is_told(
    app: Flask, unsure: int, offices: list[Office]
) -> None:
    pair = [employ(offices[0], Role.OFFICER).actor for _ in range(2)]
    db.session.rollback()
    start = Barrier(2)

    def press(number: int) -> ToneChange | Refusal:
        with app.app_context():
            start.wait()
            try:
                return correct_tone(pair[number], unsure, LABELS[2 * number], "uncertain")
            except Refusal as refusal:
                return refusal

    with ThreadPoolExecutor(2) as both:
        results = list(both.map(press, range(2)))
    won = [result for result in results if isinstance(result, ToneChange)]
    told = [result for result in results if isinstance(result, Conflict)]
    assert (len(won), len(told)) == (1, 1)
    assert tone_of(unsure) == won[0].after
    assert len(history()) == 1


class TestUndo:
    def test_brings_back_what_stood_before(self, unsure: int, officer: Colleague) -> None:
        correct_tone(officer.actor, unsure, "negative", "uncertain")
        correct_tone(officer.actor, unsure, "neutral", "negative")
        assert undo_correction(officer.actor, unsure, "neutral").after == "negative"
        assert tone_of(unsure) == "negative"

    def test_is_for_the_own_last_word_only(
        self, unsure: int, officer: Colleague, offices: list[Office]
    ) -> None:
        colleague = employ(offices[0], Role.UNIT_HEAD)
        with pytest.raises(Conflict):
            undo_correction(officer.actor, unsure, "uncertain")
        correct_tone(officer.actor, unsure, "negative", "uncertain")
        correct_tone(colleague.actor, unsure, "positive", "negative")
        with pytest.raises(Conflict, match="Rekan Anda"):
            undo_correction(officer.actor, unsure, "negative")
        undo_correction(colleague.actor, unsure, "positive")
        assert tone_of(unsure) == "negative"

    def test_does_not_touch_words_that_their_author_replaced(
        self, offices: list[Office], officer: Colleague, clock: MovableClock
    ) -> None:
        rating_id = enter(offices[0].past("Lama"), tone="uncertain")
        correct_tone(officer.actor, rating_id, "negative", "uncertain")
        clock.forward(minutes=1)
        rating = db.session.get_one(Rating, rating_id)
        rating.rated_at = clock()
        db.session.commit()
        new = "Sangat mengecewakan dan lambat sekali"
        correct_rating(rating.nonce, 1, new, tag(new))
        assert tone_of(rating_id) == "negative"
        with pytest.raises(Conflict, match="Tidak ada pembetulan"):
            undo_correction(officer.actor, rating_id, "negative")


@pytest.mark.parametrize("exclusion", list(Exclusion))
def test_words_that_do_not_count_are_corrected_without_moving_a_tally(
    offices: list[Office], officer: Colleague, exclusion: Exclusion
) -> None:
    rating_id = enter(offices[0].past("Dua kali", exclusion=exclusion), tone="uncertain")
    correct_tone(officer.actor, rating_id, "negative", "uncertain")
    assert tone_of(rating_id) == "negative"
    assert counters("negative") == [0, 0]
    assert counters(f"excluded_{exclusion}") == [1, 1]


@pytest.mark.parametrize("seed", range(3))
def test_any_sequence_of_corrections_leaves_tallies_equal_to_rows(
    offices: list[Office], seed: int
) -> None:
    rng = random.Random(seed)
    people = [employ(office, Role.OFFICER).actor for office in (*offices[:2], None)]
    ratings = [
        enter(
            rng.choice(offices).past(
                f"Tulisan {n}",
                score=rng.randint(1, 5),
                exclusion=rng.choice([None, None, Exclusion.REPEAT]),
            ),
            tone=rng.choice([*LABELS, "uncertain"]),
        )
        for n in range(6)
    ]
    moves: list[Callable[[Actor, int, str], ToneChange]] = [
        lambda actor, rating_id, seen: correct_tone(actor, rating_id, rng.choice(LABELS), seen),
        undo_correction,
    ]
    done = 0
    for _ in range(80):
        rating_id, actor = rng.choice(ratings), rng.choice(people)
        seen = rng.choice([str(tone_of(rating_id)), "uncertain"])
        try:
            rng.choice(moves)(actor, rating_id, seen)
            done += 1
        except (Conflict, NotFound):
            db.session.rollback()
        assert proof.differences() == []
    assert done >= 10


def test_the_history_refuses_to_be_changed(dialect: str, unsure: int, officer: Colleague) -> None:
    correct_tone(officer.actor, unsure, "negative", "uncertain")
    statements = ["UPDATE tone_correction SET to_tone = 'neutral'", "DELETE FROM tone_correction"]
    if dialect == "postgresql":
        statements.append("TRUNCATE tone_correction")
    for statement in statements:
        with pytest.raises(DBAPIError, match="never changed"):
            db.session.execute(db.text(statement))
        db.session.rollback()
    assert len(history()) == 1


def test_a_refused_correction_leaves_nothing_behind(
    unsure: int, officer: Colleague, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the record is out of order")

    monkeypatch.setattr("portal.ratings.corrections.record", broken)
    with pytest.raises(RuntimeError):
        correct_tone(officer.actor, unsure, "negative", "uncertain")
    assert tone_of(unsure) == "uncertain"
    assert history() == []
    assert counters("uncertain") == [1, 1]


def test_a_correction_on_another_day_moves_the_day_of_the_rating(
    unsure: int, officer: Colleague, clock: MovableClock
) -> None:
    clock.moment += timedelta(days=40)
    correct_tone(officer.actor, unsure, "negative", "uncertain")
    [row] = db.session.scalars(db.select(PointDayTally).filter_by(negative=1))
    assert str(row.rated_on) == "2026-11-23"
