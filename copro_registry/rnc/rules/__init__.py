"""What a dossier lacks, at a date, for a service: pure functions."""

from .conditions import relevant
from .finding import BLOCKING, WARNING, Finding
from .readiness import Readiness, blocking, check, fingerprint, judge
from .messages import MESSAGES

__all__ = [
    "BLOCKING",
    "MESSAGES",
    "WARNING",
    "Finding",
    "Readiness",
    "blocking",
    "check",
    "fingerprint",
    "judge",
    "relevant",
]
