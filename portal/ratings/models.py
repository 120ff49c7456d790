"""Tables of ratings: the rows, and the two tallies that every figure is read from."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.kit.clock import UtcDateTime
from portal.kit.extensions import db
from portal.kit.histories import history


class Rating(db.Model):
    """One sending of the form at a counter.

    The id is random: it betrays neither order nor time and may be shown to staff. Service and
    kecamatan are those of the moment. `tone` is what counts, `machine_tone` what the machine
    said; they differ once a person corrected it. A withdrawn rating has lost its words.
    """

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    nonce: Mapped[str] = mapped_column(String(16), unique=True)
    receipt: Mapped[str] = mapped_column(String(8), unique=True)
    point_id: Mapped[int] = mapped_column(ForeignKey("service_point.id"))
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"))
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id"))
    score: Mapped[int]
    words: Mapped[str | None] = mapped_column(Text)
    language: Mapped[str | None] = mapped_column(String(8))
    tone: Mapped[str | None] = mapped_column(String(10))
    machine_tone: Mapped[str | None] = mapped_column(String(10))
    polarity: Mapped[float | None]
    confidence: Mapped[float | None]
    model_version: Mapped[str | None] = mapped_column(String(32))
    exclusion: Mapped[str | None] = mapped_column(String(10))
    rated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    rated_on: Mapped[date]
    corrected_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        CheckConstraint("score BETWEEN 1 AND 5", name="score"),
        Index(
            "ix_rating_words",
            "service_id",
            "rated_on",
            "tone",
            "score",
            "id",
            sqlite_where=db.text("words IS NOT NULL"),
            postgresql_where=db.text("words IS NOT NULL"),
        ),
    )


class _Counts:
    """The counters of a tally: scores and tones of what counts, and what does not, by reason."""

    s1: Mapped[int] = mapped_column(server_default="0")
    s2: Mapped[int] = mapped_column(server_default="0")
    s3: Mapped[int] = mapped_column(server_default="0")
    s4: Mapped[int] = mapped_column(server_default="0")
    s5: Mapped[int] = mapped_column(server_default="0")
    positive: Mapped[int] = mapped_column(server_default="0")
    neutral: Mapped[int] = mapped_column(server_default="0")
    negative: Mapped[int] = mapped_column(server_default="0")
    uncertain: Mapped[int] = mapped_column(server_default="0")
    excluded_repeat: Mapped[int] = mapped_column(server_default="0")
    excluded_burst: Mapped[int] = mapped_column(server_default="0")
    withdrawn: Mapped[int] = mapped_column(server_default="0")


class PointDayTally(_Counts, db.Model):
    """Ratings of one point on one city day; for staff, and to take today out of public figures.

    Service and kecamatan belong to the key, so that a point moved during a day stays exact.
    """

    point_id: Mapped[int] = mapped_column(ForeignKey("service_point.id"), primary_key=True)
    rated_on: Mapped[date] = mapped_column(primary_key=True, index=True)
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"), primary_key=True)
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id"), primary_key=True)


class ServiceMonthTally(_Counts, db.Model):
    """Ratings of one service in one kecamatan in one month: the set that is published."""

    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"), primary_key=True)
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id"), primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True, index=True)


class ToneCorrection(db.Model):
    """A person gave a rating's words another tone, or took their own correction back (`undo`).

    The words are not repeated here: they stay with the rating, which may lose them. Their keyed
    hash says which words were read; `model_version` whose reading it was that a person overruled.
    """

    __tablename__ = history("tone_correction")

    id: Mapped[int] = mapped_column(primary_key=True)
    rating_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("rating.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    from_tone: Mapped[str] = mapped_column(String(10))
    to_tone: Mapped[str] = mapped_column(String(10))
    undo: Mapped[bool]
    words_hash: Mapped[str] = mapped_column(String(64))
    key_id: Mapped[str] = mapped_column(String(40), index=True)
    model_version: Mapped[str | None] = mapped_column(String(32))

    __table_args__ = (CheckConstraint("from_tone <> to_tone", name="moves"),)
