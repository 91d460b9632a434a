"""A messy workbook of 3,000 condominiums through the import screen, beside Odoo's contacts."""

import json
import os

from workshop import console, paths
from workshop.console import say

from . import portfolio

JOB = paths.CHECKOUT / "bench" / "import_job.py"
LIMIT = 120  # seconds after which Odoo ends a call, as it is configured by default


def main(arguments: list[str]) -> int:
    parser = portfolio.parser("import", __doc__, goal=6.0)
    parser.set_defaults(count=3_000)
    options = parser.parse_args(arguments)
    measured = portfolio.measure(JOB, options.count, "Importing")
    say(f"\n{_table(measured)}")
    is_right = not measured["wrong"] and measured["told"] == measured["planted"]
    is_quick = measured["longest"] < LIMIT and _ratio(measured) <= options.goal
    return 0 if is_right and is_quick else 1


def _ratio(measured: dict) -> float:
    """Time of a record of ours, beside that of a contact."""
    return _of_one(measured, "import") / _of_one(measured, "contacts")


def _of_one(measured: dict, name: str) -> float:
    return measured[name]["seconds"] / measured[name]["records"]


def _table(measured: dict) -> str:
    rows = [
        f"{measured['count']} condominiums, each with a mandate and two fiscal years: a workbook "
        f"of {measured['lines']} lines and {measured['size'] / 2**20:.1f} MB, in parts of "
        f"{measured['part']} lines"
    ]
    for name, what in (
        ("preview", "preview"),
        ("test", "“Test”: every line in error is told"),
        ("import", "import of the corrected workbook"),
        ("again", "the same once more: nothing new"),
        ("contacts", "Odoo: load of as many contacts"),
    ):
        one = measured[name]
        rows.append(
            f"  {what:38} {one['seconds']:7.1f} s  {one['records']:6} records  "
            f"{one['seconds'] / max(one['records'], 1) * 1000:6.2f} ms each"
        )
    rows.append(f"  a record of ours / a contact of Odoo's {_ratio(measured):5.2f} ×")
    rows.append(f"  longest call {measured['longest']:.1f} s, of {LIMIT} allowed")
    rows.append(f"  lines in error: {measured['planted']} written, {measured['told']} told")
    rows.append(f"  values compared: {measured['compared']}, wrong: {measured['wrong']}")
    rows.append(f"  findings: {json.dumps(measured['findings'], ensure_ascii=False)}")
    rows += [f"    {line}" for line in measured["examples"]]
    rows.append(f"  {os.cpu_count()} processors, one used")
    return "\n".join(rows)


if __name__ == "__main__":
    console.run(main)
