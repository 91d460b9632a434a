"""File -> verdict: every file that a syndic might bring, made here."""

import subprocess
from datetime import datetime, timedelta, timezone

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import BITS, ORGANISATION, OTHER_SIREN, SIREN
from registry.certificate import MESSAGES, OK, REFUSE, Unreadable, judge, read

NOW = datetime.now(timezone.utc)
PEM = serialization.Encoding.PEM
DER = serialization.Encoding.DER
PASSPHRASE = "sésame ouvre-toi"


class Maker:
    """Makes certificates of any shape, under one little authority."""

    def __init__(self):
        self.key = rsa.generate_private_key(65537, BITS)
        self.other_key = rsa.generate_private_key(65537, BITS)
        self.authority_key = rsa.generate_private_key(65537, BITS)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Autorité d'essai")])
        self.authority = self._sign(name, name, self.authority_key, self._ca())

    def _ca(self):
        return [(x509.BasicConstraints(True, 0), True)]

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
            names.append((NameOID.ORGANIZATION_IDENTIFIER, identifier))
        subject = x509.Name([x509.NameAttribute(oid, text) for oid, text in names])
        key = o.get("key", self.key)
        usage = o.get("usage", [ExtendedKeyUsageOID.CLIENT_AUTH])
        extensions = [(x509.ExtendedKeyUsage(usage), False)] if usage else []
        extensions += self._ca() if o.get("ca") else []
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


@pytest.fixture(scope="session")
def make():
    return Maker()


def sha1_certificate(folder) -> bytes:
    """The library no longer signs with SHA-1: OpenSSL's command does."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", f"rsa:{BITS}", "-sha1", "-nodes"),
            *("-days", "30", "-subj", f"/O=x/OU=0002 {SIREN}"),
            *("-keyout", key, "-out", certificate),
        ],
        check=True,
        capture_output=True,
    )
    return certificate.read_bytes() + key.read_bytes()


def rc2_pkcs12(folder, make) -> bytes:
    source, target = folder / "source.pem", folder / "old.p12"
    source.write_bytes(make.identity())
    subprocess.run(
        [
            *("openssl", "pkcs12", "-export", "-legacy", "-certpbe", "PBE-SHA1-RC2-40"),
            *("-in", source, "-out", target, "-passout", "pass:x"),
        ],
        check=True,
        capture_output=True,
    )
    return target.read_bytes()


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
    "PDF": (lambda m: [b"%PDF-1.7\n"], None, "NOT_PEM"),
    "truncated PEM": (lambda m: [m.identity()[:300]], None, "UNREADABLE"),
    "PEM of nothing": (
        *(lambda m: [b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"],),
        *(None, "UNREADABLE"),
    ),
    "PEM of a request": (
        *(lambda m: [b"-----BEGIN X-----\nAAAA\n-----END X-----\n"],),
        *(None, "UNREADABLE"),
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
        *(None, "SEVERAL_CERTIFICATES"),
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
    "PKCS#12, truncated": (lambda m: [m.pkcs12()[:700]], PASSPHRASE, "UNREADABLE"),
    "RSA 1024": (
        *(lambda m: [m.identity(m.certificate(key=RSA_1024), RSA_1024)],),
        *(None, "WEAK"),
    ),
    "RSA 2048": (lambda m: [m.identity()], None, "SMALL_KEY"),
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
        *(None, None),
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
        *(None, "BAD_SIREN"),
    ),
    "other SIREN": (
        *(lambda m: [m.identity(m.certificate(ou=None, identifier=f"NTRFR-{OTHER_SIREN}"))],),
        *(None, "SIREN_MISMATCH"),
    ),
}


def diagnose(files, passphrase):
    """(codes, whether it may be used)"""
    try:
        bundle = read(files, passphrase)
    except Unreadable as error:
        return [error.code], False
    verdicts = judge(bundle, siren=SIREN, siret="99900001100018", now=NOW)
    refused = any(verdict.level == REFUSE for verdict in verdicts)
    return [v.code for v in verdicts if v.level != OK], not refused


@pytest.mark.parametrize("name", TABLE)
def test_the_table(name, make):
    files, passphrase, expected = TABLE[name]
    codes, usable = diagnose(files(make), passphrase)
    sentences = [MESSAGES[code] for code in codes]
    print(f"{name:24} {'usable ' if usable else 'refused'}  {' '.join(sentences)}")
    if expected is None:
        assert usable and set(codes) <= {"SMALL_KEY"}
    else:
        assert expected in codes


def test_there_are_sixty_files():
    assert len(TABLE) >= 60


def test_sha1_is_weak(tmp_path):
    codes, usable = diagnose([sha1_certificate(tmp_path)], None)
    assert "WEAK" in codes and not usable


def test_an_old_pkcs12_says_how_to_convert_it(tmp_path, make):
    codes, usable = diagnose([rc2_pkcs12(tmp_path, make)], "x")
    # OpenSSL may have been built with its legacy algorithms: then it simply opens.
    assert codes == ["LEGACY_PKCS12"] or usable


def test_nothing_secret_is_shown(make):
    bundle = read([make.identity()])
    assert "PRIVATE" not in repr(bundle) and "rsa" not in repr(bundle).lower().split("leaf")[0]
    assert b"PRIVATE" not in bundle.public_pem()


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400), st.none() | st.text(max_size=10))
def test_random_bytes_never_raise_anything_else(content, passphrase):
    codes, usable = diagnose([content], passphrase)
    assert not usable and all(code in MESSAGES for code in codes)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_damaged_files_never_raise_anything_else(make, data):
    source = data.draw(st.sampled_from([make.identity(), make.pkcs12()]))
    place = data.draw(st.integers(0, len(source) - 1))
    damaged = source[:place] + data.draw(st.binary(max_size=4)) + source[place + 1 :]
    codes, _usable = diagnose([damaged], PASSPHRASE)
    assert all(code in MESSAGES for code in codes)
