"""A large portfolio, made once and kept, and a job in Odoo's shell that measures it."""

import argparse
import json
import os
import subprocess
from pathlib import Path

from workshop import database, instance, paths
from workshop.console import Stop, step

DATABASE = "copro_readiness"


def parser(name: str, description: str, goal: float) -> argparse.ArgumentParser:
    """The options of ``bin/bench name``: so many condominiums, and the most that is allowed."""
    made = argparse.ArgumentParser(prog=f"bin/bench {name}", description=description)
    made.add_argument("--count", type=int, default=60_000, help="condominiums (kept)")
    made.add_argument("--goal", type=float, default=goal, help="the most that is allowed")
    return made


def measure(job: Path, count: int, what: str) -> dict:
    """Run ``job`` on so many condominiums; returns what it measured. Raises Stop."""
    prepared = instance.prepare("readiness", database=DATABASE)
    try:
        database.prepare(prepared, demo=False)
        step(f"{what} {count} condominiums")
        return _run(job, prepared, count)
    finally:
        instance.stop_postgres(prepared)


def _run(job: Path, prepared, count: int) -> dict:
    command = prepared.command("shell", "-d", DATABASE, "--no-http", "--log-level=error")
    environment = prepared.environment(COPRO_REGISTRY_COUNT=str(count))
    folders = [environment["PYTHONPATH"], str(paths.CHECKOUT)]
    environment["PYTHONPATH"] = os.pathsep.join(folders)
    with job.open() as source, prepared.log.open("ab") as log:
        done = subprocess.run(
            command, stdin=source, stdout=subprocess.PIPE, stderr=log, text=True, env=environment
        )
    if done.returncode:
        raise Stop("the measurement did not end well", f"read {prepared.log}")
    return json.loads(done.stdout.splitlines()[-1])
