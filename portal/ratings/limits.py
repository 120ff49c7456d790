"""What the limits say of a rating before it is stored: too many, a repeat, a burst, or fine."""

from flask import current_app, request
from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute

from portal.kit.limits import count, day_hash, forget, hit, network_of
from portal.ratings.terms import Exclusion

_LOOKUPS = RateLimitItemPerMinute(30)
_CHANGES = RateLimitItemPerMinute(20, 10)
BURST_MINUTES = 10


def weigh(point_id: int) -> Exclusion | None:
    """Why the rating being sent at this point will not count, or None when it will.

    A repeat does not weigh on the burst limit, so that one device cannot shut a counter's other
    raters out. Refuses, with `TooMany`, a network address that has used up its hour.
    """
    config = current_app.config
    count(RateLimitItemPerHour(config["ADDRESS_PER_HOUR"]), "rating-address", _address())
    if not hit(_per_device(), "rating-device", _device(), str(point_id)):
        return Exclusion.REPEAT
    per_point = RateLimitItemPerMinute(config["BURST_RATINGS"], BURST_MINUTES)
    if not hit(per_point, "rating-point", str(point_id)):
        return Exclusion.BURST
    return None


def unweigh(point_id: int) -> None:
    """Let the device rate again: what was weighed could not be stored."""
    forget(_per_device(), "rating-device", _device(), str(point_id))


def count_lookup() -> None:
    """Refuse, with `TooMany`, an address that asks for receipts faster than a person types."""
    count(_LOOKUPS, "receipt-lookup", _address())


def _per_device() -> RateLimitItem:
    return RateLimitItemPerMinute(1, current_app.config["REPEAT_MINUTES"])


def count_change(nonce: str) -> None:
    """Refuse, with `TooMany`, one rating that is changed again and again."""
    count(_CHANGES, "rating-change", nonce)


def _address() -> str:
    return day_hash(network_of(request.remote_addr))


def _device() -> str:
    """A phone, as far as it can be told apart without a cookie."""
    headers = (request.headers.get(name, "") for name in ("User-Agent", "Accept-Language"))
    return day_hash("\0".join((network_of(request.remote_addr), *headers)))
