"""The bytes that a passphrase may have been, for who made the file.

Tools do not agree on how letters with accents become bytes: see OpenSSL's page
passphrase-encoding(7), which advises to try these in turn.
"""

import unicodedata
from collections.abc import Iterable

# Unix and the Web, Windows, its console, an old Mac.
ENCODINGS = ("utf-8", "cp1252", "latin-1", "cp850", "mac-roman")


def spellings(passphrase: str) -> list[bytes]:
    """For a key: its encryption takes the bytes as they were typed."""
    found = [_bytes(text, encoding) for encoding in ENCODINGS for text in _compositions(passphrase)]
    return _once(found)


def spellings_of_store(passphrase: str) -> list[bytes]:
    """For a PKCS#12, whose passphrase is characters: UTF-8, as the library wants it.

    OpenSSL before 1.1, and every version when the bytes are no UTF-8, took each byte for
    a character.
    """
    typed = [text.encode("utf-8", "surrogatepass") for text in _compositions(passphrase)]
    misread = [one.decode("latin-1").encode() for one in spellings(passphrase)]
    return _once([*typed, *misread])


def _compositions(passphrase: str) -> list[str]:
    """é may be one character or two; a copied passphrase often has spaces around."""
    forms = [unicodedata.normalize("NFC", passphrase), passphrase]
    forms += [unicodedata.normalize("NFD", passphrase), passphrase.strip()]
    return forms


def _bytes(text: str, encoding: str) -> bytes | None:
    try:
        return text.encode(encoding)
    except UnicodeEncodeError:
        return None


def _once(found: Iterable[bytes | None]) -> list[bytes]:
    return [one for one in dict.fromkeys(found) if one]
