"""Certificate files as the world locks and names them: ciphers, passphrases, subjects.

The same table as ``WORLD`` of certificate_world.
"""

import unicodedata

from certificate_maker import (
    ACCENTS,
    locked,
    old_key,
    old_pkcs8,
    old_store,
    subject,
    unit,
)
from conftest import SIREN

SPACED = f"{SIREN[:3]} {SIREN[3:6]} {SIREN[6:]}"
UNSUPPORTED = (None, "UNSUPPORTED_CIPHER", "LEGACY_CIPHER")


def misread(passphrase, encoding="utf-8"):
    """What OpenSSL before 1.1 made of a passphrase: each byte a character."""
    return passphrase.encode(encoding).decode("latin-1")


def old_mac(text):
    """As an old Mac writes é: an e and an accent."""
    return unicodedata.normalize("NFD", text)


SECRETS = {
    # C7: ciphers of the past
    "key, DES-CBC": ("openssl rsa -des", lambda m: old_key(m, "des"), "x", UNSUPPORTED),
    "key, 3DES": ("openssl rsa -des3", lambda m: old_key(m, "des3"), "x", None),
    "key, RC2": ("openssl rsa -rc2", lambda m: old_key(m, "rc2"), "x", UNSUPPORTED),
    "key, Blowfish": ("openssl rsa -bf", lambda m: old_key(m, "bf"), "x", UNSUPPORTED),
    "key, Camellia": (
        "openssl rsa -camellia256",
        lambda m: old_key(m, "camellia256"),
        "x",
        UNSUPPORTED,
    ),
    "key, SEED": ("openssl rsa -seed", lambda m: old_key(m, "seed"), "x", UNSUPPORTED),
    "PKCS#8, MD5 and RC2": (
        "-v1 PBE-MD5-RC2-64",
        lambda m: old_pkcs8(m, "-v1", "PBE-MD5-RC2-64"),
        "x",
        UNSUPPORTED,
    ),
    "PKCS#8, MD5 and DES": (
        "-v1 PBE-MD5-DES",
        lambda m: old_pkcs8(m, "-v1", "PBE-MD5-DES"),
        "x",
        UNSUPPORTED,
    ),
    "PKCS#8, SHA-1 and 3DES": (
        "-v1 PBE-SHA1-3DES",
        lambda m: old_pkcs8(m, "-v1", "PBE-SHA1-3DES"),
        "x",
        None,
    ),
    "PKCS#8, SHA-1 and RC2-128": (
        "-v1 PBE-SHA1-RC2-128",
        lambda m: old_pkcs8(m, "-v1", "PBE-SHA1-RC2-128"),
        "x",
        UNSUPPORTED,
    ),
    "PKCS#8, DES": ("-v2 des", lambda m: old_pkcs8(m, "-v2", "des"), "x", UNSUPPORTED),
    "PKCS#8, Camellia": (
        "-v2 camellia-256-cbc",
        lambda m: old_pkcs8(m, "-v2", "camellia-256-cbc"),
        "x",
        UNSUPPORTED,
    ),
    "PKCS#8, scrypt": ("-scrypt", lambda m: old_pkcs8(m, "-scrypt"), "x", None),
    "PKCS#12, Windows before 10": (
        "RC2-40 and 3DES",
        lambda m: old_store(m, "-certpbe", "PBE-SHA1-RC2-40", "-keypbe", "PBE-SHA1-3DES"),
        "x",
        (None, "LEGACY_PKCS12"),
    ),
    "PKCS#12, old and wrong": (
        "RC2-40, another passphrase",
        lambda m: old_store(m, "-certpbe", "PBE-SHA1-RC2-40", "-keypbe", "PBE-SHA1-3DES"),
        "autre",
        "WRONG_PASSPHRASE",
    ),
    "PKCS#8, old and wrong": (
        "-v1 PBE-MD5-DES, another passphrase",
        lambda m: old_pkcs8(m, "-v1", "PBE-MD5-DES"),
        "autre",
        ("WRONG_PASSPHRASE", "LEGACY_CIPHER", "UNSUPPORTED_CIPHER"),
    ),
    "PKCS#12, Camellia": (
        "-keypbe camellia-256-cbc",
        lambda m: old_store(m, "-certpbe", "camellia-256-cbc", "-keypbe", "camellia-256-cbc"),
        "x",
        (None, "LEGACY_PKCS12"),
    ),
    "PKCS#12 without MAC": ("-nomac", lambda m: old_store(m, "-nomac"), "x", None),
    "PKCS#12, empty passphrase": (
        "-passout pass:",
        lambda m: old_store(m, passphrase=b"\n"),
        None,
        None,
    ),
    # C8: passphrases with accents
    "PKCS#12, UTF-8 misread": (
        "by OpenSSL 1.0 on Linux",
        lambda m: [m.p12([m.certificate(), m.authority], misread(ACCENTS))],
        ACCENTS,
        None,
    ),
    "PKCS#12, console of Windows": (
        "by OpenSSL in cmd.exe (cp850)",
        lambda m: [m.p12([m.certificate(), m.authority], misread(ACCENTS, "cp850"))],
        ACCENTS,
        None,
    ),
    "PKCS#12, euro": (
        "by OpenSSL on Windows (cp1252)",
        lambda m: [m.p12([m.certificate(), m.authority], misread("100 €", "cp1252"))],
        "100 €",
        None,
    ),
    "PKCS#12, accents of a Mac": (
        "é as two characters",
        lambda m: [m.p12([m.certificate(), m.authority], old_mac(ACCENTS))],
        ACCENTS,
        None,
    ),
    "PKCS#12, typed on a Mac": (
        "é as two characters, typed",
        lambda m: [m.p12([m.certificate(), m.authority], ACCENTS)],
        old_mac(ACCENTS),
        None,
    ),
    "PKCS#12, emoji": (
        "beyond sixteen bits",
        lambda m: [m.p12([m.certificate(), m.authority], "clé 🔑")],
        "clé 🔑",
        None,
    ),
    "PKCS#12, AES and Latin-1": (
        "by OpenSSL 3 in a Latin-1 terminal",
        lambda m: old_store(m, passphrase=ACCENTS.encode("latin-1")),
        ACCENTS,
        None,
    ),
    "PKCS#12, copied with spaces": (
        "a space before and after",
        lambda m: [m.p12([m.certificate(), m.authority], "sesame")],
        " sesame ",
        None,
    ),
    "key, Latin-1": (
        "PKCS#8 under the bytes of that encoding",
        lambda m: locked(m, ACCENTS.encode("latin-1")),
        ACCENTS,
        None,
    ),
    "key, cp1252": (
        "PKCS#8 under the bytes of that encoding",
        lambda m: locked(m, "œuf à 1 €".encode("cp1252")),
        "œuf à 1 €",
        None,
    ),
    "key, cp850": (
        "PKCS#8 under the bytes of that encoding",
        lambda m: locked(m, ACCENTS.encode("cp850")),
        ACCENTS,
        None,
    ),
    "key, Mac": (
        "PKCS#8 under the bytes of that encoding",
        lambda m: locked(m, ACCENTS.encode("mac-roman")),
        ACCENTS,
        None,
    ),
    "key, accents apart": (
        "PKCS#8 under the bytes of that encoding",
        lambda m: locked(m, old_mac(ACCENTS).encode()),
        ACCENTS,
        None,
    ),
    "key, accents, wrong": (
        "the same, another passphrase",
        lambda m: locked(m, ACCENTS.encode("cp850")),
        "été",
        "WRONG_PASSPHRASE",
    ),
    # C9: names
    "subject in Latin-1": (
        "T61String of Latin-1 bytes",
        lambda m: subject(m, "Syndic de l'Été", 0x14, "latin-1"),
        None,
        None,
    ),
    "subject in Latin-1, as UTF-8": (
        "UTF8String of Latin-1 bytes",
        lambda m: subject(m, "Syndic de l'Été", 0x0C, "latin-1"),
        None,
        None,
    ),
    "subject in BMPString": (
        "two bytes a character",
        lambda m: subject(m, "Syndic de l'Été", 0x1E, "utf-16-be"),
        None,
        None,
    ),
    "subject, accents printable": (
        "PrintableString that is not",
        lambda m: subject(m, "Syndic de l'Été", 0x13, "latin-1"),
        None,
        (None, "MALFORMED"),
    ),
    "SIREN in threes": ("OU 0002  999 000 011", lambda m: unit(m, f"0002  {SPACED}"), None, None),
    "SIREN, fixed spaces": (
        "no-break and thin spaces",
        lambda m: unit(m, f"0002\u00a0{SPACED}".replace(" ", "\u202f")),
        None,
        None,
    ),
    "SIREN, dash": ("OU 0002-999000011", lambda m: unit(m, f"0002-{SIREN}"), None, None),
    "SIRET in groups": (
        "OU 0002 999 000 011 00018",
        lambda m: unit(m, f"0002 {SPACED} 00018"),
        None,
        None,
    ),
    "identifier with spaces": (
        "NTRFR-999 000 011",
        lambda m: [m.identity(m.certificate(ou=None, identifier=f"NTRFR-{SPACED} "))],
        None,
        None,
    ),
}
