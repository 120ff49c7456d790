"""Form tickets: ours is known again however old, anybody else's is not."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.kit import tickets
from portal.kit.errors import NotAllowed
from portal.kit.tickets import EXPIRED, FORGED, LIFETIME, TicketForm
from tests.conftest import NOW, MovableClock, make_app

PURPOSE, SUBJECT = "rating", "7K4QX2"


@pytest.fixture
def bare(tmp_path: Path, clock: MovableClock) -> Iterator[Flask]:
    """An application whose database nobody asks."""
    app = make_app(f"sqlite:///{tmp_path / 'portal.db'}", tmp_path)
    with app.app_context():
        yield app


def form(bare: Flask, ticket: str | None, subject: str = SUBJECT, **headers: str) -> TicketForm:
    """A form as the request with this ticket makes it."""
    data = {} if ticket is None else {"tiket": ticket}
    with bare.test_request_context(method="POST", data=data, headers=headers):
        made = TicketForm(purpose=PURPOSE, subject=subject)
        made.validate()
        return made


def test_a_ticket_says_what_it_was_issued_for(bare: Flask, clock: MovableClock) -> None:
    issued = tickets.issue(PURPOSE, SUBJECT)
    clock.forward(minutes=5)
    found = tickets.read(PURPOSE, SUBJECT, issued.text)
    assert found == issued
    assert found is not None
    assert (found.subject, found.issued_at, found.expired) == (SUBJECT, NOW, False)
    assert len(found.nonce) == 16, "as the column of the nonce holds it"


def test_no_two_tickets_are_the_same_sending(bare: Flask) -> None:
    nonces = {tickets.issue(PURPOSE, SUBJECT).nonce for _ in range(500)}
    assert len(nonces) == 500


def test_a_ticket_of_another_purpose_or_subject_is_unknown(bare: Flask) -> None:
    issued = tickets.issue(PURPOSE, SUBJECT).text
    assert tickets.read("withdrawal", SUBJECT, issued) is None
    assert tickets.read(PURPOSE, "7K4QX3", issued) is None
    assert tickets.read(PURPOSE, "", issued) is None


def test_a_ticket_of_another_secret_is_unknown(bare: Flask, tmp_path: Path) -> None:
    folder = tmp_path / "another"
    folder.mkdir()
    other = make_app(f"sqlite:///{folder / 'portal.db'}", folder, SECRET_KEY="t" * 32)
    with other.app_context():
        foreign = tickets.issue(PURPOSE, SUBJECT).text
    assert tickets.read(PURPOSE, SUBJECT, foreign) is None


def test_a_ticket_with_one_character_changed_is_unknown(bare: Flask) -> None:
    """All but the signature's last character, whose lowest bits base64 leaves unused."""
    text = tickets.issue(PURPOSE, SUBJECT).text
    for place, symbol in enumerate(text[:-1]):
        for other in set("AZaz09-_.") - {symbol}:
            changed = text[:place] + other + text[place + 1 :]
            assert tickets.read(PURPOSE, SUBJECT, changed) is None, changed


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters()))
def test_any_writing_in_place_of_a_ticket_is_unknown_without_raising(
    bare: Flask, text: str
) -> None:
    assert tickets.read(PURPOSE, SUBJECT, text) is None


def test_a_ticket_lives_for_24_hours_to_the_second(bare: Flask, clock: MovableClock) -> None:
    issued = tickets.issue(PURPOSE, SUBJECT).text
    clock.moment = NOW + LIFETIME
    assert form(bare, issued).errors == {}
    clock.moment += timedelta(seconds=1)
    refused = form(bare, issued)
    assert refused.errors == {"tiket": [EXPIRED]}
    assert refused.ticket is not None, "it is still known, so that a retry finds its receipt"


def test_a_valid_ticket_is_given_back_unchanged(bare: Flask, clock: MovableClock) -> None:
    issued = tickets.issue(PURPOSE, SUBJECT).text
    clock.forward(hours=23)
    assert form(bare, issued)["tiket"].current_token == issued


@pytest.mark.parametrize("sent", [None, "", "palsu"])
def test_a_forged_or_missing_ticket_is_refused_and_replaced(bare: Flask, sent: str | None) -> None:
    refused = form(bare, sent)
    assert refused.errors == {"tiket": [FORGED]}
    fresh = refused["tiket"].current_token
    assert tickets.read(PURPOSE, SUBJECT, fresh) is not None


def test_an_expired_ticket_is_replaced(bare: Flask, clock: MovableClock) -> None:
    issued = tickets.issue(PURPOSE, SUBJECT)
    clock.forward(hours=25)
    fresh = tickets.read(PURPOSE, SUBJECT, form(bare, issued.text)["tiket"].current_token)
    assert fresh is not None
    assert fresh.nonce != issued.nonce
    assert not fresh.expired


@pytest.mark.parametrize(
    ("site", "refused"),
    [("cross-site", True), ("same-origin", False), ("none", False), ("", False)],
)
def test_only_a_sending_from_a_foreign_site_is_refused(
    bare: Flask, site: str, refused: bool
) -> None:
    issued = tickets.issue(PURPOSE, SUBJECT).text
    headers = {"Sec-Fetch-Site": site} if site else {}
    if refused:
        with pytest.raises(NotAllowed):
            form(bare, issued, **headers)
    else:
        assert form(bare, issued, **headers).errors == {}
