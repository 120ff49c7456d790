"""A city is entered once, into an empty directory; a counter is retired once, with an open heir."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.directory import queries
from portal.directory.commands import (
    AreaEntry,
    NewPoint,
    NewService,
    NewUnit,
    enter_city,
    retire_point,
)
from portal.directory.models import Area, Service, ServicePoint, Unit
from portal.kit.codes import POINT, CodeKind
from portal.kit.errors import Conflict, Invalid, NotFound, Refusal
from portal.kit.extensions import db
from portal.kit.transaction import command

DAY = date(2026, 11, 24)
AREAS = [AreaEntry("16.71.07", "Sukarami", "Sukarami")]
UNITS = [NewUnit("dukcapil", "Dinas Kependudukan", "Dukcapil"), NewUnit("dlh", "Dinas LH", "DLH")]
SERVICES = [
    NewService("dukcapil-ktp", "dukcapil", "ktp", "KTP-el"),
    NewService("dlh-ktp", "dlh", "ktp", "Bukan KTP"),
]
POINTS = [
    NewPoint("lama", "dukcapil-ktp", "16.71.07", "Loket 1", "Kantor", DAY, "baru"),
    NewPoint("baru", "dukcapil-ktp", "16.71.07", "Loket 2", "Kantor"),
]


def enter() -> dict[str, int]:
    return enter_city(AREAS, UNITS, SERVICES, POINTS)


def point(point_id: int) -> ServicePoint:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(ServicePoint, point_id)


def test_a_city_is_entered_with_its_ties(database: Flask) -> None:
    ids = enter()
    assert set(ids) == {"lama", "baru"}
    old, new = point(ids["lama"]), point(ids["baru"])
    assert (old.retired_on, old.successor_id) == (DAY, new.id)
    assert (new.retired_on, new.successor_id) == (None, None)
    for one in (old, new):
        assert POINT.read(one.code) == (one.code, None)
    assert old.code != new.code
    assert [queries.unit_path(unit.id) for unit in queries.units()] == [
        f"/{unit.id}/" for unit in queries.units()
    ]
    found = queries.counter(new.code)
    assert found is not None
    assert (found.service, found.unit, found.label) == ("KTP-el", "Dinas Kependudukan", "Loket 2")


def test_a_directory_that_holds_a_unit_is_not_entered_again(database: Flask) -> None:
    enter()
    with pytest.raises(Conflict, match="sudah berisi"):
        enter()
    assert db.session.scalar(select(func.count(ServicePoint.id))) == 2


def test_a_city_with_a_fault_leaves_nothing(database: Flask) -> None:
    orphan = [NewPoint("x", "no-such-service", "16.71.07", "Loket", "Kantor")]
    with pytest.raises(KeyError):
        enter_city(AREAS, UNITS, SERVICES, orphan)
    for table in (Area, Unit, Service, ServicePoint):
        assert db.session.scalar(select(func.count()).select_from(table)) == 0
    assert queries.units() == []


def test_a_counter_is_retired_with_the_one_that_follows_it(
    city: dict[str, int], database: Flask
) -> None:
    first, second, *_ = city.values()
    retire_point(first, DAY, second)
    assert (point(first).retired_on, point(first).successor_id) == (DAY, second)


def test_a_counter_may_end_without_one_that_follows(city: dict[str, int], database: Flask) -> None:
    first, *_ = city.values()
    retire_point(first, DAY, None)
    assert (point(first).retired_on, point(first).successor_id) == (DAY, None)


def test_an_unknown_counter_cannot_be_retired(city: dict[str, int], database: Flask) -> None:
    with pytest.raises(NotFound):
        retire_point(999_999, DAY, None)


def test_a_retired_counter_cannot_be_retired_again(city: dict[str, int], database: Flask) -> None:
    first, second, third, *_ = city.values()
    retire_point(first, DAY, second)
    with pytest.raises(Conflict):
        retire_point(first, date(2026, 12, 1), third)
    assert (point(first).retired_on, point(first).successor_id) == (DAY, second)


def test_only_another_open_counter_can_follow(city: dict[str, int], database: Flask) -> None:
    first, second, *_ = city.values()
    retire_point(second, DAY, None)
    for heir in (first, second, 999_999):
        with pytest.raises(Invalid):
            retire_point(first, DAY, heir)
    assert point(first).retired_on is None


def test_two_counters_retired_at_once_cannot_follow_each_other(
    app: Flask, city: dict[str, int]
) -> None:
    first, second, *_ = city.values()
    written, over = threading.Event(), threading.Event()

    @command
    def retire_slowly() -> None:
        retire_point(first, DAY, second)
        db.session.flush()
        written.set()
        over.wait(0.5)

    def one() -> None:
        with app.app_context():
            retire_slowly()

    def other() -> None:
        with app.app_context():
            written.wait(10)
            try:
                retire_point(second, DAY, first)
            finally:
                over.set()

    with ThreadPoolExecutor(2) as pool:
        done, refused = pool.submit(one), pool.submit(other)
        done.result(timeout=30)
        with pytest.raises(Refusal):
            refused.result(timeout=30)
    with app.app_context():
        assert point(first).successor_id == second
        assert point(second).retired_on is None


def test_twins_among_fresh_codes_are_drawn_again(
    database: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = iter(["000000", "000000", "000018"])
    monkeypatch.setattr(CodeKind, "new", lambda _kind: next(drawn))
    enter()
    assert set(db.session.scalars(select(ServicePoint.code))) == {"000000", "000018"}
