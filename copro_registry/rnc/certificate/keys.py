"""Private keys: of any form, under any label, encrypted or not."""

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization

from . import der, derivation, passphrase
from .library import PrivateKey
from .pem import Block
from .unreadable import Unreadable

MOST_TURNS = 5_000_000  # a few seconds; what is usual is a thousand to two millions
FAULTS = (ValueError, TypeError, UnsupportedAlgorithm)
OLD_LABELS = ("RSA PRIVATE KEY", "EC PRIVATE KEY", "DSA PRIVATE KEY")
PBES2 = "1.2.840.113549.1.5.13"
# Their passphrase is characters, as that of a PKCS#12, and not bytes.
OF_CHARACTERS = ("PBE-SHA1-RC4", "PBE-SHA1-3DES", "PBE-SHA1-2DES", "PBE-SHA1-RC2-128")
OF_CHARACTERS += ("PBE-SHA1-RC2-40",)
# Those that every version of the library opens: of the others, a failure says nothing of
# the passphrase.
USUAL = {
    "1.2.840.113549.1.5.3": "PBE-MD5-DES",
    "1.2.840.113549.1.12.1.1": "PBE-SHA1-RC4-128",
    "1.2.840.113549.1.12.1.3": "PBE-SHA1-3DES",
    "1.2.840.113549.1.12.1.6": "PBE-SHA1-RC2-40",
    "1.2.840.113549.3.7": "DES-EDE3-CBC",
    "1.2.840.113549.3.2": "RC2-CBC",
    "2.16.840.1.101.3.4.1.2": "AES-128-CBC",
    "2.16.840.1.101.3.4.1.22": "AES-192-CBC",
    "2.16.840.1.101.3.4.1.42": "AES-256-CBC",
}
UNUSUAL = {
    "1.2.840.113549.1.5.1": "PBE-MD2-DES",
    "1.2.840.113549.1.5.4": "PBE-MD2-RC2-64",
    "1.2.840.113549.1.5.6": "PBE-MD5-RC2-64",
    "1.2.840.113549.1.5.10": "PBE-SHA1-DES",
    "1.2.840.113549.1.5.11": "PBE-SHA1-RC2-64",
    "1.2.840.113549.1.12.1.2": "PBE-SHA1-RC4-40",
    "1.2.840.113549.1.12.1.4": "PBE-SHA1-2DES",
    "1.2.840.113549.1.12.1.5": "PBE-SHA1-RC2-128",
    "1.3.14.3.2.7": "DES-CBC",
    "1.3.6.1.4.1.3029.1.2": "BF-CBC",
    "1.2.840.113533.7.66.10": "CAST5-CBC",
    "1.2.392.200011.61.1.1.1.4": "CAMELLIA-256-CBC",
    "1.2.410.200004.1.4": "SEED-CBC",
    "1.2.410.200046.1.1.12": "ARIA-256-CBC",
}
NAMES = {**USUAL, **UNUSUAL}
# Those that OpenSSL keeps apart ("legacy"): where it was left out, the library says that the
# passphrase is wrong.
LEGACY = ("PBE-MD5-DES", "PBE-SHA1-RC4-128", "PBE-SHA1-RC2-40", "RC2-CBC")
OLD_USUAL = ("DES-EDE3-CBC", "AES-128-CBC", "AES-256-CBC")  # of keys encrypted in the old way


def allowed(spellings: list[bytes], turns: int) -> list[bytes]:
    """As many as may be tried in a few seconds, and one at least. Raises Unreadable."""
    if turns > MOST_TURNS:
        raise Unreadable("TOO_MANY_TURNS")
    return spellings[: max(1, MOST_TURNS // max(turns, 1))]


def clear(content: bytes) -> PrivateKey:
    """The key of a DER document that is not encrypted. Raises Unreadable."""
    try:
        return serialization.load_der_private_key(content, None)
    except UnsupportedAlgorithm:
        raise Unreadable("UNSUPPORTED_KEY") from None
    except (ValueError, TypeError):
        raise Unreadable("KEY_UNREADABLE") from None


def locked(content: bytes, secret: str | None) -> PrivateKey:
    """The key of an encrypted PKCS#8. Raises Unreadable."""
    if not secret:
        raise Unreadable("PASSPHRASE_NEEDED")
    cipher = cipher_of(der.elements(content)[0].inside[0])
    of_characters = cipher.startswith(OF_CHARACTERS)
    spell = passphrase.spellings_of_store if of_characters else passphrase.spellings
    faults = []
    for one in allowed(spell(secret), derivation.turns(content)):
        try:
            return serialization.load_der_private_key(content, one)
        except FAULTS as fault:
            faults.append(fault)
    raise _why(faults, cipher, tuple(USUAL.values()))


def old(block: Block, secret: str | None) -> PrivateKey:
    """The key of a PEM block that says itself how it is encrypted. Raises Unreadable."""
    if not secret:
        raise Unreadable("PASSPHRASE_NEEDED")
    faults = []
    for one in passphrase.spellings(secret):
        for label in dict.fromkeys((block.label, *OLD_LABELS)):
            try:
                return serialization.load_pem_private_key(block.text(label), one)
            except FAULTS as fault:
                faults.append(fault)
    raise _why(faults, block.cipher, OLD_USUAL)


def of_ssh(block: Block, secret: str | None) -> PrivateKey:
    """The key of an OpenSSH file. Raises Unreadable."""
    text = block.text("OPENSSH PRIVATE KEY")
    for one in passphrase.spellings(secret) if secret else [None]:
        try:
            return serialization.load_ssh_private_key(text, one)
        except UnsupportedAlgorithm:
            raise Unreadable("OTHER_TOOL_KEY") from None
        except (ValueError, TypeError):
            continue
    raise Unreadable("WRONG_PASSPHRASE" if secret else "PASSPHRASE_NEEDED")


def cipher_of(algorithm: der.Element) -> str:
    """What encrypts, as OpenSSL names it; else its identifier; empty when it is not told."""
    try:
        parts = algorithm.inside
        if parts[0].oid == PBES2:
            parts = parts[1].inside[1].inside
        return NAMES.get(parts[0].oid, parts[0].oid)
    except (ValueError, IndexError):
        return ""


def _why(faults: list[Exception], cipher: str, usual: tuple[str, ...]) -> Unreadable:
    """The library says "unsupported" in several ways, and "wrong passphrase" in others."""
    said = " ".join(str(fault) for fault in faults).lower()
    unsupported = any(isinstance(fault, UnsupportedAlgorithm) for fault in faults)
    wrong = "password" in said and "unknown" not in said
    if unsupported or (cipher and cipher not in usual and not wrong):
        return Unreadable("UNSUPPORTED_CIPHER", cipher=cipher)
    if cipher in LEGACY:
        return Unreadable("LEGACY_CIPHER", cipher=cipher)
    return Unreadable("WRONG_PASSPHRASE")
