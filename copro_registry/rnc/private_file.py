"""Files of the data folder that the service alone reads, whoever makes them."""

import os
from pathlib import Path


def give_to_owner_of(model: Path, path: Path) -> None:
    """Give ``path`` to the user and the group of ``model``: a command may be run as root.

    Another user than root has no file to give away. Raises OSError.
    """
    if os.geteuid() == 0:
        wanted = os.stat(model)
        os.chown(path, wanted.st_uid, wanted.st_gid)
