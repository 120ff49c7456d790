"""Accounts as tables: sessions, links, passwords, periods, and where a sign-in may lead."""

from datetime import UTC, date, datetime, timedelta

import pytest

from portal.kit.errors import Conflict, Invalid
from portal.people import rules
from portal.people.rules import Standing

NOW = datetime(2026, 11, 24, 3, 42, tzinfo=UTC)
TODAY = date(2026, 11, 24)


def _standing(**changes: object) -> Standing:
    usual: dict[str, object] = {
        "created_at": NOW - timedelta(hours=1),
        "last_seen_at": NOW - timedelta(minutes=5),
        "epoch": 2,
        "person_epoch": 2,
        "retired": False,
        "holds_a_grant": True,
    }
    return Standing(**{**usual, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "stands"),
    [
        ({}, True),
        ({"last_seen_at": NOW - timedelta(minutes=29, seconds=59)}, True),
        ({"last_seen_at": NOW - timedelta(minutes=30)}, False),
        ({"created_at": NOW - timedelta(hours=11, minutes=59)}, True),
        ({"created_at": NOW - timedelta(hours=12)}, False),
        ({"person_epoch": 3}, False),
        ({"retired": True}, False),
        ({"holds_a_grant": False}, False),
    ],
)
def test_a_session_stands_until_one_thing_ends_it(changes: dict[str, object], stands: bool) -> None:
    assert rules.stands(_standing(**changes), NOW) is stands


@pytest.mark.parametrize(("seconds", "noted"), [(0, False), (59, False), (60, True), (600, True)])
def test_last_seen_is_written_at_most_once_a_minute(seconds: int, noted: bool) -> None:
    assert rules.worth_noting(NOW - timedelta(seconds=seconds), NOW) is noted


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"used_at": NOW}, "sudah dipakai"),
        ({"replaced_at": NOW}, "diganti"),
        ({"expires_at": NOW}, "kedaluwarsa"),
        ({"used_at": NOW, "replaced_at": NOW, "expires_at": NOW}, "sudah dipakai"),
    ],
)
def test_a_link_that_is_over_says_why(changes: dict[str, datetime], words: str) -> None:
    usual = {"used_at": None, "replaced_at": None, "expires_at": NOW + timedelta(seconds=1)}
    rules.check_link(**usual, now=NOW)
    with pytest.raises(Conflict, match=words):
        rules.check_link(**{**usual, **changes}, now=NOW)


OWN = ("Siti Mardiana, S.Sos.", "siti.mardiana@contoh.test")


@pytest.mark.parametrize(
    "password",
    [
        "pempek kapal selam",
        "dua belas hrf",
        "Siti suka makan pempek di pinggir Musi",
        "kucing tetangga 2026 mengeong",
        "青い空と白い雲と赤い花が咲く",
        "x" * 100 + "yzabc defg",
    ],
)
def test_a_long_password_is_fine_whatever_it_is_made_of(password: str) -> None:
    rules.check_password(password, OWN)


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("", "Paling sedikit 12"),
        ("sebelas huru", None),
        ("sebelas hur", "Paling sedikit 12"),
        ("a" * 257, "Paling banyak 256"),
        ("aaaaaaaaaaaaaaaa", "mudah ditebak"),
        ("123456789012", "mudah ditebak"),
        ("password123456", "mudah ditebak"),
        ("P A S S W O R D 123", "mudah ditebak"),
        ("Palembang2026!!", "mudah ditebak"),
        ("qwertyuiop1234", "mudah ditebak"),
        ("bismillah12345", "mudah ditebak"),
        ("sitimardiana1", "nama atau surel"),
        ("Siti.Mardiana@2026", "nama atau surel"),
        ("siti.mardiana@contoh.test", "mudah ditebak|nama atau surel"),
        ("mardianasiti99", "nama atau surel"),
    ],
)
def test_an_unfit_password_is_refused_with_the_reason(password: str, words: str | None) -> None:
    if words is None:
        rules.check_password(password, OWN)
        return
    with pytest.raises(Invalid, match=words) as refusal:
        rules.check_password(password, OWN)
    assert refusal.value.field == "sandi_baru"


@pytest.mark.parametrize(
    ("typed", "email"),
    [
        ("Siti@Contoh.test", "siti@contoh.test"),
        ("  siti+a@x.id ", "siti+a@x.id"),
        ("siti", None),
        ("siti@palembang", None),
        ("siti@@contoh.test", None),
        ("siti @contoh.test", None),
        ("siti@contoh.test\r\nBcc: x@y.z", None),
        ("situ\x00@contoh.test", None),
        ("sıtı@contoh.test", None),
        ("a" * 250 + "@x.id", None),
        ("", None),
    ],
)
def test_an_email_is_kept_in_small_letters_or_refused(typed: str, email: str | None) -> None:
    if email:
        assert rules.cleaned_email(typed) == email
        return
    with pytest.raises(Invalid):
        rules.cleaned_email(typed)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("  Siti   Mardiana ", "Siti Mardiana"),
        ("Siti\tMardiana\r\n", "Siti Mardiana"),
        ("Si\x00ti", "Si ti"),
        ("\u202eSiti", "Siti"),
        ("   ", None),
        ("x" * 121, None),
    ],
)
def test_a_name_is_kept_on_one_line_or_refused(typed: str, name: str | None) -> None:
    if name:
        assert rules.cleaned_name(typed) == name
        return
    with pytest.raises(Invalid):
        rules.cleaned_name(typed)


@pytest.mark.parametrize(
    ("from_days", "until_days", "field"),
    [(0, None, None), (0, 0, None), (3, 9, None), (-1, None, "mulai"), (3, 2, "sampai")],
)
def test_a_period_begins_today_or_later_and_does_not_end_before(
    from_days: int, until_days: int | None, field: str | None
) -> None:
    until_on = None if until_days is None else TODAY + timedelta(days=until_days)
    if field is None:
        rules.check_period(TODAY + timedelta(days=from_days), until_on, TODAY)
        return
    with pytest.raises(Invalid) as refusal:
        rules.check_period(TODAY + timedelta(days=from_days), until_on, TODAY)
    assert refusal.value.field == field


@pytest.mark.parametrize("address", ["/meja/penilaian?nada=negatif&hal=2", "/kelola/orang", "/"])
def test_a_path_of_this_portal_is_led_to(address: str) -> None:
    assert rules.local_path(address) == address


@pytest.mark.parametrize(
    "address",
    [
        None,
        "",
        "meja",
        "//evil.test",
        "///evil.test",
        "/\\evil.test",
        "/a\\..\\b",
        "https://evil.test/",
        "javascript:alert(1)",
        "/meja\r\nSet-Cookie: a=b",
        "/\tevil",
        "/masuk",
        "/masuk?lanjut=/masuk",
        "/keluar",
        "/" + "a" * 600,
    ],
)
def test_no_other_address_is_led_to(address: str | None) -> None:
    assert rules.local_path(address) is None
