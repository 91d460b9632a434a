"""A little certificate authority: for the server, and for declarants."""

import ipaddress
import itertools
import os
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

ORGANIZATION_IDENTIFIER = x509.ObjectIdentifier("2.5.4.97")  # unnamed before cryptography 42

SERVER_NAMES = ("localhost", "127.0.0.1", "::1")
# Private arc: no real policy is claimed.
POLICY = x509.ObjectIdentifier("1.3.6.1.4.1.55555.1.1")
# A folder of keys that tests use again and again: to find two primes takes longer than most
# of them. Never one of a person's.
KEYS = "COPRO_REGISTRY_KEYS"
KEYS_OF_A_KIND = 6  # two that follow each other are different
_ranks = itertools.count()


@dataclass(frozen=True)
class Issued:
    """A certificate and its key, both PEM; the key is in clear."""

    certificate: bytes
    key: bytes = field(repr=False)


class Authority:
    """Issues certificates; lives in a folder as ``ca.pem`` and ``ca.key`` (0600)."""

    def __init__(self, certificate: x509.Certificate, key: rsa.RSAPrivateKey):
        self.certificate = certificate
        self._key = key

    @classmethod
    def create(cls, name: str = "Autorité du simulateur", bits: int = 3072) -> "Authority":
        key = _new_key("authority", bits)
        subject = _name({NameOID.COUNTRY_NAME: "FR", NameOID.COMMON_NAME: name})
        start = _now() - timedelta(days=1)
        until = start + timedelta(days=3650)
        builder = _builder(subject, subject, key.public_key(), start, until)
        builder = builder.add_extension(x509.BasicConstraints(True, 0), critical=True)
        builder = builder.add_extension(_usage(key_cert_sign=True, crl_sign=True), True)
        return cls(builder.sign(key, hashes.SHA256()), key)

    @classmethod
    def open(cls, folder: Path) -> "Authority":
        """The authority of ``folder``, made there at first use."""
        certificate, key = folder / "ca.pem", folder / "ca.key"
        if not certificate.exists():
            made = cls.create()
            write_private(key, _key_pem(made._key))
            certificate.write_bytes(made.pem)
        return cls(
            x509.load_pem_x509_certificate(certificate.read_bytes()),
            _read_key(key),
        )

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def server(self, names: tuple[str, ...] = SERVER_NAMES, **validity) -> Issued:
        """A server's certificate for names and addresses."""
        subject = _name({NameOID.COMMON_NAME: names[0]})
        alternatives = x509.SubjectAlternativeName([_general_name(n) for n in names])
        usage = [
            (alternatives, False),
            (_usage(digital_signature=True, key_encipherment=True), True),
            (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False),
        ]
        return self._issue(subject, usage, **validity)

    def client(self, siren: str, organisation: str, *, siret: str = "", **validity) -> Issued:
        """A declarant's certificate, in the RGS profile "authentification serveur client".

        ``validity`` may hold ``start`` and ``end`` (aware datetimes) and ``bits``.
        """
        number = siret or siren
        subject = _name(
            {
                NameOID.COUNTRY_NAME: "FR",
                NameOID.ORGANIZATION_NAME: organisation,
                NameOID.ORGANIZATIONAL_UNIT_NAME: f"0002 {number}",
                ORGANIZATION_IDENTIFIER: f"NTRFR-{number}",
                NameOID.COMMON_NAME: f"{organisation} - registre des copropriétés"[:64],
            }
        )
        return self._issue(subject, _client_usage(), **validity)

    def answer(self, request: bytes, **validity) -> bytes:
        """The certificate that a request (PKCS#10, PEM) asks for, in the same profile."""
        asked = x509.load_pem_x509_csr(request)
        return self._sign(asked.subject, asked.public_key(), _client_usage(), **validity)

    def _issue(self, subject, extensions, *, bits=3072, **validity) -> Issued:
        key = _new_key("issued", bits)
        pem = self._sign(subject, key.public_key(), extensions, **validity)
        return Issued(pem, _key_pem(key))

    def _sign(self, subject, public_key, extensions, *, start=None, end=None) -> bytes:
        start = start or _now() - timedelta(hours=1)
        end = end or start + timedelta(days=2 * 365)
        issuer = self.certificate.subject
        builder = _builder(subject, issuer, public_key, start, end)
        identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        builder = builder.add_extension(identifier, critical=False)
        for extension, critical in extensions:
            builder = builder.add_extension(extension, critical=critical)
        certificate = builder.sign(self._key, hashes.SHA256())
        return certificate.public_bytes(serialization.Encoding.PEM)


def _new_key(kind: str, bits: int) -> rsa.RSAPrivateKey:
    folder = os.environ.get(KEYS)
    if not folder:
        return rsa.generate_private_key(65537, bits)
    return _kept_key(Path(folder), f"{kind}-{bits}-{next(_ranks) % KEYS_OF_A_KIND}.pem", bits)


@lru_cache
def _kept_key(folder: Path, name: str, bits: int) -> rsa.RSAPrivateKey:
    path = folder / name
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        partial = folder / f"{name}.{os.getpid()}"
        write_private(partial, _key_pem(rsa.generate_private_key(65537, bits)))
        partial.rename(path)
    return _read_key(path)


def _read_key(path: Path) -> rsa.RSAPrivateKey:
    """One that was made here: its primes are not tried again."""
    pem = path.read_bytes()
    try:
        return serialization.load_pem_private_key(pem, None, unsafe_skip_rsa_key_validation=True)
    except TypeError:  # cryptography before 39 always tries them
        return serialization.load_pem_private_key(pem, None)


def write_private(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)


def _now() -> datetime:
    return datetime.now(timezone.utc)


def _name(values: dict) -> x509.Name:
    return x509.Name([x509.NameAttribute(oid, text) for oid, text in values.items()])


def _client_usage() -> list:
    """Extensions of the RGS profile "authentification serveur client"."""
    policy = x509.PolicyInformation(POLICY, None)
    return [
        (_usage(digital_signature=True), True),
        (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), False),
        (x509.CertificatePolicies([policy]), False),
    ]


def _builder(subject, issuer, public_key, start, end) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), False)
    )


def _usage(**wanted: bool) -> x509.KeyUsage:
    names = (
        *("digital_signature", "content_commitment", "key_encipherment"),
        *("data_encipherment", "key_agreement", "key_cert_sign", "crl_sign"),
        *("encipher_only", "decipher_only"),
    )
    return x509.KeyUsage(**{name: wanted.get(name, False) for name in names})


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _key_pem(key: rsa.RSAPrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
