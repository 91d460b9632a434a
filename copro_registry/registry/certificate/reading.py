"""Files -> certificate, chain and key; PEM in any order, DER, PKCS#7, PKCS#12."""

import base64
import codecs
import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import pkcs7, pkcs12

from . import derivation
from .policy import was_issued_by

LARGEST_FILE = 256 * 1024
MOST_TURNS = 5_000_000  # a few seconds; what is usual is a thousand to two millions
BEGIN, END, DASHES = b"-----BEGIN ", b"-----END ", b"-----"
LABEL = re.compile(rb"[A-Z0-9 ]{1,40}")
# RC2 and the other algorithms of PKCS#12 files made by old Windows.
RC2_OID = bytes.fromhex("2a864886f70d010c0106")
PKCS7_OID = bytes.fromhex("2a864886f70d010702")
CERTIFICATES = (b"CERTIFICATE", b"X509 CERTIFICATE", b"TRUSTED CERTIFICATE")
REQUESTS = (b"CERTIFICATE REQUEST", b"NEW CERTIFICATE REQUEST")


class Unreadable(Exception):
    """The files hold no usable identity; ``code`` is a key of MESSAGES."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Bundle:
    """What the files held. ``chain`` goes from the leaf's issuer towards the root."""

    leaf: x509.Certificate
    chain: tuple[x509.Certificate, ...] = ()
    private_key: PrivateKeyTypes | None = field(default=None, repr=False)

    def public_pem(self) -> bytes:
        """The certificate and its chain, PEM, without any key."""
        pem = serialization.Encoding.PEM
        return b"".join(c.public_bytes(pem) for c in (self.leaf, *self.chain))

    def leaf_file(self) -> bytes:
        """The certificate alone, PEM, in base64: what is declared on the registry's site."""
        return base64.b64encode(self.leaf.public_bytes(serialization.Encoding.PEM))

    def with_key(self, private_key: PrivateKeyTypes) -> "Bundle":
        """The same certificate, with the key that was kept elsewhere."""
        return replace(self, private_key=private_key)

    def key_bytes(self) -> bytes:
        """The private key, PKCS#8 DER, in clear: seal it at once."""
        return self.private_key.private_bytes(
            serialization.Encoding.DER,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )


def read(files: Sequence[bytes], passphrase: str | None = None) -> Bundle:
    """Read one or several files. Raises Unreadable, and nothing else."""
    files = [content for content in files if content]
    if not files:
        raise Unreadable("EMPTY")
    if any(len(content) > LARGEST_FILE for content in files):
        raise Unreadable("TOO_LARGE")
    secret = passphrase.encode() if passphrase else None
    certificates: list[x509.Certificate] = []
    keys: list[PrivateKeyTypes] = []
    for content in files:
        found, found_keys = _read_file(content, secret)
        certificates += found
        keys += found_keys
    return _assemble(certificates, keys)


def authorities(pem: str) -> list[x509.Certificate]:
    """The certificates of a PEM text. Raises Unreadable when there is none."""
    if len(pem) > LARGEST_FILE:
        raise Unreadable("TOO_LARGE")
    found, _keys = _read_pem(pem.encode("ascii", "replace"), None)
    return found


def public_digest(public_key) -> str:
    """What identifies a key pair: the SHA-256 of its public half, in hexadecimal."""
    return hashlib.sha256(_public_bytes(public_key)).hexdigest()


def _read_file(content: bytes, secret: bytes | None):
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):  # Windows' Notepad
        content = content.decode("utf-16", "replace").encode("ascii", "replace")
    if b"-----BEGIN " in content:
        return _read_pem(content, secret)
    if content[:1] == b"\x30":
        return _read_der(content, secret)
    raise Unreadable("NOT_PEM")


def _blocks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """(label, block) of each PEM block; they do not nest: each part is read once."""
    for part in content.split(BEGIN)[1:]:
        label, _dashes, rest = part.partition(DASHES)
        body, end, _between = rest.partition(END + label + DASHES)
        if end and body[:1].isspace() and LABEL.fullmatch(label):
            yield label, b"".join((BEGIN, label, DASHES, body, end, b"\n"))


def _read_pem(content: bytes, secret: bytes | None):
    certificates, keys = [], []
    for label, block in _blocks(content.replace(b"\r\n", b"\n")):
        if label in CERTIFICATES:
            certificates.append(_certificate(block))
        elif label in REQUESTS:
            raise Unreadable("REQUEST")
        elif label == b"PKCS7":
            certificates += _read_pkcs7(block, pkcs7.load_pem_pkcs7_certificates)
        elif label.endswith(b"PRIVATE KEY"):
            keys.append(_key(label, block, secret))
    if not certificates and not keys:
        raise Unreadable("UNREADABLE")
    return certificates, keys


def _certificate(block: bytes) -> x509.Certificate:
    try:
        return _usable(x509.load_pem_x509_certificate(block))
    except (ValueError, TypeError):
        raise Unreadable("UNREADABLE") from None


def _usable(certificate: x509.Certificate) -> x509.Certificate:
    """Read lazily by the library: make it fail here rather than later."""
    try:
        _everything = (
            certificate.subject,
            certificate.issuer,
            certificate.extensions,
            certificate.not_valid_after_utc,
            certificate.not_valid_before_utc,
            certificate.public_key(),
        )
    except (ValueError, TypeError, UnsupportedAlgorithm, x509.DuplicateExtension):
        raise Unreadable("UNREADABLE") from None
    return certificate


def _der(block: bytes) -> bytes:
    """The bytes of a PEM block; none when it is not readable."""
    try:
        return base64.b64decode(b"".join(block.splitlines()[1:-1]))
    except ValueError:
        return b""


def _key(label: bytes, block: bytes, secret: bytes | None) -> PrivateKeyTypes:
    encrypted = b"ENCRYPTED" in block
    if encrypted and secret is None:
        raise Unreadable("PASSPHRASE_NEEDED")
    if label == b"ENCRYPTED PRIVATE KEY":
        _check_turns(_der(block))
    try:
        key = serialization.load_pem_private_key(block, secret if encrypted else None)
    except UnsupportedAlgorithm:
        raise Unreadable("UNSUPPORTED_KEY") from None
    except (ValueError, TypeError):
        raise Unreadable("WRONG_PASSPHRASE" if encrypted else "UNREADABLE") from None
    return key


def _read_der(content: bytes, secret: bytes | None):
    try:
        return [_usable(x509.load_der_x509_certificate(content))], []
    except (ValueError, TypeError):
        if PKCS7_OID in content[:40]:
            return _read_pkcs7(content, pkcs7.load_der_pkcs7_certificates), []
        return _read_pkcs12(content, secret)


def _read_pkcs7(content: bytes, load) -> list[x509.Certificate]:
    """A .p7b: the certificate and its chain, as providers like to send them."""
    try:
        return [_usable(one) for one in load(content)]
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise Unreadable("UNREADABLE") from None


def _check_turns(content: bytes) -> None:
    if derivation.turns(content) > MOST_TURNS:
        raise Unreadable("TOO_MANY_TURNS")


def _read_pkcs12(content: bytes, secret: bytes | None):
    _check_turns(content)
    try:
        loaded = pkcs12.load_pkcs12(content, secret)
    except UnsupportedAlgorithm:
        raise Unreadable("LEGACY_PKCS12") from None
    except (ValueError, TypeError) as error:
        raise Unreadable(_why_not_pkcs12(content, secret, str(error))) from None
    certificates = [loaded.cert, *loaded.additional_certs]
    found = [_usable(one.certificate) for one in certificates if one is not None]
    return found, [loaded.key] if loaded.key else []


def _why_not_pkcs12(content: bytes, secret: bytes | None, error: str) -> str:
    if "password" in error.lower() or "mac" in error.lower():
        return "WRONG_PASSPHRASE" if secret else "PASSPHRASE_NEEDED"
    if RC2_OID in content or "unsupported" in error.lower():
        return "LEGACY_PKCS12"
    return "UNREADABLE"


def _assemble(certificates: list, keys: list) -> Bundle:
    if len({_public_bytes(key.public_key()) for key in keys}) > 1:
        raise Unreadable("TWO_KEYS")
    certificates = list(dict.fromkeys(certificates))
    if not certificates:
        raise Unreadable("NO_CERTIFICATE")
    key = keys[0] if keys else None
    if key is not None and not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise Unreadable("UNSUPPORTED_KEY")
    leaf = _leaf(certificates, key)
    return Bundle(leaf, _chain(leaf, certificates), key)


def _leaf(certificates: list, key) -> x509.Certificate:
    """The key's certificate; else the one that issued no other."""
    if key is not None:
        wanted = _public_bytes(key.public_key())
        for certificate in certificates:
            if _public_bytes(certificate.public_key()) == wanted:
                return certificate
    issuers = {c.issuer for c in certificates if c.issuer != c.subject}
    leaves = [c for c in certificates if c.subject not in issuers]
    if len(leaves) > 1:
        raise Unreadable("SEVERAL_CERTIFICATES")
    return leaves[0] if leaves else certificates[0]


def _chain(leaf, certificates: list) -> tuple:
    """From the leaf upwards; certificates that are no part of it are left out."""
    chain, current = [], leaf
    while current.issuer != current.subject and len(chain) < len(certificates):
        issuer = next((c for c in certificates if was_issued_by(current, c)), None)
        if issuer is None or issuer in chain:
            break
        chain.append(issuer)
        current = issuer
    return tuple(chain)


def _public_bytes(public_key) -> bytes:
    return public_key.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
