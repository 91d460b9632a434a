"""Certificate files as the world makes them: more kinds, beside those of certificate_files.

``WORLD``: name -> (how it is made, files, passphrase, code that must come out). The code is
None when the file is simply good, and a tuple where the version of the library decides.
"""

from certificate_files import ARC, CLIENT, DAY, DER, EC_KEY, NOW, SERVER
from certificate_maker import NEXT, OLD, sealed, usage
from conftest import OTHER_SIREN

SOMEBODY = {"ou": None, "identifier": f"NTRFR-{OTHER_SIREN}"}
WORLD = {
    # C2: several certificates of one key
    "renewed, old first": (
        "last year's, this year's, on one key",
        lambda m: [m.pem(m.certificate(**OLD)) + m.identity()],
        None,
        None,
    ),
    "renewed, new first": (
        "this year's, last year's, on one key",
        lambda m: [m.identity() + m.pem(m.certificate(**OLD))],
        None,
        None,
    ),
    "renewed in advance": (
        "next year's, this year's, on one key",
        lambda m: [m.pem(m.certificate(**NEXT)) + m.identity()],
        None,
        None,
    ),
    "renewed and ended": (
        "two of one key, both expired",
        lambda m: [
            m.pem(m.certificate(start=NOW - 900 * DAY, end=NOW - 500 * DAY))
            + m.identity(m.certificate(**OLD))
        ],
        None,
        "EXPIRED",
    ),
    "PKCS#12, old and new": (
        "last year's and this year's on one key",
        lambda m: [m.p12([m.certificate(**OLD), m.certificate(), m.authority])],
        "x",
        None,
    ),
    ".p7b, old and new": (
        "the same in a .p7b, the key apart",
        lambda m: [m.p7(m.certificate(**OLD), m.certificate(), m.authority), m.key_pem()],
        None,
        None,
    ),
    # C3: authorities are no holders
    "one authority more": (
        "PEM of the chain and of a stranger's root",
        lambda m: [m.identity() + m.pem(m.stranger)],
        None,
        None,
    ),
    "one authority more, .p7b PEM": (
        "answer to a request made in Odoo",
        lambda m: [m.p7(m.stranger, m.certificate(), m.authority)],
        None,
        "KEY_MISSING",
    ),
    "one authority more, .p7b DER": (
        "the same in DER",
        lambda m: [m.p7(m.stranger, m.certificate(), m.authority, encoding=DER)],
        None,
        "KEY_MISSING",
    ),
    "one authority more, no key": (
        "the same in PEM",
        lambda m: [m.pem(m.root, m.stranger, m.certificate(), m.authority)],
        None,
        "KEY_MISSING",
    ),
    "authorities alone": ("PEM of two roots", lambda m: [m.pem(m.root, m.stranger)], None, "IS_CA"),
    "authority and its key": (
        "PEM of a root and its key",
        lambda m: [m.pem(m.root) + m.key_pem(m.other_key)],
        None,
        "IS_CA",
    ),
    # C4: of two paths, the one that is valid
    "intermediate twice, old first": (
        "an expired copy, then the present one",
        lambda m: [m.pem(m.below(), m.past_between, m.between, m.root) + m.key_pem()],
        None,
        None,
    ),
    "intermediate twice, new first": (
        "the present copy, then the expired",
        lambda m: [m.pem(m.below(), m.between, m.past_between, m.root) + m.key_pem()],
        None,
        None,
    ),
    "intermediate twice, .p7b": (
        "the same in a .p7b",
        lambda m: [m.p7(m.below(), m.past_between, m.between, m.root), m.key_pem()],
        None,
        None,
    ),
    "intermediate of two roots": (
        "a cross-signature that has expired comes first",
        lambda m: [m.pem(m.below(), m.crossed, m.stranger, m.between, m.root) + m.key_pem()],
        None,
        None,
    ),
    "intermediate expired": (
        "the expired copy alone",
        lambda m: [m.pem(m.below(), m.past_between, m.root) + m.key_pem()],
        None,
        "CHAIN_EXPIRED",
    ),
    # C5: several identities
    "person and organisation, PKCS#12": (
        "two keys in a store without passphrase",
        lambda m: [m.several((m.personal(key=EC_KEY), EC_KEY), (m.certificate(), m.key))],
        None,
        "OTHERS_LEFT",
    ),
    "person and organisation, locked": (
        "two keys in a store with a passphrase",
        lambda m: [
            m.several((m.personal(key=EC_KEY), EC_KEY), (m.certificate(), m.key), passphrase=b"x")
        ],
        "x",
        "OTHERS_LEFT",
    ),
    "person and organisation, PEM": (
        "two certificates and two keys",
        lambda m: [m.identity(m.personal(key=EC_KEY), EC_KEY) + m.identity()],
        None,
        "OTHERS_LEFT",
    ),
    "two files, two identities": (
        "a colleague's file as the key's file",
        lambda m: [m.identity(), m.identity(m.certificate(key=EC_KEY, **SOMEBODY), EC_KEY)],
        None,
        "OTHERS_LEFT",
    ),
    "last year's and this year's": (
        "two keys, one certificate has expired",
        lambda m: [m.several((m.certificate(key=EC_KEY, **OLD), EC_KEY), (m.certificate(), m.key))],
        None,
        "OTHERS_LEFT",
    ),
    "two that fit": (
        "two keys, two certificates of the organisation",
        lambda m: [m.identity() + m.identity(m.certificate(key=EC_KEY), EC_KEY)],
        None,
        "SEVERAL_CERTIFICATES",
    ),
    "two that do not fit": (
        "two keys, two other organisations",
        lambda m: [
            m.identity(m.certificate(**SOMEBODY))
            + m.identity(m.certificate(ou=None, identifier=None, key=EC_KEY), EC_KEY)
        ],
        None,
        "SEVERAL_CERTIFICATES",
    ),
    # C6: made for something else
    "seal, by its statement": ("qcStatements: eseal", sealed, None, "SEAL_CERTIFICATE"),
    "seal, by its usage": (
        "documentSigning (RFC 9336)",
        lambda m: usage(m, "1.3.6.1.5.5.7.3.36"),
        None,
        "SEAL_CERTIFICATE",
    ),
    "seal, of Adobe's list": (
        "usages of Adobe and Microsoft",
        lambda m: usage(m, "1.2.840.113583.1.1.5", "1.3.6.1.4.1.311.10.3.12"),
        None,
        "SEAL_CERTIFICATE",
    ),
    "seal, by its key usage": (
        "contentCommitment alone, no extended usage",
        lambda m: [m.identity(m.certificate(usage=None, key_usage=("content_commitment",)))],
        None,
        "SEAL_CERTIFICATE",
    ),
    "seal, by its policy": (
        "an arc that the table says to be of seals",
        lambda m: [m.identity(m.certificate(policy=f"{ARC}.5"))],
        None,
        "SEAL_CERTIFICATE",
    ),
    "mail usage": (
        "emailProtection",
        lambda m: usage(m, "1.3.6.1.5.5.7.3.4"),
        None,
        "SEAL_CERTIFICATE",
    ),
    "any usage": ("anyExtendedKeyUsage", lambda m: usage(m, "2.5.29.37.0"), None, "ANY_USAGE"),
    "any usage, and client": (
        "anyExtendedKeyUsage, clientAuth",
        lambda m: usage(m, "2.5.29.37.0", CLIENT.dotted_string),
        None,
        None,
    ),
    "any usage, and server": (
        "anyExtendedKeyUsage, serverAuth",
        lambda m: usage(m, "2.5.29.37.0", SERVER.dotted_string),
        None,
        "SERVER_CERTIFICATE",
    ),
    "code signing": ("codeSigning", lambda m: usage(m, "1.3.6.1.5.5.7.3.3"), None, "OTHER_USAGE"),
    "time stamping": ("timeStamping", lambda m: usage(m, "1.3.6.1.5.5.7.3.8"), None, "OTHER_USAGE"),
    "usage of nobody": (
        "a private identifier",
        lambda m: usage(m, f"{ARC}.9"),
        None,
        "OTHER_USAGE",
    ),
}
