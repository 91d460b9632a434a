"""Every file that a syndic might bring, made here; none is kept."""

from datetime import datetime, timedelta, timezone

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import pkcs7, pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from conftest import BITS, ORGANISATION, OTHER_SIREN, SIREN
from rnc.certificate import Policy, Subject, make_request

ORGANIZATION_IDENTIFIER = x509.ObjectIdentifier("2.5.4.97")  # unnamed before cryptography 42
NOW = datetime.now(timezone.utc)
PEM = serialization.Encoding.PEM
DER = serialization.Encoding.DER
PASSPHRASE = "sésame ouvre-toi"
ARC = "1.3.6.1.4.1.55555"  # a private arc: no real policy is claimed
POLICIES = (
    Policy(ARC, "Autorité d'essai", "*"),
    Policy(f"{ARC}.2", "Autorité d'essai, administrations", "*", "administration"),
    Policy(f"{ARC}.3", "Autorité d'essai, personnes", "**", "person"),
    Policy(f"{ARC}.4", "Autorité d'essai, autre offre"),
    Policy(f"{ARC}.5", "Autorité d'essai, cachets", "*", "seal"),
)


class Maker:
    """Makes certificates of any shape, under one little authority."""

    def __init__(self):
        self.key = rsa.generate_private_key(65537, 3072)
        self.small_key = rsa.generate_private_key(65537, BITS)
        self.other_key = rsa.generate_private_key(65537, BITS)
        self.authority_key = rsa.generate_private_key(65537, BITS)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Autorité d'essai")])
        self.authority = self._sign(name, name, self.authority_key, self._ca())
        ago = NOW - timedelta(days=900)
        self.past_authority = self._sign(
            name, name, self.authority_key, self._ca(), ago, NOW - timedelta(days=3)
        )
        self.namesake = self._sign(name, name, self.other_key, self._ca(), by=self.other_key)

    def _ca(self):
        return [(x509.BasicConstraints(True, None), True)]

    def _sign(self, subject, issuer, key, extensions, start=None, end=None, by=None):
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(start or NOW - timedelta(days=1))
            .not_valid_after(end or NOW + timedelta(days=400))
        )
        for extension, critical in extensions:
            builder = builder.add_extension(extension, critical)
        return builder.sign(by or self.authority_key, hashes.SHA256())

    def certificate(self, *, ou=f"0002 {SIREN}", identifier=f"NTRFR-{SIREN}", more=(), **o):
        names = [(NameOID.ORGANIZATION_NAME, ORGANISATION), *more]
        if ou:
            names.append((NameOID.ORGANIZATIONAL_UNIT_NAME, ou))
        if identifier:
            names.append((ORGANIZATION_IDENTIFIER, identifier))
        subject = x509.Name([x509.NameAttribute(oid, text) for oid, text in names])
        key = o.get("key", self.key)
        usage = o.get("usage", [ExtendedKeyUsageOID.CLIENT_AUTH])
        extensions = [(x509.ExtendedKeyUsage(usage), False)] if usage else []
        extensions += self._ca() if o.get("ca") else []
        extensions += _key_usage(o.get("key_usage", ("digital_signature",)))
        extensions += _policy(o.get("policy", f"{ARC}.1"))
        issuer, by = self.authority.subject, self.authority_key
        if o.get("self_signed"):
            issuer, by = subject, key
        return self._sign(subject, issuer, key, extensions, o.get("start"), o.get("end"), by)

    def pem(self, *certificates) -> bytes:
        return b"".join(c.public_bytes(PEM) for c in certificates)

    def key_pem(self, key=None, passphrase=None, form="PKCS8") -> bytes:
        encryption = serialization.NoEncryption()
        if passphrase:
            encryption = serialization.BestAvailableEncryption(passphrase.encode())
        form = getattr(serialization.PrivateFormat, form)
        return (key or self.key).private_bytes(PEM, form, encryption)

    def identity(self, certificate=None, key=None) -> bytes:
        """Certificate, chain and key in one PEM file."""
        certificate = certificate or self.certificate()
        return self.pem(certificate, self.authority) + self.key_pem(key)

    def pkcs12(self, passphrase=PASSPHRASE, algorithm=None) -> bytes:
        encryption = algorithm or serialization.BestAvailableEncryption(passphrase.encode())
        return pkcs12.serialize_key_and_certificates(
            b"registre", self.key, self.certificate(), [self.authority], encryption
        )


def _key_usage(wanted):
    names = (
        *("digital_signature", "content_commitment", "key_encipherment"),
        *("data_encipherment", "key_agreement", "key_cert_sign", "crl_sign"),
        *("encipher_only", "decipher_only"),
    )
    if not wanted:
        return []
    return [(x509.KeyUsage(**{name: name in wanted for name in names}), True)]


def _policy(identifier):
    if not identifier:
        return []
    policy = x509.PolicyInformation(x509.ObjectIdentifier(identifier), None)
    return [(x509.CertificatePolicies([policy]), False)]


def _pkcs7(make, encoding) -> bytes:
    return pkcs7.serialize_certificates([make.certificate(), make.authority], encoding)


def _request() -> bytes:
    return make_request(Subject(ORGANISATION, SIREN, "essai"), BITS)[0]


def _two_establishments(make):
    return make.certificate(ou=f"0002 {SIREN}00018", identifier=f"NTRFR-{SIREN}00026")


CRLF = (b"\n", b"\r\n")
DAY = timedelta(days=1)
EC_KEY = ec.generate_private_key(ec.SECP256R1())
SMALL_EC = ec.generate_private_key(ec.SECP224R1())
ED_KEY = ed25519.Ed25519PrivateKey.generate()
RSA_1024 = rsa.generate_private_key(65537, 1024)
CLIENT, SERVER = ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.SERVER_AUTH

# what the file is -> (files, passphrase), the code that must come out (None: usable)
TABLE = {
    "nothing": (lambda m: [], None, "EMPTY"),
    "empty": (lambda m: [b""], None, "EMPTY"),
    "text": (lambda m: [b"Bonjour"], None, "NOT_PEM"),
    "accented text": (lambda m: ["été".encode("latin-1")], None, "NOT_PEM"),
    "zeros": (lambda m: [b"\x00" * 500], None, "NOT_PEM"),
    "20 MB": (lambda m: [b"x" * 20_000_000], None, "TOO_LARGE"),
    "PDF": (lambda m: [b"%PDF-1.7\n"], None, "DOCUMENT"),
    "truncated PEM": (lambda m: [m.identity()[:300]], None, "TRUNCATED"),
    "PEM of nothing": (
        *(lambda m: [b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"],),
        *(None, "UNREADABLE"),
    ),
    "PEM of something else": (
        *(lambda m: [b"-----BEGIN X-----\nAAAA\n-----END X-----\n"],),
        *(None, "UNREADABLE"),
    ),
    "the request itself": (lambda m: [_request()], None, "REQUEST"),
    "PNG": (lambda m: [b"\x89PNG\r\n\x1a\n" + bytes(200)], None, "DOCUMENT"),
    "ZIP": (lambda m: [b"PK\x03\x04" + bytes(200)], None, "ARCHIVE"),
    "UTF-16, by Notepad": (
        *(lambda m: [m.identity().decode().encode("utf-16")],),
        *(None, None),
    ),
    "PKCS#7 and key": (
        *(lambda m: [_pkcs7(m, PEM), m.key_pem()],),
        *(None, None),
    ),
    "PKCS#7 DER and key": (
        *(lambda m: [_pkcs7(m, DER), m.key_pem()],),
        *(None, None),
    ),
    "broken PKCS#7": (
        *(lambda m: [_pkcs7(m, DER)[:400]],),
        *(None, "TRUNCATED"),
    ),
    "broken DER": (lambda m: [b"\x30\x82\x01\x00" + b"z" * 256], None, "UNREADABLE"),
    "PEM, all in one": (lambda m: [m.identity()], None, None),
    "PEM, key apart": (
        *(lambda m: [m.pem(m.certificate(), m.authority), m.key_pem()],),
        *(None, None),
    ),
    "PEM, key first": (
        *(lambda m: [m.key_pem() + m.pem(m.certificate(), m.authority)],),
        *(None, None),
    ),
    "PEM, chain before": (
        *(lambda m: [m.pem(m.authority, m.certificate()) + m.key_pem()],),
        *(None, None),
    ),
    "Windows line ends": (lambda m: [m.identity().replace(*CRLF)], None, None),
    "BOM": (lambda m: [b"\xef\xbb\xbf" + m.identity()], None, None),
    "text around": (lambda m: [b"Bag Attributes\n" + m.identity() + b"\nfin"], None, None),
    "NUL bytes after": (lambda m: [m.identity() + b"\x00\x00"], None, None),
    "traditional key": (
        *(lambda m: [m.pem(m.certificate(), m.authority) + m.key_pem(form="TraditionalOpenSSL")],),
        *(None, None),
    ),
    "DER, no key": (lambda m: [m.certificate().public_bytes(DER)], None, "KEY_MISSING"),
    "DER and key": (
        *(lambda m: [m.certificate().public_bytes(DER), m.key_pem()],),
        *(None, "NO_CHAIN"),
    ),
    "certificate alone": (lambda m: [m.pem(m.certificate())], None, "KEY_MISSING"),
    "key alone": (lambda m: [m.key_pem()], None, "NO_CERTIFICATE"),
    "two keys": (
        *(lambda m: [m.identity() + m.key_pem(m.other_key)],),
        *(None, "TWO_KEYS"),
    ),
    "same key twice": (lambda m: [m.identity() + m.key_pem()], None, None),
    "certificate twice": (lambda m: [m.identity(), m.identity()], None, None),
    "key of another": (
        *(lambda m: [m.pem(m.certificate(), m.authority) + m.key_pem(m.other_key)],),
        *(None, "KEY_MISMATCH"),
    ),
    "two holders": (
        *(lambda m: [m.pem(m.certificate(), m.certificate(ou="0002 552100554"))],),
        *(None, "OTHERS_LEFT"),
    ),
    "encrypted key, right": (
        *(lambda m: [m.pem(m.certificate(), m.authority), m.key_pem(passphrase=PASSPHRASE)],),
        *(PASSPHRASE, None),
    ),
    "encrypted key, wrong": (
        *(lambda m: [m.pem(m.certificate()), m.key_pem(passphrase=PASSPHRASE)],),
        *("autre", "WRONG_PASSPHRASE"),
    ),
    "encrypted key, none": (
        *(lambda m: [m.pem(m.certificate()), m.key_pem(passphrase=PASSPHRASE)],),
        *(None, "PASSPHRASE_NEEDED"),
    ),
    "needless passphrase": (lambda m: [m.identity()], "inutile", None),
    "PKCS#12, right": (lambda m: [m.pkcs12()], PASSPHRASE, None),
    "PKCS#12, wrong": (lambda m: [m.pkcs12()], "autre", "WRONG_PASSPHRASE"),
    "PKCS#12, none": (lambda m: [m.pkcs12()], None, "PASSPHRASE_NEEDED"),
    "PKCS#12, no passphrase": (
        *(lambda m: [m.pkcs12(algorithm=serialization.NoEncryption())],),
        *(None, None),
    ),
    "PKCS#12, truncated": (lambda m: [m.pkcs12()[:700]], PASSPHRASE, "TRUNCATED"),
    "RSA 1024": (
        *(lambda m: [m.identity(m.certificate(key=RSA_1024), RSA_1024)],),
        *(None, "WEAK"),
    ),
    "RSA 2048": (
        *(lambda m: [m.identity(m.certificate(key=m.small_key), m.small_key)],),
        *(None, "SMALL_KEY"),
    ),
    "EC P-256": (lambda m: [m.identity(m.certificate(key=EC_KEY), EC_KEY)], None, None),
    "EC P-224": (
        *(lambda m: [m.identity(m.certificate(key=SMALL_EC), SMALL_EC)],),
        *(None, "WEAK"),
    ),
    "Ed25519": (
        *(lambda m: [m.identity(m.certificate(key=ED_KEY), ED_KEY)],),
        *(None, "UNSUPPORTED_KEY"),
    ),
    "expired": (
        *(lambda m: [m.identity(m.certificate(start=NOW - 9 * DAY, end=NOW - DAY))],),
        *(None, "EXPIRED"),
    ),
    "expires soon": (
        *(lambda m: [m.identity(m.certificate(end=NOW + 20 * DAY))],),
        *(None, "EXPIRES_SOON"),
    ),
    "not yet valid": (
        *(lambda m: [m.identity(m.certificate(start=NOW + DAY))],),
        *(None, "NOT_YET_VALID"),
    ),
    "ten years": (
        *(lambda m: [m.identity(m.certificate(end=NOW + 3650 * DAY))],),
        *(None, "LONG_VALIDITY"),
    ),
    "authority's own": (
        *(lambda m: [m.identity(m.certificate(ca=True))],),
        *(None, "IS_CA"),
    ),
    "self-signed": (
        *(lambda m: [m.identity(m.certificate(self_signed=True))],),
        *(None, "SELF_SIGNED"),
    ),
    "issuer of the same name": (
        *(lambda m: [m.pem(m.certificate(), m.namesake) + m.key_pem()],),
        *(None, "NO_CHAIN"),
    ),
    "chain out of date": (
        *(lambda m: [m.pem(m.certificate(), m.past_authority) + m.key_pem()],),
        *(None, "CHAIN_EXPIRED"),
    ),
    "for administrations": (
        *(lambda m: [m.identity(m.certificate(policy=f"{ARC}.2.1"))],),
        *(None, "ADMINISTRATION_ONLY"),
    ),
    "personal, by its policy": (
        *(lambda m: [m.identity(m.certificate(policy=f"{ARC}.3"))],),
        *(None, "PERSONAL_CERTIFICATE"),
    ),
    "level not known": (
        *(lambda m: [m.identity(m.certificate(policy=f"{ARC}.4"))],),
        *(None, "POLICY_LEVEL_UNKNOWN"),
    ),
    "policy not known": (
        *(lambda m: [m.identity(m.certificate(policy="1.3.6.1.4.1.5555.1"))],),
        *(None, "POLICY_UNKNOWN"),
    ),
    "issuer not known": (
        *(lambda m: [m.identity(m.certificate(policy="1.3.6.1.4.1.5555.1"))],),
        *(None, "UNTRUSTED"),
    ),
    "no policy": (lambda m: [m.identity(m.certificate(policy=None))], None, "NO_POLICY"),
    "no key usage": (
        *(lambda m: [m.identity(m.certificate(key_usage=None))],),
        *(None, "NO_KEY_USAGE"),
    ),
    "signature and agreement": (
        *(lambda m: [m.identity(m.certificate(key_usage=("digital_signature", "key_agreement")))],),
        *(None, "KEY_USAGE_UNUSUAL"),
    ),
    "key agreement": (
        *(lambda m: [m.identity(m.certificate(key_usage=("key_agreement",)))],),
        *(None, None),
    ),
    "server only": (
        *(lambda m: [m.identity(m.certificate(usage=[SERVER]))],),
        *(None, "SERVER_CERTIFICATE"),
    ),
    "server and client": (
        *(lambda m: [m.identity(m.certificate(usage=[SERVER, CLIENT]))],),
        *(None, None),
    ),
    "no usage": (lambda m: [m.identity(m.certificate(usage=None))], None, "NO_EKU"),
    "no chain": (
        *(lambda m: [m.pem(m.certificate()) + m.key_pem()],),
        *(None, "NO_CHAIN"),
    ),
    "personal": (
        *(lambda m: [m.identity(m.certificate(more=[(NameOID.SURNAME, "Durand")]))],),
        *(None, "PERSONAL_CERTIFICATE"),
    ),
    "SIREN in OU only": (lambda m: [m.identity(m.certificate(identifier=None))], None, None),
    "SIREN in 2.5.4.97 only": (lambda m: [m.identity(m.certificate(ou=None))], None, None),
    "SIRET": (
        *(lambda m: [m.identity(m.certificate(ou=None, identifier="NTRFR-99900001100018"))],),
        *(None, None),
    ),
    "other establishment": (
        *(lambda m: [m.identity(m.certificate(ou=None, identifier="NTRFR-99900001100026"))],),
        *(None, "OTHER_ESTABLISHMENT"),
    ),
    "SI:FR-": (
        *(lambda m: [m.identity(m.certificate(ou=None, identifier=f"SI:FR-{SIREN}"))],),
        *(None, "SIREN_UNUSUAL"),
    ),
    "two SIRET of one SIREN": (
        *(lambda m: [m.identity(_two_establishments(m))],),
        *(None, "TWO_SIREN"),
    ),
    "no SIREN": (
        *(lambda m: [m.identity(m.certificate(ou=None, identifier=None))],),
        *(None, "NO_SIREN"),
    ),
    "SIREN elsewhere": (
        *(lambda m: [m.identity(m.certificate(ou=SIREN, identifier=None))],),
        *(None, "NO_SIREN"),
    ),
    "bad SIREN": (
        *(lambda m: [m.identity(m.certificate(ou="0002 123456789", identifier=None))],),
        *(None, "BAD_SIREN"),
    ),
    "two SIREN": (
        *(lambda m: [m.identity(m.certificate(ou=f"0002 {OTHER_SIREN}"))],),
        *(None, "TWO_SIREN"),
    ),
    "other SIREN": (
        *(lambda m: [m.identity(m.certificate(ou=None, identifier=f"NTRFR-{OTHER_SIREN}"))],),
        *(None, "SIREN_MISMATCH"),
    ),
}
