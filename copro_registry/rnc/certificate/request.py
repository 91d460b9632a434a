"""A certificate request (PKCS#10, RFC 2986) and the key that it stands for."""

from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from .library import ORGANIZATION_IDENTIFIER

LONGEST_NAME = 64  # characters, of O and CN (RFC 5280, appendix A)


@dataclass(frozen=True)
class Subject:
    """For whom: ``number`` is the SIREN (9 digits) or the SIRET (14) of the organisation."""

    organisation: str
    number: str
    common_name: str

    def name(self) -> x509.Name:
        """The subject that the RGS profile wants."""
        values = (
            (NameOID.COUNTRY_NAME, "FR"),
            (NameOID.ORGANIZATION_NAME, self.organisation),
            (NameOID.ORGANIZATIONAL_UNIT_NAME, f"0002 {self.number}"),
            (ORGANIZATION_IDENTIFIER, f"NTRFR-{self.number}"),
            (NameOID.COMMON_NAME, self.common_name),
        )
        return x509.Name([x509.NameAttribute(oid, text) for oid, text in values])


def make_request(subject: Subject, bits: int) -> tuple[bytes, bytes]:
    """(request in PEM, private key in PKCS#8 DER, in clear: seal it at once)."""
    key = rsa.generate_private_key(65537, bits)
    builder = x509.CertificateSigningRequestBuilder().subject_name(subject.name())
    builder = builder.add_extension(_signature_only(), critical=True)
    usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH])
    request = builder.add_extension(usage, critical=False).sign(key, hashes.SHA256())
    private = key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return request.public_bytes(serialization.Encoding.PEM), private


def _signature_only() -> x509.KeyUsage:
    others = (
        *("content_commitment", "key_encipherment", "data_encipherment", "key_agreement"),
        *("key_cert_sign", "crl_sign", "encipher_only", "decipher_only"),
    )
    return x509.KeyUsage(digital_signature=True, **dict.fromkeys(others, False))
