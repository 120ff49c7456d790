"""Moving windows in memory, for the limits of one process.

The store that comes with `limits` keeps the key of every window for ever and walks all of them
after each hit; with a key for each phone at each counter it would grow by the day and stop the
server within weeks. Here a hit costs the same however many keys there are.
"""

import threading
from collections import deque
from typing import Any

from limits.storage import MovingWindowSupport, Storage

from portal.kit import clock


class MemoryWindows(Storage, MovingWindowSupport):
    """A `limits` store for the moving-window strategy alone; its address is `windows://`."""

    STORAGE_SCHEME = ["windows"]

    def __init__(self, uri: str | None = None, wrap_exceptions: bool = False, **_: Any) -> None:
        super().__init__(uri, wrap_exceptions=wrap_exceptions)
        self._lock = threading.Lock()
        self.reset()

    @property
    def base_exceptions(self) -> type[Exception]:
        """What may go wrong here: nothing that a fallback would mend."""
        return MemoryError

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Count `amount` hits in the window of `expiry` seconds unless that makes over `limit`."""
        now = clock.now().timestamp()
        with self._lock:
            self._forget(expiry, now)
            window = self._windows.setdefault(key, deque())
            while window and window[0] <= now - expiry:
                window.popleft()
            if len(window) + amount > limit:
                return False
            window.extend([now] * amount)
            self._due.setdefault(expiry, deque()).append((now + expiry, key))
            return True

    def _forget(self, expiry: int, now: float) -> None:
        """Drop the keys whose last hit has left its window, two at most a call."""
        due = self._due.get(expiry, ())
        for _ in range(2):
            if not due or due[0][0] > now:
                return
            _, key = due.popleft()
            window = self._windows.get(key)
            if window is not None and (not window or window[-1] <= now - expiry):
                del self._windows[key]

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        """When the oldest hit still in the window came, and how many there are."""
        now = clock.now().timestamp()
        with self._lock:
            hits = [hit for hit in self._windows.get(key, ()) if hit > now - expiry]
        return (hits[0] if hits else now), len(hits)

    def check(self) -> bool:
        """Memory is always there."""
        return True

    def reset(self) -> int | None:
        """Forget everything."""
        self._windows: dict[str, deque[float]] = {}
        self._due: dict[int, deque[tuple[float, str]]] = {}
        return None

    def clear(self, key: str) -> None:
        """Forget one key."""
        with self._lock:
            self._windows.pop(key, None)

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Fixed windows are not kept here."""
        raise NotImplementedError

    def get(self, key: str) -> int:
        """Fixed windows are not kept here."""
        raise NotImplementedError

    def get_expiry(self, key: str) -> float:
        """Fixed windows are not kept here."""
        raise NotImplementedError
