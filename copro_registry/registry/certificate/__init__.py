"""Reading and judging an X.509 client certificate."""

from .identity import Identity, identity_of
from .judgement import OK, REFUSE, WARN, Verdict, judge
from .messages import MESSAGES
from .reading import Bundle, Unreadable, read

__all__ = [
    "MESSAGES",
    "OK",
    "REFUSE",
    "WARN",
    "Bundle",
    "Identity",
    "Unreadable",
    "Verdict",
    "identity_of",
    "judge",
    "read",
]
