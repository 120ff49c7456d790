"""Every way in has a guard; citizens' pages write nothing unasked, set no cookie, read tallies."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from portal import doors
from portal.access.terms import Role
from portal.directory.queries import Counter
from portal.doors import DOORS
from portal.people.commands import create_administrator, give_grant
from portal.ratings.commands import PastRating, record_past
from tests.conftest import NOW, MovableClock
from tests.desk.factories import enter, seed_offices
from tests.people import accounts
from tests.support.pages import PageClient

READS_ONLY = {"ratings.receipt"}
"""POST routes of citizens that need no ticket, because they only read: a receipt code is sent in
the body so that it stands in no address, log or history."""

COOKIE_FREE = (doors.public, doors.citizen)
WRITES = re.compile(
    r"\s*(INSERT|UPDATE|DELETE|TRUNCATE|REPLACE|CREATE|DROP|ALTER)\b", re.IGNORECASE
)
RATING_TABLE = re.compile(r'\b(FROM|JOIN|INTO|UPDATE)\s+"?rating"?(\s|,|$)', re.IGNORECASE)

STATEMENTS = {
    "transparency.home": 1,
    "transparency.city": 3,
    "transparency.unit": 3,
    "transparency.service": 3,
}
"""How many statements each public page costs, once the demo mark is remembered."""

REQUIRED = {
    "Content-Security-Policy": "default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=()",
}


@pytest.fixture
def facts(app: Flask, counter: Counter) -> dict[str, str]:
    """What stands in the variable parts of addresses."""
    return {
        "code": counter.shown_code,
        "unit_slug": counter.unit_slug,
        "service_slug": counter.service_slug,
        "name": next(iter(app.extensions["assets"])),
    }


def guard_of(endpoint: str) -> Callable[[], Any] | None:
    name = endpoint.rpartition(".")[0]
    return next((door.guard for door in DOORS if door.blueprint.name == name), None)


def rules(app: Flask, method: str, *guards: Callable[[], Any]) -> Iterator[Rule]:
    """The routes behind these guards, all when none is named."""
    for rule in app.url_map.iter_rules():
        if method in (rule.methods or ()) and (not guards or guard_of(rule.endpoint) in guards):
            yield rule


def address(app: Flask, rule: Rule, facts: dict[str, str]) -> str:
    with app.test_request_context():
        built = rule.build({name: facts.get(name, "1") for name in rule.arguments})
    assert built is not None
    return str(built[1])


def unguarded(app: Flask) -> list[str]:
    """Routes whose blueprint stands in no door, or whose guard is not the first that is asked."""
    found = []
    for rule in app.url_map.iter_rules():
        guard = guard_of(rule.endpoint)
        asked = app.before_request_funcs.get(rule.endpoint.rpartition(".")[0], [])
        if guard is None or not asked or asked[0] is not guard:
            found.append(rule.endpoint)
    return found


class TestOnSQLite:
    """What does not depend on the database."""

    @pytest.fixture(params=["sqlite"])
    def dialect(self, request: pytest.FixtureRequest) -> str:
        return str(request.param)

    def test_every_route_stands_behind_a_door_whose_guard_is_asked_first(self, app: Flask) -> None:
        assert unguarded(app) == [], "a way in that nobody guards; put its blueprint into doors.py"

    def test_a_route_beside_the_doors_would_be_noticed(self, app: Flask) -> None:
        app.add_url_rule("/belakang", "back_door", lambda: "")
        assert unguarded(app) == ["back_door"]

    def test_every_blueprint_has_one_door(self, app: Flask) -> None:
        names = [door.blueprint.name for door in DOORS]
        assert len(set(names)) == len(names)
        assert set(app.blueprints) == set(names)

    def test_every_door_is_outside_the_librarys_check_because_each_form_checks_its_token(
        self, app: Flask
    ) -> None:
        exempt = app.extensions["csrf"]._exempt_blueprints
        outside = {getattr(blueprint, "name", blueprint) for blueprint in exempt}
        assert outside == {door.blueprint.name for door in DOORS}, "a refused token is a bare 400"
        assert app.extensions["csrf"]._exempt_views == set()

    def test_every_answer_bears_the_security_headers(
        self, app: Flask, client: PageClient, facts: dict[str, str]
    ) -> None:
        app.config["PROPAGATE_EXCEPTIONS"] = False
        app.add_url_rule("/rusak", "broken", lambda: 1 / 0)
        pages = [address(app, rule, facts) for rule in rules(app, "GET", *COOKIE_FREE)]
        answers = [client.get(page) for page in pages]
        answers += [client.get(path) for path in ("/rusak", "/tidak/ada", "/static/tidak.css")]
        answers += [client.post("/"), client.post("/struk"), client.get(f"/q/{facts['code']}x")]
        bare = FlaskClient(app, app.response_class)
        answers += [bare.head("/"), bare.options("/"), client.get("/q?kode=" + facts["code"])]
        assert {200, 303, 404, 405, 500} <= {answer.status_code for answer in answers}
        for answer in answers:
            for name, beginning in REQUIRED.items():
                where = f"{answer.request.path} ({answer.status_code}) lacks {name}"
                assert answer.headers.get(name, "").startswith(beginning), where
            policy = answer.headers["Content-Security-Policy"]
            assert "unsafe" not in policy
            assert "data:" not in policy
            assert "frame-ancestors 'none'" in policy

    def test_only_an_encrypted_answer_asks_for_more_of_them(self, client: PageClient) -> None:
        assert "Strict-Transport-Security" not in client.get("/").headers
        secure = client.get("/", base_url="https://ampera.example")
        assert "max-age=" in secure.headers["Strict-Transport-Security"]

    def test_citizen_and_public_pages_set_and_read_no_cookie(
        self, app: Flask, client: PageClient, facts: dict[str, str]
    ) -> None:
        for rule in rules(app, "GET", *COOKIE_FREE):
            plain = client.get(address(app, rule, facts))
            client.set_cookie("ampera", "palsu")
            with_cookie = client.get(address(app, rule, facts))
            client.delete_cookie("ampera")
            for answer in (plain, with_cookie):
                assert "Set-Cookie" not in answer.headers, (
                    f"{rule}: QR readers' web views refuse cookies, and none is needed here"
                )
                assert "Cookie" not in answer.headers.get("Vary", ""), f"{rule} read a cookie"


def test_opening_a_citizens_or_public_page_writes_nothing(
    app: Flask,
    client: PageClient,
    facts: dict[str, str],
    count_queries: Callable[[], Any],
) -> None:
    opened = list(rules(app, "GET", *COOKIE_FREE))
    assert len(opened) >= 9
    for rule in opened:
        with count_queries() as statements:
            answer = client.get(address(app, rule, facts))
        assert answer.status_code in {200, 303, 404}, rule
        written = [statement for statement in statements if WRITES.match(statement)]
        assert not written, (
            f"GET {rule} executes {written}: a page opened by a link preview, a reload or a robot "
            "must not change anything"
        )


def test_nothing_is_written_by_a_form_without_its_ticket(
    app: Flask,
    client: PageClient,
    facts: dict[str, str],
    count_queries: Callable[[], Any],
) -> None:
    form = {"nilai": "5", "kata": "Dari situs lain", "kode": "R-0000-0000"}
    sent = list(rules(app, "POST", *COOKIE_FREE))
    assert {"ratings.rate", "ratings.correct", "ratings.withdraw"} <= {r.endpoint for r in sent}
    for rule in sent:
        for ticket in (None, "", "palsu"):
            with count_queries() as statements:
                data = form if ticket is None else form | {"tiket": ticket}
                answer = client.post(address(app, rule, facts), data=data)
            written = [statement for statement in statements if WRITES.match(statement)]
            assert not written, f"POST {rule} writes without a ticket: any site could send it"
            if rule.endpoint not in READS_ONLY:
                assert answer.status_code in {400, 403}, (
                    f"POST {rule} answers {answer.status_code}: it must refuse, or stand in "
                    "READS_ONLY with the reason"
                )


def test_nothing_is_written_for_a_stranger_at_the_doors_of_staff(
    app: Flask,
    client: PageClient,
    facts: dict[str, str],
    count_queries: Callable[[], Any],
) -> None:
    for method in ("GET", "POST"):
        for rule in rules(app, method):
            if guard_of(rule.endpoint) in COOKIE_FREE:
                continue
            with count_queries() as statements:
                answer = client.open(address(app, rule, facts), method=method, data={"nada": "x"})
            written = [statement for statement in statements if WRITES.match(statement)]
            assert not written, f"{method} {rule} writes for whoever comes by"
            if method == "POST":
                assert answer.status_code != 200, f"POST {rule} is carried out for a stranger"


@dataclass(frozen=True)
class Staff:
    """Somebody with every right, what stands in addresses for them, and what forms are filled with.

    Whatever is sent with these fields and the session's token is carried out.
    """

    client: PageClient
    facts: dict[str, str]
    fields: dict[str, str]

    def send(self, app: Flask, rule: Rule, token: str | None) -> TestResponse:
        """Send the form of a route, with this token or without any."""
        data = self.fields if token is None else {**self.fields, "csrf_token": token}
        if rule.endpoint == "people.sign_in":
            data = {**data, "surel": "root@contoh.test"}
        return self.client.post(address(app, rule, self.facts), data=data)


@pytest.fixture
def staff(app: Flask, client: PageClient, counter: Counter, clock: MovableClock) -> Staff:
    """An administrator who also reads words, beside a colleague and a guest with an open link."""
    with app.app_context():
        root = accounts.root_actor()
        colleague = accounts.enter(unit_id=counter.unit_id)
        give_grant(root, colleague, accounts.new_grant(Role.ADMINISTRATOR))
        guest = create_administrator("tamu@b.id", "Tamu", another=True)
        person = accounts.enter("budi@b.id", name="Budi Santoso")
        rating = enter(seed_offices()[0].past("Entah"), tone="uncertain")
        grant = accounts.grant_ids(person)[0]
    accounts.sign_in(client)
    fields = {"nama": "Cici", "surel": "cici@b.id", "peran": "unit_head", "unit": "kota"}
    fields |= {"mulai": "2026-11-24", "sandi": accounts.PASSWORD, "sandi_lama": accounts.PASSWORD}
    fields |= dict.fromkeys(("sandi_baru", "sandi_ulang"), accounts.OTHER_PASSWORD)
    fields |= {"tulisan": str(rating), "nada": "negatif", "dilihat": "ragu"}
    facts = {"person_id": str(person), "grant_id": str(grant), "token": guest.token}
    return Staff(client, facts, fields)


def staff_posts(app: Flask) -> list[Rule]:
    """The POST routes of staff; those after which the browser is signed out come last."""
    last = ["office.end_grant", "office.retire", "account.sign_out"]
    last += ["people.choose_password", "people.sign_in"]
    found = [rule for rule in rules(app, "POST") if guard_of(rule.endpoint) not in COOKIE_FREE]
    first = [rule.endpoint for rule in found if rule.endpoint not in last]
    return sorted(found, key=lambda rule: [*first, *last].index(rule.endpoint))


def test_nothing_is_written_by_a_form_of_staff_without_its_token(
    app: Flask, staff: Staff, count_queries: Callable[[], Any]
) -> None:
    for rule in staff_posts(app):
        for token in (None, "", "palsu"):
            with count_queries() as statements:
                answer = staff.send(app, rule, token)
            written = [statement for statement in statements if WRITES.match(statement)]
            assert not written, f"POST {rule} writes without a token: any site could send it"
            assert answer.status_code == 400, rule
            assert "Silakan kirim sekali lagi" in answer.text, f"{rule}: a dead end"


def test_the_same_forms_write_with_their_token(
    app: Flask, staff: Staff, count_queries: Callable[[], Any]
) -> None:
    for rule in staff_posts(app):
        token = accounts.csrf_of(staff.client.get("/masuk", follow_redirects=True))
        with count_queries() as statements:
            answer = staff.send(app, rule, token)
        assert answer.status_code in {200, 303}, f"{rule}: {answer.text}"
        assert any(WRITES.match(statement) for statement in statements), f"{rule} proves nothing"


def test_the_exceptions_stand_for_routes_that_exist(app: Flask) -> None:
    assert {rule.endpoint for rule in app.url_map.iter_rules()} >= READS_ONLY | STATEMENTS.keys()


def costs(
    app: Flask, client: PageClient, facts: dict[str, str], count_queries: Callable[[], Any]
) -> dict[str, int]:
    """Statements of each public page; none may touch the table of ratings."""
    client.get("/")  # remembers the demo mark
    found = {}
    for rule in rules(app, "GET", doors.public):
        if rule.endpoint.startswith("transparency."):
            with count_queries() as statements:
                assert client.get(address(app, rule, facts)).status_code == 200
            touched = [statement for statement in statements if RATING_TABLE.search(statement)]
            assert not touched, (
                f"{rule} reads single ratings ({touched}): a public figure comes from tallies, or "
                "its page grows slower with every citizen who speaks"
            )
            found[rule.endpoint] = len(statements)
    return found


def test_a_public_page_costs_the_same_few_statements_however_many_ratings_there_are(
    app: Flask,
    client: PageClient,
    counter: Counter,
    facts: dict[str, str],
    count_queries: Callable[[], Any],
    clock: MovableClock,
) -> None:
    without = costs(app, client, facts, count_queries)
    place = (counter.point_id, counter.service_id, counter.area_id)
    with app.app_context():
        record_past(
            [
                PastRating(*place, 1 + n % 5, None, None, None, NOW - timedelta(hours=7 * n))
                for n in range(150)
            ]
        )
    assert costs(app, client, facts, count_queries) == without == STATEMENTS


def test_a_touch_of_the_table_of_ratings_would_be_noticed() -> None:
    for statement in ("SELECT 1 FROM rating", "SELECT 1 FROM a JOIN rating ON x", 'FROM "rating"'):
        assert RATING_TABLE.search(statement)
    assert not RATING_TABLE.search("SELECT rated_on FROM point_day_tally WHERE rating_count = 1")
    assert WRITES.match("  insert into rating VALUES (1)")
    assert not WRITES.match("SELECT 'INSERT'")
