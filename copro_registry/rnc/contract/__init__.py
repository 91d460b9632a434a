"""How a dossier travels: contract profiles."""

from .archive import BadArchive, unpack
from .errors import ProfileError
from .messages import MESSAGES
from .profile import ABOUT, AFFILIATION, CALLER, DEFAULT, FILE, Profile, known, load, named, read
from .service import Service

__all__ = [
    "ABOUT",
    "AFFILIATION",
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
    "read",
    "unpack",
]
