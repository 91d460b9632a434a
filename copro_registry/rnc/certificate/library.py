"""What the oldest cryptography that Odoo 19 runs on (Debian 12: 38.0) lacks."""

from datetime import datetime, timezone

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
ORGANIZATION_IDENTIFIER = x509.ObjectIdentifier("2.5.4.97")


def validity(certificate: x509.Certificate) -> tuple[datetime, datetime]:
    """(from, until), both timezone-aware, in UTC. Raises ValueError."""
    if hasattr(certificate, "not_valid_after_utc"):  # 42 and later, which warn of the other
        return certificate.not_valid_before_utc, certificate.not_valid_after_utc
    start, end = certificate.not_valid_before, certificate.not_valid_after
    return start.replace(tzinfo=timezone.utc), end.replace(tzinfo=timezone.utc)


def was_issued_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Whether the names and the signature say so."""
    try:
        if hasattr(certificate, "verify_directly_issued_by"):  # 40 and later
            certificate.verify_directly_issued_by(issuer)
            return True
        return certificate.issuer == issuer.subject and _signed(certificate, issuer.public_key())
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False


def _signed(certificate: x509.Certificate, key) -> bool:
    """True, or raises InvalidSignature."""
    algorithm = certificate.signature_hash_algorithm
    signature, content = certificate.signature, certificate.tbs_certificate_bytes
    if isinstance(key, rsa.RSAPublicKey):
        key.verify(signature, content, padding.PKCS1v15(), algorithm)
    elif isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(signature, content, ec.ECDSA(algorithm))
    else:
        key.verify(signature, content)
    return True
