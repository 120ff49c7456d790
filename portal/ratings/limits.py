"""What the limits say of a rating before it is stored: too many, a repeat, a burst, or fine."""

import hashlib
import hmac
import secrets
from datetime import date, datetime, timedelta

from flask import current_app, request
from limits import RateLimitItemPerHour, RateLimitItemPerMinute

from portal.kit import clock
from portal.kit.limits import free_at, hit
from portal.ratings.terms import Exclusion

_LOOKUPS = RateLimitItemPerMinute(30)

_day_keys: dict[date, bytes] = {}


class TooMany(Exception):
    """This network address sent more than its share; `until` is when it may go on."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


def weigh(point_id: int) -> Exclusion | None:
    """Why the rating being sent at this point will not count, or None when it will.

    A repeat does not weigh on the burst limit, so that one device cannot shut a counter's other
    raters out. Raises `TooMany` when the network address has used up its hour.
    """
    config = current_app.config
    per_address = RateLimitItemPerHour(config["ADDRESS_PER_HOUR"])
    if not hit(per_address, "rating-address", address := _address_key()):
        until = free_at(per_address, "rating-address", address)
        raise TooMany(until + timedelta(minutes=1))
    per_device = RateLimitItemPerMinute(1, config["REPEAT_MINUTES"])
    if not hit(per_device, "rating-device", _device_key(), str(point_id)):
        return Exclusion.REPEAT
    per_point = RateLimitItemPerMinute(config["BURST_RATINGS"], 10)
    if not hit(per_point, "rating-point", str(point_id)):
        return Exclusion.BURST
    return None


def too_many_lookups() -> bool:
    """Whether this network address asks for receipts faster than a person types them."""
    return not hit(_LOOKUPS, "receipt-lookup", _address_key())


def _address_key() -> str:
    return _hashed(request.remote_addr or "")


def _device_key() -> str:
    """A phone, as far as it can be told apart without a cookie."""
    headers = (request.headers.get(name, "") for name in ("User-Agent", "Accept-Language"))
    return _hashed("\0".join((request.remote_addr or "", *headers)))


def _hashed(text: str) -> str:
    """A key good for today only; the day's secret lives in this process's memory alone."""
    today = clock.today()
    key = _day_keys.get(today)
    if key is None:
        _day_keys.clear()
        key = _day_keys.setdefault(today, secrets.token_bytes(32))
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:24]
