"""Dossier <-> bytes, as the profile says."""

from ..contract import Profile
from .answer import Answer, Invalid, Refusal, Unreadable
from .codec import Codec
from .outline import Line


def codec_for(profile: Profile) -> Codec:
    """The codec of a profile's wire format; compiled schemas are kept."""
    return Codec(profile)


__all__ = ["Answer", "Codec", "Invalid", "Line", "Refusal", "Unreadable", "codec_for"]
