"""Rights as tables: role by permission, and paths in the tree."""

import pytest

from portal.access.rules import (
    ALLOWED,
    Actor,
    Held,
    may,
    may_at_all,
    may_at_any,
    paths,
    require,
)
from portal.access.terms import Permission, Role
from portal.kit.errors import NotAllowed

READ, CORRECT, MANAGE = Permission.READ_WORDS, Permission.CORRECT_TONE, Permission.MANAGE_PEOPLE
TABLE = {
    Role.OFFICER: {READ: True, CORRECT: True, MANAGE: False},
    Role.UNIT_HEAD: {READ: True, CORRECT: True, MANAGE: False},
    Role.ADMINISTRATOR: {READ: False, CORRECT: False, MANAGE: True},
}


def _actor(*held: tuple[Role, str]) -> Actor:
    return Actor(1, "Siti", tuple(Held(role, path) for role, path in held))


@pytest.mark.parametrize("permission", Permission)
@pytest.mark.parametrize("role", Role)
def test_a_role_allows_what_the_table_says_and_nothing_else(
    role: Role, permission: Permission
) -> None:
    assert may(_actor((role, "/7/")), permission, "/7/") is TABLE[role][permission]


def test_every_role_stands_in_the_table() -> None:
    assert set(ALLOWED) == set(Role)


@pytest.mark.parametrize(
    ("held_at", "unit_path", "holds"),
    [
        ("/1/", "/1/", True),
        ("/1/", "/1/7/", True),
        ("/1/", "/1/7/9/", True),
        ("/1/7/", "/1/", False),
        ("/1/7/", "/1/8/", False),
        ("/1/", "/11/", False),
        ("/1/", "/", False),
        ("/", "/", True),
        ("/", "/1/7/", True),
    ],
)
def test_a_right_at_a_unit_holds_there_and_below(held_at: str, unit_path: str, holds: bool) -> None:
    assert may(_actor((Role.OFFICER, held_at)), READ, unit_path) is holds


def test_an_administrator_of_the_whole_city_reads_no_words_anywhere() -> None:
    with pytest.raises(NotAllowed):
        require(_actor((Role.ADMINISTRATOR, "/")), READ, "/1/")


def test_rights_of_two_roles_do_not_mix_across_units() -> None:
    both = _actor((Role.ADMINISTRATOR, "/1/"), (Role.OFFICER, "/2/"))
    assert may(both, MANAGE, "/1/")
    assert may(both, READ, "/2/")
    assert not may(both, READ, "/1/")
    assert not may(both, MANAGE, "/2/")


def test_nobody_without_a_grant_may_do_anything() -> None:
    assert not any(may(_actor(), permission, "/1/") for permission in Permission)


def test_only_the_topmost_paths_are_named() -> None:
    held = _actor((Role.OFFICER, "/1/7/"), (Role.UNIT_HEAD, "/1/"), (Role.OFFICER, "/2/"))
    assert paths(held, READ) == ("/1/", "/2/")
    assert paths(held, MANAGE) == ()


@pytest.mark.parametrize(
    ("unit_paths", "some", "all_"),
    [
        (["/1/"], True, True),
        (["/1/", "/2/"], True, False),
        (["/2/"], False, False),
        ([], False, False),
    ],
)
def test_a_person_of_several_units_is_governed_by_whoever_has_them_all(
    unit_paths: list[str], some: bool, all_: bool
) -> None:
    held = _actor((Role.ADMINISTRATOR, "/1/"))
    assert may_at_any(held, MANAGE, unit_paths) is some
    assert may_at_all(held, MANAGE, unit_paths) is all_


def test_a_person_without_any_unit_is_governed_from_the_whole_city_only() -> None:
    assert may_at_all(_actor((Role.ADMINISTRATOR, "/")), MANAGE, [])
