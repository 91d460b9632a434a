"""How a dossier travels: contract profiles."""

from .archive import BadArchive, unpack
from .messages import MESSAGES
from .profile import (
    ABOUT,
    ATTACHMENT,
    CALLER,
    DEFAULT,
    FILE,
    Profile,
    ProfileError,
    Service,
    known,
    load,
    named,
)

__all__ = [
    "ABOUT",
    "ATTACHMENT",
    "CALLER",
    "DEFAULT",
    "FILE",
    "MESSAGES",
    "BadArchive",
    "Profile",
    "ProfileError",
    "Service",
    "known",
    "load",
    "named",
    "unpack",
]
