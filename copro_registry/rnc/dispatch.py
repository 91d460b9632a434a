"""Calls in the air: threads that know nothing of the ORM."""

import logging
import math
import threading
import time
from collections.abc import Callable, Collection, Hashable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

from .client import RETRYABLE, UNKNOWN, Client, Outcome
from .transport import ended_by

_logger = logging.getLogger(__name__)

# Calls of an account that are brought at once, for each of its connections: enough that none
# waits for the next claim, and few, so that what is claimed leaves soon and a pause is soon felt.
CALLS_PER_CONNECTION = 4
# Outcomes that come within so many seconds of one another share a transaction: what a
# commit costs is paid once. Should the process die meanwhile, the registry is asked.
GATHER = 0.05
LONGEST_PATIENCE = 3600.0
# The code of a call that waited for its turn, and did not leave.
NOT_IN_TIME = "NOT_IN_TIME"
INTERRUPTED = "INTERRUPTED"  # the code of a call of which nobody knows how it ended


class _Turn:
    """Whether a call leaves: decided once, by its moment or by a cancellation."""

    def __init__(self, moment: float):
        self._moment = moment
        self._cancelled = threading.Event()
        self._left = False
        self._lock = threading.Lock()

    def leaves(self, latest: float) -> bool:
        """Wait for the moment; whether the call may leave, ``latest`` at the latest."""
        if max(self._moment, time.monotonic()) > latest:
            return False
        self._cancelled.wait(max(self._moment - time.monotonic(), 0))
        with self._lock:
            self._left = not self._cancelled.is_set()
            return self._left

    def cancel(self) -> bool:
        """Whether the call had not left, and does not leave any more."""
        with self._lock:
            if not self._left:
                self._cancelled.set()
            return not self._left


class _Pool:
    """The threads of one account, as many as it has connections, and its client."""

    def __init__(self, client: Client):
        self.client = client
        self.threads = ThreadPoolExecutor(client.profile.limits.connections)

    def close(self) -> None:
        self.threads.shutdown(wait=True, cancel_futures=True)
        self.client.channel.close()


@dataclass(frozen=True)
class _Call:
    account: Hashable
    key: Hashable
    turn: _Turn


class Dispatch:
    """Makes the calls of several accounts, each in its own pool: none waits for another.

    At most ``limits.connections`` calls of an account are in the air. A context manager: at
    its end the calls in the air have completed, and the connections are closed. All of them
    have when ``seconds`` have passed: somebody waits for them.
    """

    def __init__(self, seconds: float = math.inf):
        self._end = time.monotonic() + seconds
        self._pools: dict[Hashable, _Pool] = {}
        self._calls: dict[Future, _Call] = {}  # those that have not been collected yet

    def __enter__(self) -> "Dispatch":
        return self

    def __exit__(self, *_exception) -> None:
        self.cancel_pending(self.busy())  # of every pool, before one of them is waited for
        for pool in self._pools.values():
            pool.close()

    def __len__(self) -> int:
        """How many calls have not been collected yet."""
        return len(self._calls)

    def room(self, account: Hashable, connections: int) -> int:
        """How many more calls of an account to bring: none while half of its last ones remain."""
        capacity = CALLS_PER_CONNECTION * connections
        count = sum(call.account == account for call in self._calls.values())
        return capacity - count if count <= capacity // 2 else 0

    def client(self, account: Hashable, make: Callable[[], Client]) -> Client:
        """The client of an account, made at its first call and kept alive after."""
        if account not in self._pools:
            self._pools[account] = _Pool(make())
        return self._pools[account].client

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
        pool, turn = self._pools[account], _Turn(moment)
        latest = time.monotonic() + pool.client.profile.limits.longest_wait
        future = pool.threads.submit(_in_turn, turn, min(latest, self._end), self._end, call)
        self._calls[future] = _Call(account, key, turn)

    def completed(self, patience: float = math.inf) -> list[tuple[Hashable, Outcome]]:
        """Wait until a call has completed; [(key, outcome)] of those that do together with it.

        Empty when none is left, or when none has completed within ``patience`` seconds.
        """
        timeout = min(patience, LONGEST_PATIENCE)
        if not wait(self._calls, timeout, return_when=FIRST_COMPLETED).done:
            return []
        wait(self._calls, GATHER)
        ended = [future for future in self._calls if future.done()]
        return [(self._calls.pop(future).key, _outcome(future)) for future in ended]

    def busy(self) -> set[Hashable]:
        """The accounts some of whose calls have not been collected yet."""
        return {call.account for call in self._calls.values()}

    def cancel_pending(self, accounts: Collection[Hashable]) -> list[Hashable]:
        """Keep from leaving what has not left of these accounts; its keys."""
        cancelled = [
            future
            for future, call in self._calls.items()
            if call.account in accounts and call.turn.cancel()
        ]
        return [self._calls.pop(future).key for future in cancelled]


def _in_turn(turn: _Turn, latest: float, end: float, call: Callable[[], Outcome]) -> Outcome:
    if not turn.leaves(latest):
        return Outcome(RETRYABLE, code=NOT_IN_TIME)
    with ended_by(end):
        return call()


def _outcome(future: Future) -> Outcome:
    """A fault of ours tells nothing of what the registry has received."""
    error = future.exception()
    if error is None:
        return future.result()
    _logger.error("A call to the registry was interrupted", exc_info=error)
    return Outcome(UNKNOWN, code=INTERRUPTED)
