"""Writes of staff: a person gives a rating's words another tone, or takes that back."""

from dataclasses import dataclass

from sqlalchemy import select

from portal.access.commands import record
from portal.access.rules import Actor, paths
from portal.access.terms import Permission
from portal.directory.models import Service, Unit
from portal.directory.queries import within
from portal.kit import clock
from portal.kit.errors import Conflict, NotAllowed, NotFound
from portal.kit.extensions import db
from portal.kit.keys import keyed_hash
from portal.kit.transaction import command
from portal.ratings import rules
from portal.ratings.commands import recounted
from portal.ratings.models import Rating, ToneCorrection
from portal.ratings.terms import Act, Kind

WORDS = "rating-words"
"""Purpose of the keyed hash of the words that a correction was about."""


@dataclass(frozen=True)
class ToneChange:
    """The tone that stands afterwards, whether it moved or nothing was left to do."""

    after: str


@command
def correct_tone(actor: Actor, rating_id: int, to_tone: str, seen_tone: str) -> ToneChange:
    """Give a rating's words the tone that the actor reads in them; both tallies move along.

    `seen_tone` is what the actor had before their eyes. Sending the same once more, or naming the
    tone that the words bear already, changes nothing. Writes a row of history and of the record.
    Refuses: `NotAllowed` without the right anywhere, `Invalid` for a tone that people do not give,
    `NotFound` for a rating that the actor may not see, has no words, or is too young for staff,
    `Conflict` when the tone is no longer the one that was seen.
    """
    rating = _locked(actor, rating_id)
    rules.check_label(to_tone)
    last = _last_correction(rating_id)
    if rating.tone == to_tone and (seen_tone == to_tone or _is_own(last, actor)):
        return ToneChange(to_tone)
    rules.check_seen(seen_tone, rating.tone)
    return _moved(actor, rating, to_tone, undo=False)


@command
def undo_correction(actor: Actor, rating_id: int, seen_tone: str) -> ToneChange:
    """Give a rating's words back the tone they bore before the actor's own last correction.

    Sending the same once more changes nothing. Refuses: `NotAllowed` and `NotFound` as
    `correct_tone` does, `Conflict` when somebody else was the last to decide, when the tone is no
    longer the one that was seen, or when there is nothing to take back.
    """
    rating = _locked(actor, rating_id)
    last = _last_correction(rating_id)
    if last is None or rating.tone != last.to_tone or not _is_of_these_words(last, rating):
        raise Conflict("Tidak ada pembetulan yang bisa dibatalkan pada tulisan ini.")
    if not _is_own(last, actor):
        raise Conflict("Rekan Anda sudah membetulkan tulisan ini lagi, jadi tidak dibatalkan.")
    if last.undo:
        return ToneChange(last.to_tone)
    rules.check_seen(seen_tone, rating.tone)
    return _moved(actor, rating, last.from_tone, undo=True)


def _locked(actor: Actor, rating_id: int) -> Rating:
    """The rating, locked, if its words may be read by this actor; otherwise one same refusal."""
    reach = paths(actor, Permission.CORRECT_TONE)
    if not reach:
        raise NotAllowed("Hak Anda tidak mencakup pembetulan nada.")
    query = (
        select(Rating)
        .join(Service, Service.id == Rating.service_id)
        .join(Unit, Unit.id == Service.unit_id)
        .where(
            Rating.id == rating_id,
            Rating.words.is_not(None),
            Rating.tone.is_not(None),
            Rating.rated_on < rules.hidden_from(clock.city_time(clock.now())),
            within(reach),
        )
        .with_for_update(of=Rating)
        .execution_options(populate_existing=True)
    )
    rating = db.session.scalar(query)
    if rating is None:
        raise NotFound("Tulisan ini tidak ada, atau bukan untuk unit Anda.")
    return rating


def _last_correction(rating_id: int) -> ToneCorrection | None:
    query = select(ToneCorrection).filter_by(rating_id=rating_id)
    return db.session.scalar(query.order_by(ToneCorrection.id.desc()).limit(1))


def _is_own(last: ToneCorrection | None, actor: Actor) -> bool:
    return last is not None and last.person_id == actor.person_id


def _is_of_these_words(last: ToneCorrection, rating: Rating) -> bool:
    return rating.corrected_at is None or rating.corrected_at < last.at


def _moved(actor: Actor, rating: Rating, to_tone: str, *, undo: bool) -> ToneChange:
    before = str(rating.tone)
    words = keyed_hash(WORDS, rating.words or "")
    row = ToneCorrection(
        rating_id=rating.id,
        person_id=actor.person_id,
        at=clock.now(),
        from_tone=before,
        to_tone=to_tone,
        undo=undo,
        words_hash=words.digest,
        key_id=words.key_id,
        model_version=rating.model_version,
    )
    with recounted(rating):
        rating.tone = to_tone
        db.session.add(row)
    act = Act.TONE_RESTORED if undo else Act.TONE_CORRECTED
    record(actor.person_id, act, Kind.RATING, rating.id)
    return ToneChange(to_tone)
