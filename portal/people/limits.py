"""How often somebody may try to sign in: for one account, and from one network address."""

from datetime import datetime, timedelta

from flask import request
from limits import RateLimitItemPerMinute

from portal.kit import clock
from portal.kit.errors import Refusal
from portal.kit.keys import keyed_hash
from portal.kit.limits import free_at, hit
from portal.kit.pages import hour_words

PER_ACCOUNT = RateLimitItemPerMinute(10, 15)
PER_ADDRESS = RateLimitItemPerMinute(60, 15)


class TooManyTries(Refusal):
    """Too many tries; `until` is when the next one is taken."""

    status = 429

    def __init__(self, until: datetime) -> None:
        super().__init__(
            f"Terlalu banyak percobaan masuk. Silakan coba lagi pukul {hour_words(until)}."
        )
        self.until = until

    @property
    def seconds(self) -> int:
        """How long that is from now, at least one second."""
        return max(1, int((self.until - clock.now()).total_seconds()))


def count_try(email: str) -> None:
    """Count one try from this address and for this account, before any password is looked at.

    Accounts that do not exist are counted alike, and the change of a password counts with the
    sign-ins. Refuses, with `TooManyTries`, one beyond a limit. The store sees keyed hashes only,
    the same in every process.
    """
    account, address = email.strip().lower(), request.remote_addr or ""
    for limit, purpose, text in (
        (PER_ADDRESS, "sign-in-address", address),
        (PER_ACCOUNT, "sign-in-account", account),
    ):
        key = keyed_hash(purpose, text).digest
        if not hit(limit, purpose, key):
            raise TooManyTries(free_at(limit, purpose, key) + timedelta(minutes=1))
