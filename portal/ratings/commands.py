"""Writes of ratings. Each call is one transaction that keeps row and tallies together."""

import secrets
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, select

from portal.figures.periods import month_of
from portal.kit import clock, upsert
from portal.kit.codes import RECEIPT
from portal.kit.errors import NotFound
from portal.kit.extensions import db
from portal.kit.transaction import command
from portal.language.sentiment import Tagged, model_version
from portal.ratings import rules
from portal.ratings.models import PointDayTally, Rating, ServiceMonthTally
from portal.ratings.queries import Given, given_of
from portal.ratings.rules import Standing
from portal.ratings.terms import Exclusion

_RECEIPT_TRIES = 5
_READING = ("words", "language", "tone", "machine_tone", "polarity", "confidence", "model_version")


@dataclass(frozen=True)
class NewRating:
    """What a citizen sent, and what was found out about it before the transaction.

    `words` are cleaned; `tagged` is their tag, None without words; `exclusion` is what the
    limits decided.
    """

    nonce: str
    point_id: int
    service_id: int
    area_id: int
    score: int
    words: str | None
    tagged: Tagged | None
    exclusion: Exclusion | None


@dataclass(frozen=True)
class PastRating:
    """A rating of the past, to be entered with many others; `tagged` is the tag of its words."""

    point_id: int
    service_id: int
    area_id: int
    score: int
    words: str | None
    tagged: Tagged | None
    exclusion: Exclusion | None
    rated_at: datetime


@command
def submit_rating(new: NewRating) -> Given:
    """Store a rating with its two tallies and return it as stored.

    A nonce that is stored already writes nothing and returns the first sending, but a first
    sending that was judged a repeat of this very one, because the two raced, is counted.
    Refuses, with `Invalid`, a score outside 1–5.
    """
    rules.check_score(new.score)
    moment = clock.now()
    for _ in range(_RECEIPT_TRIES):
        given = _given(new, RECEIPT.new(), moment)
        if upsert.insert_once(Rating.__table__, _row(new, given)):
            _count(new, given.rated_on)
            return given
        first = db.session.scalar(select(Rating).filter_by(nonce=new.nonce).with_for_update())
        if first is not None:
            _unrepeat(first, new)
            return given_of(first)
    raise RuntimeError("no free receipt code found")


def _given(new: NewRating, receipt: str, moment: datetime) -> Given:
    return Given(
        nonce=new.nonce,
        receipt=receipt,
        score=new.score,
        words=new.words,
        exclusion=new.exclusion,
        rated_at=moment,
        rated_on=clock.city_time(moment).date(),
        corrected_at=None,
        withdrawn_at=None,
    )


def _row(new: NewRating, given: Given) -> dict[str, Any]:
    return {
        "id": secrets.randbits(63),
        "nonce": new.nonce,
        "receipt": given.receipt,
        "point_id": new.point_id,
        "service_id": new.service_id,
        "area_id": new.area_id,
        "score": new.score,
        "exclusion": new.exclusion,
        "rated_at": given.rated_at,
        "rated_on": given.rated_on,
        **_reading(new.words, new.tagged),
    }


def _reading(words: str | None, tagged: Tagged | None) -> dict[str, object]:
    """The columns that hold words and what the machine read in them."""
    if tagged is None:
        return dict.fromkeys(_READING) | {"words": words}
    return {
        "words": words,
        "language": tagged.language,
        "tone": tagged.tone,
        "machine_tone": tagged.tone,
        "polarity": tagged.polarity,
        "confidence": tagged.confidence,
        "model_version": model_version(),
    }


def _count(new: NewRating, day: date) -> None:
    tone = new.tagged.tone if new.tagged else None
    change = rules.counted(Standing(new.score, tone, new.exclusion, withdrawn=False))
    _add(new.point_id, day, new.service_id, new.area_id, change)


def _add(point_id: int, day: date, service_id: int, area_id: int, change: dict[str, int]) -> None:
    """Add to both tallies, always in this order, so that two transactions never wait in a ring."""
    place = {"service_id": service_id, "area_id": area_id}
    upsert.add_to(PointDayTally.__table__, {"point_id": point_id, "rated_on": day, **place}, change)
    upsert.add_to(ServiceMonthTally.__table__, {"month": month_of(day), **place}, change)


def _unrepeat(first: Rating, second: NewRating) -> None:
    if first.exclusion == Exclusion.REPEAT and second.exclusion is None:
        with recounted(first):
            first.exclusion = None


@contextmanager
def recounted(rating: Rating) -> Iterator[None]:
    """Let the block change a locked rating and move both tallies with it; inside a command only."""
    before = standing(rating)
    yield
    change = rules.moved(before, standing(rating))
    if change:
        db.session.flush()
        _add(rating.point_id, rating.rated_on, rating.service_id, rating.area_id, change)


def standing(rating: Rating) -> Standing:
    """Where a stored rating is counted."""
    return Standing(rating.score, rating.tone, rating.exclusion, rating.withdrawn_at is not None)


@command
def correct_rating(nonce: str, score: int, words: str | None, tagged: Tagged | None) -> Given:
    """Replace score and words of the citizen's own rating and return it; tallies move along.

    Refuses: `NotFound` for an unknown nonce, `Invalid` for a score outside 1–5, `Conflict`
    after 10 minutes or after its withdrawal.
    """
    rules.check_score(score)
    rating = _changeable(nonce)
    with recounted(rating):
        rating.score = score
        for column, value in _reading(words, tagged).items():
            setattr(rating, column, value)
        rating.corrected_at = clock.now()
    return given_of(rating)


@command
def withdraw_rating(nonce: str) -> Given:
    """Take the citizen's own rating back and return it: words erased, score no longer counted.

    Refuses: `NotFound` for an unknown nonce, `Conflict` after 10 minutes or when done already.
    """
    rating = _changeable(nonce)
    with recounted(rating):
        rating.withdrawn_at = clock.now()
        for column in _READING:
            setattr(rating, column, None)
    return given_of(rating)


def _changeable(nonce: str) -> Rating:
    query = select(Rating).filter_by(nonce=nonce).with_for_update()
    rating: Rating | None = db.session.scalar(query)
    if rating is None:
        raise NotFound("Penilaian ini tidak ada.")
    rules.check_changeable(rating.rated_at, clock.now(), withdrawn=rating.withdrawn_at is not None)
    return rating


@command
def record_past(ratings: Sequence[PastRating]) -> None:
    """Enter many ratings at once, with their tallies, in one transaction."""
    if not ratings:
        return
    days: dict[tuple[object, ...], Counter[str]] = defaultdict(Counter)
    months: dict[tuple[object, ...], Counter[str]] = defaultdict(Counter)
    rows: list[dict[str, Any]] = []
    for past, receipt in zip(ratings, _free_receipts(len(ratings)), strict=True):
        rows.append(_past_row(past, receipt))
        change = rules.counted(
            Standing(past.score, rows[-1]["tone"], past.exclusion, withdrawn=False)
        )
        day, place = rows[-1]["rated_on"], (past.service_id, past.area_id)
        days[past.point_id, day, *place].update(change)
        months[*place, month_of(day)].update(change)
    if not rows:
        return
    db.session.execute(insert(Rating.__table__), rows)
    upsert.add_many(PointDayTally.__table__, days)
    upsert.add_many(ServiceMonthTally.__table__, months)


def _free_receipts(number: int) -> list[str]:
    """So many receipt codes that no rating has: among many, chance alone makes twins."""
    free: set[str] = set()
    while len(free) < number:
        drawn = {RECEIPT.new() for _ in range(number - len(free))} - free
        taken = db.session.scalars(select(Rating.receipt).where(Rating.receipt.in_(drawn)))
        free |= drawn - set(taken)
    return list(free)


def _past_row(past: PastRating, receipt: str) -> dict[str, Any]:
    new = NewRating(
        nonce=secrets.token_urlsafe(12),
        point_id=past.point_id,
        service_id=past.service_id,
        area_id=past.area_id,
        score=past.score,
        words=past.words,
        tagged=past.tagged,
        exclusion=past.exclusion,
    )
    return _row(new, _given(new, receipt, past.rated_at))
