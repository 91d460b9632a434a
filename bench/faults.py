"""Ill-treatment: faults, kills and restarts; then the books are compared."""

import argparse
import contextlib
import os
import random
import signal
import time
from collections import Counter
from dataclasses import dataclass, field

from workshop import console
from workshop.console import say, step

from .plant import QUICK, Plant

OPEN = ("queued", "sending", "accepted", "unknown")


@dataclass
class Plan:
    """How a campaign goes; the same seed, the same draws."""

    uploads: int
    kills: int
    restarts: int  # of PostgreSQL
    power_cuts: int  # of the simulator
    seed: int = 1
    share: float = 0.4  # of the calls that meet a fault
    patience: float = 600  # seconds

    def blows(self, draw: random.Random) -> list[str]:
        """What happens to the plant, in its order."""
        blows = ["kill"] * self.kills + ["restart"] * self.restarts
        blows += ["power cut"] * self.power_cuts
        draw.shuffle(blows)
        return blows


@dataclass
class Books:
    """The ledger of the registry against the database of Odoo."""

    states: Counter = field(default_factory=Counter)
    lost: set[str] = field(default_factory=set)  # taken by the registry, unknown here
    invented: set[str] = field(default_factory=set)  # registered here, unknown there
    twice: set[str] = field(default_factory=set)  # received twice by the registry
    unattended: set[str] = field(default_factory=set)  # failed, and nobody was told
    seconds: float = 0

    @property
    def balance(self) -> bool:
        left = sum(self.states[state] for state in OPEN)
        return not (left or self.lost or self.invented or self.twice or self.unattended)

    def __str__(self) -> str:
        states = ", ".join(f"{count} {state}" for state, count in sorted(self.states.items()))
        return (
            f"{states}; {len(self.lost)} lost, {len(self.invented)} invented, "
            f"{len(self.twice)} received twice, {len(self.unattended)} unattended; "
            f"{self.seconds:.0f} s"
        )


def run(plan: Plan) -> Books:
    """A whole campaign. Returns the books."""
    draw = random.Random(plan.seed)
    with Plant("faults", limits=QUICK) as plant:
        plant.fill(plan.uploads)
        started = time.monotonic()
        plant.simulator.control.rain(share=plan.share, seed=plan.seed, seconds=0.2)
        plant.start("--workers=1", "--max-cron-threads=2")
        blows = plan.blows(draw)
        deadline = started + plan.patience
        while time.monotonic() < deadline and (blows or _open(plant)):
            plant.supervise()
            plant.wake()
            time.sleep(draw.uniform(0.3, 2.0))
            if blows:
                _strike(plant, blows.pop(), draw, plan)
        books = _compare(plant)
        books.seconds = time.monotonic() - started
        return books


def _open(plant: Plant) -> int:
    [(count,)] = plant.query("SELECT count(*) FROM copro_transmission WHERE state IN %s", OPEN)
    return count


def _strike(plant: Plant, blow: str, draw: random.Random, plan: Plan) -> None:
    step(blow)
    if blow == "kill":
        _kill_a_worker(plant, draw)
    elif blow == "restart":
        plant.cluster.stop()
        plant.cluster.start()
    else:
        plant.simulator.kill()
        time.sleep(draw.uniform(0.2, 1.0))
        plant.simulator.start()
        # The weather is forgotten with the process.
        plant.simulator.control.rain(share=plan.share, seed=draw.random(), seconds=0.2)


def _kill_a_worker(plant: Plant, draw: random.Random) -> None:
    workers = _children(plant.odoo.pid)
    if workers:
        with contextlib.suppress(ProcessLookupError):
            os.kill(draw.choice(workers), signal.SIGKILL)


def _children(parent: int) -> list[int]:
    with open(f"/proc/{parent}/task/{parent}/children") as stream:
        return [int(pid) for pid in stream.read().split()]


def _compare(plant: Plant) -> Books:
    rows = plant.query(
        "SELECT t.reference, t.state, EXISTS (SELECT FROM mail_activity a "
        "WHERE a.res_model = 'copro.condominium' AND a.res_id = t.condominium_id) "
        "FROM copro_transmission t"
    )
    ledger = plant.simulator.control.ledger()
    taken = Counter(line["reference"] for line in ledger if line["accepted"])
    repeated = {line["reference"] for line in ledger if line["codes"] == "REPEATED"}
    registered = {reference for reference, state, _told in rows if state == "registered"}
    return Books(
        states=Counter(state for _reference, state, _told in rows),
        lost=set(taken) - registered,
        invented=registered - set(taken),
        twice=repeated | {reference for reference, count in taken.items() if count > 1},
        unattended={r for r, state, told in rows if state in ("failed", "rejected") and not told},
    )


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bin/bench faults", description=__doc__)
    parser.add_argument("--uploads", type=int, default=2000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--restarts", type=int, default=3)
    parser.add_argument("--power-cuts", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--patience", type=float, default=3600, help="seconds")
    books = run(Plan(**vars(parser.parse_args(arguments))))
    say(f"\n{books}")
    return 0 if books.balance else 1


if __name__ == "__main__":
    console.run(main)
