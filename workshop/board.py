"""What ``bin/test`` shows while tests run: one line of progress, and failures at once."""

import json
import shutil
import sys
import threading
import time
from collections import Counter, defaultdict
from pathlib import Path

from .console import say, step

SECONDS_BETWEEN_LINES = 15  # where the output is no terminal
MEMORY = "durations.json"  # {test: seconds} of earlier runs


class Tally:
    """What one pytest process has told so far; see ``pytest_events``.

    ``turn``: what has the same one runs together, what has a higher one comes after it.
    """

    def __init__(self, name: str, events: Path, roots: tuple[str, ...], **place: int):
        self.name = name
        self.events = events
        self.roots = roots
        self.lane, self.turn = place["lane"], place["turn"]
        self.workers = place.get("workers", 1)
        self.known: list[str] = []  # the tests it has collected
        self.seconds: dict[str, float] = {}  # of those that have ended
        self.worth: dict[str, float] = {}  # the same, of those that ran to their end
        self.failures = 0
        self.started = self.ended = False
        self._read = 0
        events.unlink(missing_ok=True)

    def news(self) -> list[dict]:
        """Events that are new since the last call; a half-written line is left for the next."""
        if not self.events.exists():
            return []
        with self.events.open("rb") as stream:
            stream.seek(self._read)
            whole, newline, _rest = stream.read().rpartition(b"\n")
        self._read += len(whole) + len(newline)
        events = [json.loads(line) for line in whole.splitlines()]
        for event in events:
            self._note(event)
        return events

    def _note(self, event: dict) -> None:
        if event["event"] == "collected":
            self.known = event["tests"]
        elif event["event"] == "failure":
            self.failures += 1
        else:
            self.seconds[event["test"]] = event["seconds"]
            if event["outcome"] == "passed":
                self.worth[event["test"]] = event["seconds"]

    def left(self, before: dict[str, float]) -> float | None:
        """Seconds until its end, by what its tests took last time; None: nobody knows."""
        if self.ended:
            return 0
        expected = self.known or [test for test in before if test.startswith(self.roots)]
        waiting = [test for test in expected if test not in self.seconds]
        took = [before[test] for test in expected if test in before] or [*self.seconds.values()]
        if not took:
            return None
        usual = sum(took) / len(took)
        return sum(before.get(test, usual) for test in waiting) / self.workers

    def __str__(self) -> str:
        if not self.known:
            return f"{self.name} starts"
        return f"{self.name} {len(self.seconds)}/{len(self.known)}"


class Board:
    """The progress of all tallies.

    On a terminal the line is written over; elsewhere there is one every 15 seconds.
    """

    def __init__(self, tallies: list[Tally], memory: Path):
        self.tallies = tallies
        self.memory = memory
        self.before = remembered(memory)
        self._is_terminal = sys.stdout.isatty()
        self._over = threading.Event()
        self._told = time.monotonic()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> "Board":
        self._thread.start()
        return self

    def __exit__(self, *_exception) -> None:
        self._over.set()
        self._thread.join()
        self.look()
        self._erase()
        measured = {test: s for tally in self.tallies for test, s in tally.worth.items()}
        self.memory.write_text(json.dumps({**self.before, **measured}, indent=0))

    def _watch(self) -> None:
        while not self._over.wait(0.5):
            self.look()
            if self._is_terminal:
                self._erase()
                width = shutil.get_terminal_size().columns - 1
                print(self.line()[:width], end="", flush=True)
            elif time.monotonic() - self._told >= SECONDS_BETWEEN_LINES:
                self._say()

    def look(self) -> None:
        """Read what is new, and print what has failed."""
        for tally in self.tallies:
            failures = [event for event in tally.news() if event["event"] == "failure"]
            for failure in failures:
                self._erase()
                say(_told(failure))
            if failures and not self._is_terminal:
                self._say()

    def _say(self) -> None:
        self._told = time.monotonic()
        step(self.line())

    def _erase(self) -> None:
        if self._is_terminal:
            print("\r\033[K", end="", flush=True)

    def line(self) -> str:
        shown = [str(tally) for tally in self.tallies if tally.started and not tally.ended]
        failed = sum(tally.failures for tally in self.tallies)
        return " · ".join([*(shown or ["preparing"]), f"{failed} failed", self._time_left()])

    def _time_left(self) -> str:
        seconds: Counter = Counter()
        for (lane, _turn), together in self._turns().items():
            left = [tally.left(self.before) for tally in together]
            if None in left:
                return "time left not known yet"
            seconds[lane] += max(left)
        left = max(seconds.values(), default=0)
        return f"{left:.0f} s left" if left < 90 else f"about {left / 60:.0f} min left"

    def _turns(self) -> dict[tuple[int, int], list[Tally]]:
        turns = defaultdict(list)
        for tally in self.tallies:
            turns[tally.lane, tally.turn].append(tally)
        return turns


def remembered(memory: Path) -> dict[str, float]:
    """{test: seconds} of earlier runs."""
    try:
        return json.loads(memory.read_text())
    except (OSError, ValueError):
        return {}


def _told(failure: dict) -> str:
    where = "" if failure["when"] == "call" else f" ({failure['when']})"
    return f"\nFAILED {failure['test']}{where}\n{failure['text']}\n"
