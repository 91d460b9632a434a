"""How fast an account may call: a public service is not to be flooded."""

import threading
import time
from collections.abc import Hashable


class Pace:
    """At most ``per_minute`` calls, evenly spread, after a burst of ``burst``.

    The generic cell rate algorithm: one moment to remember, whatever the number of
    threads.
    """

    def __init__(self, per_minute: int, burst: int):
        self._interval = 60 / per_minute
        self._tolerance = burst * self._interval
        self._lock = threading.Lock()
        self._next = 0.0

    def wait(self, most: float) -> float:
        """Return 0 when the next call may leave.

        When that is in more than ``most`` seconds, return at once in how many: no turn
        has been taken.
        """
        with self._lock:
            now = time.monotonic()
            turn = max(self._next, now - self._tolerance) + self._interval
            delay = turn - now
            if delay > most:
                return delay
            self._next = turn
        if delay > 0:
            time.sleep(delay)
        return 0.0


_paces: dict[Hashable, tuple[int, int, Pace]] = {}
_lock = threading.Lock()


def pace_of(account: Hashable, per_minute: int, burst: int) -> Pace:
    """The pace of an account in this process: every run goes on with the same one."""
    with _lock:
        known = _paces.get(account)
        if not known or known[:2] != (per_minute, burst):
            known = _paces[account] = (per_minute, burst, Pace(per_minute, burst))
        return known[2]
