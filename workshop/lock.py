"""One run at a time for what is made once."""

import fcntl
from contextlib import contextmanager
from pathlib import Path

from .console import Stop, step


@contextmanager
def lock(path: Path, what: str):
    """Hold ``path`` as a lock; wait, and say so, when another run has it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            step(f"Waiting for another run that is preparing {what}")
            fcntl.flock(stream, fcntl.LOCK_EX)
        yield


@contextmanager
def alone(path: Path, what: str, next_step: str):
    """Hold ``path`` as a lock, or raise Stop when another run has it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Stop(what, next_step) from None
        yield
