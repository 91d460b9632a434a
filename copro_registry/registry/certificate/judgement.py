"""Whether the registry will take a certificate, before any call.

One verdict a check, the good ones included, in the order of a diagnosis sheet. The
codes and their bases are those of the official memo and of the RGS profile.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID

from .identity import Identity, identity_of
from .reading import Bundle

REFUSE, WARN, OK = "refuse", "warn", "ok"
SOON = timedelta(days=60)
LONGEST = timedelta(days=3 * 366)
SMALLEST_RSA, ADVISED_RSA = 2048, 3072
SMALLEST_EC = 256
OBSOLETE_HASHES = (hashes.SHA1, hashes.MD5)


@dataclass(frozen=True)
class Verdict:
    """One line of the diagnosis; ``code`` is a key of MESSAGES."""

    code: str
    level: str
    params: tuple[tuple[str, str], ...] = ()


def judge(bundle: Bundle, *, siren: str, siret: str = "", now: datetime) -> list[Verdict]:
    """The diagnosis of ``bundle`` for a declarant. ``now`` is timezone-aware."""
    identity = identity_of(bundle.leaf)
    return [
        *_nature(bundle.leaf),
        *_holder(identity, siren, siret),
        *_usage(bundle.leaf),
        *_validity(bundle.leaf, now),
        *_strength(bundle.leaf),
        *_chain(bundle),
        *_key(bundle),
    ]


def _verdict(code: str, level: str, **params) -> Verdict:
    return Verdict(code, level, tuple((k, str(v)) for k, v in params.items()))


def _extension(certificate: x509.Certificate, kind):
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None


def _nature(leaf: x509.Certificate) -> Iterator[Verdict]:
    constraints = _extension(leaf, x509.BasicConstraints)
    if constraints and constraints.ca:
        yield _verdict("IS_CA", REFUSE)


def _holder(identity: Identity, siren: str, siret: str) -> Iterator[Verdict]:
    if identity.personal:
        yield _verdict("PERSONAL_CERTIFICATE", REFUSE)
    if not identity.siren:
        yield _verdict("NO_SIREN", REFUSE)
    elif identity.disagreement or not identity.valid_siren:
        yield _verdict("BAD_SIREN", REFUSE, siren=identity.siren)
    elif not siren:
        yield _verdict("NO_DECLARANT_SIREN", REFUSE, siren=identity.siren)
    elif identity.siren != siren:
        yield _verdict("SIREN_MISMATCH", REFUSE, a=identity.siren, b=siren)
    else:
        place = ", ".join(identity.places)
        yield _verdict("SIREN_OK", OK, siren=identity.siren, place=place)
        if identity.siret and siret and identity.siret != siret:
            yield _verdict("OTHER_ESTABLISHMENT", WARN, siret=identity.siret)


def _usage(leaf: x509.Certificate) -> Iterator[Verdict]:
    extended = _extension(leaf, x509.ExtendedKeyUsage)
    if extended is None:
        yield _verdict("NO_EKU", WARN)
    elif ExtendedKeyUsageOID.CLIENT_AUTH in extended:
        yield _verdict("USAGE_OK", OK)
    else:
        yield _verdict("SERVER_CERTIFICATE", REFUSE)


def _validity(leaf: x509.Certificate, now: datetime) -> Iterator[Verdict]:
    start, end = leaf.not_valid_before_utc, leaf.not_valid_after_utc
    if now < start:
        yield _verdict("NOT_YET_VALID", REFUSE, date=start.date())
    elif now > end:
        yield _verdict("EXPIRED", REFUSE, date=end.date())
    elif end - now < SOON:
        yield _verdict("EXPIRES_SOON", WARN, date=end.date())
    else:
        yield _verdict("VALID", OK, date=end.date())
    if end - start > LONGEST:
        yield _verdict("LONG_VALIDITY", WARN)


def _strength(leaf: x509.Certificate) -> Iterator[Verdict]:
    key = leaf.public_key()
    if isinstance(leaf.signature_hash_algorithm, OBSOLETE_HASHES):
        yield _verdict("WEAK", REFUSE)
    elif isinstance(key, rsa.RSAPublicKey):
        yield from _rsa(key.key_size)
    elif isinstance(key, ec.EllipticCurvePublicKey):
        weak = key.key_size < SMALLEST_EC
        yield _verdict("WEAK", REFUSE) if weak else _size("EC", key.key_size)
    else:
        yield _verdict("OTHER_KEY", WARN)


def _rsa(bits: int) -> Iterator[Verdict]:
    if bits < SMALLEST_RSA:
        yield _verdict("WEAK", REFUSE)
    elif bits < ADVISED_RSA:
        yield _verdict("SMALL_KEY", WARN)
    else:
        yield _size("RSA", bits)


def _size(kind: str, bits: int) -> Verdict:
    return _verdict("KEY_SIZE_OK", OK, kind=kind, bits=bits)


def _chain(bundle: Bundle) -> Iterator[Verdict]:
    leaf = bundle.leaf
    if leaf.issuer == leaf.subject:
        yield _verdict("SELF_SIGNED", REFUSE)
    elif not bundle.chain:
        yield _verdict("NO_CHAIN", WARN, issuer=leaf.issuer.rfc4514_string())
    else:
        yield _verdict("CHAIN_OK", OK, count=len(bundle.chain))


def _key(bundle: Bundle) -> Iterator[Verdict]:
    if bundle.private_key is None:
        yield _verdict("KEY_MISSING", REFUSE)
    elif bundle.private_key.public_key() != bundle.leaf.public_key():
        yield _verdict("KEY_MISMATCH", REFUSE)
    else:
        yield _verdict("KEY_OK", OK)
