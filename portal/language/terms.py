"""The words this room uses for the tone of a comment and for its language."""

from enum import StrEnum


class Tone(StrEnum):
    """What a comment sounds like; `UNCERTAIN` leaves the judgement to a person."""

    POSITIVE = "positive"
    NEUTRAL = "neutral"
    NEGATIVE = "negative"
    UNCERTAIN = "uncertain"


TONE_NAMES = {
    Tone.POSITIVE: "positif",
    Tone.NEUTRAL: "netral",
    Tone.NEGATIVE: "negatif",
    Tone.UNCERTAIN: "mesin tidak yakin",
}
"""How pages name the tones, within a sentence."""


class Language(StrEnum):
    """Which analyzer reads a comment; `INDONESIAN` includes Palembang, Malay, Javanese."""

    INDONESIAN = "id"
    ENGLISH = "en"


LABELS: tuple[Tone, ...] = (Tone.NEGATIVE, Tone.NEUTRAL, Tone.POSITIVE)
"""The three labels in the order in which the model keeps its weights."""
