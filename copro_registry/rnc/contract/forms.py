"""What a profile says of an answer: by service, and by HTTP status."""

import re
from dataclasses import dataclass
from typing import Any

from .path import Path, path

DOCUMENT, NONE, FILE_BODY, URLENCODED = "document", "none", "file", "urlencoded"
# The headers whose text is an address: its last segment names what is there.
ADDRESSES = ("location", "content-location")


@dataclass(frozen=True)
class Header:
    """A header of an answer; ``pattern``: what its group finds there."""

    name: str
    pattern: re.Pattern | None = None

    @property
    def is_address(self) -> bool:
        return self.name.lower() in ADDRESSES


Source = Path | Header


class Form:
    """One description: the keys of ``answer`` that hold for a service and a status."""

    def __init__(self, described: dict[str, Any]):
        self.described = described
        self.body = described.get("body", DOCUMENT)
        self._sources: dict[str, tuple[Source, ...]] = {}

    def get(self, key: str) -> Any:
        return self.described.get(key)

    @property
    def media_types(self) -> tuple[str, ...]:
        return tuple(_listed(self.get("media_type")))

    def sources(self, meaning: str) -> tuple[Source, ...]:
        """Where a meaning may stand, the first that finds something wins. Raises ValueError."""
        if meaning not in self._sources:
            self._sources[meaning] = tuple(map(_source, _listed(self.get(meaning))))
        return self._sources[meaning]


def described(answer: dict[str, Any], own: dict[str, Any], status: int) -> dict[str, Any]:
    """``answer``, its ``by_status``, that of a service and its own: the last one wins."""
    found: dict[str, Any] = {}
    for one in (answer, own):
        by_status = one.get("by_status") or {}
        found.update({key: value for key, value in one.items() if key != "by_status"})
        found.update(of_status(by_status, status) or {})
    return {key: value for key, value in found.items() if value is not None or key == "schema"}


def of_status(table: dict[str, Any], status: int) -> Any:
    """What a table says of a status: exactly, else of its class; None when nothing."""
    exact = table.get(str(status))
    return exact if exact is not None else table.get(f"{status // 100}xx")


def _listed(said: Any) -> list[Any]:
    if said is None:
        return []
    return said if isinstance(said, list) else [said]


def _source(said: str | dict[str, str]) -> Source:
    if isinstance(said, str):
        return path(said)
    pattern = said.get("pattern")
    return Header(said["header"], re.compile(pattern) if pattern else None)
