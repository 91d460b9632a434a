"""Calls in the air: threads that know nothing of the ORM."""

import logging
import math
import time
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from queue import Empty, SimpleQueue

from .client import RETRYABLE, UNKNOWN, Client, Outcome

_logger = logging.getLogger(__name__)

# Calls kept at hand, so that no connection waits for the next claim; few, so that what
# is claimed leaves soon, and a pause is soon felt: so many for each connection, or what
# leaves in so many seconds at the present pace.
AT_HAND = 4
LEAST_AT_HAND, MOST_AT_HAND = 16, 200
SECONDS_AT_HAND = 0.4
# Outcomes that come within so many seconds of one another share a transaction: what a
# commit costs is paid once. Should the process die meanwhile, the registry is asked.
GATHER = 0.05
LONGEST_PATIENCE = 3600.0
# The code of a call that waited for its turn, and did not leave.
NOT_IN_TIME = "NOT_IN_TIME"


class Dispatch:
    """Makes the calls of clients, at most ``limits.connections`` at a time for each.

    A context manager: at its end the calls in the air have landed, and the
    connections are closed.
    """

    def __init__(self):
        self._clients: dict[Hashable, Client] = {}
        self._threads: dict[Client, ThreadPoolExecutor] = {}
        self._calls: dict[Future, Hashable] = {}
        self._ended: SimpleQueue[Future] = SimpleQueue()
        self._pace = 0.0  # outcomes a second, as last seen
        self._seen = time.monotonic()

    def __enter__(self) -> "Dispatch":
        return self

    def __exit__(self, *_exception) -> None:
        for threads in self._threads.values():
            threads.shutdown(wait=True, cancel_futures=True)
        for client in self._clients.values():
            client.channel.close()

    def __len__(self) -> int:
        """How many calls have not been collected yet."""
        return len(self._calls)

    def room(self) -> int:
        """How many more calls to bring now: none while half of the last ones remain."""
        limits = [client.profile.limits for client in self._clients.values()]
        soon = min(int(self._pace * SECONDS_AT_HAND), MOST_AT_HAND)
        most = max(LEAST_AT_HAND, AT_HAND * sum(one.connections for one in limits), soon)
        if limits:  # more would only wait, and come back without having left
            most = max(1, min(most, sum(one.calls_in_time for one in limits)))
        return most - len(self) if len(self) <= most // 2 else 0

    def client(self, key: Hashable, make: Callable[[], Client]) -> Client:
        """The client of an account, made at its first call and kept alive after."""
        if key not in self._clients:
            self._clients[key] = make()
        return self._clients[key]

    def submit(self, key: Hashable, client: Client, call: Callable[[], Outcome]) -> None:
        """Make ``call``, which uses ``client``, as soon as a connection is free.

        After ``limits.longest_wait`` it does not leave any more: its claim is not to be
        taken for lost while it may still leave.
        """
        deadline = time.monotonic() + client.profile.limits.longest_wait
        if client not in self._threads:
            self._threads[client] = ThreadPoolExecutor(client.profile.limits.connections)
        future = self._threads[client].submit(_in_time, deadline, call)
        self._calls[future] = key
        future.add_done_callback(self._ended.put)

    def landed(self, patience: float = math.inf) -> list[tuple[Hashable, Outcome]]:
        """Wait until a call has ended; collect those that end together with it.

        Empty when none is left, or when none has ended within ``patience`` seconds.
        """
        landed: list[tuple[Hashable, Outcome]] = []
        until = time.monotonic() + min(patience, LONGEST_PATIENCE)
        while self._calls and (future := self._next_ended(until)):
            if future in self._calls:  # else it was called off
                if not landed:
                    until = time.monotonic() + GATHER
                landed.append((self._calls.pop(future), _outcome(future)))
        self._measure(len(landed))
        return landed

    def _next_ended(self, until: float) -> Future | None:
        """The next call that ends; None when none has at the moment ``until``."""
        try:
            return self._ended.get(timeout=max(until - time.monotonic(), 0))
        except Empty:
            return None

    def _measure(self, count: int) -> None:
        now = time.monotonic()
        self._pace = count / max(now - self._seen, GATHER)
        self._seen = now

    def call_off(self) -> list[Hashable]:
        """Keep from leaving what has not left; its keys."""
        kept = [future for future in self._calls if future.cancel()]
        return [self._calls.pop(future) for future in kept]


def _in_time(deadline: float, call: Callable[[], Outcome]) -> Outcome:
    if time.monotonic() > deadline:
        return Outcome(RETRYABLE, code=NOT_IN_TIME)
    return call()


def _outcome(future: Future) -> Outcome:
    """A fault of ours tells nothing of what the registry has received."""
    error = future.exception()
    if error is None:
        return future.result()
    _logger.error("A call to the registry was interrupted", exc_info=error)
    return Outcome(UNKNOWN, code="INTERRUPTED")
