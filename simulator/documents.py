"""What travels, apart from how: a request's items, an answer, a refusal.

Inside the simulator values are plain texts (dates in ISO 8601, ``oui`` and ``non``,
a decimal point), lists and dicts, by item code, whatever the wire format.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any


@dataclass(frozen=True)
class Error:
    """One reason of a refusal; ``code`` is the simulator's own."""

    code: str
    item: str = ""
    value: str = ""
    detail: str = ""


class Refused(Exception):
    """The request is refused for these reasons; ``number``: the existing one, of a conflict."""

    def __init__(self, status: int, *errors: Error, number: str = ""):
        super().__init__(", ".join(error.code for error in errors))
        self.status = status
        self.errors = errors
        self.number = number


def malformed(detail: str) -> Refused:
    """What travels cannot be taken apart."""
    return Refused(400, Error("DOCUMENT_INVALID", detail=detail))


@dataclass(frozen=True)
class Answer:
    """What the registry answers."""

    outcome: str  # received, accepted, rejected
    reference: str = ""
    number: str = ""
    date: str = ""
    errors: tuple[Error, ...] = ()
    attestation: bytes = b""
    groups: dict[str, dict[str, Any]] = field(default_factory=dict)
    registry_reference: str = ""
    members: tuple[str, ...] | None = None  # numbers of condominiums, of LIST
    next: str = ""  # of LIST: the cursor or the address of the next page
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Reply:
    """An answer as it travels."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Request:
    """A valid document: which service it is for, its items by group."""

    service: str  # WS1, WS2_STANDARD, WS2_ANNUAL, WS4…WS7
    groups: dict[str, dict[str, Any]]

    def text(self, code: str) -> str:
        """The text of an item, wherever it stands; "" when it is absent."""
        return self._texts.get(code, "")

    @cached_property
    def _texts(self) -> dict[str, str]:
        # The first one found wins, as a reader from the top would have it.
        return dict(reversed([*_texts(self.groups)]))

    def has(self, code: str) -> bool:
        return code in self._codes

    @cached_property
    def _codes(self) -> set[str]:
        return {code for items in self.groups.values() for code in items}

    def integer(self, code: str) -> int | None:
        text = self.text(code)
        return int(text) if text else None


def _texts(values: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for code, value in values.items():
        if isinstance(value, str):
            yield code, value
        elif isinstance(value, dict):
            yield from _texts(value)
