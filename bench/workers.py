"""Two Odoo processes share one queue: nearly twice as fast, and each upload sent once."""

import argparse
import json
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

from workshop import console, paths
from workshop.console import say, step
from workshop.processes import wait_for

from .plant import Plant

SHARE = paths.CHECKOUT / "bench" / "plant_share.py"
LIMITS = {"connections": 4, "calls_per_minute": 60_000}
PATIENCE = 120  # seconds
GOAL = 1.8


def measure(plant: Plant, processes: int, uploads: int) -> float:
    """Seconds from the moment when so many are due to the end of the last process."""
    step(f"{uploads} uploads, {processes} process(es)")
    printed: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        arguments = (folder, str(PATIENCE))
        thread = threading.Thread(
            target=lambda: printed.extend(plant.shells(SHARE, *arguments, count=processes))
        )
        thread.start()
        ready = Path(folder)
        wait_for(
            lambda: len(list(ready.iterdir())) == processes,
            *(PATIENCE, "a process is not ready", f"read {plant.instance.log}"),
        )
        released = time.time()
        plant.release(uploads)
        thread.join()
    costs = [json.loads(text.splitlines()[-1]) for text in printed]
    return max(cost["ended"] for cost in costs) - released


def sent_twice(plant: Plant) -> list[str]:
    """References that reached the registry more than once, or were accepted more than once."""
    ledger = [line for line in plant.simulator.control.ledger() if line["service"] == "WS1"]
    calls = Counter(line["reference"] for line in ledger)
    return [reference for reference, count in calls.items() if count > 1]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bin/bench workers", description=__doc__)
    parser.add_argument("--uploads", type=int, default=2000)
    parser.add_argument("--latency", type=float, default=0.1, help="seconds")
    options = parser.parse_args(arguments)
    with Plant("workers", limits=LIMITS) as plant:
        plant.fill(2 * options.uploads)
        plant.hold()
        plant.simulator.control.add_fault(
            "latency", service="WS1", count=10**6, seconds=options.latency
        )
        alone = measure(plant, 1, options.uploads)
        together = measure(plant, 2, options.uploads)
        twice = sent_twice(plant)
        left = dict(plant.query("SELECT state, count(*) FROM copro_transmission GROUP BY state"))
    ratio = alone / together
    say(f"\none process: {alone:.1f} s; two: {together:.1f} s; {ratio:.2f} × (≥ {GOAL})")
    say(f"sent twice: {len(twice)}; states: {left}")
    return 0 if ratio >= GOAL and not twice and set(left) == {"received"} else 1


if __name__ == "__main__":
    console.run(main)
