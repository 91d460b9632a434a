"""What the templates of a profile quote of a dossier."""

import hashlib
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from ..contract import Profile, Service
from ..contract.service import DOCUMENT_CALL
from ..contract.template import Missing, Template, Values, climbs, formed, key, template
from ..items import all_items, item
from .answer import Invalid
from .values import text_of, to_wire

NO_VALUE = (None, [], {}, "")
UNQUOTED = ("struct", "list")
# What may be said of a file, in place of the form of a date.
OF_A_FILE = {
    "size": lambda content: str(len(content)),
    "md5": lambda content: hashlib.md5(content, usedforsecurity=False).hexdigest(),
    "sha1": lambda content: hashlib.sha1(content, usedforsecurity=False).hexdigest(),
    "sha256": lambda content: hashlib.sha256(content).hexdigest(),
    "sha512": lambda content: hashlib.sha512(content).hexdigest(),
}


@cache
def quotable() -> frozenset[str]:
    """The items that a template may quote."""
    return frozenset(one.code for one in all_items() if one.type not in UNQUOTED)


class Quoted(Values):
    """What is told of a call, and the items of a dossier, as they are written on the wire."""

    def __init__(self, profile: Profile, dossier: Mapping[str, Any], told: Mapping[str, Any]):
        super().__init__(told)
        self._profile = profile
        self._items = flat(dossier)

    def get(self, wanted: str, default: Any = None) -> Any:
        name, _colon, form = wanted.partition(":")
        if name in quotable() and name in self._items:
            return self._text(name, form)
        return super().get(wanted, default)

    def _text(self, code: str, form: str) -> str | None:
        value = self._items[code]
        try:
            if isinstance(value, bytes):
                return OF_A_FILE[form](value)
            written = formed(value, form) if form else to_wire(self._profile, item(code), value)
        except (ArithmeticError, LookupError, TypeError, ValueError):
            raise Invalid(f"{code} (it cannot be written so)") from None
        return None if written is None else text_of(written)


def flat(values: Mapping[str, Any]) -> dict[str, Any]:
    """The scalars of a dossier, those of structs included; no list."""
    found = {}
    for code, value in values.items():
        if isinstance(value, dict):
            found.update(flat(value))
        elif value not in NO_VALUE and not isinstance(value, list):
            found[code] = value
    return found


def frozen(profile: Profile, service: Service, dossier: Mapping[str, Any]) -> dict[str, str]:
    """{placeholder: text}: the items that the calls of an upload quote, to be frozen with it.

    Raises Invalid when an address quotes one that has no value.
    """
    values = Quoted(profile, dossier, {})
    found = {}
    for text in _templates(profile, service):
        for name, form in text.forms():
            value = values.get(key(name, form)) if name in quotable() else None
            if value is not None:
                found[key(name, form)] = value
    for name, form in template(service.path).forms():
        if name in quotable() and climbs(found.get(key(name, form), ".")):
            raise Invalid(f"{name} (it stands in the address, and has no value)")
    return found


def _templates(profile: Profile, service: Service) -> Iterator[Template]:
    """Those that are filled when an upload leaves, or is asked about."""
    yield from map(template, [*profile.headers.values(), *profile.query.values()])
    for one in profile.services.values():
        if one.code == service.code or one.asks or one.code == DOCUMENT_CALL:
            yield from one.templates()


def filled(said: Any, values: Mapping[str, Any]) -> Any:
    """A constant: any scalar, a text being a template, or a list; None when it is left out."""
    if isinstance(said, list):
        return [one for text in said if (one := filled(text, values)) is not None] or None
    if not isinstance(said, str):
        return said
    try:
        return template(said).fill(values)
    except Missing:
        return None
