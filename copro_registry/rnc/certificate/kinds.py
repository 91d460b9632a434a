"""What a file or a piece of one is: seen in its content, never in its name or its label."""

from . import der

SIGNED, ENVELOPED = "1.2.840.113549.1.7.2", "1.2.840.113549.1.7.3"
NETSCAPE = "2.16.840.1.113730.2.5"
CERTIFICATE, PKCS7, STORE, KEY, LOCKED_KEY = "certificate", "pkcs7", "store", "key", "locked key"
PUBLIC_KEY, MESSAGE, NETSCAPE_LIST = "public key", "message", "netscape"
SSH = b"openssh-key-v1\x00"

# The first bytes of what is neither PEM nor DER -> the code that says what it is.
STRANGERS = (
    (b"%PDF", "DOCUMENT"),
    (b"\xd0\xcf\x11\xe0", "DOCUMENT"),
    (b"{\\rtf", "DOCUMENT"),
    (b"\x89PNG", "DOCUMENT"),
    (b"\xff\xd8\xff", "DOCUMENT"),
    (b"PK\x03\x04", "ARCHIVE"),
    (b"Rar!", "ARCHIVE"),
    (b"7z\xbc\xaf", "ARCHIVE"),
    (b"\x1f\x8b", "ARCHIVE"),
    (b"\xfe\xed\xfe\xed", "JAVA_STORE"),
    (b"\xce\xce\xce\xce", "JAVA_STORE"),
    (b"putty-user-key-file", "OTHER_TOOL_KEY"),
    (b"---- begin ssh2", "OTHER_TOOL_KEY"),
    (b"ssh-", "OTHER_TOOL_KEY"),
    (b"<!doctype html", "WEB_PAGE"),
    (b"<html", "WEB_PAGE"),
    (b"mime-version:", "MAIL"),
    (b"received:", "MAIL"),
    (b"return-path:", "MAIL"),
    (b"from:", "MAIL"),
)


def stranger(content: bytes) -> str:
    """The code of a file that holds nothing to read."""
    start = content[:100].lstrip(b"\xef\xbb\xbf \t\r\n")
    for mark, code in STRANGERS:
        if start.startswith(mark) or start.lower().startswith(mark):
            return code
    return "NOT_PEM"


def kind(document: der.Element) -> str:
    """One of the constants above; empty when it is none of them."""
    try:
        parts = document.inside if document.tag == der.SEQUENCE else []
        return _kind(parts) if parts else ""
    except (ValueError, IndexError):
        return ""


def _kind(parts: list[der.Element]) -> str:
    tags = [part.tag for part in parts]
    if tags[0] == der.OBJECT:
        names = {SIGNED: PKCS7, ENVELOPED: MESSAGE, NETSCAPE: NETSCAPE_LIST}
        return names.get(parts[0].oid, "")
    if tags == [der.SEQUENCE, der.SEQUENCE, der.BIT_STRING]:
        return CERTIFICATE  # or a request, or a list of revoked ones: signed in the same way
    if tags == [der.SEQUENCE, der.BIT_STRING] or tags == [der.INTEGER, der.INTEGER]:
        return PUBLIC_KEY
    if tags in ([der.SEQUENCE, der.OCTET_STRING], [der.SEQUENCE, der.CONSTRUCTED_OCTETS]):
        return LOCKED_KEY
    if tags[0] != der.INTEGER or len(tags) < 3:
        return STORE if tags[:2] == [der.INTEGER, der.SEQUENCE] else ""
    return _numbered(parts)


def _numbered(parts: list[der.Element]) -> str:
    """A version first: a PKCS#12 (3), or a private key (PKCS#8, PKCS#1, SEC1, DSA)."""
    second = parts[1].tag
    if second == der.SEQUENCE:
        return KEY if parts[2].tag == der.OCTET_STRING else STORE
    return KEY if second in (der.INTEGER, der.OCTET_STRING) else ""
