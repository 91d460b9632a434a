"""Flat cost: claim and write with 600 and with 60,000 queued; memory; query plans."""

import argparse
import json
import time
from statistics import median

from workshop import console, paths
from workshop.console import say, step

from . import due
from .plant import Plant

FLAT = paths.CHECKOUT / "bench" / "plant_flat.py"
SEED = 50  # condominiums made by the addon itself; the others are copies of them
SLICE = 600
# Above what the engine can do: its cost is measured, not the pace of the account.
LIMITS = {"calls_per_minute": 60_000}
SMALL_RUNS = 4  # before the large one, and after it
MOST_SLOWER, MOST_MEMORY = 1.2, 50e6
STATISTICS = 1.0  # seconds until those of a session that has ended are counted

COPY_CONDOMINIUMS = """
    INSERT INTO copro_condominium ({columns}) SELECT {columns}
    FROM copro_condominium, generate_series(1, %s) WHERE id <= %s
"""
# The template, the first upload, is never due itself.
COPY_TRANSMISSIONS = """
    INSERT INTO copro_transmission
        ({columns}, condominium_id, reference, payload_sha256, next_attempt, batch_id)
    SELECT {columns}, c.condominium, gen_random_uuid()::text, md5(c.condominium::text),
        {now}, (SELECT max(id) FROM copro_upload_batch)
    FROM (SELECT * FROM copro_transmission ORDER BY id LIMIT 1) template,
         (SELECT id AS condominium FROM copro_condominium WHERE id > %s ORDER BY id LIMIT %s) c
"""
OWN = {"condominium_id", "reference", "payload_sha256", "next_attempt", "batch_id"}
# One batch of them all: its progress is told once a second, as in real life.
BATCH = """
    INSERT INTO copro_upload_batch
        (company_id, user_id, state, started_at, resumed_at, left_before, line_count, total)
    SELECT company_id, create_uid, 'running', {now}, {now}, 0, %s, %s
    FROM copro_transmission ORDER BY id LIMIT 1
"""


def queue(plant: Plant, count: int) -> None:
    """So many more condominiums, each with a queued upload."""
    [(last,)] = plant.query("SELECT max(id) FROM copro_condominium")
    own = _columns(plant, "copro_condominium", {"transmission_id"})
    plant.query(COPY_CONDOMINIUMS.format(columns=own), count // SEED + 1, SEED)
    shared = _columns(plant, "copro_transmission", OWN)
    plant.query(BATCH.format(now=due.NOW), count, count)
    plant.query(COPY_TRANSMISSIONS.format(columns=shared, now=due.NOW), last, count)
    plant.vacuum("copro_transmission")


def _columns(plant: Plant, table: str, others: set[str]) -> str:
    rows = plant.query(
        "SELECT column_name FROM information_schema.columns WHERE table_name = %s", table
    )
    return ", ".join(f'"{name}"' for (name,) in rows if name not in others | {"id"})


def measure(plant: Plant, count: int) -> tuple[list[dict], int]:
    """Empty a queue of ``count``; the cost of each slice, and the sequential scans.

    Those that count the batch, at most once a second, are not those of a claim or a write.
    """
    step(f"{count} queued")
    queue(plant, count)
    before = sequential_scans(plant)
    told = json.loads(plant.shell(FLAT, str(SLICE)).splitlines()[-1])
    return told["slices"], sequential_scans(plant) - before - told["counting"]


def sequential_scans(plant: Plant) -> int:
    time.sleep(STATISTICS)
    query = "SELECT seq_scan FROM pg_stat_user_tables WHERE relname = 'copro_transmission'"
    [(count,)] = plant.query(query)
    return count


def per_upload(slices: list[dict], what: str = "seconds") -> float:
    """Milliseconds: of the slice in the middle, whatever else the machine did meanwhile."""
    return median(one[what] for one in slices) / SLICE * 1000


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bin/bench flat", description=__doc__)
    parser.add_argument("--rows", type=int, default=60_000)
    rows = parser.parse_args(arguments).rows
    with Plant("flat", limits=LIMITS) as plant:
        plant.fill(SEED)
        plant.hold()
        # The first run also warms the caches of PostgreSQL: it is not counted.
        measure(plant, SLICE)
        few = [measure(plant, SLICE)[0][0] for _run in range(SMALL_RUNS)]
        many, scans = measure(plant, rows)
        few += [measure(plant, SLICE)[0][0] for _run in range(SMALL_RUNS)]
    return tell(few, many, scans)


def tell(few: list[dict], many: list[dict], scans: int) -> int:
    parts = {"the first": many[: len(few)], "the last": many[-len(few) :], "all": many}
    memory = max(one["memory"] for one in many) - many[0]["memory"]
    say("\nclaim and write, an upload (CPU: Odoo and its PostgreSQL backend)")
    say(f"  {SLICE:6} queued             {_told(few)}")
    for name, slices in parts.items():
        say(f"  {SLICE * len(many):6} queued, {name:9}  {_told(slices)}")
    slower = max(per_upload(slices, "cpu") for slices in parts.values()) / per_upload(few, "cpu")
    goals = (
        (slower <= MOST_SLOWER, f"at most {slower:.2f} × the cost (≤ {MOST_SLOWER})"),
        (memory <= MOST_MEMORY, f"{memory / 1e6:.1f} MB more memory (≤ 50)"),
        (scans == 0, f"{scans} sequential scans of the table to claim or write (0)"),
    )
    for met, sentence in goals:
        say(f"  {'met    ' if met else 'NOT met'}  {sentence}")
    return 0 if all(met for met, _sentence in goals) else 1


def _told(slices: list[dict]) -> str:
    return f"{per_upload(slices, 'cpu'):.2f} ms of CPU, {per_upload(slices):.2f} ms of time"


if __name__ == "__main__":
    console.run(main)
