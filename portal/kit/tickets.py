"""Form tickets: they protect a citizen's form without a cookie and make sending twice sending once.

A ticket is a signed text of subject, nonce and time for one purpose. Cross-site forgery is refused
because only our page carries a valid one; the nonce is the unique key of what the form writes.
"""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from flask import current_app, request
from flask_wtf import FlaskForm
from itsdangerous import BadSignature, TimestampSigner
from wtforms import ValidationError
from wtforms.csrf.core import CSRF, CSRFTokenField

from portal.kit import clock
from portal.kit.errors import NotAllowed

LIFETIME = timedelta(hours=24)
EXPIRED = "Halaman ini sudah lebih dari 24 jam. Tulisan Anda masih ada; silakan kirim lagi."
FORGED = "Formulir ini tidak kami kenali. Tulisan Anda masih ada; silakan kirim lagi."


@dataclass(frozen=True)
class Ticket:
    """A ticket signed by us. `subject` is what the form is about, such as a point's code."""

    text: str
    subject: str
    nonce: str
    issued_at: datetime

    @property
    def expired(self) -> bool:
        """Whether the form may no longer be sent for the first time (24 hours)."""
        return clock.now() - self.issued_at > LIFETIME


class _Signer(TimestampSigner):
    def get_timestamp(self) -> int:
        return int(clock.now().timestamp())

    def timestamp_to_datetime(self, ts: int) -> datetime:
        return datetime.fromtimestamp(ts, UTC)


@lru_cache(maxsize=32)
def _signer(secret: str, purpose: str) -> _Signer:
    return _Signer(secret, salt=f"ticket:{purpose}", digest_method=hashlib.sha256)


def issue(purpose: str, subject: str) -> Ticket:
    """A fresh ticket for one form about `subject`."""
    nonce = secrets.token_urlsafe(12)
    text = _signer(current_app.secret_key, purpose).sign(f"{subject}.{nonce}").decode()
    return Ticket(text, subject, nonce, clock.now())


def read(purpose: str, subject: str, text: str) -> Ticket | None:
    """The ticket that `text` is, however old, or None when it is not ours or of something else."""
    try:
        value, issued_at = _signer(current_app.secret_key, purpose).unsign(
            text, return_timestamp=True
        )
        signed_subject, nonce = value.decode().rsplit(".", 1)
    except (BadSignature, ValueError):
        return None
    return Ticket(text, subject, nonce, issued_at) if signed_subject == subject else None


class _TicketGuard(CSRF):
    """WTForms' protection by ticket: hands a valid one back unchanged, replaces any other."""

    def generate_csrf_token(self, field: CSRFTokenField) -> str:
        ticket = field.meta.ticket
        if ticket is None or ticket.expired:
            return issue(field.meta.ticket_purpose, field.meta.ticket_subject).text
        return str(ticket.text)

    def validate_csrf_token(self, form: Any, field: CSRFTokenField) -> None:
        if field.meta.ticket is None:
            raise ValidationError(FORGED)
        if field.meta.ticket.expired:
            raise ValidationError(EXPIRED)


class TicketForm(FlaskForm):
    """A citizen's form. Made for one purpose and subject; `ticket` is the submitted one, if ours.

    A browser that says the form was sent from a foreign site is refused with `NotAllowed`.
    """

    class Meta(FlaskForm.Meta):
        csrf = True
        csrf_class: type[CSRF] = _TicketGuard  # type: ignore[assignment] # Flask-WTF narrows it
        csrf_field_name = "tiket"

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """Text fields only: a file sent in place of a text is no text."""
            return request.form if request.method == "POST" else None

    def __init__(
        self, *, purpose: str, subject: str, meta: Mapping[str, Any] | None = None
    ) -> None:
        if request.headers.get("Sec-Fetch-Site") == "cross-site" and request.method == "POST":
            raise NotAllowed("Formulir ini dikirim dari situs lain, jadi tidak kami terima.")
        self.subject = subject
        text = request.form.get("tiket", "") if request.method == "POST" else ""
        self.ticket = read(purpose, subject, text) if text else None
        facts = {"ticket": self.ticket, "ticket_purpose": purpose, "ticket_subject": subject}
        super().__init__(meta={**(meta or {}), **facts})
