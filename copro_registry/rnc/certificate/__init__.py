"""Reading and judging an X.509 client certificate, and asking for one."""

from .choice import fitting, others_left
from .holders import Bundle, public_digest
from .identity import Identity, identity_of
from .judgement import OK, REFUSE, WARN, Verdict, accept_expiry, judge, names_of
from .library import PrivateKey, validity
from .messages import MESSAGES, TOPICS
from .names import common_name, issuer_of, subject_of
from .policy import AUDIENCES, LEVELS, Policy
from .reading import LARGEST_FILE, authorities, identities, read
from .request import Subject, make_request
from .unreadable import Unreadable

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
    "PrivateKey",
    "Subject",
    "Unreadable",
    "Verdict",
    "accept_expiry",
    "authorities",
    "common_name",
    "fitting",
    "identities",
    "identity_of",
    "issuer_of",
    "judge",
    "make_request",
    "names_of",
    "others_left",
    "public_digest",
    "read",
    "subject_of",
    "validity",
]
