"""Counting hits against a limit, through Flask-Limiter's strategy and store.

The context manager that Flask-Limiter offers costs ten times as much for each limit, because it
looks at the call stack to name the limit; here limits are named by hand.
"""

import hashlib
import hmac
import secrets
from datetime import UTC, date, datetime, timedelta
from ipaddress import ip_address, ip_network

from limits import RateLimitItem

from portal.kit import clock
from portal.kit.errors import Refusal
from portal.kit.extensions import limiter

_day_keys: dict[date, bytes] = {}


class TooMany(Refusal):
    """Somebody did something too often; `until` is when it may be done again."""

    status = 429

    def __init__(self, until: datetime) -> None:
        here = clock.city_time(until).strftime("%H.%M")
        super().__init__(f"Terlalu sering. Silakan coba lagi pukul {here}.")
        self.until = until

    @property
    def seconds(self) -> int:
        """How long that is from now, at least one second."""
        return max(1, int((self.until - clock.now()).total_seconds()))


def hit(limit: RateLimitItem, *key: str) -> bool:
    """Count one hit of `key`; False, and nothing counted, when the limit is used up."""
    return limiter.limiter.hit(limit, *key)


def count(limit: RateLimitItem, *key: str) -> None:
    """Count one hit of `key`. Refuses, with `TooMany`, when the limit is used up."""
    if not hit(limit, *key):
        oldest_leaves = limiter.limiter.get_window_stats(limit, *key).reset_time
        raise TooMany(datetime.fromtimestamp(oldest_leaves, UTC) + timedelta(minutes=1))


def forget(limit: RateLimitItem, *key: str) -> None:
    """Take back the hits of `key`, because what they were counted for came to nothing."""
    limiter.limiter.clear(limit, *key)


def network_of(address: str | None) -> str:
    """What of a network address one subscriber cannot change: of IPv6 the first 64 bits."""
    try:
        parsed = ip_address(address or "")
    except ValueError:
        return address or ""
    if parsed.version == 4:
        return str(parsed)
    return str(parsed.ipv4_mapped or ip_network((parsed, 64), strict=False))


def day_hash(text: str) -> str:
    """A key that stands for `text` today; its secret lives in this process's memory alone."""
    today = clock.today()
    key = _day_keys.get(today)
    if key is None:
        _day_keys.clear()
        key = _day_keys.setdefault(today, secrets.token_bytes(32))
    return hmac.new(key, text.encode("utf-8", "replace"), hashlib.sha256).hexdigest()[:24]
