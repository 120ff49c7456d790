"""Writes of ratings: once is once, also in a race, and the tallies always move along."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from portal.directory.queries import Counter
from portal.kit.codes import RECEIPT, CodeKind
from portal.kit.errors import Conflict, Invalid, NotFound
from portal.kit.extensions import db
from portal.language.sentiment import Tagged, tag
from portal.language.terms import Language, Tone
from portal.ratings import proof
from portal.ratings.commands import (
    NewRating,
    PastRating,
    correct_rating,
    record_past,
    submit_rating,
    withdraw_rating,
)
from portal.ratings.models import PointDayTally, Rating, ServiceMonthTally
from portal.ratings.queries import Given
from portal.ratings.rules import COUNTERS
from portal.ratings.terms import Exclusion
from tests.conftest import MovableClock

NONCE = "n" * 16
GLAD = Tagged(Tone.POSITIVE, 0.9, 0.95, True, Language.INDONESIAN, {})
SAD = Tagged(Tone.NEGATIVE, -0.9, 0.95, True, Language.INDONESIAN, {})
UNSURE = Tagged(Tone.POSITIVE, 0.1, 0.4, False, Language.INDONESIAN, {})


@pytest.fixture
def new(counter: Counter, database: Flask, clock: MovableClock) -> NewRating:
    """A five without words, not sent yet; the clock stands still."""
    place = (counter.point_id, counter.service_id, counter.area_id)
    return NewRating(NONCE, *place, 5, None, None, None)


def rows() -> list[Rating]:
    db.session.rollback()
    db.session.expire_all()
    return list(db.session.scalars(select(Rating).order_by(Rating.rated_at, Rating.nonce)))


def tally(table: type[PointDayTally] | type[ServiceMonthTally]) -> dict[date, dict[str, int]]:
    """The counters that are not nought, by day or month; both tallies are proven on the way."""
    db.session.rollback()
    assert proof.differences() == []
    day = table.__table__.c["rated_on" if table is PointDayTally else "month"]
    query = select(day, *(table.__table__.c[name] for name in COUNTERS))
    return {
        row[0]: {name: n for name, n in zip(COUNTERS, row[1:], strict=True) if n}
        for row in db.session.execute(query)
    }


def in_threads(app: Flask, *works: Callable[[], Given]) -> list[Given]:
    """Run each of these in a thread of its own, all at the same moment."""
    start = threading.Barrier(len(works), timeout=20)

    def run(work: Callable[[], Given]) -> Given:
        with app.app_context():
            start.wait()
            return work()

    with ThreadPoolExecutor(len(works)) as pool:
        return [done.result(timeout=60) for done in [pool.submit(run, work) for work in works]]


def test_a_rating_is_stored_and_counted_in_both_tallies(new: NewRating) -> None:
    given = submit_rating(replace(new, words="Cepat", tagged=GLAD))
    [row] = rows()
    assert (row.nonce, row.receipt, row.score, row.words) == (NONCE, given.receipt, 5, "Cepat")
    assert (row.tone, row.machine_tone, row.polarity) == ("positive", "positive", 0.9)
    assert row.model_version
    assert RECEIPT.read(given.receipt) == (given.receipt, None)
    assert tally(PointDayTally) == {date(2026, 11, 24): {"s5": 1, "positive": 1}}
    assert tally(ServiceMonthTally) == {date(2026, 11, 1): {"s5": 1, "positive": 1}}


def test_what_the_machine_is_not_sure_of_counts_as_uncertain(new: NewRating) -> None:
    submit_rating(replace(new, words="Entahlah", tagged=UNSURE))
    assert tally(ServiceMonthTally) == {date(2026, 11, 1): {"s5": 1, "uncertain": 1}}


def test_once_is_once(new: NewRating, clock: MovableClock) -> None:
    first = submit_rating(new)
    clock.forward(minutes=3)
    second = submit_rating(replace(new, score=1, words="Lain", tagged=SAD))
    assert second == first
    assert len(rows()) == 1
    assert tally(PointDayTally) == {date(2026, 11, 24): {"s5": 1}}


def test_of_two_sendings_at_the_same_moment_one_is_stored_and_both_see_it(
    app: Flask, new: NewRating
) -> None:
    first, second = in_threads(app, lambda: submit_rating(new), lambda: submit_rating(new))
    assert first == second
    [row] = rows()
    assert row.receipt == first.receipt
    assert tally(PointDayTally) == {date(2026, 11, 24): {"s5": 1}}
    assert tally(ServiceMonthTally) == {date(2026, 11, 1): {"s5": 1}}


def test_many_phones_at_one_counter_are_all_counted(app: Flask, new: NewRating) -> None:
    works = [lambda n=n: submit_rating(replace(new, nonce=f"phone-{n}")) for n in range(8)]
    receipts = {given.receipt for given in in_threads(app, *works)}
    assert len(receipts) == 8
    assert tally(PointDayTally) == {date(2026, 11, 24): {"s5": 8}}


@pytest.mark.parametrize(
    ("first", "second", "kept"),
    [
        (Exclusion.REPEAT, None, None),
        (None, Exclusion.REPEAT, None),
        (Exclusion.REPEAT, Exclusion.REPEAT, Exclusion.REPEAT),
        (Exclusion.BURST, None, Exclusion.BURST),
        (Exclusion.REPEAT, Exclusion.BURST, Exclusion.REPEAT),
        (None, None, None),
    ],
)
def test_a_sending_judged_a_repeat_of_itself_is_counted(
    new: NewRating, first: Exclusion | None, second: Exclusion | None, kept: Exclusion | None
) -> None:
    """The two raced: the limits saw one first, the database the other."""
    submit_rating(replace(new, exclusion=first))
    given = submit_rating(replace(new, exclusion=second))
    [row] = rows()
    assert given.exclusion == row.exclusion == kept
    counter = f"excluded_{kept}" if kept else "s5"
    assert tally(PointDayTally) == {date(2026, 11, 24): {counter: 1}}


def test_the_same_race_in_threads_leaves_one_counted_rating(app: Flask, new: NewRating) -> None:
    repeat = replace(new, exclusion=Exclusion.REPEAT)
    in_threads(app, lambda: submit_rating(repeat), lambda: submit_rating(new))
    assert [row.exclusion for row in rows()] == [None]
    assert tally(ServiceMonthTally) == {date(2026, 11, 1): {"s5": 1}}


def test_a_receipt_code_that_is_taken_is_drawn_anew(
    new: NewRating, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = submit_rating(new).receipt
    free = RECEIPT.new()
    drawn = iter([taken, taken, free])
    monkeypatch.setattr(CodeKind, "new", lambda _kind: next(drawn))
    assert submit_rating(replace(new, nonce="another")).receipt == free
    assert len(rows()) == 2
    assert tally(PointDayTally) == {date(2026, 11, 24): {"s5": 2}}


def test_a_receipt_code_that_stays_taken_is_an_error_and_leaves_nothing(
    new: NewRating, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = submit_rating(new).receipt
    monkeypatch.setattr(CodeKind, "new", lambda _kind: taken)
    with pytest.raises(RuntimeError, match="receipt"):
        submit_rating(replace(new, nonce="another"))
    assert len(rows()) == 1
    assert tally(PointDayTally) == {date(2026, 11, 24): {"s5": 1}}


@pytest.mark.parametrize("score", [0, 6])
def test_a_score_outside_the_scale_is_refused(new: NewRating, score: int) -> None:
    with pytest.raises(Invalid):
        submit_rating(replace(new, score=score))
    submit_rating(new)
    with pytest.raises(Invalid):
        correct_rating(NONCE, score, None, None)
    assert [row.score for row in rows()] == [5]


def test_a_rating_of_a_counter_that_does_not_exist_leaves_nothing(new: NewRating) -> None:
    with pytest.raises(IntegrityError):
        submit_rating(replace(new, point_id=999_999))
    assert rows() == []
    assert tally(ServiceMonthTally) == {}


def test_an_excluded_rating_is_kept_and_counted_by_its_reason(new: NewRating) -> None:
    submit_rating(replace(new, words="Bagus", tagged=GLAD, exclusion=Exclusion.BURST))
    [row] = rows()
    assert (row.exclusion, row.words) == ("burst", "Bagus")
    assert tally(ServiceMonthTally) == {date(2026, 11, 1): {"excluded_burst": 1}}


def test_a_rating_belongs_to_the_citys_day(new: NewRating, clock: MovableClock) -> None:
    clock.moment = datetime(2026, 11, 30, 16, 59, 59, tzinfo=UTC)
    assert submit_rating(new).rated_on == date(2026, 11, 30)
    clock.forward(seconds=1)
    assert submit_rating(replace(new, nonce="next day")).rated_on == date(2026, 12, 1)
    assert tally(PointDayTally).keys() == {date(2026, 11, 30), date(2026, 12, 1)}
    assert tally(ServiceMonthTally).keys() == {date(2026, 11, 1), date(2026, 12, 1)}


def test_a_correction_moves_score_and_tone_in_both_tallies(
    new: NewRating, clock: MovableClock
) -> None:
    submit_rating(replace(new, score=1, words="Lambat", tagged=SAD))
    clock.forward(minutes=4)
    given = correct_rating(NONCE, 4, "Ternyata cepat", GLAD)
    assert (given.score, given.words, given.corrected_at) == (4, "Ternyata cepat", clock.moment)
    [row] = rows()
    assert (row.score, row.words, row.tone, row.machine_tone) == (
        *(4, "Ternyata cepat"),
        *("positive", "positive"),
    )
    assert tally(PointDayTally) == {date(2026, 11, 24): {"s4": 1, "positive": 1}}
    assert tally(ServiceMonthTally) == {date(2026, 11, 1): {"s4": 1, "positive": 1}}


def test_a_correction_that_takes_the_words_back_takes_their_tone_along(new: NewRating) -> None:
    submit_rating(replace(new, words="Lambat", tagged=SAD))
    correct_rating(NONCE, 5, None, None)
    [row] = rows()
    assert (row.words, row.tone, row.machine_tone, row.polarity) == (None, None, None, None)
    assert tally(PointDayTally) == {date(2026, 11, 24): {"s5": 1}}


def test_a_correction_past_midnight_and_the_months_end_stays_in_its_day(
    new: NewRating, clock: MovableClock
) -> None:
    clock.moment = datetime(2026, 11, 30, 16, 55, tzinfo=UTC)
    submit_rating(replace(new, score=1))
    clock.forward(minutes=9)
    assert correct_rating(NONCE, 5, None, None).rated_on == date(2026, 11, 30)
    assert tally(PointDayTally) == {date(2026, 11, 30): {"s5": 1}}
    assert tally(ServiceMonthTally) == {date(2026, 11, 1): {"s5": 1}}


def test_a_withdrawal_past_midnight_and_the_years_end_stays_in_its_day(
    new: NewRating, clock: MovableClock
) -> None:
    clock.moment = datetime(2026, 12, 31, 16, 55, tzinfo=UTC)
    submit_rating(replace(new, words="Salah loket", tagged=SAD))
    clock.forward(minutes=10)
    assert withdraw_rating(NONCE).words is None
    assert tally(PointDayTally) == {date(2026, 12, 31): {"withdrawn": 1}}
    assert tally(ServiceMonthTally) == {date(2026, 12, 1): {"withdrawn": 1}}


def test_a_withdrawn_rating_keeps_no_trace_of_its_words(new: NewRating) -> None:
    submit_rating(replace(new, words="Nama saya", tagged=SAD))
    withdraw_rating(NONCE)
    [row] = rows()
    erased = ("words", "language", "tone", "machine_tone", "polarity", "confidence")
    assert [getattr(row, name) for name in erased] == [None] * len(erased)
    assert row.withdrawn_at is not None


def test_an_excluded_rating_that_is_corrected_stays_excluded(new: NewRating) -> None:
    submit_rating(replace(new, exclusion=Exclusion.REPEAT))
    correct_rating(NONCE, 1, "Lain", SAD)
    assert tally(PointDayTally) == {date(2026, 11, 24): {"excluded_repeat": 1}}
    withdraw_rating(NONCE)
    assert tally(PointDayTally) == {date(2026, 11, 24): {"withdrawn": 1}}


@pytest.mark.parametrize(
    "change",
    [lambda: correct_rating(NONCE, 1, None, None), lambda: withdraw_rating(NONCE)],
    ids=["correct", "withdraw"],
)
class TestARatingThatMayNotBeChanged:
    """Any more, any longer, or because it is not there."""

    def test_is_refused_after_ten_minutes(
        self, new: NewRating, clock: MovableClock, change: Callable[[], Given]
    ) -> None:
        submit_rating(new)
        clock.forward(minutes=10, microseconds=1)
        with pytest.raises(Conflict):
            change()
        assert [row.score for row in rows()] == [5]
        assert tally(PointDayTally) == {date(2026, 11, 24): {"s5": 1}}

    def test_is_refused_once_withdrawn(self, new: NewRating, change: Callable[[], Given]) -> None:
        submit_rating(new)
        withdraw_rating(NONCE)
        with pytest.raises(Conflict):
            change()
        assert tally(PointDayTally) == {date(2026, 11, 24): {"withdrawn": 1}}

    def test_is_refused_when_nobody_sent_it(
        self, new: NewRating, change: Callable[[], Given]
    ) -> None:
        with pytest.raises(NotFound):
            change()


def test_two_changes_at_once_are_counted_one_after_the_other(app: Flask, new: NewRating) -> None:
    submit_rating(new)
    in_threads(
        app,
        lambda: correct_rating(NONCE, 1, None, None),
        lambda: correct_rating(NONCE, 3, None, None),
    )
    [row] = rows()
    assert tally(PointDayTally) == {date(2026, 11, 24): {f"s{row.score}": 1}}


def test_ids_tell_neither_order_nor_time(new: NewRating, clock: MovableClock) -> None:
    for n in range(12):
        submit_rating(replace(new, nonce=f"nonce-{n}"))
        clock.forward(seconds=1)
    ids = [row.id for row in rows()]
    assert ids != sorted(ids)
    assert len(set(ids)) == 12
    assert max(ids) > 2**48


def past(new: NewRating, rated_at: datetime, **more: object) -> PastRating:
    place = {"point_id": new.point_id, "service_id": new.service_id, "area_id": new.area_id}
    tagged = tag(str(more["words"])) if more.get("words") else None
    facts = {"score": 4, "words": None, "tagged": tagged, "exclusion": None, **place, **more}
    return PastRating(rated_at=rated_at, **facts)  # type: ignore[arg-type]


def test_ratings_of_the_past_are_entered_with_their_tallies(new: NewRating) -> None:
    evening = datetime(2026, 10, 31, 16, 59, tzinfo=UTC)
    record_past(
        [
            past(new, evening),
            past(new, evening + timedelta(minutes=1), score=2),
            past(new, evening, exclusion=Exclusion.BURST),
            past(new, evening - timedelta(days=31), words="Petugasnya ramah, terima kasih"),
        ]
    )
    days = tally(PointDayTally)
    assert days[date(2026, 10, 31)] == {"s4": 1, "excluded_burst": 1}
    assert days[date(2026, 11, 1)] == {"s2": 1}
    assert days[date(2026, 9, 30)] == {"s4": 1, "positive": 1}
    assert tally(ServiceMonthTally).keys() == {
        date(2026, 9, 1),
        date(2026, 10, 1),
        date(2026, 11, 1),
    }
    assert len({row.receipt for row in rows()}) == 4


def test_ratings_of_the_past_are_added_to_what_is_there(new: NewRating) -> None:
    submit_rating(new)
    record_past([past(new, datetime(2026, 11, 24, 1, 0, tzinfo=UTC))])
    assert tally(PointDayTally) == {date(2026, 11, 24): {"s4": 1, "s5": 1}}


def test_a_past_receipt_code_that_is_taken_is_drawn_anew(
    new: NewRating, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Among 50,000 ratings, chance alone makes twins once in thirty loads."""
    taken = submit_rating(new).receipt
    free = [RECEIPT.new() for _ in range(2)]
    drawn = iter([taken, free[0], free[0], free[1]])
    monkeypatch.setattr(CodeKind, "new", lambda _kind: next(drawn))
    moment = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
    record_past([past(new, moment), past(new, moment)])
    assert {row.receipt for row in rows()} == {taken, *free}


def test_no_past_is_entered_as_nothing(new: NewRating) -> None:
    record_past([])
    assert rows() == []
    assert db.session.scalar(select(func.count()).select_from(PointDayTally)) == 0


def test_a_past_with_a_fault_is_not_entered_at_all(new: NewRating) -> None:
    moment = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
    with pytest.raises(IntegrityError):
        record_past([past(new, moment), past(new, moment, score=6)])
    assert rows() == []
    assert tally(PointDayTally) == {}
