"""Reads for staff: citizens' words of complete days, and what people taught the machine."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from portal.directory.models import Service, ServicePoint, Unit
from portal.kit.extensions import db
from portal.language.samples import Sample
from portal.language.terms import Tone
from portal.ratings.models import Rating, ServiceMonthTally, ToneCorrection
from portal.ratings.queries import hidden_from
from portal.ratings.rules import LABELS, TONES

PAGE = 25
MOST_SEARCHED = 100
SOURCE = "staff"
_BATCH = 1000


@dataclass(frozen=True)
class Selection:
    """Which words: of these services, from a first to a last city day, holding every word searched.

    `search` is cut to `MOST_SEARCHED` characters; only letters without marks match in either case
    on SQLite.
    """

    service_ids: tuple[int, ...]
    first_on: date
    last_on: date
    search: str = ""


@dataclass(frozen=True)
class Spot:
    """A place in the list, after which the next page begins."""

    score: int
    rated_on: date
    id: int


@dataclass(frozen=True)
class Verdict:
    """The last thing that a person decided about the tone of these words."""

    person_id: int
    from_tone: str
    to_tone: str
    undo: bool


@dataclass(frozen=True)
class Voice:
    """Words of one citizen as staff may see them: the day, never the time.

    `id` is random. `tone` is what counts, `machine_tone` what the machine of `model_version` said
    with `confidence` (0–1). `exclusion` says why the rating does not count. `verdict` is None while
    no person decided about these words.
    """

    id: int
    score: int
    words: str
    rated_on: date
    tone: str
    machine_tone: str | None
    confidence: float | None
    model_version: str | None
    exclusion: str | None
    label: str
    place: str
    service: str
    unit_id: int
    unit: str
    verdict: Verdict | None = None

    @property
    def spot(self) -> Spot:
        """Where it stands in the list."""
        return Spot(self.score, self.rated_on, self.id)


@dataclass(frozen=True)
class VoicesPage:
    """One page of a list; `following` is where the next one begins, None on the last."""

    voices: list[Voice]
    following: Spot | None


_COLUMNS: tuple[Any, ...] = (
    Rating.id,
    Rating.score,
    Rating.words,
    Rating.rated_on,
    Rating.tone,
    Rating.machine_tone,
    Rating.confidence,
    Rating.model_version,
    Rating.exclusion,
    ServicePoint.label,
    ServicePoint.place,
    Service.name,
    Unit.id,
    Unit.short_name,
)


def months_with_ratings(service_ids: Collection[int]) -> list[date]:
    """First days of the months in which these services were rated, the newest first."""
    month = ServiceMonthTally.month
    query = select(month).where(ServiceMonthTally.service_id.in_(service_ids)).distinct()
    return list(db.session.scalars(query.order_by(month.desc())))


def voices(
    selection: Selection, tone: str | None, *, worst_first: bool, after: Spot | None
) -> VoicesPage:
    """A page of at most `PAGE` words, of one tone or all, the newest or the worst first.

    Within a day the order is that of random ids, so that it says nothing about time. Two
    statements, however many words there are.
    """
    newest_first = (Rating.rated_on.desc(), Rating.id.desc())
    order = (Rating.score, *newest_first) if worst_first else newest_first
    picked = select(Rating.id).where(_selected(selection))
    if tone is not None:
        picked = picked.where(Rating.tone == tone)
    if after is not None:
        picked = picked.where(_behind(after, worst_first=worst_first))
    # The few of the page are picked before anything is joined to them or their words are sorted.
    ids = picked.order_by(*order).limit(PAGE + 1).subquery()
    query = _select_voices().join(ids, ids.c.id == Rating.id).order_by(*order)
    rows = db.session.execute(query).all()
    found = _with_verdicts([Voice(*row) for row in rows[:PAGE]])
    return VoicesPage(found, found[-1].spot if len(rows) > PAGE else None)


def voice(rating_id: int, service_ids: Collection[int]) -> Voice | None:
    """The words with this id, if they are of one of these services and may be read."""
    query = _select_voices().where(
        Rating.id == rating_id,
        Rating.service_id.in_(service_ids),
        Rating.words.is_not(None),
        Rating.tone.is_not(None),
        Rating.rated_on < hidden_from(),
    )
    row = db.session.execute(query).first()
    return _with_verdicts([Voice(*row)])[0] if row else None


def counts_by_tone(selection: Selection) -> dict[str, int]:
    """How many of the selected words bear each tone; one statement."""
    query = select(Rating.tone, func.count()).where(_selected(selection)).group_by(Rating.tone)
    found = dict(db.session.execute(query).all())
    return {tone: found.get(tone, 0) for tone in TONES}


def corrections_for_training() -> Iterator[Sample]:
    """Words whose present tone was set by a person and that still stand, in random order.

    A correction that was taken back, and one of words that their author replaced since, are left
    out; so is whatever the machine is left alone with.
    """
    latest = select(func.max(ToneCorrection.id)).group_by(ToneCorrection.rating_id)
    query = (
        select(Rating.words, Rating.tone, Rating.language)
        .join(ToneCorrection, ToneCorrection.rating_id == Rating.id)
        .where(
            ToneCorrection.id.in_(latest),
            ToneCorrection.to_tone == Rating.tone,
            or_(ToneCorrection.undo.is_(False), Rating.tone != Rating.machine_tone),
            or_(Rating.corrected_at.is_(None), Rating.corrected_at < ToneCorrection.at),
            Rating.words.is_not(None),
            Rating.tone.in_(LABELS),
        )
        .order_by(Rating.id)
        .execution_options(yield_per=_BATCH)
    )
    for words, tone, language in db.session.execute(query):
        yield Sample(str(words), Tone(str(tone)), SOURCE, language or "")


def _select_voices() -> Select[Any]:
    return (
        select(*_COLUMNS)
        .join(ServicePoint, ServicePoint.id == Rating.point_id)
        .join(Service, Service.id == Rating.service_id)
        .join(Unit, Unit.id == Service.unit_id)
    )


def _selected(selection: Selection) -> ColumnElement[bool]:
    searched = selection.search[:MOST_SEARCHED].split()
    return and_(
        Rating.words.is_not(None),
        Rating.tone.is_not(None),
        Rating.service_id.in_(selection.service_ids),
        Rating.rated_on >= selection.first_on,
        Rating.rated_on <= selection.last_on,
        Rating.rated_on < hidden_from(),
        *(Rating.words.icontains(word, autoescape=True) for word in searched),
    )


def _behind(spot: Spot, *, worst_first: bool) -> ColumnElement[bool]:
    older = or_(
        Rating.rated_on < spot.rated_on,
        and_(Rating.rated_on == spot.rated_on, Rating.id < spot.id),
    )
    if not worst_first:
        return older
    return or_(Rating.score > spot.score, and_(Rating.score == spot.score, older))


def _with_verdicts(found: list[Voice]) -> list[Voice]:
    """The same, each with the last thing that a person decided about its words."""
    decided = ("rating_id", "person_id", "from_tone", "to_tone", "undo")
    query: Select[Any] = (
        select(*(getattr(ToneCorrection, name) for name in decided))
        .join(Rating, Rating.id == ToneCorrection.rating_id)
        .where(
            ToneCorrection.rating_id.in_([voice.id for voice in found]),
            or_(Rating.corrected_at.is_(None), Rating.corrected_at < ToneCorrection.at),
        )
        .order_by(ToneCorrection.id)
    )
    last = {row[0]: Verdict(*row[1:]) for row in db.session.execute(query)}
    return [replace(voice, verdict=last.get(voice.id)) for voice in found]
