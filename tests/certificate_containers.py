"""Certificate files as the world wraps them: labels, containers, what is no certificate.

The same table as ``WORLD`` of certificate_world.
"""

import base64

from cryptography.hazmat.primitives.serialization import PublicFormat

from certificate_files import CRLF, DER, EC_KEY
from certificate_maker import marked, request, revoked, ssh, tlv, trusted

P = marked
RSA_SHA256, UNKNOWN = (bytes.fromhex(f"06092a864886f70d0101{end}") for end in ("0b", "63"))


def der(m):
    return m.certificate().public_bytes(DER)


def lines(m, replaced):
    return [m.identity().replace(b"\n", replaced)]


CONTAINERS = {
    # C7: by content, not by label
    "TRUSTED CERTIFICATE": ("openssl x509 -trustout", trusted, None, None),
    "X509 CERTIFICATE": (
        "the old label",
        lambda m: [
            m.identity()
            .replace(b"N CERTIFICATE", b"N X509 CERTIFICATE")
            .replace(b"D CERTIFICATE", b"D X509 CERTIFICATE")
        ],
        None,
        None,
    ),
    "any label": (
        "a certificate between marks of DOCUMENT",
        lambda m: [P(b"DOCUMENT", der(m)) + m.pem(m.authority) + m.key_pem()],
        None,
        None,
    ),
    "PKCS #7 SIGNED DATA": (
        "the label of Netscape",
        lambda m: [
            P(b"PKCS #7 SIGNED DATA", m.p7(m.certificate(), m.authority, encoding=DER)),
            m.key_pem(),
        ],
        None,
        None,
    ),
    "CMS": (
        "the label of today's openssl cms",
        lambda m: [P(b"CMS", m.p7(m.certificate(), m.authority, encoding=DER)), m.key_pem()],
        None,
        None,
    ),
    "PKCS#7 as CERTIFICATE": (
        "a .p7b between certificate marks, by Windows",
        lambda m: [
            P(b"CERTIFICATE", m.p7(m.certificate(), m.authority, encoding=DER)),
            m.key_pem(),
        ],
        None,
        None,
    ),
    "CERTIFICATE CHAIN": (
        "a .p7b between marks of a chain",
        lambda m: [
            P(b"CERTIFICATE CHAIN", m.p7(m.certificate(), m.authority, encoding=DER)),
            m.key_pem(),
        ],
        None,
        None,
    ),
    "certificate as PKCS7": (
        "a certificate between .p7b marks",
        lambda m: [P(b"PKCS7", der(m)) + m.pem(m.authority) + m.key_pem()],
        None,
        None,
    ),
    ".pfx as CERTIFICATE": (
        "base64 of a .pfx between certificate marks",
        lambda m: [P(b"CERTIFICATE", m.p12([m.certificate(), m.authority]))],
        "x",
        None,
    ),
    ".pfx as PKCS12": (
        "base64 of a .pfx between its own marks",
        lambda m: [P(b"PKCS12", m.p12([m.certificate(), m.authority]))],
        "x",
        None,
    ),
    "base64 of a .pfx": (
        "without marks",
        lambda m: [base64.encodebytes(m.p12([m.certificate(), m.authority]))],
        "x",
        None,
    ),
    "base64 of a .p7b": (
        "without marks, on one line",
        lambda m: [base64.b64encode(m.p7(m.certificate(), m.authority, encoding=DER)), m.key_pem()],
        None,
        None,
    ),
    "base64 of a certificate": (
        "without marks, Windows line ends",
        lambda m: [base64.encodebytes(der(m)).replace(*CRLF)],
        None,
        "KEY_MISSING",
    ),
    "DER, one after the other": (
        "certificate, chain and key joined",
        lambda m: [der(m) + m.authority.public_bytes(DER) + m.key_der()],
        None,
        None,
    ),
    "Netscape sequence": (
        "openssl nseq, without marks",
        lambda m: [
            tlv(
                0x30,
                bytes.fromhex("0609608648018 6f8420205".replace(" ", "")),
                tlv(0xA0, tlv(0x30, der(m), m.authority.public_bytes(DER))),
            ),
            m.key_pem(),
        ],
        None,
        None,
    ),
    "all on one line": (
        "PEM pasted in a form, spaces for line ends",
        lambda m: lines(m, b" "),
        None,
        None,
    ),
    "line ends as signs": (
        "PEM from a JSON or a script: \\n in letters",
        lambda m: lines(m, b"\\n"),
        None,
        None,
    ),
    "old Mac line ends": ("CR alone", lambda m: lines(m, b"\r"), None, None),
    "indented": ("PEM copied from a mail or a YAML", lambda m: lines(m, b"\n    "), None, None),
    "PKCS#8 as RSA": (
        "PKCS#8 between RSA PRIVATE KEY marks",
        lambda m: [m.public() + P(b"RSA PRIVATE KEY", m.key_der())],
        None,
        None,
    ),
    "PKCS#8 as ANY": (
        "PKCS#8 between ANY PRIVATE KEY marks",
        lambda m: [m.public() + P(b"ANY PRIVATE KEY", m.key_der())],
        None,
        None,
    ),
    "PKCS#1 as PKCS#8": (
        "RSA key between PRIVATE KEY marks",
        lambda m: [m.public() + P(b"PRIVATE KEY", m.key_der(form="TraditionalOpenSSL"))],
        None,
        None,
    ),
    "SEC1 as PKCS#8": (
        "EC key between PRIVATE KEY marks",
        lambda m: [
            m.pem(m.certificate(key=EC_KEY), m.authority)
            + P(b"PRIVATE KEY", m.key_der(EC_KEY, form="TraditionalOpenSSL"))
        ],
        None,
        None,
    ),
    "EC PARAMETERS": (
        "openssl ecparam -genkey: the curve, then the key",
        lambda m: [
            m.pem(m.certificate(key=EC_KEY), m.authority)
            + P(b"EC PARAMETERS", bytes.fromhex("06082a8648ce3d030107"))
            + m.key_pem(EC_KEY, form="TraditionalOpenSSL")
        ],
        None,
        None,
    ),
    "locked PKCS#8 as PKCS#8": (
        "encrypted, between PRIVATE KEY marks",
        lambda m: [m.public() + P(b"PRIVATE KEY", m.key_der(passphrase=b"x"))],
        "x",
        None,
    ),
    "locked PKCS#8 as RSA": (
        "encrypted, between RSA PRIVATE KEY marks",
        lambda m: [m.public() + P(b"RSA PRIVATE KEY", m.key_der(passphrase=b"x"))],
        "x",
        None,
    ),
    "key in DER": (".key in DER, apart", lambda m: [m.public(), m.key_der()], None, None),
    "locked key in DER": (
        ".key in DER, encrypted",
        lambda m: [m.public(), m.key_der(passphrase=b"x")],
        "x",
        None,
    ),
    "locked key in DER, closed": (
        "the same, no passphrase",
        lambda m: [m.public(), m.key_der(passphrase=b"x")],
        None,
        "PASSPHRASE_NEEDED",
    ),
    "damaged key": (
        "base64 of nothing between key marks",
        lambda m: [m.public() + P(b"PRIVATE KEY", b"zzz")],
        None,
        "KEY_UNREADABLE",
    ),
    "OpenSSH form": ("ssh-keygen's form of the key", lambda m: [m.public() + ssh(m)], None, None),
    "with the request": (
        "request, certificate and key in one file",
        lambda m: [request() + m.identity()],
        None,
        None,
    ),
    "with a revocation list": (
        ".crl, certificate and key in one file",
        lambda m: [revoked(m) + m.identity()],
        None,
        None,
    ),
    "with DH PARAMETERS": (
        "a web server's .pem",
        lambda m: [m.identity() + P(b"DH PARAMETERS", tlv(0x30, tlv(2, b"\x17"), tlv(2, b"\2")))],
        None,
        None,
    ),
    "revocation list alone": (".crl", lambda m: [revoked(m)], None, "REVOKED_LIST"),
    "public key alone": (
        "openssl pkey -pubout",
        lambda m: [P(b"PUBLIC KEY", _public(m))],
        None,
        "PUBLIC_KEY",
    ),
    "Java keystore": (".jks", lambda m: [b"\xfe\xed\xfe\xed" + bytes(300)], None, "JAVA_STORE"),
    "PuTTY key": (".ppk", lambda m: [b"PuTTY-User-Key-File-3: ssh-rsa\n"], None, "OTHER_TOOL_KEY"),
    "PGP key": (
        ".asc",
        lambda m: [P(b"PGP PRIVATE KEY BLOCK", b"\x95" * 90)],
        None,
        "OTHER_TOOL_KEY",
    ),
    "web page": (
        "a sign-in page saved as .crt",
        lambda m: [b"\n<!DOCTYPE html>\n<html></html>"],
        None,
        "WEB_PAGE",
    ),
    "mail": (".eml", lambda m: [b"From: a@b.fr\nSubject: x\n\n"], None, "MAIL"),
    "Word": (".doc", lambda m: [b"\xd0\xcf\x11\xe0" + bytes(300)], None, "DOCUMENT"),
    "gzip": (".gz", lambda m: [b"\x1f\x8b\x08" + bytes(90)], None, "ARCHIVE"),
    "encrypted message": (
        "smime.p7m",
        lambda m: [tlv(0x30, bytes.fromhex("06092a864886f70d010703"), tlv(0xA0, tlv(0x30)))],
        None,
        "ENVELOPED",
    ),
    "signature of tomorrow": (
        "an algorithm that nobody knows",
        lambda m: [P(b"CERTIFICATE", der(m).replace(RSA_SHA256, UNKNOWN)) + m.key_pem()],
        None,
        "UNKNOWN_SIGNATURE",
    ),
    "of no version": (
        "X.509 version 32",
        lambda m: [der(m).replace(b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x02\x01\x1f", 1)],
        None,
        "MALFORMED",
    ),
    "cut in the middle": (
        "DER of which the end is missing",
        lambda m: [der(m)[:200]],
        None,
        "TRUNCATED",
    ),
}


def _public(m):
    return m.key.public_key().public_bytes(DER, PublicFormat.SubjectPublicKeyInfo)
