"""How a dossier travels: contract profiles."""

from .archive import BadArchive, unpack
from .messages import MESSAGES
from .profile import DEFAULT, Profile, ProfileError, Service, known, load, named

__all__ = [
    "DEFAULT",
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
