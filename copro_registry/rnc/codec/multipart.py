"""Bodies of several parts (RFC 2046, RFC 7578), the same whenever they are made."""

import hashlib
import re
from dataclasses import dataclass

_BOUNDARY = re.compile(rb"--(copro-[0-9a-f]{32})\r\n")
_QUOTED = str.maketrans({'"': "%22", "\r": "%0D", "\n": "%0A"})  # RFC 7578, 2


@dataclass(frozen=True)
class Content:
    """One part: its name, file name and media type, "" where there is none."""

    name: str
    filename: str
    media_type: str
    body: bytes


def made(subtype: str, parts: list[Content]) -> bytes:
    """The body; its boundary is told by what it holds."""
    digest = hashlib.sha256(b"\0".join(part.body for part in parts)).hexdigest()[:32]
    mark = f"--copro-{digest}".encode()
    chunks = [mark + b"\r\n" + _head(subtype, part) + part.body + b"\r\n" for part in parts]
    return b"".join(chunks) + mark + b"--\r\n"


def _head(subtype: str, part: Content) -> bytes:
    kind = "form-data" if subtype == "form-data" else "attachment" if part.filename else "inline"
    words = [kind]
    words += [f'name="{part.name.translate(_QUOTED)}"'] if part.name else []
    words += [f'filename="{part.filename.translate(_QUOTED)}"'] if part.filename else []
    lines = [f"Content-Disposition: {'; '.join(words)}"]
    lines += [f"Content-Type: {part.media_type}"] if part.media_type else []
    return "".join(f"{line}\r\n" for line in [*lines, ""]).encode("utf-8")


def media_type(subtype: str, body: bytes) -> str:
    """The Content-Type of a body that `made` has made."""
    found = _BOUNDARY.match(body)
    return f"multipart/{subtype}; boundary={found[1].decode()}" if found else ""


def parts_of(body: bytes) -> list[bytes]:
    """What each part of a body holds, in order; [] of any other body."""
    found = _BOUNDARY.match(body)
    if not found:
        return []
    chunks = body.split(b"--" + found[1])[1:-1]
    return [chunk.partition(b"\r\n\r\n")[2].removesuffix(b"\r\n") for chunk in chunks]
