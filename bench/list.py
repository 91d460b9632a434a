"""The list and the desk of a large portfolio, beside Odoo's own list of contacts."""

import argparse
import json
import os
import subprocess

from workshop import console, database, instance, paths
from workshop.console import Stop, say, step

DATABASE = "copro_readiness"  # the portfolio of bin/bench readiness, kept
JOB = paths.CHECKOUT / "bench" / "list_job.py"
WORK = (
    ("contacts", "contacts: first page", None),
    ("list", "condominiums: first page", "contacts"),
    ("board", "Today: the whole screen", "contacts"),
    ("late", "condominiums: those late", "contacts"),
    ("contacts_search", "contacts: two words typed", None),
    ("search", "condominiums: two words typed", "contacts_search"),
)
# What must cost the same whatever the portfolio; a search also reads what it finds.
SCREENS = ("list", "board", "late")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bin/bench list", description=__doc__)
    parser.add_argument("--count", type=int, default=60_000, help="condominiums, and contacts")
    parser.add_argument("--goal", type=float, default=1.3, help="the largest ratio")
    options = parser.parse_args(arguments)
    prepared = instance.prepare("readiness", database=DATABASE)
    try:
        database.prepare(prepared, demo=False)
        step(f"Showing {options.count} condominiums")
        measured = _run(prepared, options.count)
    finally:
        instance.stop_postgres(prepared)
    say(f"\n{_table(measured)}")
    ratios = [_ratio(measured, name, "contacts") for name in SCREENS]
    return 0 if max(ratios) <= options.goal and _is_constant(measured) else 1


def _run(prepared, count: int) -> dict:
    """Run the job in Odoo's shell. Raises Stop."""
    command = prepared.command("shell", "-d", DATABASE, "--no-http", "--log-level=error")
    environment = prepared.environment(COPRO_REGISTRY_COUNT=str(count))
    folders = [environment["PYTHONPATH"], str(paths.CHECKOUT)]
    environment["PYTHONPATH"] = os.pathsep.join(folders)
    with JOB.open() as source, prepared.log.open("ab") as log:
        done = subprocess.run(
            command, stdin=source, stdout=subprocess.PIPE, stderr=log, text=True, env=environment
        )
    if done.returncode:
        raise Stop("the measurement did not end well", f"read {prepared.log}")
    return json.loads(done.stdout.splitlines()[-1])


def _ratio(measured: dict, name: str, peer: str) -> float:
    return measured["large"][name]["seconds"] / measured["large"][peer]["seconds"]


def _is_constant(measured: dict) -> bool:
    return all(
        measured["large"][name]["queries"] == measured["small"][name]["queries"] for name in SCREENS
    )


def _table(measured: dict) -> str:
    rows = [
        f"{measured['count']} condominiums and {measured['contacts']} contacts, then "
        f"{measured['few']} condominiums; medians of {measured['rounds']}"
    ]
    for name, what, peer in WORK:
        large, small = measured["large"][name], measured["small"][name]
        beside = f"{_ratio(measured, name, peer):5.2f} × {peer}" if peer else "the peer"
        rows.append(
            f"  {what:30} {large['seconds'] * 1000:7.1f} ms  "
            f"{large['queries']:3} queries ({small['queries']} with few)  {beside}"
        )
    return "\n".join(rows)


if __name__ == "__main__":
    console.run(main)
