"""Reading and diagnosing an X.509 client certificate, and asking for one."""

from .choice import fitting, others_left
from .diagnosis import OK, REFUSE, WARN, Check, accept_expiry, diagnose, names_of
from .holders import Bundle, public_digest
from .identity import Identity, identity_of
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
    "Check",
    "Identity",
    "Policy",
    "PrivateKey",
    "Subject",
    "Unreadable",
    "accept_expiry",
    "authorities",
    "common_name",
    "diagnose",
    "fitting",
    "identities",
    "identity_of",
    "issuer_of",
    "make_request",
    "names_of",
    "others_left",
    "public_digest",
    "read",
    "subject_of",
    "validity",
]
