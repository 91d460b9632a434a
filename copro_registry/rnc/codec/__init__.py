"""Dossier <-> bytes, as the profile says."""

from ..contract import Profile
from .answer import Answer, Refusal, Unreadable
from .codec import Codec, Invalid
from .json import JsonCodec
from .outline import Line
from .xml import XmlCodec

CODECS = {"xml": XmlCodec, "json": JsonCodec}


def codec_for(profile: Profile) -> Codec:
    """The codec of a profile's wire format; compiled schemas are kept."""
    return CODECS[profile.wire["codec"]](profile)


__all__ = ["CODECS", "Answer", "Codec", "Invalid", "Line", "Refusal", "Unreadable", "codec_for"]
