"""OCA's queue_job beside the engine: fetched, installed, run as its README says."""

import contextlib
import json
import os
import signal
import subprocess
import time
import zipfile
from datetime import timezone
from pathlib import Path

from simulator.process import free_port
from workshop import paths
from workshop.console import Stop, step

from .plant import Plant

PACKAGES = ("odoo-addon-queue_job>=19.0,<20", "openupgradelib")
OURS = paths.CHECKOUT / "bench" / "addons"
ENQUEUE = paths.CHECKOUT / "bench" / "plant_queue_job.py"
PATIENCE = 300  # seconds


class QueueJob:
    """A server whose job runner performs one job per upload."""

    def __init__(self, plant: Plant, door: dict, connections: int):
        self.plant = plant
        self.door = door
        self.connections = connections
        self.folder = plant.instance.folder / "queue_job"
        self.port, self.gevent_port = free_port(), free_port()
        self.server: subprocess.Popen | None = None

    def __enter__(self) -> "QueueJob":
        self._fetch()
        if not self._installed():
            step("Installing queue_job")
            self._odoo("-i", "bench_queue_job", "--stop-after-init", "--no-http").wait()
        if not self._installed():
            raise Stop("queue_job cannot be installed", f"read {self.plant.instance.log}")
        workers = (f"--workers={self.connections}", "--max-cron-threads=0")
        self.server = self._odoo("--load=base,web,queue_job", *workers)
        return self

    def __exit__(self, *_exception) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.server.pid, signal.SIGKILL)
        self.server.wait()

    def upload(self, files: list[tuple[str, str]]) -> dict:
        """Enqueue all in one transaction; the clock runs from its commit to the last job."""
        path = self.folder / "files.json"
        path.write_text(json.dumps(files))
        before = self._cpu()
        begun = json.loads(self.plant.shell(ENQUEUE, str(path), extra=self._environment()))
        self._wait()
        [(last,)] = self.plant.query("SELECT max(date_done) FROM queue_job")
        ended = last.replace(tzinfo=timezone.utc).timestamp()
        return {"seconds": ended - begun["committed"], "cpu": self._cpu() - before}

    def _wait(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while self._states() != {"done"}:
            if time.monotonic() > deadline or "failed" in self._states():
                raise Stop(f"jobs are {self._states()}", f"read {self.plant.instance.log}")
            time.sleep(0.2)

    def _states(self) -> set[str]:
        return {state for (state,) in self.plant.query("SELECT DISTINCT state FROM queue_job")}

    def _fetch(self) -> None:
        """The addon and what it requires, unpacked in a folder of the benchmark's own."""
        if (self.folder / "odoo" / "addons" / "queue_job").exists():
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        pip = [str(self.plant.instance.python), "-m", "pip", "download", "-q", "--no-deps"]
        if subprocess.run([*pip, "-d", str(self.folder), *PACKAGES]).returncode:
            raise Stop("queue_job cannot be fetched", "check the network, run it again")
        for wheel in self.folder.glob("*.whl"):
            zipfile.ZipFile(wheel).extractall(self.folder)

    def _installed(self) -> bool:
        query = "SELECT state FROM ir_module_module WHERE name = 'bench_queue_job'"
        return self.plant.query(query) == [("installed",)]

    def _addons(self) -> str:
        instance = self.plant.instance
        folders = [*instance.odoo.addons, paths.CHECKOUT, self.folder / "odoo" / "addons", OURS]
        return ",".join(str(folder) for folder in folders)

    def _environment(self) -> dict[str, str]:
        environment = self.plant.environment
        return {
            "PYTHONPATH": os.pathsep.join([environment["PYTHONPATH"], str(self.folder)]),
            "ODOO_QUEUE_JOB_CHANNELS": f"root:{self.connections}",
            "ODOO_QUEUE_JOB_HOST": "127.0.0.1",
            "ODOO_QUEUE_JOB_PORT": str(self.port),
            "COPRO_REGISTRY_BENCH_DOOR": json.dumps(self.door),
            "COPRO_REGISTRY_ADDONS": self._addons(),
        }

    def _odoo(self, *flags: str) -> subprocess.Popen:
        instance = self.plant.instance
        script = str(paths.CHECKOUT / "bench" / "odoo_server.py")
        ports = (f"--http-port={self.port}", f"--gevent-port={self.gevent_port}")
        command = [str(instance.python), script, "-d", self.plant.database, *ports, *flags]
        with instance.log.open("ab") as log:
            return subprocess.Popen(
                [*command, f"--addons-path={self._addons()}", "--log-level=warn"],
                env={**self.plant.environment, **self._environment()},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def _cpu(self) -> float:
        """Seconds of processor that the server and its workers have used."""
        ticks = 0
        for path in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):
                fields = path.read_text().rpartition(")")[2].split()
                if int(fields[2]) == self.server.pid:  # the process group
                    ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")
