"""Public pages say what the rows add up to until yesterday, each figure with n and interval."""

import random
import re
from collections import Counter as Count
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from math import sqrt
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from portal.directory import queries as directory
from portal.directory.queries import Counter
from portal.kit.clock import CITY_ZONE
from portal.kit.extensions import db
from portal.language.sentiment import tag
from portal.ratings import proof
from portal.ratings import queries as ratings
from portal.ratings.commands import (
    NewRating,
    PastRating,
    record_past,
    submit_rating,
    withdraw_rating,
)
from portal.ratings.models import Rating
from portal.ratings.terms import Exclusion
from tests.conftest import NOW, MovableClock
from tests.support.pages import PageClient

QUARTER_BEGINS = date(2026, 10, 1)
TODAY = date(2026, 11, 24)
SOME_WORDS = (None, None, "Petugasnya ramah, terima kasih", "Antre lama sekali", "Biasa saja")


@pytest.fixture
def counters(city: dict[str, int], app: Flask) -> list[Counter]:
    """The ten counters of the seed."""
    with app.app_context():
        found = [directory.counter(code) for code in directory.open_point_codes(100)]
    return [one for one in found if one is not None]


def past(here: Counter, score: int, rated_at: datetime, **more: Any) -> PastRating:
    words = more.get("words")
    facts = {"words": None, "tagged": tag(words) if words else None, "exclusion": None, **more}
    place = (here.point_id, here.service_id, here.area_id)
    return PastRating(*place, score, rated_at=rated_at, **facts)


def at(day: date, hour: int = 10, minute: int = 0) -> datetime:
    """A moment on the city's clock."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=CITY_ZONE).astimezone(UTC)


def page_of(here: Counter, *, service: bool = False) -> str:
    path = f"/transparansi/{here.unit_slug}"
    return f"{path}/{here.service_slug}" if service else path


def comma(number: Fraction | float) -> str:
    return f"{float(number):.2f}".replace(".", ",")


def estimate(scores: list[int]) -> tuple[Fraction, float, float]:
    """Mean and 95 % interval as the method on the page says, in exact fractions until the root."""
    raw = Fraction(sum(scores), len(scores))
    weights = {score: scores.count(score) + Fraction(1, 2) for score in range(1, 6)}
    total = sum(weights.values(), Fraction())
    mean = sum((score * weight for score, weight in weights.items()), Fraction()) / total
    spread = sum(((score - mean) ** 2 * weight for score, weight in weights.items()), Fraction())
    reach = 1.96 * sqrt(spread / total / (total + 1))
    low, high = min(float(mean) - reach, float(raw)), max(float(mean) + reach, float(raw))
    return raw, max(low, 1.0), min(high, 5.0)


def wilson(part: int, whole: int) -> tuple[float, float]:
    """The roots of Wilson's equation (p̂ − p)² = z² p (1 − p) / n, solved as a quadratic."""
    share, spread = part / whole, 1.96**2 / whole
    a, b, c = 1 + spread, -(2 * share + spread), share**2
    root = sqrt(max(b * b - 4 * a * c, 0.0))
    return (-b - root) / (2 * a), (-b + root) / (2 * a)


def tenths(share: float) -> str:
    return f"{100 * abs(share):.1f}".replace(".", ",")


def is_distribution(table: str, counts: list[int]) -> None:
    """Assert that the rows of a table are these counts, each with its share and interval."""
    body = table.split("</table>", 1)[0]
    assert [int(n) for n in re.findall(r'<td class="num">(\d+)</td>', body)] == counts
    found = re.findall(r">([\d,]+)\u00a0%<br><span[^>]*>([\d,]+)–([\d,]+)</span>", body)
    expected = [
        (tenths(n / sum(counts)), *(tenths(limit) for limit in wilson(n, sum(counts))))
        for n in counts
        if sum(counts)
    ]
    assert found == expected


def says(page: str, scores: list[int], tones: dict[str, int] | None = None) -> None:
    """Assert that a page's mean, interval, n and distributions are those of these ratings."""
    mean, low, high = estimate(scores)
    assert f"<b>{comma(mean)} <small>dari 5</small></b>" in page
    assert f"Rentang {comma(low)}–{comma(high)}. Dari {len(scores)} penilaian." in page
    _, by_score, by_tone, *_ = page.split('<table class="data-table">')
    is_distribution(by_score, [scores.count(score) for score in (5, 4, 3, 2, 1)])
    order = ("positive", "neutral", "negative", "uncertain")
    is_distribution(by_tone, [(tones or {}).get(tone, 0) for tone in order])


def tones_of(rows: list[Rating]) -> dict[str, int]:
    return Count(row.tone for row in rows if row.tone)


def rows_that_count(app: Flask) -> list[Rating]:
    """The ratings that the running quarter counts, picked from the rows by hand."""
    with app.app_context():
        assert proof.differences() == []
        return [
            row
            for row in db.session.scalars(select(Rating))
            if QUARTER_BEGINS <= row.rated_at.astimezone(CITY_ZONE).date() < TODAY
            and row.exclusion is None
            and row.withdrawn_at is None
        ]


@pytest.fixture
def many(app: Flask, counters: list[Counter], clock: MovableClock) -> random.Random:
    """Two hundred ratings at random counters, before and in the quarter, and today."""
    rng = random.Random(5)
    first = at(QUARTER_BEGINS - timedelta(days=8), 0)
    seconds = (NOW - first).total_seconds()
    reasons = (None, None, None, None, Exclusion.REPEAT, Exclusion.BURST)
    life = [
        past(
            rng.choice(counters[:-1]),
            rng.choices((1, 2, 3, 4, 5), (2, 1, 2, 5, 6))[0],
            first + timedelta(seconds=rng.randrange(int(seconds))),
            words=rng.choice(SOME_WORDS),
            exclusion=rng.choice(reasons),
        )
        for _ in range(200)
    ]
    life += [past(rng.choice(counters[:-1]), 1, NOW - timedelta(minutes=n)) for n in range(7)]
    with app.app_context():
        record_past(life)
    return rng


def test_the_citys_page_says_what_the_rows_add_up_to(
    app: Flask, client: PageClient, many: random.Random
) -> None:
    rows = rows_that_count(app)
    scores = [row.score for row in rows]
    assert len(scores) > 80
    page = client.get("/transparansi").text
    says(page, scores, tones_of(rows))
    home = client.get("/").text
    mean, low, high = estimate(scores)
    assert f"<b>{comma(mean)} <small>dari 5</small></b>" in home
    assert f"Rentang {comma(low)}–{comma(high)}. Dari {len(scores)} penilaian." in home


def test_every_units_and_services_page_says_what_its_own_rows_add_up_to(
    app: Flask, client: PageClient, counters: list[Counter], many: random.Random
) -> None:
    rows = rows_that_count(app)
    for service in (False, True):
        for path in {page_of(here, service=service) for here in counters}:
            own = {here.service_id for here in counters if page_of(here, service=service) == path}
            own_rows = [row for row in rows if row.service_id in own]
            scores = [row.score for row in own_rows]
            page = client.get(path).text
            if len(scores) >= 5:
                says(page, scores, tones_of(own_rows))
            else:
                assert f"baru {len(scores)} penilaian, perlu 5" in page


def test_each_line_of_a_list_has_mean_interval_and_n(
    app: Flask, client: PageClient, counters: list[Counter], many: random.Random
) -> None:
    rows = rows_that_count(app)
    lists = {"/transparansi": ("unit", "unit_id")}
    lists |= {page_of(here): ("service", "service_id") for here in counters}
    for path, (name, key) in lists.items():
        body = client.get(path).text.split('<table class="data-table fold">', 1)[1]
        shown = counters if key == "unit_id" else [c for c in counters if page_of(c) == path]
        for here in shown:
            wanted = getattr(here, key)
            own = {c.service_id for c in counters if getattr(c, key) == wanted}
            scores = [row.score for row in rows if row.service_id in own]
            line = next(one for one in body.split("<tr>") if f">{getattr(here, name)}</a>" in one)
            assert f'data-l="Penilaian">{len(scores)}</td>' in line
            if len(scores) >= 5:
                mean, low, high = estimate(scores)
                assert f"<b>{comma(mean)}</b>" in line
                assert f">{comma(low)}–{comma(high)}</td>" in line
            else:
                assert "<b>" not in line
                assert "perlu 5 penilaian" in line


def test_a_mean_is_shown_from_the_fifth_rating_on(
    app: Flask, client: PageClient, counters: list[Counter], clock: MovableClock
) -> None:
    here, yesterday = counters[0], at(TODAY - timedelta(days=1))
    with app.app_context():
        record_past([past(here, score, yesterday) for score in (5, 4, 4, 1)])
    paths = ["/transparansi", page_of(here), page_of(here, service=True)]
    for path in paths:
        page = client.get(path).text
        assert "dari 5</small>" not in page
        assert 'class="whisker"' not in page, "no drawing betrays it either"
        assert "baru 4 penilaian, perlu 5" in page
    assert "dari 5</small>" not in client.get("/").text
    with app.app_context():
        record_past([past(here, 5, yesterday)])
    for path in paths:
        says(client.get(path).text, [5, 4, 4, 1, 5])


class TestAnotherThreshold:
    """The city decided that three are enough."""

    @pytest.fixture
    def settings(self) -> dict[str, object]:
        return {"MIN_SHOWN": 3}

    def test_is_kept_and_named(
        self, app: Flask, client: PageClient, counters: list[Counter], clock: MovableClock
    ) -> None:
        here, yesterday = counters[0], at(TODAY - timedelta(days=1))
        with app.app_context():
            record_past([past(here, 2, yesterday) for _ in range(2)])
        assert "baru 2 penilaian, perlu 3" in client.get(page_of(here)).text
        with app.app_context():
            record_past([past(here, 2, yesterday)])
        page = client.get(page_of(here)).text
        says(page, [2, 2, 2])
        assert "di bawah 3 penilaian" in page


def test_todays_ratings_are_numbered_but_do_not_count_until_they_are_settled(
    app: Flask, client: PageClient, counters: list[Counter], clock: MovableClock
) -> None:
    here = counters[0]
    place = (here.point_id, here.service_id, here.area_id)
    with app.app_context():
        record_past([past(here, 4, at(TODAY - timedelta(days=1), 23, 59)) for _ in range(6)])
        for n in range(3):
            submit_rating(NewRating(f"today-{n}", *place, 1, None, None, None))
    paths = ["/transparansi", page_of(here), page_of(here, service=True)]
    for moment in (NOW, datetime(2026, 11, 24, 17, 9, 59, tzinfo=UTC)):
        clock.moment = moment
        for path in paths:
            page = client.get(path).text
            says(page, [4] * 6)
            assert "<b>3 <small>penilaian</small></b>" in page
            assert "sampai 23 November 2026" in page
    clock.moment = datetime(2026, 11, 24, 17, 10, tzinfo=UTC)
    for path in paths:
        page = client.get(path).text
        says(page, [4] * 6 + [1] * 3)
        assert "<b>0 <small>penilaian</small></b>" in page
        assert "sampai 24 November 2026" in page


def test_on_the_first_day_of_a_quarter_the_last_one_is_shown_whole(
    app: Flask, client: PageClient, counters: list[Counter], clock: MovableClock
) -> None:
    here = counters[0]
    with app.app_context():
        record_past(
            [
                *[past(here, 5, at(date(2026, 12, 31), 23, 59)) for _ in range(5)],
                *[past(here, 5, at(date(2026, 10, 1), 0, 0)) for _ in range(2)],
                past(here, 1, at(date(2026, 9, 30), 23, 59)),
                *[past(here, 1, at(date(2027, 1, 1), 0, 1)) for _ in range(4)],
            ]
        )
    clock.moment = at(date(2027, 1, 1), 9)
    page = client.get(page_of(here)).text
    says(page, [5] * 7)
    assert "Triwulan IV 2026, 1 Oktober sampai 31 Desember 2026" in page
    assert "(berjalan)" not in page
    assert "<b>4 <small>penilaian</small></b>" in page
    clock.moment = at(date(2027, 1, 2), 9)
    page = client.get(page_of(here)).text
    assert "baru 4 penilaian" in page
    assert "Triwulan I 2027 (berjalan), 1 Januari sampai 1 Januari 2027" in page


def test_what_is_left_out_is_named_by_reason(
    app: Flask, client: PageClient, counters: list[Counter], clock: MovableClock
) -> None:
    here, yesterday = counters[0], at(TODAY - timedelta(days=1))
    assert "Belum ada penilaian pada triwulan ini." in client.get(page_of(here)).text
    with app.app_context():
        record_past(
            [past(here, 5, yesterday) for _ in range(5)]
            + [past(here, 1, yesterday, exclusion=Exclusion.REPEAT) for _ in range(3)]
            + [past(here, 1, yesterday, exclusion=Exclusion.BURST) for _ in range(2)]
        )
        place = (here.point_id, here.service_id, here.area_id)
        submit_rating(NewRating("withdrawn", *place, 1, None, None, None))
        withdraw_rating("withdrawn")
    page = client.get(page_of(here)).text
    says(page, [5] * 5)
    words = r"Tidak dihitung: 3 [^,.<]*10 menit, 2 [^,.<]*beruntun[^,.<]*"
    assert re.search(rf"{words}\.", page), "a reason without any is not named"
    assert "<b>0 <small>penilaian</small></b>" in page, "neither is a withdrawn one today's"
    clock.moment = at(TODAY + timedelta(days=1))
    page = client.get(page_of(here)).text
    assert re.search(rf"{words}, 1 ditarik [^,.<]*\.", page)
    says(page, [5] * 5)


def test_a_rating_stays_with_the_service_of_its_moment(
    app: Flask, client: PageClient, counters: list[Counter], clock: MovableClock
) -> None:
    here = counters[0]
    other = next(c for c in counters if c.service_id != here.service_id)
    moved = replace(here, service_id=other.service_id)
    with app.app_context():
        record_past([past(here, 5, at(TODAY - timedelta(days=2))) for _ in range(5)])
        record_past([past(moved, 1, at(TODAY - timedelta(days=1))) for _ in range(5)])
    says(client.get(page_of(here, service=True)).text, [5] * 5)
    says(client.get(page_of(other, service=True)).text, [1] * 5)


@pytest.mark.parametrize(
    "path", ["tidak-ada", "tidak-ada/ktp-el", "%00", "..%2f", "a" * 3000, "ktp'--"]
)
def test_an_unknown_unit_is_not_found(client: PageClient, city: dict[str, int], path: str) -> None:
    answer = client.get(f"/transparansi/{path}")
    assert answer.status_code == 404
    assert "Halaman tidak ditemukan" in answer.text


def test_a_service_is_found_under_its_own_unit_only(
    client: PageClient, counters: list[Counter]
) -> None:
    here = counters[0]
    other = next(c for c in counters if c.unit_id != here.unit_id)
    assert client.get(page_of(here, service=True)).status_code == 200
    path = f"/transparansi/{other.unit_slug}/{here.service_slug}"
    assert client.get(path).status_code == 404
    assert client.get(f"{page_of(here)}/tidak-ada").status_code == 404


def test_an_empty_portal_has_pages_too(client: PageClient) -> None:
    for path in ("/", "/transparansi"):
        page = client.get(path)
        assert page.status_code == 200
        assert "baru 0 penilaian, perlu 5" in page.text


def test_what_ended_is_still_shown_and_says_so(
    app: Flask, client: PageClient, counters: list[Counter]
) -> None:
    here = counters[0]
    with app.app_context():
        tables = db.metadata.tables
        for name, key in (("unit", here.unit_id), ("service", here.service_id)):
            ended = update(tables[name]).where(tables[name].c.id == key)
            db.session.execute(ended.values(retired_on=date(2026, 11, 3)))
        db.session.commit()
    assert "berakhir 3 November 2026" in client.get("/transparansi").text
    assert "Kantor ini berakhir 3 November 2026." in client.get(page_of(here)).text
    page = client.get(page_of(here, service=True)).text
    assert "Layanan ini berakhir 3 November 2026." in page


def test_counts_are_read_from_one_state_of_the_database(
    app: Flask, counters: list[Counter], clock: MovableClock, count_queries: Callable[[], Any]
) -> None:
    """A rating stored between two reads would be taken out without having been put in.

    On PostgreSQL each statement sees what was committed before it; hence one statement.
    """
    here = counters[0]
    with app.app_context(), count_queries() as statements:
        ratings.running_counts(TODAY)
        ratings.running_counts(TODAY, {here.service_id})
    assert len(statements) == 2
