"""Calls in the air: threads that know nothing of the ORM."""

import logging
import math
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from queue import Empty, SimpleQueue

from .client import RETRYABLE, UNKNOWN, Client, Outcome
from .transport import ended_by

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


class _Turn:
    """Whether a call leaves: decided once, by its moment or by whoever calls it off."""

    def __init__(self, moment: float):
        self._moment = moment
        self._off = threading.Event()
        self._left = False
        self._lock = threading.Lock()

    def come(self, latest: float) -> bool:
        """Wait for the moment; whether the call may leave, ``latest`` at the latest."""
        if max(self._moment, time.monotonic()) > latest:
            return False
        self._off.wait(max(self._moment - time.monotonic(), 0))
        with self._lock:
            self._left = not self._off.is_set()
            return self._left

    def call_off(self) -> bool:
        """Whether the call had not left, and does not leave any more."""
        with self._lock:
            if not self._left:
                self._off.set()
            return not self._left


class _Lane:
    """The calls of one account: its client, its threads, and how fast they end."""

    def __init__(self, client: Client):
        self.client = client
        self.threads = ThreadPoolExecutor(client.profile.limits.connections)
        self.count = 0  # calls that have not been collected yet
        self._pace = 0.0  # outcomes a second, as last seen
        self._seen = time.monotonic()

    def room(self) -> int:
        limits = self.client.profile.limits
        soon = min(int(self._pace * SECONDS_AT_HAND), MOST_AT_HAND)
        most = max(LEAST_AT_HAND, AT_HAND * limits.connections, soon)
        return most - self.count if self.count <= most // 2 else 0

    def collect(self, count: int) -> None:
        """Note that so many have ended."""
        self.count -= count
        now = time.monotonic()
        self._pace = count / max(now - self._seen, GATHER)
        self._seen = now

    def close(self) -> None:
        self.threads.shutdown(wait=True, cancel_futures=True)
        self.client.channel.close()


class Dispatch:
    """Makes the calls of several accounts, each in its own lane: none waits for another.

    In a lane at most ``limits.connections`` calls are in the air. A context manager: at
    its end the calls in the air have landed, and the connections are closed. All of them
    have when ``seconds`` have passed: somebody waits for them.
    """

    def __init__(self, seconds: float = math.inf):
        self._end = time.monotonic() + seconds
        self._lanes: dict[Hashable, _Lane] = {}
        self._calls: dict[Future, tuple[_Lane, Hashable, _Turn]] = {}
        self._ended: SimpleQueue[Future] = SimpleQueue()

    def __enter__(self) -> "Dispatch":
        return self

    def __exit__(self, *_exception) -> None:
        self.call_off()  # of every lane, before one of them is waited for
        for lane in self._lanes.values():
            lane.close()

    def __len__(self) -> int:
        """How many calls have not been collected yet."""
        return len(self._calls)

    def room(self, account: Hashable) -> int:
        """How many more calls of an account to bring: none while half of its last ones remain."""
        lane = self._lanes.get(account)
        return lane.room() if lane else LEAST_AT_HAND

    def client(self, account: Hashable, make: Callable[[], Client]) -> Client:
        """The client of an account, made at its first call and kept alive after."""
        if account not in self._lanes:
            self._lanes[account] = _Lane(make())
        return self._lanes[account].client

    def seconds_left(self) -> float:
        """How long its calls may still last."""
        return self._end - time.monotonic()

    def submit(
        self, account: Hashable, key: Hashable, call: Callable[[], Outcome], moment: float = 0
    ) -> None:
        """Make ``call`` in its turn, with the client of ``account``, once a connection is free.

        ``moment`` (monotonic) is its turn by the pace of the account, ``math.inf`` when it
        has none. After ``limits.longest_wait`` it does not leave any more: its claim is not
        to be taken for lost while it may still leave.
        """
        lane, turn = self._lanes[account], _Turn(moment)
        latest = time.monotonic() + lane.client.profile.limits.longest_wait
        future = lane.threads.submit(_in_turn, turn, min(latest, self._end), self._end, call)
        lane.count += 1
        self._calls[future] = lane, key, turn
        future.add_done_callback(self._ended.put)

    def landed(self, patience: float = math.inf) -> list[tuple[Hashable, Outcome]]:
        """Wait until a call has ended; collect those that end together with it.

        Empty when none is left, or when none has ended within ``patience`` seconds.
        """
        landed: list[tuple[Hashable, Outcome]] = []
        lanes: Counter[_Lane] = Counter()
        until = time.monotonic() + min(patience, LONGEST_PATIENCE)
        while self._calls and (future := self._next_ended(until)):
            if future in self._calls:  # else it was called off
                if not landed:
                    until = time.monotonic() + GATHER
                lane, key, _turn = self._calls.pop(future)
                lanes[lane] += 1
                landed.append((key, _outcome(future)))
        for lane, count in lanes.items():
            lane.collect(count)
        return landed

    def _next_ended(self, until: float) -> Future | None:
        """The next call that ends; None when none has at the moment ``until``."""
        try:
            return self._ended.get(timeout=max(until - time.monotonic(), 0))
        except Empty:
            return None

    def busy(self) -> set[Hashable]:
        """The accounts some of whose calls have not been collected yet."""
        return {account for account, lane in self._lanes.items() if lane.count}

    def call_off(self, accounts: Collection[Hashable] | None = None) -> list[Hashable]:
        """Keep from leaving what has not left, of these accounts or of all; its keys."""
        lanes = [lane for account, lane in self._lanes.items() if _among(account, accounts)]
        pending = [
            future
            for future, (lane, _key, turn) in self._calls.items()
            if lane in lanes and turn.call_off()
        ]
        kept = [self._calls.pop(future) for future in pending]
        for lane, _key, _turn in kept:
            lane.count -= 1
        return [key for _lane, key, _turn in kept]


def _among(account: Hashable, accounts: Collection[Hashable] | None) -> bool:
    return accounts is None or account in accounts


def _in_turn(turn: _Turn, latest: float, end: float, call: Callable[[], Outcome]) -> Outcome:
    if not turn.come(latest):
        return Outcome(RETRYABLE, code=NOT_IN_TIME)
    with ended_by(end):
        return call()


def _outcome(future: Future) -> Outcome:
    """A fault of ours tells nothing of what the registry has received."""
    error = future.exception()
    if error is None:
        return future.result()
    _logger.error("A call to the registry was interrupted", exc_info=error)
    return Outcome(UNKNOWN, code="INTERRUPTED")
