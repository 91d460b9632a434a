"""How fast an account may call: a public service is not to be flooded."""

import threading
import time


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

    def wait(self) -> None:
        """Return when the next call may leave."""
        with self._lock:
            now = time.monotonic()
            self._next = max(self._next, now - self._tolerance) + self._interval
            delay = self._next - now
        if delay > 0:
            time.sleep(delay)
