"""Dossier <-> bytes, as the profile says."""

from .answer import Answer, Refusal, Unreadable
from .xml import XmlCodec

_CODECS = {"xml": XmlCodec}


def codec_for(profile):
    """The codec of a profile's wire format; compiled schemas are kept."""
    return _CODECS[profile.wire["codec"]](profile)


__all__ = ["Answer", "Refusal", "Unreadable", "codec_for"]
