"""The simulator of the registry: alone (``bin/simulator``) or beside a demo."""

import json
import os
import shutil
import signal
import subprocess
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from . import console, odoo_source, paths, processes, venv
from .console import Stop, step

PORT = 8443


@dataclass
class Running:
    """A simulator in the background, whose state outlives it."""

    state: Path
    python: Path
    port: int = 0
    control_port: int = 0
    process: subprocess.Popen | None = None

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port}/api/v1/ws/coproprietes/"

    @property
    def control(self) -> str:
        return f"http://127.0.0.1:{self.control_port}"

    @property
    def log(self) -> Path:
        return self.state / "simulator.log"

    def forget(self) -> None:
        """Stop the one that an earlier run may have left, and forget what it holds."""
        self._stop_remembered()
        shutil.rmtree(self.state, ignore_errors=True)

    @property
    def _memory(self) -> Path:
        return self.state / "process.json"

    def start(self) -> None:
        """Start it, unless one of this checkout already answers. Raises Stop."""
        if self._reuse():
            return
        step("Starting the simulator of the registry")
        self.state.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.port = processes.free_port(PORT)
        self.control_port = processes.free_port(self.port + 1)
        ports = ["--port", str(self.port), "--control-port", str(self.control_port)]
        command = [str(self.python), "-m", "simulator", "--state", str(self.state)]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*command, *ports],
                cwd=paths.CHECKOUT,
                env={**os.environ, "PYTHONPATH": str(paths.CHECKOUT)},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        memory = {"pid": self.process.pid, "port": self.port, "control": self.control_port}
        self._memory.write_text(json.dumps(memory))
        processes.wait_for(
            lambda: self.process.poll() is not None or self.answers(),
            *(30, "the simulator does not start", f"read {self.log}"),
        )
        if self.process.poll() is not None:
            raise Stop("the simulator stopped at once", f"read {self.log}")

    def answers(self) -> bool:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(self.control + "/health", timeout=3) as answer:
                return answer.status == 200
        except (OSError, urllib.error.URLError):
            return False

    def stop(self) -> None:
        if self.process is not None:
            processes.stop(self.process)
        else:
            self._stop_remembered()
        self._memory.unlink(missing_ok=True)

    def _remembered(self) -> dict:
        try:
            return json.loads(self._memory.read_text())
        except (OSError, ValueError):
            return {}

    def _reuse(self) -> bool:
        memory = self._remembered()
        if not memory or not processes.alive(memory["pid"]):
            return False
        self.port, self.control_port = memory["port"], memory["control"]
        return self.answers()

    def _stop_remembered(self) -> None:
        if not self._reuse():
            return
        pid = self._remembered()["pid"]
        os.kill(pid, signal.SIGTERM)
        processes.wait_for(
            lambda: not processes.alive(pid),
            *(20, "the simulator does not stop", f"stop process {pid}"),
        )


def main(arguments: list[str]) -> int:
    """``bin/simulator``: its own command line, in the project's environment."""
    python = str(venv.python(odoo_source.find()))
    environment = {**os.environ, "PYTHONPATH": str(paths.CHECKOUT)}
    command = [python, "-m", "simulator", *arguments]
    os.execve(python, command, environment)


if __name__ == "__main__":
    console.run(main)
