"""The MAC of a PKCS#12: it tells a wrong passphrase from a cipher that is not supported."""

import hashlib
import hmac

from . import der

HASHES = {
    "1.3.14.3.2.26": "sha1",
    "2.16.840.1.101.3.4.2.1": "sha256",
    "2.16.840.1.101.3.4.2.2": "sha384",
    "2.16.840.1.101.3.4.2.3": "sha512",
}
MAC_KEY = 3  # the purpose of the key, RFC 7292, appendix B.3


def is_opened_by(store: list[der.Element], spellings: list[bytes]) -> bool:
    """Whether one of the passphrases (UTF-8) makes the MAC of the parts of a store.

    False when there is no MAC, or one of another kind. Raises ValueError, IndexError.
    """
    if len(store) < 3:
        return False
    found, salt, *rounds = store[2].inside
    algorithm, digest = found.inside
    name = HASHES.get(algorithm.inside[0].oid)
    if not name:
        return False
    turns = int.from_bytes(rounds[0].content, "big") if rounds else 1
    content = store[1].inside[1].inside[0].octets
    for one in spellings:
        key = _key(name, one, salt.content, turns)
        if hmac.compare_digest(hmac.new(key, content, name).digest(), digest.content):
            return True
    return False


def _key(name: str, passphrase: bytes, salt: bytes, turns: int) -> bytes:
    size = hashlib.new(name).block_size
    characters = passphrase.decode("utf-8", "replace").encode("utf-16-be") + b"\0\0"
    key = bytes([MAC_KEY]) * size + _filled(salt, size) + _filled(characters, size)
    for _turn in range(turns):
        key = hashlib.new(name, key).digest()
    return key


def _filled(text: bytes, size: int) -> bytes:
    """Repeated up to a multiple of ``size``."""
    wanted = -(-len(text) // size) * size
    return (text * (wanted // max(len(text), 1) + 1))[:wanted]
