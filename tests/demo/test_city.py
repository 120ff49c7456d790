"""The city of the demonstration is complete, well named and joined up."""

import re
from collections import Counter

import pytest

from portal.demo.city import City, city, seed_city

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
CITIES = pytest.mark.parametrize("shown", [city(), seed_city()], ids=["whole", "seed"])


def test_the_whole_city_has_its_size() -> None:
    whole = city()
    sizes = (len(whole.areas), len(whole.units), len(whole.services), len(whole.points))
    assert sizes == (18, 40, 80, 200)


def test_the_seed_has_its_size_and_is_part_of_the_whole() -> None:
    seed, whole = seed_city(), city()
    sizes = (len(seed.areas), len(seed.units), len(seed.services), len(seed.points))
    assert sizes == (18, 3, 6, 10)
    assert set(seed.units) <= set(whole.units)
    assert set(seed.services) <= set(whole.services)
    assert set(seed.points) <= set(whole.points)


@CITIES
def test_keys_are_slugs_and_unique(shown: City) -> None:
    for things in (shown.units, shown.services, shown.points):
        keys = [thing.key for thing in things]
        assert len(set(keys)) == len(keys)
        assert all(SLUG.fullmatch(key) for key in keys)


@CITIES
def test_everything_belongs_to_something_and_nothing_is_empty(shown: City) -> None:
    assert {service.unit for service in shown.services} == {unit.key for unit in shown.units}
    assert {point.service for point in shown.points} == {service.key for service in shown.services}
    assert {point.area for point in shown.points} <= {area.code for area in shown.areas}


def test_every_area_has_an_office_and_a_point() -> None:
    whole = city()
    offices = [unit for unit in whole.units if unit.key.startswith("kecamatan-")]
    assert {unit.name.removeprefix("Kecamatan ") for unit in offices} == {
        area.name for area in whole.areas
    }
    assert {unit.short_name.removeprefix("Kec. ") for unit in offices} == {
        area.usual_name for area in whole.areas
    }
    assert {point.area for point in whole.points} == {area.code for area in whole.areas}


def test_a_building_stands_in_one_area() -> None:
    areas = {(point.place, point.area) for point in city().points}
    assert max(Counter(place for place, _ in areas).values()) == 1


def test_one_point_moves_to_a_point_of_the_same_service() -> None:
    points = {point.key: point for point in city().points}
    moving = [point for point in points.values() if point.moved_to]
    assert len(moving) == 1
    assert points[moving[0].moved_to or ""].service == moving[0].service
    assert not any(point.moved_to for point in seed_city().points)


def test_names_fit_their_columns_and_have_no_stray_space() -> None:
    whole = city()
    for name, longest in (
        *((unit.name, 200) for unit in whole.units),
        *((unit.short_name, 60) for unit in whole.units),
        *((unit.key, 80) for unit in whole.units),
        *((service.name, 200) for service in whole.services),
        *((service.slug, 80) for service in whole.services),
        *((point.label, 60) for point in whole.points),
        *((point.place, 120) for point in whole.points),
    ):
        assert 0 < len(name) <= longest
        assert name == " ".join(name.split())


def test_the_identity_card_is_not_broken_across_lines() -> None:
    names = [service.name for service in city().services if "KTP" in service.name]
    assert names
    assert all("KTP\u2011el" in name for name in names)
