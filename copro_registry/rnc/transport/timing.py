"""The call that a thread is making: when it must have ended, and what has left of it."""

import math
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

# The shortest time limit that a socket is given: 0 would mean not to wait at all.
SHORTEST = 0.01


class Call(threading.local):
    """What a thread does now; moments are monotonic, in seconds."""

    deadline = math.inf
    connect_timeout = math.inf
    read_timeout = math.inf
    proxy = None  # a way.Proxy
    sent = False  # whether a byte of the request may have left
    fresh = True  # whether no byte of an answer has ever come by this connection


current = Call()


@contextmanager
def ended_by(deadline: float) -> Iterator[None]:
    """Nothing that this thread waits for meanwhile lasts beyond ``deadline``.

    Nested: the earlier one holds.
    """
    before = current.deadline
    current.deadline = min(before, deadline)
    try:
        yield
    finally:
        current.deadline = before


@contextmanager
def called(limits, proxy=None) -> Iterator[Call]:
    """One call within ``limits``, by ``proxy``: nothing of it has left yet."""
    current.proxy = proxy
    current.connect_timeout, current.read_timeout = limits.connect_timeout, limits.read_timeout
    current.sent, current.fresh = False, True
    try:
        with ended_by(time.monotonic() + limits.total_timeout):
            yield current
    finally:
        current.connect_timeout = current.read_timeout = math.inf
        current.proxy = None


def is_over() -> bool:
    return time.monotonic() >= current.deadline


def seconds_left(most: float = math.inf) -> float | None:
    """How long the next step may wait, ``most`` at most; None when nothing limits it.

    Raises TimeoutError when no time is left.
    """
    left = min(current.deadline - time.monotonic(), most)
    if left <= 0:
        raise TimeoutError
    return None if left == math.inf else max(left, SHORTEST)
