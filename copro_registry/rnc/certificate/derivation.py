"""How long a protected file takes to open: seen in its DER, before it is opened.

A passphrase becomes a key by so many turns, and the file says how many: two thousand, or
two thousand million, which would hold a worker for an hour.
"""

import math

OCTET_STRING, INTEGER, SEQUENCE, OBJECT_IDENTIFIER = 0x04, 0x02, 0x30, 0x06
CONSTRUCTED, INDEFINITE = 0x20, 0x80
SCRYPT = bytes.fromhex("2b06010401da47040b")  # RFC 7914, 7: a salt, then N, r and p
SCRYPT_TURNS = 4  # its turns take memory too: 128 bytes for each N and r


def turns(content: bytes) -> int:
    """The most turns that a derivation asks for, as far as it is written in clear.

    Every one of them (PBES1, PBKDF2, scrypt, the MAC of PKCS#12) is written as a salt
    followed by numbers: the elements are read one after the other, whatever holds them.
    """
    most, position, is_scrypt = 0, 0, False
    salts, numbers = set(), None  # where octet strings end; what follows the last one
    while position + 2 <= len(content):
        tag = content[position]
        start, length = _extent(content, position)
        value = content[start : start + length]
        if position in salts:
            numbers = []
        if tag == INTEGER and numbers is not None:
            numbers.append(int.from_bytes(value, "big"))
            most = max(most, _turns_of(numbers, is_scrypt))
        else:
            numbers = None
        if tag == OBJECT_IDENTIFIER:
            is_scrypt = value == SCRYPT
        elif tag == OCTET_STRING:
            salts.add(start + length)
        holds = tag & CONSTRUCTED or _holds_a_sequence(tag, value)
        position = start if holds else start + length
    return most


def _turns_of(numbers: list[int], is_scrypt: bool) -> int:
    """What the numbers that follow a salt ask for; a length may come after them."""
    return SCRYPT_TURNS * math.prod(numbers[:3]) if is_scrypt else numbers[0]


def _extent(content: bytes, position: int) -> tuple[int, int]:
    """(where the content of an element starts, its length); 0 when it is not told."""
    length, start = content[position + 1], position + 2
    if length < INDEFINITE:
        return start, length
    size = length - INDEFINITE
    return start + size, int.from_bytes(content[start : start + size], "big")


def _holds_a_sequence(tag: int, value: bytes) -> bool:
    """An octet string may hold a document, or bytes that nobody can read."""
    if tag != OCTET_STRING or len(value) < 2 or value[0] != SEQUENCE:
        return False
    start, length = _extent(value, 0)
    return value[1] == INDEFINITE or start + length == len(value)
