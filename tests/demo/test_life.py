"""A year of ratings is plausible, in order, exact in number and the same for the same seed."""

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import UTC, date, timedelta
from functools import cache
from pathlib import Path
from statistics import mean

import pytest

import portal.demo.comments
from portal.demo.city import city
from portal.demo.comments import ANY_KIND, Comment, Comments, read_comments
from portal.demo.hours import is_holiday
from portal.demo.life import LifeRating, moved_on, year_of_ratings
from portal.demo.quality import first_monday
from portal.kit.clock import city_time

COMMENTS = read_comments(Path(portal.demo.comments.__file__).with_name("comments.csv"))
POINTS = {point.key: point for point in city().points}
SERVICES = {service.key: service for service in city().services}
ENDING_ON = date(2026, 11, 24)
ENDINGS = [date(2026, 11, 24), date(2026, 11, 29), date(2027, 3, 1), date(2028, 2, 29)]


@cache
def year(
    seed: int = 1, ending_on: date = ENDING_ON, number: int = 50_000
) -> tuple[LifeRating, ...]:
    ratings = year_of_ratings(city(), COMMENTS, seed=seed, ending_on=ending_on, ratings=number)
    return tuple(ratings)


def day_of(rating: LifeRating) -> date:
    return city_time(rating.rated_at).date()


def minute_of(rating: LifeRating) -> int:
    local = city_time(rating.rated_at)
    return local.hour * 60 + local.minute


def kind_of(rating: LifeRating) -> str:
    return SERVICES[POINTS[rating.point_key].service].kind


def counted(where: Callable[[LifeRating], bool] = lambda _: True) -> list[LifeRating]:
    return [rating for rating in year() if not rating.excluded and where(rating)]


def mean_score(ratings: Iterable[LifeRating]) -> float:
    return mean(rating.score for rating in ratings)


def of_service(key: str, first: date, days: int) -> list[LifeRating]:
    last = first + timedelta(days=days)
    return counted(lambda r: POINTS[r.point_key].service == key and first <= day_of(r) < last)


def test_fifty_thousand_are_made_in_a_few_seconds() -> None:
    began = time.perf_counter()
    made = sum(1 for _ in year_of_ratings(city(), COMMENTS, seed=2, ending_on=ENDING_ON))
    assert made == 50_000
    assert time.perf_counter() - began < 20


def test_the_same_seed_gives_the_same_year_and_another_another() -> None:
    once = year(5, number=3000)
    again = tuple(year_of_ratings(city(), COMMENTS, seed=5, ending_on=ENDING_ON, ratings=3000))
    assert once == again
    assert once != year(6, number=3000)


@pytest.mark.parametrize("number", [0, 1, 2, 99, 100, 101, 1000, 5001])
def test_the_number_is_exact(number: int) -> None:
    assert len(year(number=number)) == number


@pytest.mark.parametrize("ending_on", ENDINGS)
def test_a_year_ends_on_its_last_morning(ending_on: date) -> None:
    ratings = year(ending_on=ending_on, number=20_000)
    moments = [rating.rated_at for rating in ratings]
    assert moments == sorted(moments)
    assert all(moment.tzinfo is UTC for moment in moments)
    assert day_of(ratings[0]) >= ending_on - timedelta(days=365)
    on_the_last_day = [rating for rating in ratings if day_of(rating) == ending_on]
    assert on_the_last_day
    assert day_of(ratings[-1]) == ending_on
    assert max(minute_of(rating) for rating in on_the_last_day) < 12 * 60


def test_ratings_fall_into_opening_hours() -> None:
    for rating in year():
        day, minute = day_of(rating), minute_of(rating)
        assert not is_holiday(day)
        if day.weekday() < 4:
            assert 450 <= minute < 960
        elif day.weekday() == 4:
            assert 450 <= minute < 690 or 810 <= minute < 990
        else:
            assert 480 <= minute < 1080


def test_the_big_holidays_are_silent() -> None:
    for day in (date(2025, 12, 25), date(2026, 1, 1), date(2026, 3, 20), date(2026, 8, 17)):
        assert is_holiday(day)
    assert is_holiday(date(2031, 12, 25))
    assert not is_holiday(date(2026, 11, 24))


def test_weekends_are_few_and_only_where_open() -> None:
    weekend = [rating for rating in year() if day_of(rating).weekday() >= 5]
    assert 0.005 < len(weekend) / len(year()) < 0.06
    sundays = {kind_of(rating) for rating in weekend if day_of(rating).weekday() == 6}
    assert sundays <= {"angkutan", "internet", "museum", "parkir", "taman", "wisata"}
    for rating in weekend:
        place = POINTS[rating.point_key].place
        assert kind_of(rating) in sundays | {"puskesmas", "gigi"} or place == "Mal Pelayanan Publik"


def test_scores_are_shaped_like_a_j() -> None:
    shares = Counter(rating.score for rating in counted())
    assert shares[5] > shares[4] > shares[1] > shares[3] > shares[2] > 0
    assert shares[5] > 0.5 * len(counted())


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_city_is_rated_well_but_not_too_well(seed: int) -> None:
    ratings = [rating for rating in year(seed) if not rating.excluded]
    assert 4.0 <= mean_score(ratings) <= 4.2
    months = defaultdict(list)
    for rating in ratings:
        months[day_of(rating).strftime("%Y-%m")].append(rating)
    assert all(3.9 <= mean_score(month) <= 4.35 for month in months.values())


def test_services_differ() -> None:
    services = defaultdict(list)
    for rating in counted():
        services[POINTS[rating.point_key].service].append(rating)
    means = [mean_score(ratings) for ratings in services.values() if len(ratings) >= 100]
    assert min(means) < 3.8
    assert max(means) > 4.25


def test_every_point_is_rated() -> None:
    numbers = Counter(rating.point_key for rating in year())
    assert set(numbers) == set(POINTS)
    assert min(numbers.values()) >= 20


def test_about_a_third_has_words_that_fit() -> None:
    with_words = [rating for rating in year() if rating.words is not None]
    assert 0.32 <= len(with_words) / len(year()) <= 0.38
    known = defaultdict(set)
    for comment in COMMENTS:
        known[comment.text.casefold().removesuffix(".")].add((comment.score, comment.language))
    for rating in with_words:
        words = (rating.words or "").casefold().removesuffix(".")
        assert (rating.score, rating.language) in known[words]
    assert all((rating.words is None) == (rating.language is None) for rating in year())


def test_words_speak_of_the_service_they_were_given_at() -> None:
    kinds = {comment.text.casefold().removesuffix("."): comment.kind for comment in COMMENTS}
    themes = {ANY_KIND, "lapangan", "mesin_rusak", "panas"}
    spoken = [
        (kinds[(rating.words or "").casefold().removesuffix(".")], kind_of(rating))
        for rating in year()
        if rating.words
    ]
    assert all(said in themes or said == kind for said, kind in spoken)
    assert sum(said == kind for said, kind in spoken) > 0.3 * len(spoken)


def test_palembang_speech_and_english_are_heard() -> None:
    languages = Counter(rating.language for rating in year() if rating.language)
    assert 0.15 <= languages["plm"] / languages.total() <= 0.32
    assert 0 < languages["en"] / languages.total() < 0.06


def test_a_table_of_one_comment_is_enough() -> None:
    only = Comments([Comment(ANY_KIND, 3, "id", "cukup")])
    ratings = list(year_of_ratings(city(), only, seed=1, ending_on=ENDING_ON, ratings=500))
    assert {rating.words for rating in ratings} == {None, "cukup"}


def test_few_are_excluded() -> None:
    reasons = Counter(rating.excluded for rating in year())
    assert reasons["repeat"] == 750
    assert 240 <= reasons["burst"] <= 300


def test_a_repeat_follows_another_at_the_same_point_within_ten_minutes() -> None:
    last_counted: dict[str, LifeRating] = {}
    for rating in year():
        if rating.excluded == "repeat":
            before = last_counted[rating.point_key]
            assert rating.rated_at - before.rated_at < timedelta(minutes=10)
        else:
            last_counted[rating.point_key] = rating


def test_a_burst_begins_with_the_21st_in_ten_minutes_and_never_earlier() -> None:
    recent: defaultdict[str, list[LifeRating]] = defaultdict(list)
    for rating in year():
        if rating.excluded == "repeat":
            continue
        near = [
            other
            for other in recent[rating.point_key]
            if rating.rated_at - other.rated_at < timedelta(minutes=10)
        ]
        assert (len(near) >= 20) == (rating.excluded == "burst")
        recent[rating.point_key] = near if rating.excluded else [*near, rating]


def test_bursts_are_of_one_mind_and_come_in_clusters() -> None:
    clusters = defaultdict(list)
    for rating in year():
        if rating.excluded == "burst":
            clusters[rating.point_key, day_of(rating)].append(rating)
    assert 5 <= len(clusters) <= 12
    for cluster in clusters.values():
        assert cluster[-1].rated_at - cluster[0].rated_at < timedelta(minutes=10)
        assert Counter(rating.score for rating in cluster).most_common(1)[0][1] > len(cluster) / 2


@pytest.mark.parametrize("ending_on", ENDINGS)
def test_the_moved_counter_stops_and_its_successor_begins(ending_on: date) -> None:
    old = next(point for point in city().points if point.moved_to)
    moved = moved_on(ending_on)
    assert moved.month == 3
    assert moved.weekday() == 0
    assert ending_on - timedelta(days=366) < moved < ending_on
    ratings = year(ending_on=ending_on, number=20_000)
    before = [day_of(rating) for rating in ratings if rating.point_key == old.key]
    after = [day_of(rating) for rating in ratings if rating.point_key == old.moved_to]
    assert all(day < moved for day in before)
    assert all(day >= moved for day in after)
    assert before or after


def test_both_places_of_the_moved_counter_are_used() -> None:
    old = next(point for point in city().points if point.moved_to)
    numbers = Counter(rating.point_key for rating in year())
    assert numbers[old.key] > 20
    assert numbers[old.moved_to or ""] > 20


def test_one_lost_sticker_is_silent_for_a_month() -> None:
    last: dict[str, date] = {}
    for rating in year():
        last[rating.point_key] = day_of(rating)
    old = next(point.key for point in city().points if point.moved_to)
    silent = {key for key, day in last.items() if (ENDING_ON - day).days > 40}
    assert silent == {old, "dlh-taman-kota-papan-taman-taman-polda"}


def test_a_broken_machine_is_felt_and_spoken_of() -> None:
    broken = first_monday(9, ENDING_ON)
    card = "disdukcapil-ktp-el"
    during, before = of_service(card, broken, 14), of_service(card, broken - timedelta(28), 28)
    assert mean_score(during) < mean_score(before) - 0.4
    assert sum("mesin" in (rating.words or "").lower() for rating in during) >= 5
    assert not any("mesin cetak" in (rating.words or "").lower() for rating in before)


def test_a_campaign_lifts_one_unit() -> None:
    began = first_monday(5, ENDING_ON)
    ratings = counted(lambda r: r.point_key.startswith("kecamatan-kertapati"))
    before = mean_score(rating for rating in ratings if day_of(rating) < began)
    after = mean_score(rating for rating in ratings if day_of(rating) >= began)
    assert after > before + 0.25


def test_seasons_show() -> None:
    def per_month(kind: str) -> Counter[int]:
        return Counter(day_of(rating).month for rating in year() if kind_of(rating) == kind)

    sekolah, pajak, sampah = per_month("sekolah"), per_month("pajak"), per_month("sampah")
    assert min(sekolah[6], sekolah[7]) > 2 * max(sekolah[2], sekolah[10])
    assert pajak[9] > 1.5 * pajak[6]
    assert sampah[1] > sampah[7]
