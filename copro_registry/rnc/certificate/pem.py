"""The blocks of a PEM text, whatever their labels, line ends and what stands around."""

import base64
import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

BEGIN, END, DASHES = b"-----BEGIN ", b"-----END ", b"-----"
LINE = 64  # characters; OpenSSL reads no longer ones in an encrypted block
BASE64 = re.compile(rb"[A-Za-z0-9+/]{40,}={0,2}")


@dataclass(frozen=True)
class Block:
    """``headers`` are those of RFC 1421, which tell how an old key is encrypted."""

    label: str
    headers: tuple[bytes, ...]
    content: bytes  # decoded; empty when it cannot be
    is_whole: bool  # its last mark is there

    @property
    def cipher(self) -> str:
        """Of a key encrypted in the old way: as in "DES-EDE3-CBC"; else empty."""
        for header in self.headers:
            name, _colon, value = header.partition(b":")
            if name.strip() == b"DEK-Info":
                return value.partition(b",")[0].strip().decode("ascii", "replace")
        return ""

    def text(self, label: str) -> bytes:
        """The block, written again as OpenSSL writes it, under another label."""
        encoded = base64.b64encode(self.content)
        body = b"".join(
            encoded[start : start + LINE] + b"\n" for start in range(0, len(encoded), LINE)
        )
        headers = b"".join(header + b"\n" for header in self.headers)
        name = label.encode()
        parts = (BEGIN, name, DASHES, b"\n", headers, headers and b"\n", body)
        return b"".join((*parts, END, name, DASHES, b"\n"))


def plain(content: bytes) -> bytes:
    """Without what an editor or a form has put: UTF-16 of Notepad, line ends as two signs."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        content = content.decode("utf-16", "replace").encode("ascii", "replace")
    if BEGIN in content:
        content = content.replace(b"\\r", b"").replace(b"\\n", b"\n")
    return content


def blocks(content: bytes) -> Iterator[Block]:
    """In the order of the text. The time is in proportion to its length."""
    for part in content.split(BEGIN)[1:]:
        label, _dashes, rest = part.partition(DASHES)
        body, end, _rest = rest.partition(END)
        lines = [line.strip() for line in body.replace(b"\r", b"\n").split(b"\n")]
        yield Block(
            label.strip().decode("ascii", "replace"),
            tuple(line for line in lines if b":" in line),
            _decoded(b"".join(line for line in lines if b":" not in line)),
            bool(end),
        )


def bare(content: bytes) -> bytes:
    """What a text of base64 without any mark holds; empty when it is no such text."""
    joined = b"".join(content.split())
    return _decoded(joined) if BASE64.fullmatch(joined) else b""


def _decoded(text: bytes) -> bytes:
    try:
        return base64.b64decode(text)
    except ValueError:
        return b""
