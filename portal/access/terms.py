"""Roles and permissions; a role's stored value is never renamed."""

from enum import StrEnum


class Role(StrEnum):
    """What a person is at a unit."""

    OFFICER = "officer"
    UNIT_HEAD = "unit_head"
    ADMINISTRATOR = "administrator"


class Permission(StrEnum):
    """What a role allows."""

    READ_WORDS = "read_words"
    CORRECT_TONE = "correct_tone"
    MANAGE_PEOPLE = "manage_people"
