"""The identities that files hold: a holder's certificate, its path, its key."""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization

from .identity import identity_of
from .library import PrivateKey, validity
from .names import is_self_issued, issuer_of, subject_of
from .path import path_of
from .unreadable import Unreadable

DER, PEM = serialization.Encoding.DER, serialization.Encoding.PEM
PLAIN = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
Owner = tuple[str, frozenset[str]]  # the digest of a key pair, the SIREN of the subject


@dataclass(frozen=True)
class Bundle:
    """What the files held. ``chain`` goes from the leaf's issuer towards the root."""

    leaf: x509.Certificate
    chain: tuple[x509.Certificate, ...] = ()
    private_key: PrivateKey | None = field(default=None, repr=False)

    @property
    def digest(self) -> str:
        """What identifies the key pair (see public_digest)."""
        return public_digest(self.leaf.public_key())

    @property
    def fingerprint(self) -> str:
        """What identifies the certificate: the SHA-256 of its DER, in hexadecimal."""
        return self.leaf.fingerprint(hashes.SHA256()).hex()

    @property
    def has_its_key(self) -> bool:
        key = self.private_key
        return key is not None and public_digest(key.public_key()) == self.digest

    def public_pem(self) -> bytes:
        """The certificate and its chain, PEM, without any key."""
        return b"".join(c.public_bytes(PEM) for c in (self.leaf, *self.chain))

    def secret_pem(self) -> bytes:
        """The same and the private key, if there is one, in clear: seal it at once."""
        key = self.private_key
        return self.public_pem() + (key.private_bytes(PEM, *PLAIN) if key else b"")

    def leaf_file(self) -> bytes:
        """The certificate alone, PEM, in base64: what is declared on the registry's site."""
        return base64.b64encode(self.leaf.public_bytes(PEM))

    def with_key(self, private_key: PrivateKey) -> "Bundle":
        """The same certificate, with the key that was kept elsewhere."""
        return replace(self, private_key=private_key)

    def key_bytes(self) -> bytes:
        """The private key, PKCS#8 DER, in clear: seal it at once."""
        return self.private_key.private_bytes(DER, *PLAIN)


def public_digest(public_key) -> str:
    """What identifies a key pair: the SHA-256 of its public half, in hexadecimal."""
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return hashlib.sha256(public_key.public_bytes(DER, form)).hexdigest()


def assemble(
    certificates: Sequence[x509.Certificate], keys: Sequence[PrivateKey], now: datetime
) -> list[Bundle]:
    """The identities, those with their key first. Raises Unreadable.

    A key that fits none of the certificates is given to each: the diagnosis says so.
    """
    certificates = list(dict.fromkeys(certificates))
    held = {public_digest(key.public_key()): key for key in keys}
    if not certificates:
        raise Unreadable("NO_CERTIFICATE")
    leaves = _leaves(certificates, held, now)
    strays = held.keys() - {digest for digest, _sirens in leaves}
    if strays and len(held) > 1:
        raise Unreadable("TWO_KEYS")
    stray = held[strays.pop()] if strays else None
    found = [
        Bundle(leaf, path_of(leaf, certificates, now), held.get(digest, stray))
        for (digest, _sirens), leaf in leaves.items()
    ]
    return sorted(found, key=lambda bundle: bundle.private_key is None)


def _leaves(certificates, held, now) -> dict[Owner, x509.Certificate]:
    """(key pair, SIREN) of each holder -> the certificate that is valid now and lasts longest."""
    owners = {one: _owner(one) for one in certificates}
    kept = _holders(certificates)
    # The key of an authority was brought with it: it is judged for what it is.
    kept += [one for one in certificates if owners[one][0] in held and one not in kept]
    leaves: dict[Owner, x509.Certificate] = {}
    for one in sorted(kept, key=lambda c: _preference(c, now), reverse=True):
        leaves.setdefault(owners[one], one)
    return {owner: leaves[owner] for owner in dict.fromkeys(owners[one] for one in kept)}


def _owner(certificate: x509.Certificate) -> Owner:
    sirens = frozenset(number[:9] for number in identity_of(certificate).numbers)
    return public_digest(certificate.public_key()), sirens


def _preference(certificate, now) -> tuple:
    start, end = validity(certificate)
    return start <= now <= end, now <= end, end


def _holders(certificates) -> list[x509.Certificate]:
    """Those that are no authority's; one at least."""
    issuers = {issuer_of(c).whole for c in certificates if not is_self_issued(c)}
    others = [c for c in certificates if subject_of(c).whole not in issuers]
    holders = [c for c in others if not is_authority(c)]
    signed = [c for c in holders if not is_self_issued(c)]  # an old root says nothing of itself
    return signed or holders or others[:1] or list(certificates[:1])


def is_authority(certificate: x509.Certificate) -> bool:
    try:
        found = certificate.extensions.get_extension_for_class(x509.BasicConstraints)
    except x509.ExtensionNotFound:
        return False
    return found.value.ca
