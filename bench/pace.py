"""Three Odoo processes share one account: together they call as often as it may, no more."""

import argparse
from datetime import datetime

from workshop import console
from workshop.console import say

from .plant import Plant
from .workers import measure, sent_twice

PROCESSES = 3
A_MINUTE = 60
WINDOW = 60.0  # seconds
# The registry notes a call when it has answered it: some arrive together, that left apart.
JITTER = 2
LEAST = 0.85  # of what the pace allows: an account is not slowed by being shared


def most_in_a_minute(moments: list[float]) -> int:
    """The largest number of calls that any minute holds."""
    return max(
        sum(1 for later in moments[rank:] if later < moment + WINDOW)
        for rank, moment in enumerate(moments)
    )


def run(uploads: int, a_minute: int) -> tuple[int, float, int]:
    """(most calls in a minute, calls a minute on the whole, sent twice)"""
    limits = {"connections": 4, "calls_per_minute": a_minute}
    with Plant("pace", limits=limits) as plant:
        plant.fill(uploads)
        plant.hold()
        before = len(plant.simulator.control.ledger())
        measure(plant, PROCESSES, uploads)
        lines = plant.simulator.control.ledger()[before:]
        twice = len(sent_twice(plant))
    moments = sorted(datetime.fromisoformat(line["at"]).timestamp() for line in lines)
    lasted = max(moments[-1] - moments[0], 1)
    return most_in_a_minute(moments), (len(moments) - 1) * 60 / lasted, twice


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bin/bench pace", description=__doc__)
    parser.add_argument("--uploads", type=int, default=100)
    parser.add_argument("--a-minute", type=int, default=A_MINUTE)
    options = parser.parse_args(arguments)
    most, rate, twice = run(options.uploads, options.a_minute)
    say(f"\n{PROCESSES} processes, {options.a_minute} calls a minute allowed:")
    say(f"most in any minute: {most}; on the whole: {rate:.0f} a minute; sent twice: {twice}")
    kept = most <= options.a_minute + JITTER and rate >= LEAST * options.a_minute
    return 0 if kept and not twice else 1


if __name__ == "__main__":
    console.run(main)
