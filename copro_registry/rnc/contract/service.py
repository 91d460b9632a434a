"""One service of the registry: its address, and how its requests are written."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from ..items import Catalogue, Item, catalogue
from .forms import DOCUMENT, FILE_BODY, NONE, URLENCODED
from .template import Template, template

# Those whose requests hold no item: a question, or a file.
ASKING = ("WS3", "STATUS", "ATTESTATION", "LIST")
DOCUMENT_CALL, ATTESTATION, LIST, STATUS = "DOCUMENT", "ATTESTATION", "LIST", "STATUS"


@dataclass(frozen=True)
class Part:
    """One part of a body of several: the document, a value, or the item of a file."""

    name: str = ""
    document: bool = False
    value: str = ""  # a template, as ``filename`` is
    item: str = ""
    filename: str = ""
    media_type: str = ""

    @property
    def texts(self) -> list[str]:
        return [text for text in (self.value, self.filename) if text]

    @property
    def items(self) -> set[str]:
        """The items, and what else is quoted, that this part holds."""
        quoted = (name for text in self.texts for name in template(text).names)
        return {self.item, *quoted} - {""}


@dataclass(frozen=True)
class Service:
    """One service of the registry, as the profile describes it.

    ``body`` is "document", "none", "file", "urlencoded" with ``fields`` or, with ``parts``, the
    subtype of a multipart.
    """

    code: str
    method: str
    path: str
    root: str
    groups: tuple[str, ...]
    attributes: tuple[tuple[str, Any], ...] = ()
    by_closing: frozenset[str] = frozenset()  # groups judged at the closing date
    query: tuple[tuple[str, str], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    constants: tuple[tuple[str, Any], ...] = ()
    names: dict[str, str] = field(default_factory=dict, hash=False)
    elsewhere: frozenset[str] = frozenset()  # items that are not in the document
    body: str = DOCUMENT
    parts: tuple[Part, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()
    media_type: str = ""
    accept: str = ""
    schema: str = ""
    below: str = "."
    order: tuple[str, ...] = ()
    soap_action: str = ""
    answer: dict[str, Any] = field(default_factory=dict, hash=False)
    pages: dict[str, Any] = field(default_factory=dict, hash=False)
    when: str = "before"  # of DOCUMENT

    @property
    def asks(self) -> bool:
        """Whether its request holds no item."""
        return _asks(self.code)

    @property
    def has_document(self) -> bool:
        return self.body == DOCUMENT or any(part.document for part in self.parts)

    def templates(self) -> Iterator[Template]:
        """Those that are filled at the call: the address, and its own headers."""
        for _name, text in (("", self.path), *self.query, *self.headers):
            yield template(text)

    def catalogue(self, dossier: dict[str, Any], on: date) -> Catalogue:
        """The items by which ``dossier`` is judged and sent on ``on``.

        Whether the figures of a fiscal year closed before a reform follow the old items
        is not known: the profile says it (``transition`` of its manifest).
        """
        closed = dossier.get("date_fin_exercice") if self.by_closing else None
        is_day = isinstance(closed, date) and not isinstance(closed, datetime)
        return catalogue(on, closed if is_day else None, self.by_closing)

    def sent(self, dossier: dict[str, Any], on: date) -> list[Item]:
        """The top-level items that the service carries on ``on``, in order."""
        return self.catalogue(dossier, on).sent(self.code, self.groups)


def service(
    code: str, data: dict[str, Any], wire: dict[str, Any], transition: dict[str, str]
) -> Service:
    """A service, and what the manifest says of all of them. Raises ValueError, KeyError."""
    said = data.get("body", _usual_body(code, data))
    shape = said if isinstance(said, dict) else {}
    parts = tuple(Part(**part) for part in shape.get("parts", ()))
    moved = {name for part in parts for name in part.items}
    return Service(
        code=code,
        by_closing=frozenset(group for group, day in transition.items() if day == "closing"),
        method=data["method"],
        path=data["path"],
        root=data.get("root", ""),
        groups=tuple(data.get("groups", ())),
        attributes=tuple({**wire.get("attributes", {}), **data.get("attributes", {})}.items()),
        query=tuple(data.get("query", {}).items()),
        headers=tuple(data.get("headers", {}).items()),
        constants=tuple({**wire.get("constants", {}), **data.get("constants", {})}.items()),
        names=data.get("names", {}),
        elsewhere=frozenset(data.get("not_in_body", wire.get("not_in_body", ()))) | moved,
        body=shape.get("multipart", URLENCODED) if shape else said,
        parts=parts,
        fields=tuple(shape.get("urlencoded", {}).items()),
        answer=data.get("answer", {}),
        pages=data.get("pages", {}),
        soap_action=data.get("soap_action", ""),
        accept=data.get("accept", ""),
        when=data.get("when", "before"),
        media_type=data.get("media_type", wire.get("media_type", "")),
        schema=data.get("request_schema", wire.get("request_schema", "")),
        below=data.get("below", wire.get("below", ".")),
        order=tuple(data.get("order", wire.get("order", ()))),
    )


def _asks(code: str) -> bool:
    return code.split("_")[0] in ASKING


def _usual_body(code: str, data: dict[str, Any]) -> str:
    if code == DOCUMENT_CALL:
        return FILE_BODY
    return NONE if _asks(code) and not data.get("root") else DOCUMENT
