"""The full check of a portfolio, beside the reading of the same records alone."""

import json
import os

from workshop import console, paths
from workshop.console import say

from . import portfolio

JOB = paths.CHECKOUT / "bench" / "readiness_job.py"


def main(arguments: list[str]) -> int:
    options = portfolio.parser("readiness", __doc__, goal=2.0).parse_args(arguments)
    measured = portfolio.measure(JOB, options.count, "Judging")
    say(f"\n{_table(measured)}")
    return 0 if measured["check"] / measured["read"] <= options.goal else 1


def _table(measured: dict) -> str:
    count, read = measured["count"], measured["read"]
    rows = [f"{count} condominiums, each with a mandate, a fiscal year, a building and a parcel"]
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
