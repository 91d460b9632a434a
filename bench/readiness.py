"""The full check of a portfolio, beside the reading of the same records alone."""

import argparse
import json
import os
import subprocess

from workshop import console, database, instance, paths
from workshop.console import Stop, say, step

DATABASE = "copro_readiness"
JOB = paths.CHECKOUT / "bench" / "readiness_job.py"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bin/bench readiness", description=__doc__)
    parser.add_argument("--count", type=int, default=60_000, help="condominiums (kept)")
    parser.add_argument("--goal", type=float, default=2.0, help="the largest ratio")
    options = parser.parse_args(arguments)
    prepared = instance.prepare("readiness", database=DATABASE)
    try:
        database.prepare(prepared, demo=False)
        step(f"Judging {options.count} condominiums")
        measured = _run(prepared, options.count)
    finally:
        instance.stop_postgres(prepared)
    say(f"\n{_table(measured)}")
    return 0 if measured["check"] / measured["read"] <= options.goal else 1


def _run(prepared, count: int) -> dict:
    """Run the job in Odoo's shell. Raises Stop."""
    command = prepared.command("shell", "-d", DATABASE, "--no-http", "--log-level=error")
    environment = prepared.environment(COPRO_REGISTRY_COUNT=str(count))
    with JOB.open() as source, prepared.log.open("ab") as log:
        done = subprocess.run(
            command, stdin=source, stdout=subprocess.PIPE, stderr=log, text=True, env=environment
        )
    if done.returncode:
        raise Stop("the measurement did not end well", f"read {prepared.log}")
    return json.loads(done.stdout.splitlines()[-1])


def _table(measured: dict) -> str:
    count, read = measured["count"], measured["read"]
    rows = [f"{count} condominiums, each with a mandate, an exercise, a building and a parcel"]
    for name, what in (
        ("read", "read by the ORM alone"),
        ("check", "read, dossier, every rule"),
        ("store", "the same, stored"),
    ):
        seconds = measured[name]
        rows.append(
            f"  {what:28} {seconds:7.1f} s  {count / seconds:8.0f} /s  {seconds / read:5.2f} ×"
            f"  {measured[f'{name}_queries'] / count:6.3f} queries each"
        )
    rows.append(
        f"  peak memory {measured['memory_start']:.0f} MB before, "
        f"{measured['memory_end']:.0f} MB after"
    )
    rows.append(f"  verdicts: {json.dumps(measured['states'], ensure_ascii=False)}")
    rows.append(f"  {os.cpu_count()} processors, one used")
    return "\n".join(rows)


if __name__ == "__main__":
    console.run(main)
