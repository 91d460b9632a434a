"""What an answer means: the outcome, the number, the refusals, the dossier."""

import base64
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

from ..contract.forms import FILE_BODY, Form, Header
from ..contract.path import Path, Step
from ..items import Catalogue, Item
from .answer import BY_DOCUMENT, BY_FAULT, BY_STATUS, Answer, Refusal
from .names import Names
from .values import from_wire
from .wire import Document, Wire

NAME = (Step("name()"),)
ANY = "*"  # of ``outcomes``: whatever else is told
MOST_REFUSALS = 200  # a dossier has fewer items; an answer of megabytes is not read for hours
LONGEST_TEXT = 2000
LONGEST_SEARCHED = 500  # of a header, by a pattern: two parts of any length take half a second
FAULT = {
    "errors": ".",
    "error_code": ["Code/Value", "faultcode"],
    "error_detail": ["Reason/Text", "faultstring"],
}


class Reading:
    """One answer, read as ``form`` says."""

    def __init__(
        self,
        wire: Wire,
        form: Form,
        names: Names,
        status: int,
        headers: Mapping[str, str],
        is_question: bool = False,
    ):
        self.wire = wire
        self.profile = wire.profile
        self.form = form
        self.names = names
        self.status = status
        self.headers = {name.lower(): text for name, text in headers.items()}
        self.is_question = is_question
        self._is_fault = False

    def answer(self, document: Document | None, body: bytes, known: Catalogue) -> Answer:
        """Raises KeyError when nothing tells the outcome, ValueError for what has no value."""
        root = document.root if document else None
        if document and document.is_fault:
            self._is_fault = True
            self.form = Form({**FAULT, **(self.form.get("fault") or {})})
        outcome, told_by = self._outcome(root)
        is_refusal = outcome == "rejected"
        attestation = self._text(root, "attestation")
        return Answer(
            status=outcome,
            reference=self._text(root, "reference"),
            registration_number=self._text(root, "registration_number"),
            date=self._text(root, "date"),
            refusals=tuple(self._refusals(root)) if is_refusal else (),
            attestation=self._file(body) or (_binary(attestation) if attestation else None),
            dossier=None if is_refusal else self._dossier(root, known),
            registry_reference=self._text(root, "registry_reference"),
            members=tuple(self._members(root)),
            next=self._text(root, "next"),
            told_by=told_by,
        )

    def _file(self, body: bytes) -> bytes | None:
        return body if self.form.body == FILE_BODY else None

    def _outcome(self, root: Any) -> tuple[str, str]:
        """(outcome, what tells it): the document, else the HTTP status. Raises KeyError."""
        if self._is_fault:
            return "rejected", BY_FAULT
        told = self._text(root, "outcome")
        if told is not None:
            outcomes = self.form.described["outcomes"]
            return outcomes[told] if told in outcomes else outcomes[ANY], BY_DOCUMENT
        outcome = self.profile.outcome_of(self.status)
        if outcome is None or (outcome != "rejected" and self._says_nothing(root)):
            raise KeyError(self.status)
        return outcome, BY_STATUS

    def _says_nothing(self, root: Any) -> bool:
        """Whether the answer to a question lacks the very text that is to tell the outcome."""
        is_told = self.form.get("outcome") and ANY not in self.form.described["outcomes"]
        return self.is_question and root is not None and bool(is_told)

    # -- one text -----------------------------------------------------------------

    def _text(self, at: Any, meaning: str, name: str = "") -> str | None:
        """The first text that is found where a meaning may stand."""
        for source in self.form.sources(meaning):
            if isinstance(source, Header):
                text = self._of_header(source)
            elif source.steps == NAME:
                text = name or None
            else:
                text = self._at(at, source)
            if text is not None:
                return text
        return None

    def _at(self, at: Any, where: Path) -> str | None:
        found = None if at is None else self.wire.find(at, where, self._is_fault)
        return None if found is None else self.wire.text(found)

    def _of_header(self, source: Header) -> str | None:
        text = self.headers.get(source.name.lower(), "").strip()[:LONGEST_TEXT]
        if source.pattern:
            found = source.pattern.search(text[:LONGEST_SEARCHED])
            text = unquote(found[1] or "") if found else ""
        elif source.is_address and text:
            text = unquote(urlsplit(text).path.rstrip("/").rpartition("/")[2])
        return text if text and text.isprintable() else None

    # -- refusals -----------------------------------------------------------------

    def _refusals(self, root: Any) -> Iterator[Refusal]:
        by_status = str(self.status) if str(self.status) in self.profile.errors else ""
        found = [self._refusal(one, name, by_status) for name, one in self._errors(root)]
        told = [refusal for refusal in found if refusal != Refusal("")]
        yield from told or ([Refusal(by_status)] if by_status else [])

    def _errors(self, root: Any) -> list[tuple[str, Any]]:
        for source in self.form.sources("errors") if root is not None else ():
            found = self.wire.errors(root, source, self._is_fault)
            if found:
                return found[:MOST_REFUSALS]
        return []

    def _refusal(self, at: Any, name: str, by_status: str) -> Refusal:
        code = self._code(self._text(at, "error_code", name) or by_status)
        item = self.names.anywhere(self._text(at, "error_item", name))
        return Refusal(
            code=code,
            item=item or self.profile.error_item(code),
            value=self._text(at, "error_value", name),
            detail=self._text(at, "error_detail", name),
        )

    def _code(self, text: str) -> str:
        """That of a SOAP fault is a name, whose prefix may be any."""
        is_bare = self._is_fault and text not in self.profile.errors
        return text.rpartition(":")[2] if is_bare else text

    # -- the dossier, and lists of numbers --------------------------------------------

    def _members(self, root: Any) -> Iterator[str]:
        for source in self.form.sources("members") if root is not None else ():
            for one in self.wire.find_all(root, source):
                number = self._text(one, "registration_number")
                if number:
                    yield number

    def _dossier(self, root: Any, known: Catalogue) -> dict[str, Any] | None:
        for source in self.form.sources("dossier") if root is not None else ():
            place = self.wire.find(root, source)
            if place is not None:
                return self._items(known.children(""), place, place, known)
        return None

    def _items(self, items: list[Item], parent: Any, base: Any, known: Catalogue) -> dict:
        found = {}
        for item in self._one_each(items):
            where = self.names.path(item.code)
            at = base if where.absolute else self._of_group(item, parent)
            value = None if at is None else self._value(item, at, base, known)
            if value is not None:
                found[item.code] = value
        return found

    def _of_group(self, item: Item, parent: Any) -> Any:
        """Where the items of a group stand; those below others, where these do."""
        if item.parent:
            return parent
        return self.wire.find(parent, self.names.group(item.group))

    def _one_each(self, items: list[Item]) -> list[Item]:
        """Of the values that stand at one place, the one that WS3 brings.

        Several structs may stand at one, none of them having a place of its own.
        """
        places: dict[Any, Item] = {}
        for item in sorted(items, key=lambda one: "WS3" in one.services):
            places[self.names.steps(item.code)] = item
        return [
            item
            for item in items
            if item.type == "struct" or places[self.names.steps(item.code)] is item
        ]

    def _value(self, item: Item, at: Any, base: Any, known: Catalogue) -> Any:
        """None when there is none."""
        where, children = self.names.path(item.code), known.children(item.code)
        if item.type == "list":
            return self._list(item, at, known)
        if children:
            place = self.wire.find(at, where)
            if self.profile.formats.of(item).text:
                return None if place is None else self._of_text(item, children, place) or None
            values = {} if place is None else self._items(children, place, base, known)
            return values if values or (place is not None and not where.is_here) else None
        found = self.wire.find(at, where)
        if found is None:
            return self._of_null(item, at, where)
        scalar = self.wire.scalar(found)
        if scalar is None or (scalar == "" and item.type != "str"):
            return None
        return from_wire(self.profile, item, scalar)

    def _of_null(self, item: Item, at: Any, where: Path) -> Any:
        """null may be a code."""
        is_code = item.type == "enum" and None in self._codes(item)
        return (
            from_wire(self.profile, item, None)
            if is_code and self.wire.is_null(at, where)
            else None
        )

    def _codes(self, item: Item) -> list:
        return list(self.profile.codes.get(item.nomenclature, {}).values())

    def _list(self, item: Item, at: Any, known: Catalogue) -> list | None:
        where, below = self.names.path(item.code), self.names.members(item.code)
        members = self.wire.members(at, where, below)
        if members is None:
            return None
        children, inside = known.children(item.code), self.wire.below_member(below)
        if not children:
            return [self._at(one, inside) or "" for one in members]
        if self.profile.formats.of(item).text:
            places = (self.wire.find(one, inside) for one in members)
            read = (self._of_text(item, children, one) for one in places if one is not None)
        else:
            read = (self._items(children, one, one, known) for one in members)
        return [one for one in read if one]

    def _of_text(self, item: Item, children: list[Item], at: Any) -> dict[str, Any]:
        """The items that stand in one text. Raises ValueError when it is written otherwise."""
        text = self.wire.text(at) or ""
        found = re.fullmatch(self.profile.formats.of(item).pattern, text)
        if not found:
            raise ValueError(f"{item.code} is written otherwise")
        told = {code: one for code, one in found.groupdict().items() if one}
        known = (one for one in children if one.code in told)
        return {one.code: from_wire(self.profile, one, told[one.code]) for one in known}


def _binary(text: str) -> bytes:
    return base64.b64decode("".join(text.split()), validate=True)
