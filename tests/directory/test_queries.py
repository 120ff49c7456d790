"""Reads of the directory: counters, where retired ones lead, units and services."""

from collections.abc import Callable
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from flask import Flask

from portal.directory import queries
from portal.directory.models import ServicePoint
from portal.directory.queries import Counter
from portal.kit.extensions import db

DAY = date(2026, 11, 1)


def lead(chain: list[int]) -> None:
    """Retire each of these points in favour of the next."""
    for here, there in pairwise(chain):
        point = db.session.get_one(ServicePoint, here)
        point.retired_on, point.successor_id = DAY, there
    db.session.commit()


def counter(point_id: int) -> Counter:
    found = queries.counter(db.session.get_one(ServicePoint, point_id).code)
    assert found is not None
    return found


@pytest.fixture
def points(city: dict[str, int], database: Flask) -> list[int]:
    """Ids of the seed's ten points."""
    return sorted(city.values())


def test_a_code_that_nobody_printed_leads_nowhere(points: list[int]) -> None:
    assert queries.counter("000000") is None
    assert queries.counter("") is None


def test_a_counter_is_found_in_one_statement(
    points: list[int], count_queries: Callable[[], Any]
) -> None:
    code = queries.open_point_codes(1)[0]
    with count_queries() as statements:
        found = queries.counter(code)
    assert found is not None
    assert found.shown_code == f"PLG-{code}"
    assert len(statements) == 1


@pytest.mark.parametrize("moves", [0, 1, 2, 9])
def test_a_retired_counter_leads_to_the_open_one_over_all_moves(
    points: list[int], moves: int
) -> None:
    lead(points[: moves + 1])
    found = queries.latest_successor(counter(points[0]))
    assert found is not None
    assert found.point_id == points[moves]
    assert found.retired_on is None


def test_a_chain_that_ends_in_a_retired_counter_leads_nowhere(points: list[int]) -> None:
    lead(points[:3])
    db.session.get_one(ServicePoint, points[2]).retired_on = DAY
    db.session.commit()
    assert queries.latest_successor(counter(points[0])) is None


@pytest.mark.parametrize("size", [1, 2, 3])
def test_a_ring_of_retired_counters_leads_nowhere_and_ends(
    points: list[int], size: int, count_queries: Callable[[], Any]
) -> None:
    """No command makes one, but a page must not hang on one."""
    lead([*points[:size], points[0]])
    here = counter(points[0])
    with count_queries() as statements:
        assert queries.latest_successor(here) is None
    assert len(statements) <= 20


def test_units_and_services_come_by_name(points: list[int]) -> None:
    units = queries.units()
    assert len(units) == 3
    assert [unit.name for unit in units] == sorted(unit.name for unit in units)
    services = queries.services()
    assert len(services) == 6
    own = queries.services(units[0].id)
    assert {service.unit_id for service in own} == {units[0].id}
    assert own == [service for service in services if service.unit_id == units[0].id]
    assert queries.services(999_999) == []


def test_a_unit_is_found_by_its_address_part(points: list[int]) -> None:
    unit = queries.units()[0]
    assert queries.unit_by_slug(unit.slug) == unit
    assert queries.unit_by_slug("tidak-ada") is None
    assert queries.unit_path(999_999) is None


def test_retired_counters_are_not_shown_at_start(points: list[int]) -> None:
    lead(points[:2])
    codes = queries.open_point_codes(100)
    assert len(codes) == 9
    assert queries.open_point_codes(3) == codes[:3]
    assert counter(points[0]).code not in codes


def test_every_point_knows_its_service_and_kecamatan(points: list[int]) -> None:
    services = queries.service_ids_by_point()
    areas = queries.area_ids()
    assert sorted(services) == points
    assert len(areas) == 18
    for point_id in points:
        found = counter(point_id)
        assert services[point_id] == found.service_id
        assert found.area_id in areas.values()
