"""The words of this room that are stored; a stored value is never renamed."""

from enum import StrEnum


class Purpose(StrEnum):
    """What a one-time link is for."""

    INVITE = "invite"
    RESET = "reset"


class Act(StrEnum):
    """What the record says was done to accounts."""

    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGNED_OUT = "signed_out"
    OTHERS_SIGNED_OUT = "others_signed_out"
    PASSWORD_CHOSEN = "password_chosen"  # noqa: S105 - the name of a deed
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - the name of a deed
    PERSON_ENTERED = "person_entered"
    LINK_MADE = "link_made"
    GRANT_GIVEN = "grant_given"
    GRANT_ENDED = "grant_ended"
    PERSON_RETIRED = "person_retired"


class Kind(StrEnum):
    """What such a deed can be about."""

    PERSON = "person"
    GRANT = "grant"
    SESSION = "session"
