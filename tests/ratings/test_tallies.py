"""Whatever happens to ratings, the tallies say what the rows say, and `proof` notices when not."""

from collections import Counter as Count
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select, update

from portal.directory import queries as directory
from portal.directory.queries import Counter
from portal.kit.errors import Conflict
from portal.kit.extensions import db
from portal.language.sentiment import Tagged
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
from portal.ratings.rules import COUNTERS, SCORES
from portal.ratings.terms import Exclusion
from tests.conftest import MovableClock

TALLIES = (PointDayTally, ServiceMonthTally)
NEAR_MIDNIGHT_AND_MONTHS_END = datetime(2026, 11, 30, 16, 51, tzinfo=UTC)


@dataclass(frozen=True)
class Submit:
    """A phone sends a rating at one of two counters; `nonce` may be one that was used before."""

    nonce: int
    counter: int
    score: int
    tone: Tone | None
    certain: bool
    exclusion: Exclusion | None


@dataclass(frozen=True)
class Correct:
    """The sender of a rating says it otherwise."""

    nonce: int
    score: int
    tone: Tone | None


@dataclass(frozen=True)
class Withdraw:
    """The sender of a rating takes it back."""

    nonce: int


@dataclass(frozen=True)
class Wait:
    """Minutes pass."""

    minutes: int


@dataclass(frozen=True)
class Past:
    """Some ratings of the past are entered."""

    days: tuple[int, ...]
    score: int
    exclusion: Exclusion | None


Step = Submit | Correct | Withdraw | Wait | Past

nonces = st.integers(0, 4)
scores = st.sampled_from(SCORES)
tones = st.sampled_from((None, Tone.POSITIVE, Tone.NEUTRAL, Tone.NEGATIVE))
exclusions = st.sampled_from((None, *Exclusion))
steps: st.SearchStrategy[Step] = st.one_of(
    st.builds(Submit, nonces, st.integers(0, 1), scores, tones, st.booleans(), exclusions),
    st.builds(Correct, nonces, scores, tones),
    st.builds(Withdraw, nonces),
    st.builds(Wait, st.sampled_from((1, 6, 11))),
    st.builds(Past, st.lists(st.integers(0, 40), max_size=3).map(tuple), scores, exclusions),
)


def tagged(tone: Tone | None, *, certain: bool = True) -> Tagged | None:
    if tone is None:
        return None
    return Tagged(tone, 0.5, 0.9 if certain else 0.4, certain, Language.INDONESIAN, {})


def words(tone: Tone | None) -> str | None:
    return None if tone is None else f"Tulisan {tone}"


def take(step: Step, counters: list[Counter], clock: MovableClock) -> None:
    """Do one step; a change that comes too late, or twice, is refused and changes nothing."""
    match step:
        case Wait(minutes):
            clock.forward(minutes=minutes)
        case Submit(nonce, place, score, tone, certain, exclusion):
            here = counters[place]
            where = (here.point_id, here.service_id, here.area_id)
            said = (words(tone), tagged(tone, certain=certain))
            submit_rating(NewRating(f"{nonce}-{place}", *where, score, *said, exclusion))
        case Correct(nonce, score, tone):
            for sent in known(nonce):
                with suppress(Conflict):
                    correct_rating(sent, score, words(tone), tagged(tone))
        case Withdraw(nonce):
            for sent in known(nonce):
                with suppress(Conflict):
                    withdraw_rating(sent)
        case Past(days, score, exclusion):
            here = counters[0]
            where = (here.point_id, here.service_id, here.area_id)
            moments = [clock.moment - timedelta(days=day) for day in days]
            record_past([PastRating(*where, score, None, None, exclusion, at) for at in moments])


def known(nonce: int) -> list[str]:
    return list(db.session.scalars(select(Rating.nonce).where(Rating.nonce.like(f"{nonce}-%"))))


def empty() -> None:
    db.session.rollback()
    for table in (PointDayTally, ServiceMonthTally, Rating):
        db.session.execute(delete(table))
    db.session.commit()


def two_counters() -> list[Counter]:
    """Counters of different services."""
    found = [directory.counter(code) for code in directory.open_point_codes(10)]
    first = found[0]
    assert first is not None
    other = next(one for one in found if one and one.service_id != first.service_id)
    return [first, other]


class TestOnSQLite:
    """Many made-up lives, on the quicker database."""

    @pytest.fixture(params=["sqlite"])
    def dialect(self, request: pytest.FixtureRequest) -> str:
        return str(request.param)

    @settings(
        deadline=None,
        max_examples=60,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(life=st.lists(steps, min_size=1, max_size=12))
    def test_after_every_step_the_tallies_say_what_the_rows_say(
        self, city: dict[str, int], database: Flask, clock: MovableClock, life: list[Step]
    ) -> None:
        empty()
        clock.moment = NEAR_MIDNIGHT_AND_MONTHS_END
        counters = two_counters()
        for step in life:
            take(step, counters, clock)
            db.session.rollback()
            assert proof.differences() == [], step
        db.session.expire_all()
        rows = list(db.session.scalars(select(Rating)))
        for table in TALLIES:
            sums: Count[str] = Count()
            for row in db.session.scalars(select(table)):
                counters_here = {name: getattr(row, name) for name in COUNTERS}
                assert min(counters_here.values()) >= 0
                sums.update(counters_here)
            assert {name: sums[name] for name in COUNTERS} == by_hand(rows)


def by_hand(rows: list[Rating]) -> dict[str, int]:
    """What all rows together add to, written down another way."""
    counting = [row for row in rows if row.withdrawn_at is None and row.exclusion is None]
    found = {f"s{score}": sum(row.score == score for row in counting) for score in SCORES}
    for tone in Tone:
        found[tone.value] = sum(row.tone == tone for row in counting)
    for reason in Exclusion:
        found[f"excluded_{reason}"] = sum(
            row.exclusion == reason and row.withdrawn_at is None for row in rows
        )
    found["withdrawn"] = sum(row.withdrawn_at is not None for row in rows)
    return found


@pytest.fixture
def counted(city: dict[str, int], database: Flask, clock: MovableClock) -> list[Counter]:
    """A few ratings, so that there is something to tamper with."""
    counters = two_counters()
    for n in range(6):
        take(Submit(n, n % 2, 1 + n % 5, Tone.NEGATIVE, True, None), counters, clock)
    db.session.rollback()
    assert proof.differences() == []
    return counters


@pytest.mark.parametrize("name", COUNTERS)
@pytest.mark.parametrize("table", TALLIES)
def test_the_proof_notices_a_counter_that_was_tampered_with(
    counted: list[Counter], table: type[PointDayTally] | type[ServiceMonthTally], name: str
) -> None:
    column = table.__table__.c[name]
    service = table.__table__.c.service_id == counted[0].service_id
    db.session.execute(update(table).where(service).values({column: column + 1}))
    [found] = proof.differences()
    assert (found.tally, found.counter) == (table.__tablename__, name)
    assert found.stored == found.counted + 1


@pytest.mark.parametrize("table", TALLIES)
def test_the_proof_notices_a_tally_that_is_missing(
    counted: list[Counter], table: type[PointDayTally] | type[ServiceMonthTally]
) -> None:
    db.session.execute(delete(table))
    found = proof.differences()
    assert {one.tally for one in found} == {table.__tablename__}
    assert {one.stored for one in found} == {0}
    assert sum(one.counted for one in found if one.counter.startswith("s")) == 6


@pytest.mark.parametrize("table", TALLIES)
def test_the_proof_notices_a_tally_of_nothing(
    counted: list[Counter], table: type[PointDayTally] | type[ServiceMonthTally]
) -> None:
    first = dict(db.session.execute(select(table.__table__).limit(1)).mappings().one())
    day = "rated_on" if table is PointDayTally else "month"
    invented = {**first, **dict.fromkeys(COUNTERS, 0), day: datetime(2020, 1, 1).date(), "s5": 3}  # noqa: DTZ001
    db.session.execute(insert(table), invented)
    [found] = proof.differences()
    assert (found.counter, found.stored, found.counted) == ("s5", 3, 0)


@pytest.mark.parametrize(
    "change",
    [
        {"score": 5},
        {"tone": "positive"},
        {"exclusion": "burst"},
        {"withdrawn_at": datetime.now(UTC)},
    ],
)
def test_the_proof_notices_a_rating_that_was_changed_behind_its_back(
    counted: list[Counter], change: dict[str, object]
) -> None:
    db.session.execute(update(Rating).where(Rating.nonce == "0-0").values(change))
    assert {one.tally for one in proof.differences()} == {t.__tablename__ for t in TALLIES}


def test_the_proof_notices_a_rating_that_vanished(counted: list[Counter]) -> None:
    db.session.execute(delete(Rating).where(Rating.nonce == "0-0"))
    assert {(one.counter, one.stored - one.counted) for one in proof.differences()} == {
        ("s1", 1),
        ("negative", 1),
    }
