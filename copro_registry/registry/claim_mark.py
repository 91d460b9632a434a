"""How far a database had gone when it last sent, kept outside of it.

A database that is put back to an earlier state knows nothing of what it has sent since. A
small file of the data folder, one for each account of each database, does: the number of
its last claim, raised before each call. ``FOLDER`` holds numbers only, no secret.
"""

import fcntl
import os
from pathlib import Path

from .private_file import give_to_owner_of

FOLDER = "copro_registry.claims"
DIGITS = 20  # always written whole, in place: a reader sees one number or the other


def last_claim(folder: Path, name: str) -> int:
    """The number of the last claim; 0 when none is known here.

    Raises OSError when the file can be neither read nor, later, written.
    """
    path = Path(folder) / FOLDER / name
    try:
        descriptor = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return 0
    with os.fdopen(descriptor, "rb") as stream:
        fcntl.flock(stream, fcntl.LOCK_SH)
        return _number(stream.read(DIGITS))


def raise_last_claim(folder: Path, name: str, number: int) -> None:
    """Note a claim, whatever other processes note meanwhile: it never goes back.

    Raises OSError.
    """
    path = Path(folder) / FOLDER / name
    if not path.parent.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        give_to_owner_of(path.parent.parent, path.parent)
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        known = stream.read(DIGITS)
        if not known:
            give_to_owner_of(path.parent, path)
        if number > _number(known):
            stream.seek(0)
            stream.write(b"%0*d" % (DIGITS, number))


def _number(written: bytes) -> int:
    """A file that a power cut has left empty says nothing."""
    return int(written) if written.isdigit() else 0
