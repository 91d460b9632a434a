"""Texts that quote, between braces, what a call is about: a template is not a program."""

import re
import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

# What may be quoted beside the items of the catalogue.
OF_A_CALL = frozenset(
    {"registration_number", "reference", "registry_reference", "declarant_number"}
    | {"declarant_email", "now", "call", "document_reference"}
)
OF_A_PAGE = frozenset({"page", "size", "offset", "cursor"})
FORM = re.compile(r"(?:[^%]|%:z|%[YmdHMSfjyzZ%])+")  # of strftime, alike on every system
_COLON_Z = re.compile(r"%%|%:z")  # %:z is +01:00, which strftime knows from Python 3.12 on
LONGEST_FORM = 50


def climbs(address: str) -> bool:
    """Whether a step is taken for this place, or the one above (RFC 3986, 5.2.4).

    No escape changes that: %2E%2E means the same.
    """
    return bool({".", ".."} & {*address.split("/")})


class Missing(LookupError):
    """What is quoted has no value: ``args[0]`` is its name."""


@dataclass(frozen=True)
class Template:
    """``parts``: (text, name of what follows it or None, form of a date)."""

    parts: tuple[tuple[str, str | None, str], ...]

    @property
    def names(self) -> set[str]:
        return {name for _text, name, _form in self.parts if name}

    def forms(self) -> list[tuple[str, str]]:
        """[(name, form)] of each placeholder, as it is quoted."""
        return [(name, form) for _text, name, form in self.parts if name]

    def fill(self, values: Mapping[str, str], escape: Callable[[str], str] = str) -> str:
        """The text, by {placeholder: text}; see `key`. Raises Missing."""
        return "".join(
            text + (escape(_value(values, name, form)) if name else "")
            for text, name, form in self.parts
        )


def key(name: str, form: str = "") -> str:
    """What a placeholder is called among the values of a template."""
    return f"{name}:{form}" if form else name


def formed(value: Any, form: str) -> str:
    """A date or a moment in a form of ``strftime``. Raises ValueError."""
    if not isinstance(value, date | datetime):
        raise ValueError("no date")
    return written(value, form)


def written(value: date | datetime, form: str) -> str:
    """In a form of ``strftime``, ``%:z`` included."""
    offset = value.strftime("%z")
    colon = f"{offset[:3]}:{offset[3:5]}" if offset else ""
    return value.strftime(_COLON_Z.sub(lambda one: colon if one[0] == "%:z" else "%%", form))


class Values(dict):
    """{placeholder: text}, and moments and dates in any form: what templates are filled with."""

    def get(self, wanted: str, default: Any = None) -> Any:
        if isinstance(found := super().get(wanted), str):
            return found
        name, _colon, form = wanted.partition(":")
        value = super().get(name)
        if isinstance(value, date | datetime):
            return formed(value, form) if form else value.isoformat(timespec="seconds")
        return default


def _value(values: Mapping[str, str], name: str, form: str) -> str:
    value = values.get(key(name, form))
    if value in (None, ""):
        raise Missing(name)
    return value


@lru_cache(maxsize=1024)
def template(text: str) -> Template:
    """The template that is written so. Raises ValueError."""
    parts = []
    for before, name, form, conversion in string.Formatter().parse(text):
        if name is not None and (conversion or not name or not FORM.fullmatch(form or "x")):
            raise ValueError(f"{{{name}}} is written otherwise than {{name}} or {{name:%Y-%m-%d}}")
        if len(form or "") > LONGEST_FORM:
            raise ValueError(f"the form of {{{name}}} is too long")
        parts.append((before, name, form or ""))
    return Template(tuple(parts))
