"""Reading and judging an X.509 client certificate, and asking for one."""

from .identity import Identity, identity_of
from .judgement import OK, REFUSE, WARN, Verdict, accept_expiry, common_name, judge, names_of
from .messages import MESSAGES, TOPICS
from .policy import AUDIENCES, LEVELS, Policy
from .reading import LARGEST_FILE, Bundle, Unreadable, authorities, public_digest, read
from .request import Subject, make_request

__all__ = [
    "AUDIENCES",
    "LARGEST_FILE",
    "LEVELS",
    "MESSAGES",
    "OK",
    "REFUSE",
    "TOPICS",
    "WARN",
    "Bundle",
    "Identity",
    "Policy",
    "Subject",
    "Unreadable",
    "Verdict",
    "accept_expiry",
    "authorities",
    "common_name",
    "identity_of",
    "judge",
    "make_request",
    "names_of",
    "public_digest",
    "read",
]
