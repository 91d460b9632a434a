"""The body of a call, taken apart as its service says: a document, parts, a file, nothing."""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl

from lxml import etree
from werkzeug.http import parse_options_header

from . import soap
from .documents import Error, Refused, malformed
from .incoming import Incoming
from .multipart import Part, parts_of
from .schemas import check
from .service import Service
from .tree_json import JsonTree
from .tree_xml import XmlPlace, XmlTree

FORM = "application/x-www-form-urlencoded"


class Body:
    """``tree``: the document, or None; ``header``: of SOAP; ``texts``: (template, text) of
    parts and fields; ``file``: the bytes of the supporting document."""

    def __init__(self, service: Service, incoming: Incoming):
        self.service = service
        self.tree: XmlTree | JsonTree | None = None
        self.header: XmlPlace | None = None
        self.texts: list[tuple[str, str | None]] = []
        self.file: bytes | None = None
        if incoming.too_large:
            raise Refused(413, Error("DOCUMENT_INVALID", detail="too large"))
        getattr(self, f"_{service.body}")(incoming)

    def _none(self, incoming: Incoming) -> None:
        if incoming.body:
            raise malformed("no body is expected")

    def _file(self, incoming: Incoming) -> None:
        _require(self.service.media_type, incoming.content_type)
        self.file = incoming.body

    def _document(self, incoming: Incoming) -> None:
        wanted = self.service.media_type
        _require(wanted, incoming.content_type)
        self._parse(incoming.body, wanted)

    def _parts(self, incoming: Incoming) -> None:
        subtype = self.service.multipart
        found = parts_of(incoming.body, incoming.content_type, subtype)
        for said, part in _matched(self.service.parts, found, named=subtype == "form-data"):
            if said.get("media_type"):
                _require(said["media_type"], part.media_type)
            if said.get("document"):
                self._parse(part.content, said.get("media_type") or self.service.media_type)
            elif "value" in said:
                self.texts.append((said["value"], _text(part.content)))
            else:
                self.file = part.content
            if said.get("filename") and part.filename:
                self.texts.append((said["filename"], part.filename))
        if self.tree is None and any(said.get("document") for said in self.service.parts):
            raise malformed("the document is missing")

    def _fields(self, incoming: Incoming) -> None:
        _require(FORM, incoming.content_type)
        pairs = parse_qsl(_text(incoming.body), keep_blank_values=True)
        known = self.service.fields
        if len(dict(pairs)) != len(pairs) or not dict(pairs).keys() <= known.keys():
            raise malformed("a field that comes twice, or that the contract does not know")
        self.texts += [(template, dict(pairs).get(name)) for name, template in known.items()]

    def _parse(self, content: bytes, media_type: str) -> None:
        profile = self.service.profile
        if profile.wire["codec"] == "json":
            self.tree = JsonTree(_json(content))
            return
        root, header = _xml(content, charset_of(media_type)), None
        if profile.soap:
            header, root = soap.opened(root, profile.soap)
        told = (profile.wire.get("namespace", ""), profile.wire.get("namespaces"))
        self.tree = XmlTree(root, *told)
        if header is not None:
            self.header = XmlTree(header, *told).root

    def check(self) -> None:
        """By the contract's schema. Raises Refused."""
        if isinstance(self.tree, XmlTree):
            check(self.service, _alone(self.tree.root.element))
        elif self.tree is not None:
            check(self.service, _plain_numbers(self.tree.document))


def charset_of(media_type: str) -> str:
    return parse_options_header(media_type)[1].get("charset", "utf-8")


def _require(wanted: str, told: str) -> None:
    """The media type and, where both say one, the charset and SOAP's action."""
    kind, options = parse_options_header(wanted)
    own, given = parse_options_header(told)
    charset = given.get("charset", "").casefold()
    right = own.casefold() == kind.casefold()
    if not right or (charset and charset != options.get("charset", "utf-8").casefold()):
        raise Refused(415, Error("DOCUMENT_INVALID", detail=f"{wanted} is expected"))


def _matched(said: list[dict], found: list[Part], *, named: bool) -> Iterator:
    """Each part, with what the contract says of it: by its name, else by its turn."""
    waiting = list(said)
    for part in found:
        fits = [one for one in waiting if _fits(one, part, named=named)]
        if not fits:
            raise malformed("a part that the contract does not know")
        place = waiting.index(fits[0])
        waiting = [one for i, one in enumerate(waiting) if (i != place if named else i > place)]
        yield fits[0], part


def _fits(said: dict, part: Part, *, named: bool) -> bool:
    if named:
        return said["name"] == part.name
    kind = parse_options_header(said.get("media_type", ""))[0]
    return parse_options_header(part.media_type)[0].casefold() == kind.casefold()


def _json(content: bytes) -> Any:
    try:
        return json.loads(
            content.decode("utf-8"),
            parse_float=Decimal,
            parse_constant=_no_constant,
            object_pairs_hook=_once,
        )
    except (ValueError, RecursionError) as error:
        raise malformed(str(error)[:200]) from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) != len(pairs):
        raise ValueError("a member comes twice")
    return dict(pairs)


def _no_constant(name: str):
    raise ValueError(f"{name} is not JSON")


def _plain_numbers(document: Any) -> Any:
    """The same, with numbers that the judge of schemas knows."""
    if isinstance(document, dict):
        return {name: _plain_numbers(value) for name, value in document.items()}
    if isinstance(document, list):
        return [_plain_numbers(value) for value in document]
    return float(document) if isinstance(document, Decimal) else document


def _xml(content: bytes, charset: str):
    try:
        parser = etree.XMLParser(
            resolve_entities=False,
            no_network=True,
            remove_comments=True,
            remove_pis=True,
            encoding=charset,
        )
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise malformed(str(error)[:200]) from error
    if root.getroottree().docinfo.doctype:
        raise malformed("a document type")
    return root


def _alone(element):
    """An element as the root of a document of its own."""
    if element.getparent() is None:
        return element
    return etree.fromstring(etree.tostring(element, with_tail=False))


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise malformed("a part that is not UTF-8") from error
