"""Ports and child processes."""

import contextlib
import os
import signal
import socket
import subprocess
import time
from pathlib import Path

from .console import Stop

_reserved: list[socket.socket] = []  # held until the process ends


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_port(preferred: int) -> int:
    """``preferred``, or the next free one; no other run is given it while this one lives."""
    for port in range(preferred, min(preferred + 200, 65536)):
        if is_free(port) and _reserve(port):
            return port
    raise Stop(f"no free port from {preferred} on", "stop what uses them")


def _reserve(port: int) -> bool:
    """Two runs that start together would find the same port free: it is used later."""
    mark = socket.socket(socket.AF_UNIX)
    try:
        mark.bind(f"\0copro_registry-port-{port}")  # Linux's abstract names: no file to remove
    except OSError:
        mark.close()
        return False
    _reserved.append(mark)
    return True


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def run(*command: str) -> None:
    """Run a program of the system. Raises Stop with what it says."""
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise Stop(f"{command[0]} failed: {reason}", "free some disk space, then run it again")


def stop(process: subprocess.Popen, seconds: float = 20, number: int = signal.SIGTERM) -> None:
    """Ask a child to stop; insist when it does not."""
    if process.poll() is not None:
        return
    process.send_signal(number)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def sweep(name: str, value: str, seconds: float = 5) -> None:
    """End all whose environment holds ``name=value``: what a killed parent has left behind."""
    deadline, number = time.monotonic() + seconds, signal.SIGTERM
    while left := holding(f"{name}={value}".encode()):
        for pid in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
        time.sleep(0.2)
        number = signal.SIGTERM if time.monotonic() < deadline else signal.SIGKILL


def holding(entry: bytes) -> list[int]:
    """The processes whose environment has ``entry``, but this one."""
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError):  # ended meanwhile, or another user's
            if entry in path.read_bytes().split(b"\0"):
                found.append(int(path.parent.name))
    return [pid for pid in found if pid != os.getpid()]


def wait_for(condition, seconds: float, what: str, next_step: str) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return
        time.sleep(0.2)
    raise Stop(what, next_step)
