"""The simulator as a child process: started, killed and started again at will."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from .authority import Authority
from .control import Control, ControlError
from .profile import Profile

CHECKOUT = Path(__file__).resolve().parent.parent


class NotStarted(RuntimeError):
    """The simulator did not become ready; the message is its own."""


class Simulator:
    """A simulator on free ports; the same ports and state at each start."""

    def __init__(self, state: Path, *options: str, port: int = 0, control_port: int = 0):
        self.state = Path(state)
        self.port = port or free_port()
        self.control_port = control_port or free_port()
        self.options = options
        self.process: subprocess.Popen | None = None
        self.control = Control(f"http://127.0.0.1:{self.control_port}")

    def __enter__(self) -> "Simulator":
        self.start()
        return self

    def __exit__(self, *_exception) -> None:
        self.stop()

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port}{self._base_path}"

    @property
    def _base_path(self) -> str:
        if "--profile" in self.options:
            folder = self.options[self.options.index("--profile") + 1]
            return Profile(Path(folder)).base_path
        return Profile().base_path

    @property
    def authority(self) -> Authority:
        return Authority.open(self.state)

    @property
    def log(self) -> Path:
        return self.state / "simulator.log"

    def start(self, seconds: float = 30) -> None:
        self.state.mkdir(parents=True, exist_ok=True)
        ports = ["--port", str(self.port), "--control-port", str(self.control_port)]
        command = [sys.executable, "-m", "simulator", "--state", str(self.state)]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*command, *ports, *self.options],
                cwd=CHECKOUT,
                env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._wait(time.monotonic() + seconds)

    def stop(self) -> None:
        """Stop as an operator would."""
        self._signal(signal.SIGTERM)

    def kill(self) -> None:
        """Stop as a power cut would."""
        self._signal(signal.SIGKILL)

    def _signal(self, number: int) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(number)
            self.process.wait(timeout=20)

    def _wait(self, deadline: float) -> None:
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            try:
                self.control.health()
                return
            except ControlError:
                time.sleep(0.1)
        self._signal(signal.SIGKILL)
        raise NotStarted(self.log.read_text(errors="replace")[-2000:])


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]
