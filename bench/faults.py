"""Ill-treatment: faults, kills and restarts; then the books are compared."""

import argparse
import contextlib
import os
import random
import signal
import time
from collections import Counter
from dataclasses import dataclass, field

import psutil

from workshop import console
from workshop.console import say, step

from .plant import QUICK, Plant

REGISTERED = "registered"
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
    misnumbered: set[str] = field(default_factory=set)  # another number here than there
    twice: set[str] = field(default_factory=set)  # received twice by the registry
    unattended: set[str] = field(default_factory=set)  # failed, and no person was told
    interrupted: int = 0  # calls that a kill has cut
    seconds: float = 0

    @property
    def balance(self) -> bool:
        left = sum(self.states[state] for state in OPEN)
        wrong = self.lost | self.invented | self.misnumbered | self.twice | self.unattended
        return not (left or wrong)

    def __str__(self) -> str:
        states = ", ".join(f"{count} {state}" for state, count in sorted(self.states.items()))
        return (
            f"{states}; {len(self.lost)} lost, {len(self.invented)} invented, "
            f"{len(self.misnumbered)} misnumbered, {len(self.twice)} received twice, "
            f"{len(self.unattended)} unattended; {self.interrupted} calls cut by a kill; "
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
    calling = [pid for pid in workers if _is_calling(pid, plant.simulator.port)]
    workers = calling or workers
    if workers:
        with contextlib.suppress(ProcessLookupError):
            os.kill(draw.choice(workers), signal.SIGKILL)


def _children(parent: int) -> list[int]:
    with open(f"/proc/{parent}/task/{parent}/children") as stream:
        return [int(pid) for pid in stream.read().split()]


def _is_calling(pid: int, port: int) -> bool:
    """Whether a process holds a connection to the registry."""
    with contextlib.suppress(psutil.Error):
        connections = psutil.Process(pid).net_connections(kind="tcp")
        return any(one.raddr and one.raddr.port == port for one in connections)
    return False


# Each upload, its condominium's number, and whether a person who is there was told of it.
UPLOADS = """
    SELECT t.reference, t.state, c.registration_number, EXISTS (
        SELECT FROM mail_activity a
          JOIN res_users u ON u.id = a.user_id AND u.active
          JOIN ir_model_data d ON d.model = 'mail.activity.type' AND d.res_id = a.activity_type_id
         WHERE a.res_model = 'copro.condominium' AND a.res_id = c.id
           AND d.module = 'copro_registry' AND d.name = 'mail_activity_upload')
      FROM copro_transmission t JOIN copro_condominium c ON c.id = t.condominium_id
"""
CUT = "SELECT count(*) FROM copro_transmission_attempt WHERE failure_code = 'INTERRUPTED'"


def _compare(plant: Plant) -> Books:
    rows = plant.query(UPLOADS)
    [(interrupted,)] = plant.query(CUT)
    ledger = plant.simulator.control.ledger()
    taken = Counter(line["reference"] for line in ledger if line["accepted"])
    repeated = {line["reference"] for line in ledger if line["codes"] == "REPEATED"}
    theirs = {one["reference"]: one["number"] for one in plant.simulator.control.requests()}
    ours = {reference: number for reference, state, number, _told in rows if state == REGISTERED}
    registered = set(ours)
    ended_badly = {r: told for r, state, _number, told in rows if state in ("failed", "rejected")}
    return Books(
        states=Counter(state for _reference, state, _number, _told in rows),
        lost=set(taken) - registered,
        invented=registered - set(taken),
        twice=repeated | {reference for reference, count in taken.items() if count > 1},
        misnumbered={r for r, number in ours.items() if theirs.get(r) not in (None, number)},
        unattended={reference for reference, told in ended_badly.items() if not told},
        interrupted=interrupted,
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
