"""One HTTPS call with a client certificate, and what became of it."""

from . import probe
from .channel import Channel, Reply
from .failure import Failure
from .messages import MESSAGES, READING_MESSAGES
from .timing import called, ended_by
from .tls import client_context
from .way import Proxy

__all__ = [
    "MESSAGES",
    "READING_MESSAGES",
    "Channel",
    "Failure",
    "Proxy",
    "Reply",
    "called",
    "client_context",
    "ended_by",
    "probe",
]
