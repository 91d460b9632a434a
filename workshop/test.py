"""``bin/test``: every test, in three groups; extra arguments go to pytest.

The heart and the simulator need no Odoo; the addon's own tests run inside one, in as many
processes as it has databases; the end-to-end tests start everything as a user would, beside
the others. One line tells how far all are, and each failure is printed when it happens.
"""

import argparse
import dataclasses
import os
import signal
import subprocess
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from . import (
    board,
    console,
    database,
    floors,
    instance,
    lock,
    odoo_source,
    paths,
    processes,
    seed,
    system,
    venv,
)
from . import pytest_events as telling
from .board import Board, Tally
from .configuration import Instance
from .console import say, step

DATABASE = "copro_test"
MARK = "COPRO_REGISTRY_RUN"  # in the environment of all that a run starts
KEYS = "COPRO_REGISTRY_KEYS"  # where the simulator's authority finds keys that serve again
NOTHING_COLLECTED = 5
TOGETHER = ("--dist", "loadfile", "--no-loadscope-reorder")
BYTES_A_SECOND = 500  # of a test file, as long as nobody has measured it
PATIENCE = 30  # seconds that pytest is given to put away, when it is stopped
# Arguments that choose tests; with any other one (-s, --pdb, -v…) pytest speaks for itself.
CHOOSING = ("-k", "-m", "-x", "--maxfail", "--deselect", "--ignore", "-p")


@dataclass(frozen=True)
class Group:
    """Tests that run together: in one process, or in ``shards`` with a database each."""

    name: str
    paths: tuple[str, ...]
    flags: tuple[str, ...]
    workers: int = 1  # of pytest-xdist: a file's tests stay together, in their order
    shards: int = 1
    lane: int = 0  # groups of one lane run one after the other
    slow: tuple[str, ...] = ()  # files that --fast leaves out; empty: the whole group
    of_floor: tuple[str, ...] = ()  # the paths that are run with a floor

    def takes(self, path: str) -> bool:
        target = (paths.CHECKOUT / path.partition("::")[0]).resolve()
        roots = [(paths.CHECKOUT / one).resolve() for one in self.paths]
        return any(target == root or root in target.parents for root in roots)


# Each lays other packages over those of the environment.
OTHER_VERSIONS = (
    "tests/rnc/test_library_versions.py",
    "tests/rnc/test_lxml_versions.py",
    "tests/rnc/test_urllib3_versions.py",
)
SLOW_NAMES = (
    *("access", "answers_read", "batch", "comparison", "fairness", "files", "outcome"),
    *("reading", "reform_screens", "services", "tours", "transport"),
)
GROUPS = (
    Group(
        "house, heart, simulator, workshop",
        ("tests/house", "tests/rnc", "tests/simulator", "tests/workshop"),
        ("-p", "no:odoo"),
        workers=2,
        slow=(
            "tests/house/test_pre_commit.py",
            *OTHER_VERSIONS,
            "tests/rnc/test_slow_servers.py",
            "tests/simulator/test_process.py",
        ),
        of_floor=("tests/rnc", "tests/simulator"),
    ),
    Group(
        "addon",
        ("copro_registry",),
        ("--odoo-http",),
        shards=2,
        slow=tuple(f"copro_registry/tests/test_{name}.py" for name in SLOW_NAMES),
        of_floor=("copro_registry",),
    ),
    Group(
        "end to end",
        ("tests/end_to_end", "tests/faults"),
        ("-p", "no:odoo"),
        workers=3,  # each with a demo of its own; most of what they do is to wait
        lane=1,
    ),
)


@dataclass
class Run:
    """One pytest process: the paths chosen in a group, and where it stands."""

    group: Group
    paths: list[str]
    instance: Instance
    tally: Tally
    left_out: tuple[str, ...] = ()

    @property
    def report(self) -> Path:
        return self.tally.events.with_suffix(".xml")

    @property
    def output(self) -> Path:
        return self.tally.events.with_suffix(".log")

    def command(self, flags: list[str], aloud: bool) -> list[str]:
        python = [str(self.instance.python), "-m", "pytest", "-q", "-ra"]
        told = ["-p", telling.__name__, f"--junit-xml={self.report}"]
        ignored = [f"--ignore={path}" for path in self.left_out]
        parallel = self.group.workers > 1 and not aloud
        workers = ["-n", str(self.group.workers), *TOGETHER] if parallel else []
        return [*python, *self.group.flags, *workers, *told, *ignored, *flags, *self.paths]

    def environment(self, mark: str) -> dict[str, str]:
        environment = self.instance.environment(
            **{MARK: mark, telling.FILE: str(self.tally.events)}
        )
        folders = [environment["PYTHONPATH"], str(paths.ADDON), str(paths.CHECKOUT / "tests")]
        return {**environment, "PYTHONPATH": os.pathsep.join(folders)}


@dataclass
class Totals:
    """What the reports add up to."""

    passed: int = 0
    failed: int = 0
    skipped: list[str] = field(default_factory=list)


def main(arguments: list[str]) -> int:
    alone = lock.alone(
        paths.VAR / "test.lock",
        "the tests of this checkout are already running",
        "wait for their end, or stop them with Ctrl-C in their terminal",
    )
    options, others = _parse(arguments)
    with alone:
        return _test(options, others)


def _parse(arguments: list[str]) -> tuple[argparse.Namespace, list[str]]:
    parser = argparse.ArgumentParser(
        prog="bin/test",
        description="Run every test, or the paths that are given.",
        epilog="All other arguments go to pytest.",
        allow_abbrev=False,
    )
    parser.add_argument(
        "--fast", action="store_true", help="what is quick; tells at its end what it left out"
    )
    parser.add_argument(
        "--floor",
        choices=floors.FLOORS,
        help="the heart's, the simulator's and the addon's tests with that system's old packages",
    )
    return parser.parse_known_args(arguments)


def _test(options: argparse.Namespace, arguments: list[str]) -> int:
    chosen = [a for a in arguments if (paths.CHECKOUT / a.partition("::")[0]).exists()]
    flags = [argument for argument in arguments if argument not in chosen]
    system.prepare()
    port = processes.free_port(8169)
    pins = floors.pins(options.floor) if options.floor else ()
    seed.prepare(pins)
    os.environ[KEYS] = str(paths.VAR / "test" / "keys")
    if not arguments:
        # What Odoo never writes twice (noupdate) would stay as an older tree had it.
        instance.cluster("test", venv.python(odoo_source.find(), pins)).remove()
    prepared = instance.prepare("test", database=DATABASE, port=port, pins=pins)
    if not arguments:
        database.drop(prepared)
    session = Session(prepared, flags, options)
    try:
        session.run(chosen)
    finally:
        session.stop()
        instance.stop_postgres(prepared)
    if options.fast:
        say(f"left out by --fast: {', '.join(session.left_out)}")
    return _conclude(session.totals)


class Session:
    """All the pytest processes of one command."""

    def __init__(self, prepared: Instance, flags: list[str], options: argparse.Namespace):
        self.prepared = prepared
        self.flags = flags
        self.options = options
        self.mark = uuid.uuid4().hex
        self.totals = Totals()
        self._children: list[subprocess.Popen] = []
        self._stopped = False

    @property
    def _pytest_speaks(self) -> bool:
        return not all(flag.startswith(CHOOSING) for flag in self.flags if flag.startswith("-"))

    def run(self, chosen: list[str]) -> None:
        lanes = self._lanes(chosen)
        if self._pytest_speaks:
            for turn in [turn for lane in lanes for turn in lane]:
                self._take(turn, aloud=True)
            return
        tallies = [run.tally for lane in lanes for turn in lane for run in turn]
        with Board(tallies, self.prepared.folder / board.MEMORY):
            with ThreadPoolExecutor(len(lanes)) as threads:
                try:
                    for end in [threads.submit(self._take_all, lane) for lane in lanes]:
                        end.result()
                except BaseException:
                    self.stop()  # the other lanes would go on to their end
                    raise

    def stop(self) -> None:
        """Nothing that was started is left, however this ends."""
        self._stopped = True
        for child in self._children:
            processes.stop(child, PATIENCE, signal.SIGINT)
        processes.sweep(MARK, self.mark)

    def _lanes(self, chosen: list[str]) -> list[list[list[Run]]]:
        """For each lane its turns, for each turn what runs together."""
        lanes: dict[int, list[list[Run]]] = {}
        for group in GROUPS:
            selected = [path for path in chosen if group.takes(path)]
            if selected or (not chosen and self._wants(group)):
                turns = lanes.setdefault(group.lane, [])
                turns.append(self._runs(group, selected, len(turns)))
        return [*lanes.values()]

    def _wants(self, group: Group) -> bool:
        left_out = (self.options.fast and not group.slow) or (
            self.options.floor and not group.of_floor
        )
        return not left_out

    @property
    def left_out(self) -> list[str]:
        """What --fast does not run: files, and names of whole groups."""
        return [part for group in GROUPS for part in group.slow or (group.name,)]

    def _runs(self, group: Group, selected: list[str], turn: int) -> list[Run]:
        in_part = selected not in ([], [*group.paths])
        if group.shards == 1 or in_part or self._pytest_speaks:
            whole = group.of_floor if self.options.floor else group.paths
            files = selected or [path for path in whole if _exists(path)]
            return [self._a_run(group, turn, files)]
        shards = _shards(group, self.prepared, self._ignored(group))
        return [self._a_run(group, turn, files, rank) for rank, files in enumerate(shards, 1)]

    def _ignored(self, group: Group) -> tuple[str, ...]:
        other_versions = OTHER_VERSIONS if self.options.floor else ()
        return (*(group.slow if self.options.fast else ()), *other_versions)

    def _a_run(self, group: Group, turn: int, files: list[str], rank: int = 0) -> Run:
        stem = group.paths[0].replace("/", "-") + (f"-{rank}" if rank else "")
        place = {"lane": group.lane, "turn": turn, "workers": group.workers}
        name = f"{group.name} {rank}" if rank else group.name
        tally = Tally(name, self.prepared.folder / f"{stem}.events", tuple(files), **place)
        prepared = self.prepared if rank < 2 else _another(self.prepared, rank)
        return Run(group, files, prepared, tally, self._ignored(group))

    def _take_all(self, lane: list[list[Run]]) -> None:
        for turn in lane:
            if not self._stopped:
                self._take(turn)

    def _take(self, turn: list[Run], *, aloud: bool = False) -> None:
        if turn[0].group.shards > 1:
            database.prepare(self.prepared, demo=False)
            if len(turn) > 1 and not self.options.fast:
                database.make_assets(self.prepared)
            for run in turn[1:]:
                database.clone(self.prepared, run.instance)
        started = [(run, self._start(run, aloud)) for run in turn]
        for run, child in started:
            child.wait()
            run.tally.ended = True
            self._count(run, child.returncode)

    def _start(self, run: Run, aloud: bool) -> subprocess.Popen:
        step(f"Testing: {run.tally.name}")
        run.tally.started = True
        run.report.unlink(missing_ok=True)
        with run.output.open("wb") as output:
            child = subprocess.Popen(
                run.command(self.flags, aloud),
                cwd=paths.CHECKOUT,
                env=run.environment(self.mark),
                stdout=None if aloud else output,
                stderr=None if aloud else subprocess.STDOUT,
                # Ctrl-C is this command's: it tells the others. A debugger needs the terminal.
                start_new_session=not aloud,
            )
        self._children.append(child)
        return child

    def _count(self, run: Run, code: int) -> None:
        if run.report.exists():
            _add(self.totals, run.report)
        elif code != NOTHING_COLLECTED:
            self.totals.failed += 1
            say(run.output.read_text(errors="replace")[-4000:])


def _exists(path: str) -> bool:
    return (paths.CHECKOUT / path).exists()


def _another(prepared: Instance, rank: int) -> Instance:
    """The same Odoo with a database, a port and a folder of its own."""
    port = processes.free_port(prepared.port)
    names = {"name": f"test-{rank}", "database": f"{DATABASE}_{rank}"}
    return dataclasses.replace(prepared, port=port, **names)


def _shards(group: Group, prepared: Instance, ignored: tuple[str, ...]) -> list[list[str]]:
    """The files of a group in shares that last about as long: the longest first."""
    took = board.remembered(prepared.folder / board.MEMORY)
    shares: list[list[str]] = [[] for _rank in range(group.shards)]
    lengths = [0.0] * group.shards
    files = sorted((paths.CHECKOUT / group.paths[0]).rglob("test_*.py"))
    lasted = {
        str(path.relative_to(paths.CHECKOUT)): path.stat().st_size / BYTES_A_SECOND
        for path in files
        if str(path.relative_to(paths.CHECKOUT)) not in ignored
    }
    for path in lasted:
        known = [s for test, s in took.items() if test.startswith(path)]
        lasted[path] = sum(known) or lasted[path]
    for path in sorted(lasted, key=lasted.get, reverse=True):
        shortest = lengths.index(min(lengths))
        shares[shortest].append(path)
        lengths[shortest] += lasted[path]
    return [sorted(share) for share in shares if share]


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
