"""``bin/test``: every test, in three groups; extra arguments go to pytest.

The heart and the simulator need no Odoo; the addon's own tests run inside one; the
end-to-end tests start everything as a user would.
"""

import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from . import console, database, instance, paths, processes, system
from .configuration import Instance
from .console import say, step

DATABASE = "copro_test"
NOTHING_COLLECTED = 5


@dataclass(frozen=True)
class Group:
    """Tests that run in one process."""

    name: str
    paths: tuple[str, ...]
    flags: tuple[str, ...]

    def takes(self, path: str) -> bool:
        target = (paths.CHECKOUT / path.partition("::")[0]).resolve()
        roots = [(paths.CHECKOUT / one).resolve() for one in self.paths]
        return any(target == root or root in target.parents for root in roots)


GROUPS = (
    Group(
        "house, heart, simulator, workshop",
        ("tests/house", "tests/registry", "tests/simulator", "tests/workshop"),
        ("-p", "no:odoo"),
    ),
    Group("addon", ("copro_registry",), ("--odoo-http",)),
    Group("end to end", ("tests/end_to_end", "tests/faults"), ("-p", "no:odoo")),
)


@dataclass
class Totals:
    """What the reports add up to."""

    passed: int = 0
    failed: int = 0
    skipped: list[str] = field(default_factory=list)


def main(arguments: list[str]) -> int:
    chosen = [a for a in arguments if (paths.CHECKOUT / a.partition("::")[0]).exists()]
    flags = [argument for argument in arguments if argument not in chosen]
    system.prepare()
    port = processes.free_port(8169)
    prepared = instance.prepare("test", database=DATABASE, port=port)
    totals = Totals()
    try:
        for group in GROUPS:
            selected = [path for path in chosen if group.takes(path)]
            if selected or not chosen:
                _run(group, selected or list(group.paths), flags, prepared, totals)
    finally:
        instance.stop_postgres(prepared)
    return _conclude(totals)


def _run(group: Group, selected: list[str], flags: list[str], prepared, totals) -> None:
    existing = [path for path in selected if (paths.CHECKOUT / path.split("::")[0]).exists()]
    if group.name == "addon":
        database.prepare(prepared, demo=False)
    step(f"Testing: {group.name}")
    report = prepared.folder / f"{group.paths[0].replace('/', '-')}.xml"
    report.unlink(missing_ok=True)
    command = [str(prepared.python), "-m", "pytest", "-q", "-ra", *group.flags]
    result = subprocess.run(
        [*command, f"--junit-xml={report}", *flags, *existing],
        cwd=paths.CHECKOUT,
        env=_environment(prepared),
    )
    if report.exists():
        _add(totals, report)
    elif result.returncode != NOTHING_COLLECTED:
        totals.failed += 1


def _environment(prepared: Instance) -> dict[str, str]:
    environment = prepared.environment()
    folders = [environment["PYTHONPATH"], str(paths.ADDON), str(paths.CHECKOUT / "tests")]
    environment["PYTHONPATH"] = os.pathsep.join(folders)
    return environment


def _add(totals: Totals, report: Path) -> None:
    for case in ElementTree.parse(report).iter("testcase"):
        skipped = case.find("skipped")
        if case.find("failure") is not None or case.find("error") is not None:
            totals.failed += 1
        elif skipped is not None:
            name = f"{case.get('classname')}.{case.get('name')}"
            totals.skipped.append(f"{name}: {skipped.get('message')}")
        else:
            totals.passed += 1


def _conclude(totals: Totals) -> int:
    say()
    for line in totals.skipped:
        say(f"skipped: {line}")
    counts = f"{totals.passed} passed, {totals.failed} failed"
    say(f"{counts}, {len(totals.skipped)} skipped")
    return 0 if totals.passed and not totals.failed else 1


if __name__ == "__main__":
    console.run(main)
