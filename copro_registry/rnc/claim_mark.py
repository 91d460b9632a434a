"""What a database has sent last, kept outside of it.

A database that is put back to an earlier state knows nothing of what it has sent since. A
small file of the data folder, one for each account of each database, does: the last upload
that was claimed, and when. ``FOLDER`` holds dates and numbers only, no secret.
"""

import fcntl
import os
import re
from datetime import datetime
from pathlib import Path

from .private_file import give_to_owner_of

FOLDER = "copro_registry.claims"
FORM = "%Y-%m-%d %H:%M:%S"
# Always written whole, in place: a reader sees one or the other, and text sorts as time does.
WHOLE = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) (\d{20})")
LENGTH = 40


def last_claim(folder: Path, name: str) -> tuple[datetime, int] | None:
    """(moment, number of the upload); None when none is known here.

    Raises OSError when the file can be neither read nor, later, written.
    """
    path = Path(folder) / FOLDER / name
    try:
        descriptor = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return None
    with os.fdopen(descriptor, "rb") as stream:
        fcntl.flock(stream, fcntl.LOCK_SH)
        found = WHOLE.fullmatch(_text(stream))
    return (datetime.strptime(found[1], FORM), int(found[2])) if found else None


def note_claim(folder: Path, name: str, moment: datetime, upload: int) -> None:
    """Note a claim, whatever other processes note meanwhile: the last one stays.

    Raises OSError.
    """
    path = Path(folder) / FOLDER / name
    if not path.parent.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        give_to_owner_of(path.parent.parent, path.parent)
    written = f"{moment.strftime(FORM)} {upload:020}"
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        known = _text(stream)
        if not known:
            give_to_owner_of(path.parent, path)
        if written > known:
            stream.seek(0)
            stream.write(written.encode())


def _text(stream) -> str:
    """A file that a power cut has left empty says nothing."""
    return stream.read(LENGTH).decode("ascii", "replace")
