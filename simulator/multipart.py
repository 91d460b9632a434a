"""A body in several parts (RFC 2046, RFC 7578), taken apart strictly."""

import re
from dataclasses import dataclass
from email.message import Message

from werkzeug.http import parse_options_header

from .documents import malformed

_TOO_MANY = 50


@dataclass(frozen=True)
class Part:
    """One part; what its headers do not say is ""."""

    content: bytes
    media_type: str = ""
    name: str = ""
    filename: str = ""


def parts_of(body: bytes, content_type: str, subtype: str) -> list[Part]:
    """Raises Refused when the body is not of this kind of multipart."""
    kind, options = parse_options_header(content_type)
    if kind.casefold() != f"multipart/{subtype}" or not options.get("boundary"):
        raise malformed(f"not multipart/{subtype} with a boundary")
    mark = b"\r\n--" + options["boundary"].encode("latin-1", "replace")
    pieces = re.split(re.escape(mark) + rb"(?=--|[ \t]*\r\n)", b"\r\n" + body)
    if len(pieces) < 3 or not pieces[-1].startswith(b"--") or len(pieces) > _TOO_MANY:
        raise malformed("parts without an end")
    return [_part(piece.lstrip(b" \t")) for piece in pieces[1:-1]]


def _part(piece: bytes) -> Part:
    head, blank, content = piece[2:].partition(b"\r\n\r\n")
    if piece.startswith(b"\r\n\r\n"):
        head, blank, content = b"", b"\r\n\r\n", piece[4:]
    if not blank:
        raise malformed("a part without a body")
    headers = _headers(head)
    transfer = headers.get("Content-Transfer-Encoding", "binary").casefold()
    if transfer not in ("binary", "8bit", "7bit"):
        raise malformed(f"a part in {transfer}")
    _kind, options = parse_options_header(headers.get("Content-Disposition", ""))
    media_type = headers.get("Content-Type", "")
    return Part(content, media_type, _plain(options.get("name")), _plain(options.get("filename")))


def _headers(head: bytes) -> Message:
    headers = Message()
    for line in head.decode("utf-8", "replace").split("\r\n"):
        name, colon, value = line.partition(":")
        if line and not colon:
            raise malformed("a header of a part without a colon")
        if colon:
            headers[name.strip()] = value.strip()
    return headers


def _plain(text: str | None) -> str:
    """As a browser writes what a name or a file name may not hold (HTML, form submission)."""
    text = text or ""
    for written, meant in (("%22", '"'), ("%0D", "\r"), ("%0A", "\n")):
        text = text.replace(written, meant)
    return text
