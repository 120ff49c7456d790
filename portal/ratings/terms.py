"""The words of this room that are stored; a stored value is never renamed."""

from enum import StrEnum


class Exclusion(StrEnum):
    """Why a rating is kept but not counted."""

    REPEAT = "repeat"
    BURST = "burst"
