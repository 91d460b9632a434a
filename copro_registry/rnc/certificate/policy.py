"""Under which policy a certificate was issued, and by whom.

The arcs of policy identifiers that mean something are configuration, given by the
caller: authorities come, go and change names.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from cryptography import x509

from .library import was_issued_by

LEVELS = ("*", "**", "***")
AUDIENCES = ("enterprise", "administration", "person", "server", "seal")


@dataclass(frozen=True)
class Policy:
    """What an arc of policy identifiers means.

    ``arc`` is dotted ("1.2.250.1.177"), ``level`` one of LEVELS or empty when the arc
    does not tell it, ``audience`` one of AUDIENCES.
    """

    arc: str
    name: str
    level: str = ""
    audience: str = "enterprise"

    def covers(self, identifier: str) -> bool:
        return f"{identifier}.".startswith(f"{self.arc}.")


def identifiers_of(certificate: x509.Certificate) -> tuple[str, ...]:
    """The policy identifiers of a certificate, dotted."""
    try:
        found = certificate.extensions.get_extension_for_class(x509.CertificatePolicies)
    except x509.ExtensionNotFound:
        return ()
    return tuple(one.policy_identifier.dotted_string for one in found.value)


def policy_of(identifiers: Iterable[str], policies: Iterable[Policy]) -> Policy | None:
    """The most precise of ``policies`` that covers one of the identifiers.

    The first of two that are equally precise wins.
    """
    found = [p for p in policies if any(p.covers(one) for one in identifiers)]
    return max(found, key=lambda policy: len(policy.arc), default=None)


def is_under(chain: Iterable[x509.Certificate], authorities: Iterable[x509.Certificate]) -> bool:
    """Whether one of the chain is an authority, or was issued by one."""
    authorities = list(authorities)
    return any(
        one == authority or was_issued_by(one, authority)
        for one in chain
        for authority in authorities
    )
