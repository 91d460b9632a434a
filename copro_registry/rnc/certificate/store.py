"""A PKCS#12 (.p12, .pfx): all of its certificates, and all of its private keys.

The library opens most of them, and gives the first key only; what it leaves is read here
(RFC 7292): further keys, stores without a MAC, passphrases in Latin-1 under AES.
"""

import hashlib
from collections.abc import Iterator
from contextlib import suppress

from asn1crypto import algos
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import padding, serialization
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.serialization import pkcs12

from . import der, derivation, keys, mac, passphrase
from .library import PrivateKey
from .unreadable import Unreadable

DATA, ENCRYPTED = "1.2.840.113549.1.7.1", "1.2.840.113549.1.7.6"
BAG = "1.2.840.113549.1.12.10.1."
KEY_BAG, LOCKED_BAG, CERTIFICATE_BAG, BAGS = (f"{BAG}{number}" for number in (1, 2, 3, 6))
DEEPEST = 4
MOST_PARTS, MOST_BAGS, MOST_KEYS = 8, 200, 8  # of a true store: 2, 10, 2

Found = tuple[list[bytes], list[PrivateKey]]  # certificates in DER, keys


def read(content: bytes, secret: str | None) -> Found:
    """What a store holds. Raises Unreadable."""
    turns = derivation.turns(content)
    if _is_whole(content) and len(_parts(content)) > MOST_PARTS:
        raise Unreadable("UNREADABLE")
    faults = []
    spellings = passphrase.spellings_of_store(secret) if secret else [None, b""]
    for one in keys.allowed(spellings, turns):
        try:
            return _with_further_keys(content, secret, *_by_library(content, one))
        except keys.FAULTS as fault:
            faults.append(fault)
    found = _by_hand(content, secret, turns)
    if found[0] or found[1]:
        return found
    if secret and _is_proven(content, keys.allowed(spellings, turns)):
        raise Unreadable("LEGACY_PKCS12", cipher=_cipher(content))
    raise _why(content, secret, faults)


def _by_library(content: bytes, secret: bytes | None) -> Found:
    loaded = pkcs12.load_pkcs12(content, secret)
    certificates = [loaded.cert, *loaded.additional_certs]
    found = [one.certificate for one in certificates if one is not None]
    held = [one.public_bytes(serialization.Encoding.DER) for one in found]
    return held, [loaded.key] if loaded.key else []


def _with_further_keys(content: bytes, secret: str | None, certificates, first) -> Found:
    """The library has proven the passphrase: a further key that resists is not hidden."""
    bags = list(_clear_bags(content))
    further = [bag for bag in bags if bag[0] in (KEY_BAG, LOCKED_BAG)]
    if len(further) < 2:
        return certificates, first
    return certificates, [_key(*bag, secret) for bag in further[:MOST_KEYS]]


def _key(kind: str, value: der.Element, secret: str | None) -> PrivateKey:
    return keys.clear(value.whole) if kind == KEY_BAG else keys.locked(value.whole, secret)


# -- by hand -----------------------------------------------------------------------


def _by_hand(content: bytes, secret: str | None, turns: int) -> Found:
    """Under each spelling of the passphrase; nothing when none opens it."""
    spellings = passphrase.spellings(secret) if secret else [b""]
    for one in keys.allowed(spellings, turns):
        try:
            bags = list(_all_bags(content, one))
            certificates = [_certificate(value) for kind, value in bags if kind == CERTIFICATE_BAG]
            held = [b for b in bags if b[0] in (KEY_BAG, LOCKED_BAG)]
            return certificates, [_key(*bag, secret) for bag in held[:MOST_KEYS]]
        except (*keys.FAULTS, IndexError, Unreadable):
            continue
    return [], []


def _certificate(value: der.Element) -> bytes:
    return value.inside[1].inside[0].octets


def _clear_bags(content: bytes) -> Iterator[tuple[str, der.Element]]:
    """(kind, value) of the bags that need no passphrase to be seen."""
    try:
        for part in _parts(content):
            if part[0].oid == DATA:
                yield from _bags(part[1].inside[0].octets)
    except (ValueError, IndexError):
        return


def _all_bags(content: bytes, secret: bytes) -> Iterator[tuple[str, der.Element]]:
    """The same, of what is encrypted too. Raises ValueError, IndexError, UnsupportedAlgorithm."""
    for part in _parts(content):
        if part[0].oid == DATA:
            yield from _bags(part[1].inside[0].octets)
        elif part[0].oid == ENCRYPTED:
            _type, algorithm, sealed = part[1].inside[0].inside[1].inside
            yield from _bags(_decrypted(algorithm, sealed, secret))


def _parts(content: bytes) -> list[list[der.Element]]:
    """The two or three parts of a store, each (type, content)."""
    store = der.elements(content)[0].inside
    safe = store[1].inside[1].inside[0].octets
    return [part.inside for part in der.elements(safe)[0].inside]


def _bags(content: bytes, depth: int = 0) -> Iterator[tuple[str, der.Element]]:
    if depth > DEEPEST:
        raise ValueError("bags within bags")
    for bag in der.elements(content)[0].inside[:MOST_BAGS]:
        kind, value = bag.inside[0].oid, bag.inside[1].inside[0]
        if kind == BAGS:
            yield from _bags(value.whole, depth + 1)
        else:
            yield kind, value


def _decrypted(algorithm: der.Element, sealed: der.Element, secret: bytes) -> bytes:
    """PBES2 with PBKDF2 and AES, as today's tools encrypt. Raises ValueError."""
    scheme = algos.EncryptionAlgorithm.load(algorithm.whole)
    if scheme["algorithm"].native != "pbes2" or scheme.kdf != "pbkdf2":
        raise UnsupportedAlgorithm(scheme["algorithm"].native)
    if scheme.encryption_cipher != "aes":
        raise UnsupportedAlgorithm(scheme.encryption_cipher)
    key = hashlib.pbkdf2_hmac(
        scheme.kdf_hmac, secret, scheme.kdf_salt, scheme.kdf_iterations, scheme.key_length
    )
    octets = sealed.content if sealed.tag == 0x80 else b"".join(o.octets for o in sealed.inside)
    decryptor = Cipher(algorithms.AES(key), modes.CBC(scheme.encryption_iv)).decryptor()
    unpadder = padding.PKCS7(128).unpadder()
    clear = decryptor.update(octets) + decryptor.finalize()
    return unpadder.update(clear) + unpadder.finalize()


# -- why not -----------------------------------------------------------------------


def _why(content: bytes, secret: str | None, faults: list[Exception]) -> Unreadable:
    said = " ".join(str(fault) for fault in faults).lower()
    cipher = _cipher(content)
    usual = not cipher or cipher in keys.USUAL.values()
    if any(isinstance(fault, UnsupportedAlgorithm) for fault in faults) or "unsupported" in said:
        return Unreadable("LEGACY_PKCS12", cipher=cipher or "RC2")
    if not _is_whole(content):
        return Unreadable("UNREADABLE")
    if not secret:
        return Unreadable("PASSPHRASE_NEEDED")
    if usual or "password" in said:
        return Unreadable("WRONG_PASSPHRASE")
    return Unreadable("LEGACY_PKCS12", cipher=cipher)


def _is_proven(content: bytes, spellings: list[bytes]) -> bool:
    """Whether the passphrase is right: then the cipher is what resists."""
    try:
        return mac.is_opened_by(der.elements(content)[0].inside, spellings)
    except (ValueError, IndexError):
        return False


def _cipher(content: bytes) -> str:
    """The first that is not usual, else one of the usual; empty when nothing is encrypted."""
    found = []
    with suppress(ValueError, IndexError):  # damaged: what was seen before counts
        for part in _parts(content):
            if part[0].oid == ENCRYPTED:
                found.append(keys.cipher_of(part[1].inside[0].inside[1].inside[1]))
        for kind, value in _clear_bags(content):
            if kind == LOCKED_BAG:
                found.append(keys.cipher_of(value.inside[0]))
    rare = [one for one in found if one not in keys.USUAL.values()]
    return next(iter(rare + found), "")


def _is_whole(content: bytes) -> bool:
    try:
        return bool(_parts(content))
    except (ValueError, IndexError):
        return False
