"""How a dossier travels: contract profiles."""

from .profile import DEFAULT, Profile, ProfileError, Service, load, named, shipped

__all__ = [
    "DEFAULT",
    "Profile",
    "ProfileError",
    "Service",
    "load",
    "named",
    "shipped",
]
