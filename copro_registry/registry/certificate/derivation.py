"""How long a protected file takes to open: seen in its DER, before it is opened.

A passphrase becomes a key by so many turns, and the file says how many: two thousand, or
two thousand million, which would hold a worker for an hour.
"""

OCTET_STRING, INTEGER, SEQUENCE = 0x04, 0x02, 0x30
CONSTRUCTED, INDEFINITE = 0x20, 0x80


def turns(content: bytes) -> int:
    """The most turns that a derivation asks for, as far as it is written in clear.

    Every one of them (PBES1, PBKDF2, the MAC of PKCS#12) is written as a salt followed by
    a number: the elements are read one after the other, whatever holds them.
    """
    most = position = previous = 0
    while position + 2 <= len(content):
        tag = content[position]
        start, length = _extent(content, position)
        if tag == INTEGER and previous == OCTET_STRING:
            most = max(most, int.from_bytes(content[start : start + length], "big"))
        holds = tag & CONSTRUCTED or _holds_a_sequence(tag, content[start : start + length])
        position = start if holds else start + length
        previous = tag
    return most


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
