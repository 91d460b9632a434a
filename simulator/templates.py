"""Templates: texts that quote the upload and its items, read and written.

See docs/en/contract-profile.md, "Templates".
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote, unquote

_BRACES = re.compile(r"\{\{|\}\}|\{(?P<name>\w+)(?::(?P<form>[^{}]*))?\}")
_PATH_SAFE = "/-._~!$&'()*+,;=:@"


@dataclass(frozen=True)
class Slot:
    """What stands between braces."""

    name: str
    form: str = ""


@dataclass(frozen=True)
class Template:
    """Texts and slots, in order."""

    pieces: tuple[str | Slot, ...]

    @property
    def slots(self) -> list[Slot]:
        return [piece for piece in self.pieces if isinstance(piece, Slot)]

    @property
    def letters(self) -> int:
        """How much of it is text: of two addresses that fit, the more literal one is meant."""
        return sum(len(piece) for piece in self.pieces if isinstance(piece, str))

    def match(self, text: str) -> dict[Slot, str] | None:
        """What each slot holds in ``text``; None when it does not fit."""
        return self._match(text, re.escape, "(.+?)", lambda value: value)

    def match_path(self, path: str) -> dict[Slot, str] | None:
        """The same of a path as it travels, percent-encoded."""
        return self._match(path, _encoded, "([^/]+)", _decoded)

    def _match(self, text, literal: Callable, wild: str, decode: Callable):
        pieces = [wild if isinstance(one, Slot) else literal(one) for one in self.pieces]
        found = re.fullmatch("".join(pieces), text, re.DOTALL)
        if not found:
            return None
        values: dict[Slot, str] = {}
        for slot, raw in zip(self.slots, found.groups(), strict=True):
            if values.setdefault(slot, decode(raw)) != decode(raw):
                return None
        return values

    def fill(self, values: dict[str, str], encode: Callable = lambda text: text) -> str | None:
        """The text; None when a slot has no value."""
        if any(not values.get(slot.name) for slot in self.slots):
            return None
        return "".join(
            encode(values[one.name]) if isinstance(one, Slot) else one for one in self.pieces
        )

    def fill_path(self, values: dict[str, str]) -> str | None:
        return self.fill(values, lambda text: quote(text, safe=""))


@lru_cache(maxsize=1024)
def parse(text: str) -> Template:
    pieces: list[str | Slot] = []
    position = 0
    for found in _BRACES.finditer(text):
        pieces.append(text[position : found.start()])
        name = found["name"]
        pieces.append(Slot(name, found["form"] or "") if name else found[0][0])
        position = found.end()
    pieces.append(text[position:])
    return Template(tuple(piece for piece in pieces if piece))


def _encoded(text: str) -> str:
    return re.escape(quote(text, safe=_PATH_SAFE))


def _decoded(raw: str) -> str:
    return unquote(raw, errors="replace")
