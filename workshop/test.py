"""``bin/test``: every test, in three groups; extra arguments go to pytest.

The heart and the simulator need no Odoo; the addon's own tests run inside one; the
end-to-end tests start everything as a user would. These last take as long as the
others together, and run beside them.
"""

import os
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
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
    lane: int = 0  # groups of one lane run one after the other

    def takes(self, path: str) -> bool:
        target = (paths.CHECKOUT / path.partition("::")[0]).resolve()
        roots = [(paths.CHECKOUT / one).resolve() for one in self.paths]
        return any(target == root or root in target.parents for root in roots)


GROUPS = (
    Group(
        "house, heart, simulator, workshop",
        ("tests/house", "tests/rnc", "tests/simulator", "tests/workshop"),
        ("-p", "no:odoo"),
    ),
    Group("addon", ("copro_registry",), ("--odoo-http",)),
    Group(
        "end to end",
        ("tests/end_to_end", "tests/faults"),
        # Two at a time, each with a demo of its own; a file's tests stay together, in their order.
        ("-p", "no:odoo", "-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"),
        lane=1,
    ),
)


@dataclass(frozen=True)
class Run:
    """A group, the paths chosen in it, and the other arguments of pytest."""

    group: Group
    paths: list[str]
    flags: list[str]


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
    if not arguments:
        # What Odoo never writes twice (noupdate) would stay as an older tree had it.
        database.drop(prepared)
    totals = Totals()
    runs = [
        Run(group, selected or [path for path in group.paths if _exists(path)], flags)
        for group in GROUPS
        if (selected := [path for path in chosen if group.takes(path)]) or not chosen
    ]
    try:
        _run_lanes(runs, prepared, totals)
    finally:
        instance.stop_postgres(prepared)
    return _conclude(totals)


def _exists(path: str) -> bool:
    return (paths.CHECKOUT / path.partition("::")[0]).exists()


def _run_lanes(runs: list[Run], prepared: Instance, totals: Totals) -> None:
    lanes = [[run for run in runs if run.group.lane == lane] for lane in (0, 1)]
    lanes = [lane for lane in lanes if lane]
    if len(lanes) == 1:
        _run_lane(lanes[0], prepared, totals, None)
        return
    # Two at once would write over each other: each is shown whole when it ends.
    with ThreadPoolExecutor(len(lanes)) as threads, tempfile.TemporaryDirectory() as folder:
        ends = [
            threads.submit(_run_lane, lane, prepared, totals, Path(folder) / str(rank))
            for rank, lane in enumerate(lanes)
        ]
        for end in ends:
            end.result()


def _run_lane(lane: list[Run], prepared: Instance, totals: Totals, output: Path | None) -> None:
    for run in lane:
        if run.group.name == "addon":
            database.prepare(prepared, demo=False)
        step(f"Testing: {run.group.name}")
        if output is None:
            _run(run, prepared, totals, None)
            continue
        with output.open("w+") as stream:
            _run(run, prepared, totals, stream)
            stream.seek(0)
            step(f"Tested: {run.group.name}\n{stream.read()}")


def _run(run: Run, prepared: Instance, totals: Totals, output) -> None:
    report = prepared.folder / f"{run.group.paths[0].replace('/', '-')}.xml"
    report.unlink(missing_ok=True)
    command = [str(prepared.python), "-m", "pytest", "-q", "-ra", *run.group.flags]
    result = subprocess.run(
        [*command, f"--junit-xml={report}", *run.flags, *run.paths],
        cwd=paths.CHECKOUT,
        env=_environment(prepared),
        stdout=output,
        stderr=subprocess.STDOUT if output else None,
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
