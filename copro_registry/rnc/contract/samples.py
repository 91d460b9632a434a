"""Example answers of a contract, kept beside its profile as they travel (RFC 9112)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from .errors import ProfileError

FOLDER = "samples"
SUFFIX = ".http"
# What a sample may be: an outcome, a refusal of the caller, a file never received, or nothing
# that can be believed.
MEANINGS = ("received", "accepted", "rejected", "caller", "notknown", "unreadable")
LARGEST = 5_000_000  # bytes
_STATUS = re.compile(rb"HTTP/\d(?:\.\d)? ([1-5]\d\d)(?: [^\r\n]*)?")
_HEADER = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([^\r\n]*)")


@dataclass(frozen=True)
class Sample:
    """An answer to ``service``, which is to be understood as ``meaning``."""

    name: str
    service: str
    meaning: str
    status: int
    headers: dict[str, str]
    body: bytes = field(repr=False)


def samples(folder: Path) -> Iterator[Sample]:
    """Those of a profile's folder, in order. Raises ProfileError."""
    place = folder / FOLDER
    for path in sorted(place.iterdir()) if place.is_dir() else ():
        yield _sample(path)


def _sample(path: Path) -> Sample:
    place = f"{FOLDER}/{path.name}"
    service, _dash, rest = path.stem.partition("-")
    meaning = rest.partition("-")[0]
    if path.suffix != SUFFIX or meaning not in MEANINGS or not path.is_file():
        told = f"{place}: a sample is called SERVICE-OUTCOME.http, such as WS1-received.http; "
        raise ProfileError(f"{told}the outcome is one of {', '.join(MEANINGS)}")
    content = path.read_bytes()
    if len(content) > LARGEST:
        raise ProfileError(f"{place}: it is too large")
    head, _empty, body = _split(content)
    first, *lines = head.splitlines() or [b""]
    status = _STATUS.fullmatch(first)
    if not status:
        raise ProfileError(f"{place}, line 1: no status line, such as HTTP/1.1 202 Accepted")
    headers = {}
    for rank, line in enumerate(lines, start=2):
        found = _HEADER.fullmatch(line)
        if not found:
            raise ProfileError(
                f"{place}, line {rank}: no header; the body comes after an empty line"
            )
        headers[found[1].decode().lower()] = found[2].decode("latin-1").strip()
    return Sample(place, service, meaning, int(status[1]), headers, body)


def _split(content: bytes) -> tuple[bytes, bytes, bytes]:
    """The head and the body; the newline at the very end of a file is no part of it."""
    found = re.search(rb"\r?\n\r?\n", content)
    if not found:
        return content.rstrip(b"\r\n"), b"", b""
    body = content[found.end() :]
    return content[: found.start()], found[0], body.removesuffix(b"\n").removesuffix(b"\r")
