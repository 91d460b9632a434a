"""Certificate files as the world makes them: more kinds, beside those of certificate_files.

``WORLD``: name -> (how it is made, files, passphrase, code that must come out). The code is
None when the file is simply good, and a tuple where the version of the library decides.
"""

import base64
import hashlib
import hmac
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.serialization import pkcs7, pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from certificate_files import ARC, CLIENT, DAY, DER, EC_KEY, NOW, PEM, SERVER, Maker
from conftest import ORGANISATION, OTHER_SIREN, SIREN
from registry.certificate import Subject, make_request
from registry.certificate.der import elements

ACCENTS = "sésame à l'été"
OLD, NEXT = {"start": NOW - 400 * DAY, "end": NOW - DAY}, {"start": NOW + 5 * DAY}
OID = x509.ObjectIdentifier


def oids(*dotted):
    return [OID(one) for one in dotted]


def tlv(tag, *parts):
    content = b"".join(parts)
    size = len(content).to_bytes(4, "big").lstrip(b"\0")
    length = bytes([len(content)]) if len(content) < 128 else bytes([0x80 + len(size)]) + size
    return bytes([tag]) + length + content


def marked(label, content):
    """A PEM block of any label."""
    lines = base64.encodebytes(content)
    return b"-----BEGIN %b-----\n%b-----END %b-----\n" % (label, lines, label)


def openssl(*arguments, files=None, passphrase=b"x"):
    """What the command writes in ``out``; the test is skipped, aloud, where it cannot."""
    command = shutil.which("openssl")
    if not command:
        pytest.skip("the openssl command is not installed: this kind of file is not made")
    with tempfile.TemporaryDirectory() as folder:
        for name, content in {**(files or {}), "pass": passphrase}.items():
            (Path(folder) / name).write_bytes(content)
        ran = subprocess.run([command, *arguments], cwd=folder, capture_output=True)
        if ran.returncode:
            pytest.skip(f"this openssl does not make it: {ran.stderr[-200:]!r}")
        return (Path(folder) / "out").read_bytes()


LEGACY = ("-provider", "default", "-provider", "legacy")
OUT = ("-passout", "file:pass", "-out", "out")


class World(Maker):
    """More authorities, and the tools of others."""

    def __init__(self):
        super().__init__()
        self.root = self._authority("Racine", "Racine", self.other_key, self.other_key)
        self.stranger = self._authority("Étrangère", "Étrangère", self.small_key, self.small_key)
        # Two copies of an intermediate, of one name and key.
        between = ("Intermédiaire", "Racine", self.authority_key, self.other_key)
        self.between = self._authority(*between)
        self.past_between = self._authority(*between, **OLD)
        self.crossed = self._authority("Intermédiaire", "Étrangère", *self._cross(), **OLD)

    def _cross(self):
        return self.authority_key, self.small_key

    def _authority(self, name, issuer, key, by, start=None, end=None):
        subject, issued = ([x509.NameAttribute(NameOID.COMMON_NAME, n)] for n in (name, issuer))
        names = x509.Name(subject), x509.Name(issued)
        return self._sign(*names, key, self._ca(), start, end, by)

    def below(self):
        """A certificate under the intermediate."""
        subject = self.certificate().subject
        extensions = [(x509.ExtendedKeyUsage([CLIENT]), False)]
        usage = self.certificate().extensions.get_extension_for_class(x509.KeyUsage)
        policy = self.certificate().extensions.get_extension_for_class(x509.CertificatePolicies)
        extensions += [(usage.value, True), (policy.value, False)]
        return self._sign(subject, self.between.subject, self.key, extensions)

    def personal(self, **options):
        return self.certificate(more=[(NameOID.SURNAME, "Durand")], **options)

    def p7(self, *certificates, encoding=PEM):
        return pkcs7.serialize_certificates(list(certificates), encoding)

    def p12(self, certificates, passphrase="x", key=None):
        encryption = serialization.BestAvailableEncryption(
            passphrase if isinstance(passphrase, bytes) else passphrase.encode()
        )
        first, *others = certificates
        return pkcs12.serialize_key_and_certificates(
            b"x", key or self.key, first, others, encryption
        )

    def key_der(self, key=None, passphrase=None, form="PKCS8"):
        encryption = serialization.NoEncryption()
        if passphrase:
            encryption = serialization.BestAvailableEncryption(passphrase)
        form = getattr(serialization.PrivateFormat, form)
        return (key or self.key).private_bytes(DER, form, encryption)

    def public(self):
        return self.pem(self.certificate(), self.authority)

    def several(self, *pairs, passphrase=None):
        """A PKCS#12 of several identities, as Firefox and macOS save them."""
        kind = "1.2.840.113549.1.12.10.1.2" if passphrase else "1.2.840.113549.1.12.10.1.1"
        keys = [self.key_der(key, passphrase) for _certificate, key in pairs]
        bags = [tlv(0x30, oid(kind), tlv(0xA0, key)) for key in keys]
        bags += [_certificate_bag(certificate) for certificate, _key in pairs]
        safe = tlv(0x30, _data(tlv(0x30, *bags, _certificate_bag(self.authority))))
        mac = [_mac(safe, passphrase)] if passphrase else []
        return tlv(0x30, tlv(0x02, b"\x03"), _data(safe), *mac)

    def renamed(self, *attributes):
        """The usual certificate, its subject written by hand: (identifier, tag, bytes)…"""
        made = self.certificate()
        parts = [one.whole for one in elements(made.tbs_certificate_bytes)[0].inside]
        parts[5] = tlv(0x30, *(tlv(0x31, tlv(0x30, oid(o), tlv(t, c))) for o, t, c in attributes))
        tbs = tlv(0x30, *parts)
        signature = self.authority_key.sign(tbs, padding.PKCS1v15(), hashes.SHA256())
        content = tlv(0x30, tbs, parts[2], tlv(0x03, b"\0" + signature))
        return marked(b"CERTIFICATE", content) + self.pem(self.authority) + self.key_pem()


def oid(dotted):
    first, second, *rest = (int(one) for one in dotted.split("."))
    return tlv(0x06, bytes([40 * first + second]), *(_base128(one) for one in rest))


def _base128(number):
    digits = [number & 0x7F]
    while number := number >> 7:
        digits.append(0x80 | number & 0x7F)
    return bytes(reversed(digits))


def _mac(content, passphrase):
    """RFC 7292, appendix B: the MAC of a PKCS#12, by SHA-1 and two turns."""
    salt = b"saltsalt"
    characters = passphrase.decode().encode("utf-16-be") + b"\0\0"
    filled = b"".join((one * 64)[: -(-len(one) // 64) * 64] for one in (salt, characters))
    key = hashlib.sha1(hashlib.sha1(b"\x03" * 64 + filled).digest()).digest()
    digest = hmac.new(key, content, hashlib.sha1).digest()
    algorithm = tlv(0x30, oid("1.3.14.3.2.26"), tlv(0x05))
    return tlv(0x30, tlv(0x30, algorithm, tlv(0x04, digest)), tlv(0x04, salt), tlv(2, b"\2"))


def _data(content):
    return tlv(0x30, oid("1.2.840.113549.1.7.1"), tlv(0xA0, tlv(0x04, content)))


def _certificate_bag(certificate):
    held = tlv(0xA0, tlv(0x04, certificate.public_bytes(DER)))
    value = tlv(0x30, oid("1.2.840.113549.1.9.22.1"), held)
    return tlv(0x30, oid("1.2.840.113549.1.12.10.1.3"), tlv(0xA0, value))


# -- the kinds ------------------------------------------------------------------------


def usage(m, *wanted, **options):
    return [m.identity(m.certificate(usage=oids(*wanted), **options))]


def sealed(m):
    """With the statement of ETSI EN 319 412-5 that it is an electronic seal."""
    statement = tlv(0x30, oid("0.4.0.1862.1.6"), tlv(0x30, oid("0.4.0.1862.1.6.2")))
    value = x509.UnrecognizedExtension(OID("1.3.6.1.5.5.7.1.3"), tlv(0x30, statement))
    made = m.certificate()
    names = made.subject, m.authority.subject
    key_usage = made.extensions.get_extension_for_class(x509.KeyUsage).value
    return [m.identity(m._sign(*names, m.key, [(value, False), (key_usage, True)]))]


def trusted(m):
    """A certificate with what OpenSSL adds to it: what it is trusted for."""
    content = m.certificate().public_bytes(DER) + tlv(0x30, tlv(0x30, oid("1.3.6.1.5.5.7.3.2")))
    return [marked(b"TRUSTED CERTIFICATE", content) + m.pem(m.authority) + m.key_pem()]


def request():
    return make_request(Subject(ORGANISATION, SIREN, "essai"), 2048)[0]


def revoked(m):
    builder = x509.CertificateRevocationListBuilder().issuer_name(m.authority.subject)
    builder = builder.last_update(NOW).next_update(NOW + DAY)
    return builder.sign(m.authority_key, hashes.SHA256()).public_bytes(PEM)


def locked(m, passphrase):
    return [m.public() + marked(b"ENCRYPTED PRIVATE KEY", m.key_der(passphrase=passphrase))]


def old_key(m, cipher):
    key = openssl(
        "rsa", *LEGACY, "-in", "k", "-traditional", f"-{cipher}", *OUT, files={"k": m.key_pem()}
    )
    return [m.public() + key]


def old_pkcs8(m, *cipher):
    key = openssl("pkcs8", *LEGACY, "-topk8", "-in", "k", *cipher, *OUT, files={"k": m.key_pem()})
    return [m.public() + key]


def old_store(m, *options, passphrase=b"x"):
    arguments = ("pkcs12", *LEGACY, "-export", "-in", "k", *options, *OUT)
    return [openssl(*arguments, files={"k": m.identity()}, passphrase=passphrase)]


def ssh(m):
    form = serialization.PrivateFormat.OpenSSH
    return m.key.private_bytes(PEM, form, serialization.NoEncryption())


def subject(m, organisation=ORGANISATION, tag=0x0C, encoding="utf-8", unit=f"0002 {SIREN}"):
    return [
        m.renamed(
            ("2.5.4.10", tag, organisation.encode(encoding)), ("2.5.4.11", 0x0C, unit.encode())
        )
    ]


def unit(m, text):
    return [m.identity(m.certificate(ou=text, identifier=None))]


SOMEBODY = dict(ou=None, identifier=f"NTRFR-{OTHER_SIREN}")
UNSUPPORTED = (None, "UNSUPPORTED_CIPHER")
P = marked
WORLD = {
    # C2: several certificates of one key
    "renewed, old first": (
        "last year's, this year's, on one key",
        lambda m: [m.pem(m.certificate(**OLD)) + m.identity()], None, None),
    "renewed, new first": (
        "this year's, last year's, on one key",
        lambda m: [m.identity() + m.pem(m.certificate(**OLD))], None, None),
    "renewed in advance": (
        "next year's, this year's, on one key",
        lambda m: [m.pem(m.certificate(**NEXT)) + m.identity()], None, None),
    "renewed and ended": (
        "two of one key, both expired",
        lambda m: [m.pem(m.certificate(start=NOW - 900 * DAY, end=NOW - 500 * DAY))
                   + m.identity(m.certificate(**OLD))], None, "EXPIRED"),
    "PKCS#12, old and new": (
        "last year's and this year's on one key",
        lambda m: [m.p12([m.certificate(**OLD), m.certificate(), m.authority])], "x", None),
    ".p7b, old and new": (
        "the same in a .p7b, the key apart",
        lambda m: [m.p7(m.certificate(**OLD), m.certificate(), m.authority), m.key_pem()],
        None, None),
    # C3: authorities are no holders
    "one authority more": (
        "PEM of the chain and of a stranger's root",
        lambda m: [m.identity() + m.pem(m.stranger)], None, None),
    "one authority more, .p7b PEM": (
        "answer to a request made in Odoo",
        lambda m: [m.p7(m.stranger, m.certificate(), m.authority)], None, "KEY_MISSING"),
    "one authority more, .p7b DER": (
        "the same in DER",
        lambda m: [m.p7(m.stranger, m.certificate(), m.authority, encoding=DER)],
        None, "KEY_MISSING"),
    "one authority more, no key": (
        "the same in PEM",
        lambda m: [m.pem(m.root, m.stranger, m.certificate(), m.authority)], None, "KEY_MISSING"),
    "authorities alone": (
        "PEM of two roots", lambda m: [m.pem(m.root, m.stranger)], None, "IS_CA"),
    "authority and its key": (
        "PEM of a root and its key",
        lambda m: [m.pem(m.root) + m.key_pem(m.other_key)], None, "IS_CA"),
    # C4: of two paths, the one that is valid
    "intermediate twice, old first": (
        "an expired copy, then the present one",
        lambda m: [m.pem(m.below(), m.past_between, m.between, m.root) + m.key_pem()], None, None),
    "intermediate twice, new first": (
        "the present copy, then the expired",
        lambda m: [m.pem(m.below(), m.between, m.past_between, m.root) + m.key_pem()], None, None),
    "intermediate twice, .p7b": (
        "the same in a .p7b",
        lambda m: [m.p7(m.below(), m.past_between, m.between, m.root), m.key_pem()], None, None),
    "intermediate of two roots": (
        "a cross-signature that has expired comes first",
        lambda m: [m.pem(m.below(), m.crossed, m.stranger, m.between, m.root) + m.key_pem()],
        None, None),
    "intermediate expired": (
        "the expired copy alone",
        lambda m: [m.pem(m.below(), m.past_between, m.root) + m.key_pem()], None, "CHAIN_EXPIRED"),
    # C5: several identities
    "person and organisation, PKCS#12": (
        "two keys in a store without passphrase",
        lambda m: [m.several((m.personal(key=EC_KEY), EC_KEY), (m.certificate(), m.key))],
        None, "OTHERS_LEFT"),
    "person and organisation, locked": (
        "two keys in a store with a passphrase",
        lambda m: [m.several((m.personal(key=EC_KEY), EC_KEY), (m.certificate(), m.key),
                             passphrase=b"x")], "x", "OTHERS_LEFT"),
    "person and organisation, PEM": (
        "two certificates and two keys",
        lambda m: [m.identity(m.personal(key=EC_KEY), EC_KEY) + m.identity()],
        None, "OTHERS_LEFT"),
    "two files, two identities": (
        "a colleague's file as the key's file",
        lambda m: [m.identity(), m.identity(m.certificate(key=EC_KEY, **SOMEBODY), EC_KEY)],
        None, "OTHERS_LEFT"),
    "last year's and this year's": (
        "two keys, one certificate has expired",
        lambda m: [m.several((m.certificate(key=EC_KEY, **OLD), EC_KEY), (m.certificate(), m.key))],
        None, "OTHERS_LEFT"),
    "two that fit": (
        "two keys, two certificates of the organisation",
        lambda m: [m.identity() + m.identity(m.certificate(key=EC_KEY), EC_KEY)],
        None, "SEVERAL_CERTIFICATES"),
    "two that do not fit": (
        "two keys, two other organisations",
        lambda m: [m.identity(m.certificate(**SOMEBODY))
                   + m.identity(m.certificate(ou=None, identifier=None, key=EC_KEY), EC_KEY)],
        None, "SEVERAL_CERTIFICATES"),
    # C6: made for something else
    "seal, by its statement": ("qcStatements: eseal", sealed, None, "SEAL_CERTIFICATE"),
    "seal, by its usage": (
        "documentSigning (RFC 9336)",
        lambda m: usage(m, "1.3.6.1.5.5.7.3.36"), None, "SEAL_CERTIFICATE"),
    "seal, of Adobe's list": (
        "usages of Adobe and Microsoft",
        lambda m: usage(m, "1.2.840.113583.1.1.5", "1.3.6.1.4.1.311.10.3.12"),
        None, "SEAL_CERTIFICATE"),
    "seal, by its key usage": (
        "contentCommitment alone, no extended usage",
        lambda m: [m.identity(m.certificate(usage=None, key_usage=("content_commitment",)))],
        None, "SEAL_CERTIFICATE"),
    "seal, by its policy": (
        "an arc that the table says to be of seals",
        lambda m: [m.identity(m.certificate(policy=f"{ARC}.5"))], None, "SEAL_CERTIFICATE"),
    "mail usage": (
        "emailProtection", lambda m: usage(m, "1.3.6.1.5.5.7.3.4"), None, "SEAL_CERTIFICATE"),
    "any usage": (
        "anyExtendedKeyUsage", lambda m: usage(m, "2.5.29.37.0"), None, "ANY_USAGE"),
    "any usage, and client": (
        "anyExtendedKeyUsage, clientAuth",
        lambda m: usage(m, "2.5.29.37.0", CLIENT.dotted_string), None, None),
    "any usage, and server": (
        "anyExtendedKeyUsage, serverAuth",
        lambda m: usage(m, "2.5.29.37.0", SERVER.dotted_string), None, "SERVER_CERTIFICATE"),
    "code signing": (
        "codeSigning", lambda m: usage(m, "1.3.6.1.5.5.7.3.3"), None, "OTHER_USAGE"),
    "time stamping": (
        "timeStamping", lambda m: usage(m, "1.3.6.1.5.5.7.3.8"), None, "OTHER_USAGE"),
    "usage of nobody": (
        "a private identifier", lambda m: usage(m, f"{ARC}.9"), None, "OTHER_USAGE"),
}
