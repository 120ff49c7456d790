"""Sessions and one-time links: when they stand, what ends them, and two at once."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from portal.access.models import AuditEntry
from portal.access.rules import WHOLE_CITY
from portal.access.terms import Role
from portal.kit.errors import Conflict, NotAllowed, NotFound
from portal.kit.extensions import db
from portal.people import commands, queries, sessions
from portal.people.models import Grant, OneTimeLink, Person, StaffSession
from portal.people.passwords import is_password
from tests.conftest import MovableClock
from tests.people import accounts
from tests.people.accounts import OTHER_PASSWORD, PASSWORD


def _acts() -> list[str]:
    return list(db.session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)))


def _hash(person_id: int) -> str | None:
    return db.session.scalar(select(Person.password_hash).filter_by(id=person_id))


def test_a_signed_in_person_acts_with_the_roles_that_hold_today(
    database: Flask, city: dict[str, int], clock: MovableClock
) -> None:
    unit = accounts.unit_ids()[0]
    person = accounts.enter(unit_id=unit)
    commands.give_grant(accounts.root_actor(), person, accounts.new_grant(Role.ADMINISTRATOR))
    found = queries.open_session(sessions.sign_in(person, 0))
    assert found is not None
    assert found.actor.person_id == person
    assert {(held.role, held.unit_path) for held in found.actor.grants} == {
        (Role.OFFICER, accounts.path_of(unit)),
        (Role.ADMINISTRATOR, WHOLE_CITY),
    }


def test_a_session_is_found_with_one_statement(
    database: Flask, city: dict[str, int], count_queries: Callable[[], Any]
) -> None:
    token = sessions.sign_in(accounts.enter(unit_id=accounts.unit_ids()[0]), 0)
    with count_queries() as statements:
        assert queries.open_session(token) is not None
    assert len(statements) == 1


def test_only_a_hash_of_the_token_is_stored(database: Flask) -> None:
    token = sessions.sign_in(accounts.enter(), 0)
    row = db.session.scalars(select(StaffSession)).one()
    assert token not in vars(row).values()
    assert len(row.token_hash) == 64


@pytest.mark.parametrize("token", ["", "x", "a" * 5000, "\ud800", "' OR 1=1 --"])
def test_a_made_up_token_opens_nothing(database: Flask, token: str) -> None:
    sessions.sign_in(accounts.enter(), 0)
    assert queries.open_session(token) is None


def test_a_session_ends_after_thirty_idle_minutes(database: Flask, clock: MovableClock) -> None:
    token = sessions.sign_in(accounts.enter(), 0)
    clock.forward(minutes=29)
    assert queries.open_session(token) is not None
    clock.forward(minutes=1)
    assert queries.open_session(token) is None


def test_a_session_ends_after_twelve_hours_however_busy(
    database: Flask, clock: MovableClock
) -> None:
    token = sessions.sign_in(accounts.enter(), 0)
    session_id = queries.open_session(token).session_id
    for _ in range(35):
        clock.forward(minutes=20)
        sessions.note_seen(session_id, clock.moment)
    assert queries.open_session(token) is not None
    clock.forward(minutes=20)
    assert queries.open_session(token) is None


def test_an_ended_session_is_not_revived_by_being_seen(
    database: Flask, clock: MovableClock
) -> None:
    person = accounts.enter()
    token = sessions.sign_in(person, 0)
    found = queries.open_session(token)
    sessions.sign_out(found.actor, found.session_id)
    sessions.note_seen(found.session_id, clock.moment + timedelta(minutes=5))
    assert queries.open_session(token) is None
    assert _acts()[-1] == "signed_out"


def test_nobody_signs_another_out(database: Flask) -> None:
    token = sessions.sign_in(accounts.enter(), 0)
    session_id = queries.open_session(token).session_id
    sessions.sign_out(accounts.root_actor(), session_id)
    assert queries.open_session(token) is not None


def test_a_changed_password_ends_all_sessions_and_opens_a_fresh_one(database: Flask) -> None:
    person = accounts.enter()
    here, elsewhere = sessions.sign_in(person, 0), sessions.sign_in(person, 0)
    actor = queries.open_session(here).actor
    fresh = sessions.change_password(actor, 0, "new hash")
    assert queries.open_session(fresh) is not None
    assert queries.open_session(here) is None
    assert queries.open_session(elsewhere) is None
    assert _hash(person) == "new hash"


def test_a_raised_epoch_alone_ends_a_session(database: Flask) -> None:
    token = sessions.sign_in(accounts.enter(), 0)
    db.session.execute(update(Person).values(epoch=Person.epoch + 1))
    assert queries.open_session(token) is None


def test_a_password_proven_before_it_changed_opens_nothing(database: Flask) -> None:
    person = accounts.enter()
    actor = queries.open_session(sessions.sign_in(person, 0)).actor
    sessions.change_password(actor, 0, "new hash")
    with pytest.raises(NotAllowed):
        sessions.sign_in(person, 0)
    with pytest.raises(Conflict):
        sessions.change_password(actor, 0, "newer hash")


def test_other_devices_are_signed_out_and_this_one_stays(database: Flask) -> None:
    person = accounts.enter()
    here, elsewhere = sessions.sign_in(person, 0), sessions.sign_in(person, 0)
    found = queries.open_session(here)
    assert queries.sessions_elsewhere(person, found.session_id) == 1
    assert sessions.sign_out_elsewhere(found.actor, found.session_id) == 1
    assert queries.open_session(here) is not None
    assert queries.open_session(elsewhere) is None
    assert sessions.sign_out_elsewhere(found.actor, found.session_id) == 0
    assert _acts().count("others_signed_out") == 1


def test_retirement_ends_a_session_and_lets_nobody_in_again(database: Flask) -> None:
    person = accounts.enter()
    token = sessions.sign_in(person, 0)
    commands.retire_person(accounts.root_actor(), person)
    assert queries.open_session(token) is None
    with pytest.raises(NotAllowed):
        sessions.sign_in(person, 0)


def test_the_end_of_the_last_grant_ends_the_session(database: Flask, city: dict[str, int]) -> None:
    first, second, *_ = accounts.unit_ids()
    person = accounts.enter(unit_id=first)
    root = accounts.root_actor()
    commands.give_grant(root, person, accounts.new_grant(unit_id=second))
    token = sessions.sign_in(person, 0)
    one, other = accounts.grant_ids(person)
    commands.end_grant(root, one)
    assert [held.unit_path for held in queries.open_session(token).actor.grants] == [
        accounts.path_of(second)
    ]
    commands.end_grant(root, other)
    assert queries.open_session(token) is None


def test_a_grant_holds_through_its_last_day_on_the_citys_clock(
    database: Flask, clock: MovableClock
) -> None:
    person = accounts.enter()
    db.session.execute(update(Grant).values(until_on=clock.moment.date()))
    db.session.commit()
    clock.forward(hours=13, minutes=17)  # 23.59 in Palembang, 16.59 UTC
    token = sessions.sign_in(person, 0)
    assert queries.open_session(token) is not None
    clock.forward(minutes=1)
    assert queries.open_session(token) is None


def test_a_link_sets_the_password_and_signs_in(database: Flask) -> None:
    link = commands.create_administrator("a@b.id", "Ani", another=False)
    token = sessions.choose_password(link.token, accounts.known_hash())
    assert queries.open_session(token).actor.name == "Ani"
    assert is_password(_hash(link.person_id), PASSWORD)
    assert _acts()[-2:] == ["password_chosen", "signed_in"]


def test_a_link_is_good_once(database: Flask) -> None:
    link = commands.create_administrator("a@b.id", "Ani", another=False)
    sessions.choose_password(link.token, "first")
    with pytest.raises(Conflict, match="sudah dipakai"):
        sessions.choose_password(link.token, "second")
    assert _hash(link.person_id) == "first"


def test_a_link_is_good_for_seventy_two_hours(database: Flask, clock: MovableClock) -> None:
    link = commands.create_administrator("a@b.id", "Ani", another=False)
    clock.forward(hours=72)
    with pytest.raises(Conflict, match="kedaluwarsa"):
        sessions.choose_password(link.token, "late")
    assert _hash(link.person_id) is None


def test_a_newer_link_ends_the_older_one(database: Flask) -> None:
    old = commands.create_administrator("a@b.id", "Ani", another=False)
    new = commands.renew_link("A@B.id")
    with pytest.raises(Conflict, match="diganti"):
        sessions.choose_password(old.token, "old")
    sessions.choose_password(new.token, "new")
    assert _hash(old.person_id) == "new"


@pytest.mark.parametrize("spoil", [lambda t: t[:-1], lambda t: t + "x", lambda t: t.swapcase()])
def test_a_tampered_link_is_unknown(database: Flask, spoil: Callable[[str], str]) -> None:
    link = commands.create_administrator("a@b.id", "Ani", another=False)
    with pytest.raises(NotFound):
        sessions.choose_password(spoil(link.token), "hash")


def test_a_link_of_a_retired_person_is_dead(database: Flask) -> None:
    root = accounts.root_actor()
    link = commands.invite_person(root, "a@b.id", "Ani", accounts.new_grant())
    commands.retire_person(root, link.person_id)
    with pytest.raises(NotFound):
        sessions.choose_password(link.token, "hash")


def test_a_link_before_the_first_day_sets_the_password_without_signing_in(
    database: Flask, clock: MovableClock
) -> None:
    link = commands.create_administrator("a@b.id", "Ani", another=False)
    db.session.execute(update(Grant).values(from_on=clock.moment.date() + timedelta(days=3)))
    db.session.commit()
    assert sessions.choose_password(link.token, "hash") is None
    assert _hash(link.person_id) == "hash"
    assert db.session.scalar(select(func.count(StaffSession.id))) == 0


def test_a_reset_ends_every_session(database: Flask) -> None:
    person = accounts.enter()
    token = sessions.sign_in(person, 0)
    link = commands.make_link(accounts.root_actor(), person)
    assert queries.open_session(token) is not None
    sessions.choose_password(link.token, "hash")
    assert queries.open_session(token) is None


def test_the_same_link_used_by_many_at_once_sets_one_password(app: Flask) -> None:
    with app.app_context():
        link = commands.create_administrator("a@b.id", "Ani", another=False)
    gate, outcomes = threading.Barrier(6), []

    def use(number: int) -> None:
        with app.app_context():
            gate.wait()
            try:
                sessions.choose_password(link.token, f"hash {number}")
                outcomes.append(number)
            except Conflict:
                outcomes.append(None)
            finally:
                db.session.remove()

    _all_at_once(use, 6)
    won = [number for number in outcomes if number is not None]
    with app.app_context():
        assert len(outcomes) == 6
        assert len(won) == 1
        person = db.session.scalars(select(Person)).one()
        assert (person.password_hash, person.epoch) == (f"hash {won[0]}", 1)
        assert db.session.scalar(select(func.count(OneTimeLink.id))) == 1
        assert db.session.scalar(select(func.count(StaffSession.id))) == 1


def test_two_administrators_who_remove_each_other_at_once_leave_one(app: Flask) -> None:
    with app.app_context():
        ids = [accounts.enter(f"{n}@b.id", Role.ADMINISTRATOR) for n in range(2)]
    gate = threading.Barrier(2)

    def remove(number: int) -> None:
        with app.app_context():
            gate.wait()
            try:
                commands.retire_person(accounts.actor(ids[number]), ids[1 - number])
            except Conflict:
                pass
            finally:
                db.session.remove()

    _all_at_once(remove, 2)
    with app.app_context():
        left = db.session.scalars(select(Person.id).where(Person.retired_on.is_(None))).all()
        assert len(left) == 1


def _all_at_once(work: Callable[[int], None], number: int) -> None:
    threads = [threading.Thread(target=work, args=(n,)) for n in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not any(thread.is_alive() for thread in threads)


def test_a_failed_sign_in_is_recorded_by_a_keyed_hash_of_what_was_typed(database: Flask) -> None:
    sessions.record_failed_sign_in(" Siti@Contoh.test")
    sessions.record_failed_sign_in("siti@contoh.test ")
    rows = db.session.scalars(select(AuditEntry)).all()
    assert len({row.typed_hash for row in rows}) == 1
    assert {(row.key_id, row.actor_id, row.about_id) for row in rows} == {("test", None, None)}
    assert not any("siti" in str(value) for row in rows for value in vars(row).values())


def test_the_second_password_does_not_open_with_the_first(database: Flask) -> None:
    assert is_password(accounts.known_hash(), PASSWORD)
    assert not is_password(accounts.known_hash(), OTHER_PASSWORD)
    assert not is_password(None, PASSWORD)
