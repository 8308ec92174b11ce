"""Primary keys: time-ordered UUIDs that the client makes."""

from __future__ import annotations

import os
import threading
import time
from uuid import UUID

_lock = threading.Lock()
_last = 0


def uuid7() -> UUID:
    """Return a version 7 UUID (RFC 9562, May 2024), rising within the process.

    48 bits are Unix milliseconds; the next 12 are their fraction (method 3 of section 6.2), stepped up when
    the clock stands still, so that keys made in a row sort in that order.
    """
    global _last
    with _lock:
        ticks = max(time.time_ns() * 4096 // 1_000_000, _last + 1)
        _last = ticks
    milliseconds, fraction = divmod(ticks, 4096)
    random = int.from_bytes(os.urandom(8), "big") & ((1 << 62) - 1)
    return UUID(int=(milliseconds << 80) | (7 << 76) | (fraction << 64) | (2 << 62) | random)
