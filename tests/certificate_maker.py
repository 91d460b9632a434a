"""Makes certificate files as the world has them: the tools of certificate_world and after."""

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
from cryptography.x509.oid import NameOID

from certificate_files import CLIENT, DAY, DER, NOW, PEM, Maker
from conftest import BITS, ORGANISATION, SIREN
from rnc.certificate import Subject, make_request
from rnc.certificate.der import elements

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


def sha1_certificate(folder) -> bytes:
    """The library no longer signs with SHA-1: OpenSSL's command does."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", f"rsa:{BITS}", "-sha1", "-nodes"),
            *("-days", "90", "-subj", f"/O=x/OU=0002 {SIREN}"),
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
