"""How often somebody may try to sign in: for one account, and from one network address."""

from flask import request
from limits import RateLimitItemPerMinute

from portal.kit.limits import count, day_hash

PER_ACCOUNT = RateLimitItemPerMinute(10, 15)
PER_ADDRESS = RateLimitItemPerMinute(60, 15)


def count_try(email: str) -> None:
    """Count one try from this address and for this account, before any password is looked at.

    Accounts that do not exist are counted alike, and the change of a password counts with the
    sign-ins. Refuses, with `TooMany`, one beyond a limit.
    """
    count(PER_ADDRESS, "sign-in-address", day_hash(request.remote_addr or ""))
    count(PER_ACCOUNT, "sign-in-account", day_hash(email.strip().lower()))
