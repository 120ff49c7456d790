"""The words of this room that are stored; a stored value is never renamed."""

from enum import StrEnum


class Exclusion(StrEnum):
    """Why a rating is kept but not counted."""

    REPEAT = "repeat"
    BURST = "burst"


class Act(StrEnum):
    """What the record says staff did to ratings."""

    TONE_CORRECTED = "tone_corrected"
    TONE_RESTORED = "tone_restored"


class Kind(StrEnum):
    """What such a deed can be about."""

    RATING = "rating"


class Again(StrEnum):
    """What a form is that was sent before, compared with the rating it became."""

    SAME = "same"
    OTHER = "other"
    INCOMPLETE = "incomplete"
    LATE = "late"
    WITHDRAWN = "withdrawn"
