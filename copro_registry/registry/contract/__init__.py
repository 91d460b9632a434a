"""How a dossier travels: contract profiles."""

from .profile import DEFAULT, Profile, ProfileError, Service, known, load, named

__all__ = [
    "DEFAULT",
    "Profile",
    "ProfileError",
    "Service",
    "known",
    "load",
    "named",
]
