"""Documents in XML: libxml2 says whether they are of the schema, ``xmlschema`` why not."""

import base64
from typing import Any
from xml.etree import ElementTree

import xmlschema
from lxml import etree

from .documents import Answer, Error, Refused, Request
from .profile import Item, Profile
from .values import BadValue, to_plain, to_wire


class XmlWire:
    """Reads requests and writes answers."""

    def __init__(self, profile: Profile):
        self.profile = profile
        folder, wire = profile.folder, profile.wire
        schema = folder / wire["request_schema"]
        self._accepts = etree.XMLSchema(etree.parse(schema)).validate
        self._judge = xmlschema.XMLSchema(schema)
        self._namespace = wire.get("namespace", "")
        self._grouped = wire.get("grouped", True)

    # -- requests --------------------------------------------------------------

    def read(self, services: list[str], body: bytes) -> Request:
        """Parse and validate. Raises Refused with every error that the schema finds."""
        root = _parse(body)
        if not self._accepts(root):
            raise Refused(422, *self._errors(root))
        return Request(self._service(root, services), self._groups(root))

    def _errors(self, root) -> list[Error]:
        found = [self._error(error) for error in self._judge.iter_errors(root)]
        return list(dict.fromkeys(found)) or [Error("DOCUMENT_INVALID", detail="the schema")]

    def _service(self, root, services: list[str]) -> str:
        for name in services:
            described = self.profile.services[name]
            wanted = described.get("attributes", {}).items()
            if self._local(root) == described["root"] and wanted <= dict(root.attrib).items():
                return name
        raise Refused(422, Error("DOCUMENT_INVALID", detail=self._local(root)))

    def _groups(self, root) -> dict[str, dict[str, Any]]:
        groups: dict[str, dict[str, Any]] = {}
        parts = root if self._grouped else [root]
        for part in parts:
            for code, value in self._children(part, "").items():
                groups.setdefault(self.profile.item[code].group, {})[code] = value
            if self._grouped:
                groups.setdefault(self.profile.group_named(self._local(part)) or "", {})
        return groups

    def _children(self, element, parent: str) -> dict[str, Any]:
        values = {}
        for child in element:
            code = self.profile.code_at(parent, self._local(child))
            if code:
                values[code] = self._value(child, self.profile.item[code])
        return values

    def _value(self, element, item: Item) -> Any:
        if item.type == "list":
            return [self._member(member, item) for member in element]
        if len(element):
            return self._children(element, item.code)
        try:
            return to_plain(self.profile, item, (element.text or "").strip())
        except BadValue as error:
            raise Refused(422, Error("DATE_INVALID", item.code)) from error

    def _member(self, member, item: Item) -> Any:
        return self._children(member, item.code) if len(member) else (member.text or "").strip()

    def _local(self, element) -> str:
        return element.tag.rpartition("}")[2]

    def _error(self, error: xmlschema.XMLSchemaValidationError) -> Error:
        element = error.elem
        item = self._code(self._local(element)) if element is not None else ""
        if isinstance(error, xmlschema.XMLSchemaChildrenValidationError):
            return self._error_of_children(error, item)
        value = (element.text or "")[:200] if element is not None else ""
        if "enumeration" in type(error.validator).__name__.lower():
            return Error("CODE_UNKNOWN", item, value)
        if item.startswith("date_"):
            return Error("DATE_INVALID", item, value)
        return Error("DOCUMENT_INVALID", item, value, (error.reason or "")[:200])

    def _error_of_children(self, error, item: str) -> Error:
        expected = [e.local_name for e in error.expected or () if hasattr(e, "local_name")]
        if expected:
            return Error("FIELD_MISSING", self._code(expected[0]))
        return Error("DOCUMENT_INVALID", item, detail="unexpected element")

    def _code(self, name: str) -> str:
        found = [i.code for i in self.profile.items if self.profile.wire_name(i.code) == name]
        return found[0] if found else name

    # -- answers ---------------------------------------------------------------

    def write(self, answer: Answer) -> bytes:
        """The answer's bytes."""
        names, root = self.profile.answer, self._element(self.profile.answer["root"])
        root.attrib.update(self.profile.wire["attributes"])
        writers = {
            "outcome": lambda: _key(names["outcomes"], answer.outcome),
            "reference": lambda: answer.reference,
            "registration_number": lambda: answer.number,
            "date": lambda: answer.date,
            "attestation": lambda: base64.b64encode(answer.attestation).decode(),
        }
        for meaning, path in names.items():  # in the order of the manifest
            if meaning in writers and (text := writers[meaning]()):
                self._place(root, path).text = text
            elif meaning == "errors":
                self._add_errors(root, path, answer.errors)
            elif meaning == "dossier" and answer.groups:
                self._add_groups(self._place(root, path), answer.groups)
        return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)

    def _add_errors(self, root, path: str, errors: tuple[Error, ...]) -> None:
        names = self.profile.answer
        where, _slash, tag = path.rpartition("/")
        for error in errors:
            parent = self._place(root, where) if where else root
            element = self._append(parent, tag)
            item = self.profile.wire_name(error.item)
            code = self.profile.error_code(error.code)
            texts = {"code": code, "item": item, "value": error.value, "detail": error.detail}
            for meaning, text in texts.items():
                if text and f"error_{meaning}" in names:
                    self._append(element, names[f"error_{meaning}"]).text = text

    def _add_groups(self, parent, groups: dict[str, dict[str, Any]]) -> None:
        for group, values in groups.items():
            if not values:
                continue
            place = parent
            if self._grouped:
                place = self._append(parent, self.profile.wire_name(group))
            self._fill(place, values)

    def _fill(self, element, values: dict[str, Any]) -> None:
        for code, value in values.items():
            self._add(self._append(element, self.profile.wire_name(code)), code, value)

    def _add(self, element, code: str, value: Any) -> None:
        if isinstance(value, dict):
            self._fill(element, value)
        elif isinstance(value, list):
            for one in value:
                member = self._append(element, self.profile.wire["members"][code])
                self._add(member, code, one)
        elif self.profile.item[code].type == "list":
            element.text = value
        else:
            element.text = str(to_wire(self.profile, self.profile.item[code], value))

    def _place(self, root, path: str):
        """The element at ``path``, made where it is missing."""
        for step in path.split("/"):
            found = root.find(self._tag(step))
            root = self._append(root, step) if found is None else found
        return root

    def _append(self, parent, name: str):
        return ElementTree.SubElement(parent, self._tag(name))

    def _element(self, name: str):
        return ElementTree.Element(self._tag(name))

    def _tag(self, name: str) -> str:
        return f"{{{self._namespace}}}{name}" if self._namespace else name


def _parse(body: bytes) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise Refused(400, Error("DOCUMENT_INVALID", detail=str(error)[:200])) from error
    if root.getroottree().docinfo.doctype:
        raise Refused(400, Error("DOCUMENT_INVALID", detail="a document type"))
    return root


def _key(table: dict[str, str], value: str) -> str:
    return next(key for key, one in table.items() if one == value)
