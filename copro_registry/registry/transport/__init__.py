"""One HTTPS call with a client certificate, and what became of it."""

from . import probe
from .channel import Channel, Reply
from .failure import Failure
from .messages import MESSAGES, READING_MESSAGES
from .pace import pace_of
from .tls import client_context

__all__ = [
    "MESSAGES",
    "READING_MESSAGES",
    "Channel",
    "Failure",
    "Reply",
    "client_context",
    "pace_of",
    "probe",
]
