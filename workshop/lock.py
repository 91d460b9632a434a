"""One run at a time for what is made once."""

import fcntl
from contextlib import contextmanager
from pathlib import Path

from .console import step


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
