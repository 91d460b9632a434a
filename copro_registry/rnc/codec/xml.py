"""The XML wire format: documents validated by the profile's schemas."""

import re
import threading
from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree

from ..contract import Service
from ..contract.schema import xml_schema
from ..items import Catalogue, Item
from .answer import Unreadable
from .codec import Codec, Invalid, Parts
from .outline import Tree


def _parser() -> etree.XMLParser:
    # Answers come from outside: no entity, no DTD, no network, no huge tree.
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


# libxml2 before 2.14 compares each attribute of a tag with all before it: a megabyte of them
# takes it a minute. No tag holds "<", and each attribute two quotation marks.
MOST_QUOTES = 2000
# Of these, and no other, "<" and a quotation mark are the bytes that they are in ASCII.
_ENCODINGS = {b"utf-8", b"us-ascii", b"ascii", b"iso-8859-1", b"iso-8859-15", b"windows-1252"}
_DECLARED = re.compile(rb"^[^<]{0,8}<\?xml[^>]*?encoding\s*=\s*[\"']([^\"']*)")


def _check_quickly_parsed(body: bytes) -> None:
    declared = _DECLARED.match(body)
    if b"\0" in body or (declared and declared[1].lower() not in _ENCODINGS):
        raise Unreadable("an encoding that is not read")
    if any(one.count(b'"') + one.count(b"'") > MOST_QUOTES for one in body.split(b"<")):
        raise Unreadable("too many attributes")


def _well_formed(body: bytes):
    _check_quickly_parsed(body)
    try:
        root = etree.fromstring(body, _parser())
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable("not well-formed XML") from error
    if root.getroottree().docinfo.doctype:
        raise Unreadable("document type declaration")
    return root


def _pairs(element) -> Tree:
    return [
        (etree.QName(child).localname, _pairs(child) if len(child) else child.text or "")
        for child in element.iterchildren(tag=etree.Element)
    ]


# A compiled schema has one log of errors: another thread would empty it under its reader.
_VALIDATING = threading.Lock()


@cache
def schema_at(path: Path) -> etree.XMLSchema:
    """The compiled schema of a file, kept. Raises ProfileError."""
    return xml_schema(path)


class XmlCodec(Codec):
    """Encode requests and decode answers for one profile."""

    # -- sending ----------------------------------------------------------------

    def _render(self, service: Service, parts: Parts) -> bytes:
        root = etree.Element(self._tag(service.root), nsmap=self._nsmap())
        root.attrib.update({**self.profile.wire["attributes"], **dict(service.attributes)})
        for group, values in parts.items():
            self._fill(self._append(root, group) if self.grouped else root, values)
        self._validate(root)
        return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)

    def _fill(self, element, values: dict[str, Any]) -> None:
        for code, value in values.items():
            self._write(self._append(element, code), code, value)

    def _write(self, element, code: str, value: Any) -> None:
        if isinstance(value, dict):
            self._fill(element, value)
        elif isinstance(value, list):
            for one in value:
                tag = self._tag(self.profile.wire["members"][code])
                self._write(etree.SubElement(element, tag), code, one)
        else:
            element.text = str(value)

    def _append(self, parent, code: str):
        return etree.SubElement(parent, self._tag(self.names.wire(code)))

    def prepare(self) -> None:
        self._schema("request_schema")
        self._schema("answer_schema")

    def _validate(self, root) -> None:
        fault = self._fault(root, "request_schema")
        if fault:
            # Its sentence quotes the schema: the name of what is refused is enough.
            [element] = root.xpath(fault.path)[:1] or [root]
            raise Invalid(f"{etree.QName(element).localname} ({fault.type_name})")

    def _fault(self, root, which: str):
        """What libxml2 says of a document that a schema of the profile refuses, else None."""
        schema = self._schema(which)
        with _VALIDATING:
            try:
                return None if schema.validate(root) else schema.error_log.last_error
            except etree.XMLSchemaValidateError as error:
                return error.error_log[0]  # it gave up, on a pattern: nothing is proven fit

    def _schema(self, which: str) -> etree.XMLSchema:
        return schema_at(self.profile.folder / self.profile.wire[which])

    # -- reading ----------------------------------------------------------------

    def _tree(self, body: bytes) -> Tree:
        return _pairs(_well_formed(body))

    def _parse(self, body: bytes):
        root = _well_formed(body)
        fault = self._fault(root, "answer_schema")
        if fault:
            raise Unreadable(f"line {fault.line}")
        return root

    def _find(self, root, path: str) -> str | None:
        return root.findtext(self._path(path))

    def _find_all(self, root, path: str) -> list:
        return root.findall(self._path(path))

    def _read_dossier(self, root, path: str, known: Catalogue) -> dict[str, Any] | None:
        element = root.find(self._path(path))
        if element is None:
            return None
        groups = element if self.grouped else [element]
        return {code: v for group in groups for code, v in self._children(group, "", known).items()}

    def _children(self, element, parent: str, known: Catalogue) -> dict[str, Any]:
        found = {}
        for child in element:
            described = self._known(parent, etree.QName(child).localname, known)
            if described:
                found[described.code] = self._value_of(child, described, known)
        return found

    def _value_of(self, element, described: Item, known: Catalogue) -> Any:
        if described.type == "list":
            return [self._member(member, described.code, known) for member in element]
        if len(element):
            return self._children(element, described.code, known)
        return self._scalar(described, element.text or "")

    def _member(self, member, code: str, known: Catalogue) -> Any:
        return self._children(member, code, known) if len(member) else member.text or ""

    # -- names ------------------------------------------------------------------

    def _tag(self, name: str) -> str:
        namespace = self.profile.wire.get("namespace")
        return f"{{{namespace}}}{name}" if namespace else name

    def _nsmap(self) -> dict | None:
        namespace = self.profile.wire.get("namespace")
        return {None: namespace} if namespace else None

    def _path(self, path: str) -> str:
        return "/".join(self._tag(step) for step in path.split("/"))
