"""Counting hits against a limit, through Flask-Limiter's strategy and store.

The context manager that Flask-Limiter offers costs ten times as much for each limit, because it
looks at the call stack to name the limit; here limits are named by hand.
"""

from datetime import UTC, datetime

from limits import RateLimitItem

from portal.kit.extensions import limiter


def hit(limit: RateLimitItem, *key: str) -> bool:
    """Count one hit of `key`; False, and nothing counted, when the limit is used up."""
    return limiter.limiter.hit(limit, *key)


def free_at(limit: RateLimitItem, *key: str) -> datetime:
    """When the oldest hit leaves the window, so that one more is allowed."""
    return datetime.fromtimestamp(limiter.limiter.get_window_stats(limit, *key).reset_time, UTC)
