"""What administrators may do with accounts, and what they may not."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from portal.access.models import AuditEntry
from portal.access.terms import Role
from portal.kit import clock as kit_clock
from portal.kit.errors import Conflict, Invalid, NotAllowed, NotFound, Refusal
from portal.kit.extensions import db
from portal.kit.transaction import command
from portal.people import commands, grants, queries, sessions
from portal.people.commands import NewGrant, PastPerson
from portal.people.models import Grant, Person
from portal.people.terms import Act
from tests.people import accounts

OFFICER, HEAD, ADMIN = Role


def _count(table: type) -> int:
    return db.session.scalar(select(func.count()).select_from(table))


def _last_deeds(number: int) -> list[tuple[str, int | None]]:
    query = select(AuditEntry.act, AuditEntry.actor_id).order_by(AuditEntry.id.desc())
    return [tuple(row) for row in db.session.execute(query.limit(number))][::-1]


def test_an_invitation_opens_an_account_with_one_grant_and_a_link(
    database: Flask, city: dict[str, int]
) -> None:
    root, unit = accounts.root_actor(), accounts.unit_ids()[0]
    link = commands.invite_person(
        root, "Budi@Contoh.test", " Budi  Santoso", accounts.new_grant(HEAD, unit)
    )
    assert queries.person(link.person_id).email == "budi@contoh.test"
    assert queries.person(link.person_id).name == "Budi Santoso"
    (grant,) = grants.grants_of([link.person_id])
    assert (grant.role, grant.unit_id, grant.granted_by) == (HEAD, unit, "Ratna Kota")
    found = queries.link(link.token)
    assert (found.purpose, found.expires_at - kit_clock.now() > timedelta(hours=71)) == (
        "invite",
        True,
    )
    assert _last_deeds(3) == [
        (act, root.person_id) for act in ("person_entered", "grant_given", "link_made")
    ]


@pytest.mark.parametrize(
    ("email", "name", "until_days", "refusal", "field"),
    [
        ("root@contoh.test", "Budi", None, Conflict, "surel"),
        ("ROOT@contoh.test", "Budi", None, Conflict, "surel"),
        ("budi", "Budi", None, Invalid, "surel"),
        ("budi@b.id", "  ", None, Invalid, "nama"),
        ("budi@b.id", "Budi", -1, Invalid, "sampai"),
    ],
)
def test_a_refused_invitation_leaves_nothing_behind(
    database: Flask,
    email: str,
    name: str,
    until_days: int | None,
    refusal: type[Refusal],
    field: str,
) -> None:
    root = accounts.root_actor()
    people, deeds = _count(Person), _count(AuditEntry)
    until = None if until_days is None else kit_clock.today() + timedelta(days=until_days)
    with pytest.raises(refusal) as refused:
        commands.invite_person(root, email, name, accounts.new_grant(until_on=until))
    assert refused.value.field == field
    assert (_count(Person), _count(AuditEntry)) == (people, deeds)


def test_a_grant_at_an_unknown_unit_is_refused(database: Flask) -> None:
    with pytest.raises(Invalid, match="unit"):
        commands.invite_person(
            accounts.root_actor(), "b@b.id", "Budi", accounts.new_grant(unit_id=999)
        )


def test_an_email_is_unique_in_the_database_too(database: Flask) -> None:
    accounts.enter()
    for email in (accounts.EMAIL, accounts.EMAIL.upper()):
        db.session.add(Person(email=email, name="X", epoch=0, created_at=kit_clock.now()))
        with pytest.raises(IntegrityError):
            db.session.flush()
        db.session.rollback()


MATRIX = [
    # who acts: role at "root" or at the first unit; where it acts; whether it may
    (ADMIN, "root", "root", True),
    (ADMIN, "root", "first", True),
    (ADMIN, "first", "first", True),
    (ADMIN, "first", "second", False),
    (ADMIN, "first", "root", False),
    (HEAD, "root", "first", False),
    (HEAD, "first", "first", False),
    (OFFICER, "root", "first", False),
    (OFFICER, "first", "first", False),
]


@pytest.mark.parametrize("deed", ["invite", "grant", "end", "link", "retire"])
@pytest.mark.parametrize(("role", "at", "where", "allowed"), MATRIX)
def test_only_an_administrator_at_or_above_the_unit_manages_its_people(
    database: Flask, city: dict[str, int], deed: str, role: Role, at: str, where: str, allowed: bool
) -> None:
    first, second, *_ = accounts.unit_ids()
    places = {"root": None, "first": first, "second": second}
    accounts.enter("keeper@b.id", ADMIN)
    other = accounts.enter("other@b.id", OFFICER, places[where])
    path = "/" if at == "root" else accounts.path_of(first)
    actor = accounts.actor(accounts.enter("actor@b.id", role, places[at]), (role, path))
    new = accounts.new_grant(HEAD, places[where])
    deeds = {
        "invite": lambda: commands.invite_person(actor, "new@b.id", "Baru", new),
        "grant": lambda: commands.give_grant(actor, other, new),
        "end": lambda: commands.end_grant(actor, accounts.grant_ids(other)[0]),
        "link": lambda: commands.make_link(actor, other),
        "retire": lambda: commands.retire_person(actor, other),
    }
    before = _count(AuditEntry)
    if allowed:
        deeds[deed]()
        assert _count(AuditEntry) > before
        return
    with pytest.raises(NotFound if deed == "end" else NotAllowed):
        deeds[deed]()
    assert _count(AuditEntry) == before


def test_nobody_does_to_themselves_what_another_must_do(database: Flask) -> None:
    accounts.enter("keeper@b.id", ADMIN)
    root = accounts.root_actor()
    for deed in (
        lambda: commands.give_grant(root, root.person_id, accounts.new_grant(OFFICER)),
        lambda: commands.make_link(root, root.person_id),
        lambda: commands.retire_person(root, root.person_id),
    ):
        with pytest.raises(NotAllowed):
            deed()


def test_a_unit_gives_grants_only_to_people_it_sees(database: Flask, city: dict[str, int]) -> None:
    first, second, *_ = accounts.unit_ids()
    stranger = accounts.enter("stranger@b.id", OFFICER, second)
    actor = accounts.actor(
        accounts.enter("actor@b.id", ADMIN, first), (ADMIN, accounts.path_of(first))
    )
    with pytest.raises(NotFound):
        commands.give_grant(actor, stranger, accounts.new_grant(OFFICER, first))


def test_whoever_works_in_two_units_is_not_taken_over_by_one(
    database: Flask, city: dict[str, int]
) -> None:
    first, second, *_ = accounts.unit_ids()
    person = accounts.enter("two@b.id", OFFICER, first)
    commands.give_grant(accounts.root_actor(), person, accounts.new_grant(HEAD, second))
    actor = accounts.actor(
        accounts.enter("actor@b.id", ADMIN, first), (ADMIN, accounts.path_of(first))
    )
    for deed in (commands.make_link, commands.retire_person):
        with pytest.raises(NotAllowed, match="di luar unit Anda"):
            deed(actor, person)
    commands.end_grant(actor, accounts.grant_ids(person)[0])
    with pytest.raises(NotFound):
        commands.end_grant(actor, accounts.grant_ids(person)[1])


def test_only_the_citys_administrator_makes_administrators(
    database: Flask, city: dict[str, int]
) -> None:
    first, *_ = accounts.unit_ids()
    other = accounts.enter("other@b.id", OFFICER, first)
    actor = accounts.actor(
        accounts.enter("actor@b.id", ADMIN, first), (ADMIN, accounts.path_of(first))
    )
    new = accounts.new_grant(ADMIN, first)
    with pytest.raises(NotAllowed, match="admin kota"):
        commands.give_grant(actor, other, new)
    with pytest.raises(NotAllowed, match="admin kota"):
        commands.invite_person(actor, "boneka@b.id", "Boneka", new)
    commands.give_grant(accounts.root_actor(), other, new)


@pytest.mark.parametrize("change", ["outgrown", "maker ended", "maker retired", "none"])
def test_a_link_gives_no_more_than_its_maker_may_still_give(
    database: Flask, city: dict[str, int], change: str
) -> None:
    first, *_ = accounts.unit_ids()
    root = accounts.root_actor()
    maker = accounts.enter("maker@b.id", ADMIN, first)
    actor = accounts.actor(maker, (ADMIN, accounts.path_of(first)))
    link = commands.invite_person(actor, "new@b.id", "Baru", accounts.new_grant(OFFICER, first))
    if change == "outgrown":
        commands.give_grant(root, link.person_id, accounts.new_grant(ADMIN))
    elif change == "maker ended":
        commands.end_grant(root, accounts.grant_ids(maker)[0])
    elif change == "maker retired":
        commands.retire_person(root, maker)
    if change == "none":
        assert sessions.choose_password(link.token, accounts.known_hash()) is not None
        return
    with pytest.raises(Conflict, match="Hak pembuat"):
        sessions.choose_password(link.token, accounts.known_hash())


def test_a_role_is_given_once_and_again_after_its_end(database: Flask) -> None:
    root, person = accounts.root_actor(), accounts.enter()
    with pytest.raises(Conflict, match="sudah punya"):
        commands.give_grant(root, person, accounts.new_grant(OFFICER))
    commands.end_grant(root, accounts.grant_ids(person)[0])
    commands.give_grant(root, person, accounts.new_grant(OFFICER))
    assert len(accounts.grant_ids(person)) == 2


def test_a_grant_ends_once(database: Flask) -> None:
    root, person = accounts.root_actor(), accounts.enter()
    commands.end_grant(root, accounts.grant_ids(person)[0])
    with pytest.raises(Conflict, match="sudah berakhir"):
        commands.end_grant(root, accounts.grant_ids(person)[0])
    with pytest.raises(NotFound):
        commands.end_grant(root, 999)


def test_the_last_administrator_of_the_city_stays(database: Flask, city: dict[str, int]) -> None:
    root = accounts.root_actor()
    grant_id = accounts.grant_ids(root.person_id)[0]
    waiting = commands.create_administrator("wait@b.id", "Belum Masuk", another=True)
    accounts.enter("unit@b.id", ADMIN, accounts.unit_ids()[0])
    with pytest.raises(Conflict, match="terakhir"):
        commands.end_grant(root, grant_id)
    with pytest.raises(Conflict, match="terakhir"):
        commands.retire_person(accounts.actor(waiting.person_id), root.person_id)
    assert queries.person(root.person_id).retired_on is None
    sessions.choose_password(waiting.token, accounts.known_hash())
    commands.end_grant(root, grant_id)
    assert db.session.get(Grant, grant_id).ended_at is not None


@command
def _hold(person_id: int, unit_id: int, times: int) -> None:
    """Enter many grants that begin a day after the others."""
    later = kit_clock.today() + timedelta(days=1)
    facts = {"role": OFFICER.value, "from_on": later, "granted_at": kit_clock.now()}
    db.session.add_all(Grant(person_id=person_id, unit_id=unit_id, **facts) for _ in range(times))


def test_no_number_of_rights_here_hides_a_right_elsewhere(
    database: Flask, city: dict[str, int]
) -> None:
    here, elsewhere, *_ = accounts.unit_ids()
    person = accounts.enter(unit_id=elsewhere)
    _hold(person, here, 100)
    admin = accounts.actor(accounts.enter("unit@b.id"), (ADMIN, accounts.path_of(here)))
    with pytest.raises(NotAllowed, match="di luar unit Anda"):
        commands.make_link(admin, person)


def test_retirement_ends_grants_sessions_and_links_and_is_final(database: Flask) -> None:
    root, person = accounts.root_actor(), accounts.enter()
    link = commands.make_link(root, person)
    commands.retire_person(root, person)
    assert grants.grants_of([person], not_over_on=kit_clock.today()) == []
    assert queries.link(link.token).replaced_at is not None
    assert [act for act, _ in _last_deeds(2)] == [Act.GRANT_ENDED, Act.PERSON_RETIRED]
    for deed in (
        lambda: commands.retire_person(root, person),
        lambda: commands.make_link(root, person),
        lambda: commands.give_grant(root, person, accounts.new_grant(HEAD)),
        lambda: commands.renew_link(accounts.EMAIL),
    ):
        with pytest.raises(Conflict, match="ditutup"):
            deed()


def test_many_accounts_are_entered_at_once_or_not_at_all(
    database: Flask, city: dict[str, int]
) -> None:
    unit = accounts.unit_ids()[0]
    entered = commands.enter_people(
        [
            PastPerson("a@b.id", "Ani", "hash", ADMIN, None),
            PastPerson("b@b.id", "Budi", "hash", HEAD, unit),
        ]
    )
    assert set(entered) == {"a@b.id", "b@b.id"}
    assert queries.person(entered["b@b.id"]).has_password
    with pytest.raises(Conflict):
        commands.enter_people(
            [
                PastPerson("c@b.id", "Cici", "hash", OFFICER, unit),
                PastPerson("a@b.id", "Ani", "hash", OFFICER, unit),
            ]
        )
    assert queries.person_id_by_email("c@b.id") is None


def test_a_list_of_people_takes_three_statements_however_long(
    database: Flask, city: dict[str, int], count_queries: Callable[[], Any]
) -> None:
    unit = accounts.unit_ids()[0]
    commands.enter_people(
        PastPerson(f"p{n:02}@b.id", f"Orang {n:02}", "hash", OFFICER, unit) for n in range(60)
    )
    with count_queries() as statements:
        page = queries.people([accounts.path_of(unit)], "", 2)
    assert len(statements) == 3
    assert (page.total, page.pages, page.page) == (60, 3, 2)
    assert [entry.name for entry in page.people] == [f"Orang {n:02}" for n in range(25, 50)]
    assert all(len(page.grants[entry.id]) == 1 for entry in page.people)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", 3),
        ("siti", 1),
        ("SITI mardi", 1),
        ("b.id", 2),
        ("%", 0),
        ("_", 0),
        ("tidak ada", 0),
        ("'; --", 0),
    ],
)
def test_people_are_found_by_name_and_email(database: Flask, words: str, found: int) -> None:
    accounts.enter()
    accounts.enter("a@b.id", name="Ani")
    accounts.enter("b@b.id", name="Budi")
    assert queries.people(["/"], words, 1).total == found


@pytest.mark.parametrize("page", [-5, 0, 1, 99])
def test_a_page_beyond_the_list_is_the_nearest_one(database: Flask, page: int) -> None:
    accounts.enter()
    assert len(queries.people(["/"], "", page).people) == 1


def test_a_unit_sees_the_people_who_work_or_worked_there(
    database: Flask, city: dict[str, int]
) -> None:
    first, second, *_ = accounts.unit_ids()
    accounts.enter("here@b.id", OFFICER, first, name="Ani")
    gone = accounts.enter("gone@b.id", OFFICER, first, name="Budi")
    accounts.enter("there@b.id", OFFICER, second, name="Cici")
    commands.end_grant(accounts.root_actor(), accounts.grant_ids(gone)[0])
    page = queries.people([accounts.path_of(first)], "", 1)
    assert [entry.name for entry in page.people] == ["Ani", "Budi"]
    assert page.grants[gone] == []


def test_an_empty_reach_sees_nobody(database: Flask) -> None:
    accounts.enter()
    assert queries.people([], "", 1).total == 0


def test_refusals_are_sentences(database: Flask) -> None:
    with pytest.raises(Refusal) as refused:
        commands.invite_person(
            accounts.actor(accounts.enter(), (OFFICER, "/")),
            "b@b.id",
            "Budi",
            NewGrant(OFFICER, None, kit_clock.today(), None),
        )
    assert refused.value.sentence.endswith(".")
