"""What the limits say of a rating before it is stored: too many, a repeat, a burst, or fine."""

import hashlib
import hmac
import secrets
from datetime import UTC, date, datetime, timedelta

from flask import current_app, g, request
from flask_limiter import RateLimitExceeded

from portal.kit import clock
from portal.kit.extensions import limiter
from portal.ratings.terms import Exclusion

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
    address, agent = request.remote_addr or "", request.headers.get("User-Agent", "")
    languages = request.headers.get("Accept-Language", "")
    g.address_key = _hashed(address)
    g.device_key = _hashed(f"{address}\0{agent}\0{languages}\0{point_id}")
    g.point_key = _hashed(f"point\0{point_id}")
    try:
        with _per_address:
            pass
    except RateLimitExceeded as refusal:
        raise TooMany(_free_again()) from refusal
    try:
        with _per_device:
            pass
    except RateLimitExceeded:
        return Exclusion.REPEAT
    try:
        with _per_point:
            pass
    except RateLimitExceeded:
        return Exclusion.BURST
    return None


def too_many_lookups() -> bool:
    """Whether this network address asks for receipts faster than a person types them."""
    g.address_key = _hashed(request.remote_addr or "")
    try:
        with _lookups:
            return False
    except RateLimitExceeded:
        return True


def _hashed(text: str) -> str:
    """A key good for today only; the day's secret lives in this process's memory alone."""
    today = clock.today()
    key = _day_keys.get(today)
    if key is None:
        _day_keys.clear()
        key = _day_keys.setdefault(today, secrets.token_bytes(32))
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:24]


def _free_again() -> datetime:
    limit = limiter.current_limit
    if limit is None:
        return clock.now() + timedelta(hours=1)
    return datetime.fromtimestamp(limit.reset_at, UTC) + timedelta(minutes=1)


_per_address = limiter.limit(
    lambda: f"{current_app.config['ADDRESS_PER_HOUR']} per hour",
    key_func=lambda: g.address_key,
    scope="rating-address",
)
_per_device = limiter.limit(
    lambda: f"1 per {current_app.config['REPEAT_MINUTES']} minutes",
    key_func=lambda: g.device_key,
    scope="rating-device",
)
_per_point = limiter.limit(
    lambda: f"{current_app.config['BURST_RATINGS']} per 10 minutes",
    key_func=lambda: g.point_key,
    scope="rating-point",
)
_lookups = limiter.limit("30 per minute", key_func=lambda: g.address_key, scope="receipt-lookups")
