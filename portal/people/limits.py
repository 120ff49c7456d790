"""How often somebody may try to sign in: for one account, and from one network address."""

from flask import request
from limits import RateLimitItemPerMinute

from portal.kit.limits import count, day_hash, network_of

PER_ACCOUNT_HERE = RateLimitItemPerMinute(10, 15)
PER_ACCOUNT = RateLimitItemPerMinute(100, 15)
PER_ADDRESS = RateLimitItemPerMinute(60, 15)


def count_try(email: str) -> None:
    """Count one try from this address and for this account, before any password is looked at.

    Accounts that do not exist are counted alike, and the change of a password counts with the
    sign-ins. An account is limited tightly for one address and loosely for all, so that a stranger
    does not lock its owner out. Refuses, with `TooMany`, one beyond a limit.
    """
    address, account = day_hash(network_of(request.remote_addr)), day_hash(email.strip().lower())
    count(PER_ADDRESS, "sign-in-address", address)
    count(PER_ACCOUNT_HERE, "sign-in-account-here", account, address)
    count(PER_ACCOUNT, "sign-in-account", account)
